//! Requests and signatures: what is signed is what another reading of the carrier's rule says, a genuine request passes, and
//! none that differs from it anywhere does, also where the signed text is the same and only cut at another place.
#![no_main]

use arbitrary::Arbitrary;
use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::fuzz_target;
use rotaline::twilio::signature::{Payload, sign, verify};
use sha1::Sha1;
use std::collections::{BTreeMap, BTreeSet};

const PLACES: [&str; 8] = [
    "/twilio/voice",
    "/twilio/voice/fallback",
    "/twilio/voice/fallback/2",
    "/twilio/menu/1",
    "/twilio/menu/12",
    "/twilio/sms",
    "/twilio/call/01926f00-0000-7000-8000-000000000001/1/key",
    "/twilio/call/01926f00-0000-7000-8000-000000000001/1/key?again=1&Digits=1",
];

#[derive(Arbitrary, Debug)]
struct Asked {
    token: String,
    place: u8,
    other_place: u8,
    fields: Vec<(String, String)>,
    other_fields: Vec<(String, String)>,
    said: String,
    /// Where the signed text is cut anew, into so many pieces.
    cuts: Vec<u16>,
}

/// `base64(HMAC-SHA1(token, URL + fields sorted by name, each name with its distinct values, sorted))`.
fn by_the_rule(token: &str, url: &str, fields: &[(String, String)]) -> String {
    let mut sorted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in fields {
        sorted.entry(name).or_default().insert(value);
    }
    let pairs = sorted.iter().flat_map(|(name, values)| values.iter().map(move |value| format!("{name}{value}")));
    let text: String = std::iter::once(url.to_owned()).chain(pairs).collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("any length");
    mac.update(text.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

fn named_as_the_carrier_does(fields: &[(String, String)]) -> bool {
    fields.iter().all(|(name, _)| name.chars().next().is_some_and(|first| first.is_ascii_alphabetic()))
}

fn signed_text(url: &str, fields: &[(String, String)]) -> String {
    let sorted: BTreeSet<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    std::iter::once(url.to_owned())
        .chain(sorted.iter().map(|(name, value)| format!("{name}{value}")))
        .collect()
}

fuzz_target!(|asked: Asked| {
    let url = |place: u8| format!("https://hotline.example.org{}", PLACES[usize::from(place) % PLACES.len()]);
    let (here, elsewhere) = (url(asked.place), url(asked.other_place));
    let genuine = sign(&asked.token, &here, &asked.fields);
    assert_eq!(genuine, by_the_rule(&asked.token, &here, &asked.fields));
    let token = asked.token.as_str();
    let passes = |url: &str, fields: &[(String, String)], said: &str| verify([token], url, Payload::Form(fields), said);
    assert_eq!(passes(&here, &asked.fields, &genuine), named_as_the_carrier_does(&asked.fields));
    if asked.said != genuine {
        assert!(!passes(&here, &asked.fields, &asked.said), "a guess");
    }
    if signed_text(&here, &asked.fields) != signed_text(&elsewhere, &asked.other_fields) {
        assert!(!passes(&elsewhere, &asked.other_fields, &genuine), "another request");
    }
    // The same text for another place: whatever is made of its end, it is no form of the carrier's.
    if here != elsewhere
        && named_as_the_carrier_does(&asked.fields)
        && let Some(rest) = signed_text(&here, &asked.fields).strip_prefix(&elsewhere)
    {
        let mut cuts: Vec<usize> = asked.cuts.iter().take(40).map(|cut| rest.floor_char_boundary(usize::from(*cut))).collect();
        cuts.extend([0, rest.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&str> = cuts.windows(2).map(|two| &rest[two[0]..two[1]]).collect();
        let fields: Vec<(String, String)> = pieces
            .chunks(2)
            .map(|pair| (pair[0].to_owned(), pair.get(1).copied().unwrap_or_default().to_owned()))
            .collect();
        assert!(!passes(&elsewhere, &fields, &genuine), "{here} passed off as {elsewhere} with {fields:?}");
    }
    // Raw bodies are bound by their hash, which nobody has signed here.
    assert!(!verify([token], &here, Payload::Raw(asked.said.as_bytes()), &genuine));
});
