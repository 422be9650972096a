//! Documents for callers who are put through without the store: one phone after another, each by a `Dial` of its own,
//! because whether further phones ring on while the first one is asked is written down nowhere.

use super::{ANSWER_SECONDS, document, gather, goodbye, say};
use crate::call::{Rebuff, Welcome};
use crate::phrases::{Phrase, Speech};
use crate::roster::{Phone, PhoneKind};
use crate::switchboard::Makeshift;
use crate::twilio::address::{BaseUrl, Place};
use quick_xml::Writer;
use quick_xml::events::BytesText;
use std::io;

/// What the carrier takes as the longest conversation, in seconds.
const LONGEST_TALK: u32 = 4 * 60 * 60;

/// Rings the person whose turn it is after so many attempts; where it is nobody's any more it says so.
#[must_use]
pub fn put_through(makeshift: &Makeshift, (attempts, turn): (u8, u8), base: &BaseUrl) -> String {
    let speech = makeshift.rules.speech();
    if let (
        0,
        Welcome::Refused {
            hears: Rebuff::Nothing, ..
        },
    ) = (attempts, &makeshift.welcome)
    {
        return document(|xml| {
            xml.create_element("Reject").write_empty()?;
            Ok(())
        });
    }
    document(|xml| {
        let is_in_vain = makeshift.people.get(usize::from(turn)).is_none();
        if attempts == 0 {
            say(xml, &speech, &first_words(makeshift, &speech, is_in_vain))?;
        }
        if is_in_vain {
            return goodbye(xml, &speech, &last_words(makeshift, &speech));
        }
        dial(xml, makeshift, turn, base)
    })
}

/// The emergency words before all else; then how the caller is met.
fn first_words(makeshift: &Makeshift, speech: &Speech, is_in_vain: bool) -> String {
    let language = speech.language;
    let own = &makeshift.rules.words;
    let met = match &makeshift.welcome {
        Welcome::Open | Welcome::TooManyCalls { .. } | Welcome::Crowded { .. } | Welcome::Refused { .. } => None,
        Welcome::Closed { .. } => Some(own.closed.clone().unwrap_or_else(|| language.say(Phrase::Closed))),
    };
    let goes_on = (!is_in_vain).then(|| language.say(Phrase::PutThroughAllTheSame));
    let words: Vec<String> = own.emergency.clone().into_iter().chain(met).chain(goes_on).collect();
    words.join("\n")
}

fn last_words(makeshift: &Makeshift, speech: &Speech) -> String {
    let why = match &makeshift.welcome {
        Welcome::Refused {
            hears: Rebuff::HowToShowTheNumber,
            ..
        } => vec![Phrase::ShowYourNumber, Phrase::Goodbye],
        Welcome::Refused { .. } => vec![Phrase::CannotTakeYourCall, Phrase::Goodbye],
        Welcome::Closed { .. } => vec![Phrase::NoMessageNow, Phrase::Goodbye],
        Welcome::Open | Welcome::TooManyCalls { .. } | Welcome::Crowded { .. } => {
            let there = makeshift.last_resort.as_ref().map(Phrase::CallThere);
            let sorry = [Phrase::NobodyTookIt, Phrase::NoMessageNow].into_iter();
            sorry.chain(there).chain([Phrase::Goodbye]).collect()
        }
    };
    speech.language.say_all(&why)
}

fn dial(xml: &mut Writer<Vec<u8>>, makeshift: &Makeshift, turn: u8, base: &BaseUrl) -> io::Result<()> {
    let Some(who) = makeshift.people.get(usize::from(turn)) else {
        return Ok(());
    };
    let rules = &makeshift.rules;
    let (rings, talks) = (rules.ring_seconds.clamp(5, 600), rules.max_talk_seconds.clamp(1, LONGEST_TALK));
    xml.create_element("Dial")
        .with_attribute(("action", base.to_insistently(Place::Fallback(turn.saturating_add(1))).as_str()))
        .with_attribute(("timeout", rings.to_string().as_str()))
        .with_attribute(("timeLimit", talks.to_string().as_str()))
        .with_attribute(("callerId", makeshift.from.address()))
        .write_inner_content(|xml| {
            let whisper = base.to_insistently(Place::FallbackWhisper);
            let (noun, address) = noun(&who.phone);
            let noun = xml.create_element(noun).with_attribute(("url", whisper.as_str()));
            let noun = match who.phone.extension() {
                Some(extension) => noun.with_attribute(("sendDigits", format!("WW{extension}").as_str())),
                None => noun,
            };
            noun.write_text_content(BytesText::new(address))?;
            Ok(())
        })?;
    Ok(())
}

/// What `<Dial>` calls such a phone, and how it says which one
/// (<https://www.twilio.com/docs/voice/twiml/dial#nouns>).
fn noun(phone: &Phone) -> (&'static str, &str) {
    let address = phone.address();
    match phone.kind() {
        PhoneKind::Telephone | PhoneKind::Extension => ("Number", address),
        PhoneKind::Softphone => ("Client", address.strip_prefix("client:").unwrap_or(address)),
        PhoneKind::Sip => ("Sip", address),
    }
}

/// What whoever is rung hears: only a key lets the caller in, so that no voicemail gets him.
#[must_use]
pub fn whisper_through_fault(makeshift: &Makeshift, base: &BaseUrl) -> String {
    let speech = makeshift.rules.speech();
    let hotline = makeshift.hotline.0.as_str();
    let words = speech.language.say(Phrase::WhisperThroughFault { hotline });
    let key = base.to_insistently(Place::FallbackKey);
    document(|xml| {
        gather(xml, &speech, &words, ANSWER_SECONDS / 2, &key)?;
        gather(xml, &speech, &words, ANSWER_SECONDS, &key)?;
        goodbye(xml, &speech, &speech.language.say(Phrase::NoKey))
    })
}

/// He takes the call: with the end of the document the two are together.
#[must_use]
pub fn taken() -> String {
    document(|_| Ok(()))
}

/// He does not take it.
#[must_use]
pub fn declined() -> String {
    document(|xml| {
        xml.create_element("Hangup").write_empty()?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{HotlineName, Rules};
    use crate::roster::Responder;

    /// As Twilio documents the nouns: a softphone by its identity alone, SIP by its whole address, a number in E.164.
    #[test]
    fn every_kind_of_phone_is_rung_as_what_it_is() {
        let phone = |text: &str| Phone::parse(text).unwrap();
        let phones = [
            phone("+61491570156"),
            phone("+61491570156").with_extension("17").unwrap(),
            phone("client:alice"),
            phone("sip:desk@voip.example.org"),
        ];
        let who = |phone: Phone| Responder {
            name: "Ann".to_owned(),
            phone,
            then: None,
        };
        let makeshift = Makeshift {
            hotline: HotlineName("lab".to_owned()),
            from: phone("+61255501234"),
            rules: Rules::default(),
            welcome: Welcome::Open,
            people: phones.map(who).into(),
            last_resort: None,
        };
        let base = BaseUrl::parse("https://hotline.example.org").unwrap();
        let nouns = [
            ">+61491570156</Number>",
            " sendDigits=\"WW17\">+61491570156</Number>",
            ">alice</Client>",
            ">sip:desk@voip.example.org</Sip>",
        ];
        for (turn, noun) in (0..).zip(nouns) {
            let said = put_through(&makeshift, (turn, turn), &base);
            assert!(said.contains(noun) && said.contains("/fallback/whisper"), "{said}");
        }
    }
}
