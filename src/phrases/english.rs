//! English.

use super::{Hindrance, Missed, NotReached, Phrase, age, dated, sentence, spoken};
use crate::roster::Phone;

const ORDINALS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

#[allow(clippy::too_many_lines, reason = "a table: one arm for each sentence")]
pub(super) fn say(phrase: Phrase<'_>) -> String {
    let words = match phrase {
        Phrase::Greeting => "Thank you for calling.",
        Phrase::SearchingAgain => "We are searching again.",
        Phrase::BeingConnected => "You are being connected to the person on call.",
        Phrase::Ringing(level) => return format!("We are ringing the {}.", person(level)),
        Phrase::RingingAgain(level) => return format!("We are trying the {} once more.", person(level)),
        Phrase::AllEngaged => "Everybody on call is talking to other callers. You are next.",
        Phrase::TryingAllAgain => "We are trying everybody on call once more.",
        Phrase::RingingAcquaintance => "We are ringing the person with whom you have spoken.",
        Phrase::RingingLastResort => "We are ringing somebody who can help you further.",
        Phrase::MayBeRecorded => "This call may be recorded. If you do not want that, press 0.",
        Phrase::NotRecorded => "Your call is not recorded.",
        Phrase::StayOrPressStar => "Please stay on the line, or press star to be called back or to leave a message.",
        Phrase::SomebodyHasTakenIt => "Somebody has taken your call. You are being connected.",
        Phrase::PressStarToGoOn => "Please press star to go on.",
        Phrase::PleaseStay => "Please stay on the line.",
        Phrase::ResponderLeft(name) => {
            return format!("{name} has left the call. If you still need help, press 1 and we search again. Otherwise you can hang up.");
        }
        Phrase::ResponderLeftAtOnce(name) => {
            return format!(
                "{name} has left the call after a moment. If you still need help, press 1 and we search again. Otherwise you can hang up, or stay on the line to leave a message."
            );
        }
        Phrase::NobodyOnCall => "There is nobody on call at the moment.",
        Phrase::NobodyTookIt => "We are sorry: nobody could take your call.",
        Phrase::Closed => "We are closed at the moment.",
        Phrase::TooManyCalls => "We have had many calls from you within the last hour, so nobody is rung now.",
        Phrase::CannotTakeYourCall => "We cannot take your call.",
        Phrase::ShowYourNumber => {
            "We do not take calls from withheld numbers. Please show your number, in the settings of your telephone, and call again."
        }
        Phrase::PleaseChoose => "Please choose with a key of your telephone.",
        Phrase::LeftTheQueue => "You have left the queue.",
        Phrase::NobodyIsRung => "Nobody is rung now.",
        Phrase::LeaveMessage { passed_on: true } => {
            "Please leave a message after the tone, with your name and number. It is passed on at once. When you are done, press hash or hang up."
        }
        Phrase::LeaveMessage { passed_on: false } => {
            "Please leave a message after the tone, with your name and number. When you are done, press hash or hang up."
        }
        Phrase::MessageTaken => "Thank you. Your message is recorded. Goodbye.",
        Phrase::Goodbye => "Goodbye.",
        Phrase::PressForCallback(number) => return format!("To be called back on {}, press 1.", spoken(number, "plus")),
        Phrase::PressForOtherNumber { first: false } => "To be called back on another number, press 2.",
        Phrase::PressForOtherNumber { first: true } => "To be called back, press 2.",
        Phrase::PressForMessage => "To leave a message, press 3.",
        Phrase::PressToWait => "To wait on, press 9.",
        Phrase::TypeNumber => "Please type the number on which we are to call you back, then press hash.",
        Phrase::ConfirmNumber(number) => {
            return format!(
                "The number is {}. If that is right, press 1. To type it again, press 2.",
                spoken(number, "plus")
            );
        }
        Phrase::NumberUnusable => "We cannot call that number.",
        Phrase::CallbackNoted(number) => {
            return format!("Thank you. You will be called back on {}. Goodbye.", spoken(number, "plus"));
        }
        Phrase::Whisper { hotline, caller, level } => return whisper(hotline, caller, level),
        Phrase::WhisperAgain { hotline, at } => {
            return format!(
                "This is the hotline {hotline}: the caller with whom you spoke at {at} is calling again. Press 1 to take the call, 2 to pass it on, or 3 to hear this again."
            );
        }
        Phrase::ThankYou => "Thank you. You are being connected.",
        Phrase::TalkMayBeRecorded => "The conversation may be recorded.",
        Phrase::CallerIsComing => "You are being connected to the caller.",
        Phrase::AsideToBringIn => "The caller is waiting. To bring in the next person on call, press 2. To go back to the caller, press 1.",
        Phrase::AsideWhileRinging => "The next person on call is being rung. To go back to the caller, press 1.",
        Phrase::AsideWithNobodyLeft => "There is nobody else who could be brought in. To go back to the caller, press 1.",
        Phrase::NobodyReached => "Nobody else could be reached.",
        Phrase::NextIsRungForYou => "The next person on call is being rung. You are going back to the caller.",
        Phrase::NobodyCanBeRung => "Nobody else can be reached now. You are going back to the caller.",
        Phrase::BackToTheCaller => "You are going back to the caller.",
        Phrase::WhisperToJoin { hotline, name, level } => {
            let why = why_him(level);
            return format!(
                "This is the hotline {hotline}. {name} is with a caller and asks for you. You are {why}. Press 1 to join them, 2 to pass it on, or 3 to hear this again."
            );
        }
        Phrase::NotNeeded => "You are no longer needed for this call.",
        Phrase::CallerHungUp => "The caller has hung up.",
        Phrase::CallerLeft => "The caller has left the call.",
        Phrase::ConversationOver => "The conversation is over.",
        Phrase::TakenBy(name) => return format!("{name} has already taken this call."),
        Phrase::NextOneIsRung => "Thank you. The next one on call is rung.",
        Phrase::AlarmWhisper { hotline, title, level } => return alarm_whisper(hotline, title, level),
        Phrase::TakingCare(details) => {
            return format!("Thank you. You take care of it. {}", sentence(details))
                .trim_end()
                .to_owned();
        }
        Phrase::AlarmTakenBy(name) => return format!("{name} takes care of the alarm."),
        Phrase::AlarmOver => "The alarm is over.",
        Phrase::TextWhisper { hotline, text, level } => return text_whisper(hotline, text, level),
        Phrase::RingsYouForText(hotline) => {
            return format!("Hotline {hotline} is ringing you about a text message. Answer and press 1 to take care of it.");
        }
        Phrase::TakingText => "Thank you. You take care of it. You get the text on your phone, and what you answer there is passed on.",
        Phrase::TakingTextToCall { text, number } => {
            return format!(
                "Thank you. You take care of it. All of the message: {text}. Please call {}.",
                spoken(number, "plus")
            );
        }
        Phrase::TextTakenBy(name) => return format!("{name} takes care of the text message."),
        Phrase::CallbackWhisper { hotline, asked } => {
            return format!(
                "This is the hotline {hotline}, with a callback that was asked for at {asked}. Press 1 and we ring the caller, 2 to leave it open, or 3 to hear this again."
            );
        }
        Phrase::RingingCaller => "Thank you. We are ringing the caller. Please stay on the line.",
        Phrase::CallerIsRung => "The caller's phone is ringing. Please stay on the line.",
        Phrase::CallerNotReached(NotReached::Busy) => "The caller is busy or has rejected the call.",
        Phrase::CallerNotReached(NotReached::NoAnswer) => "The caller does not answer.",
        Phrase::CallerNotReached(NotReached::Failed) => "The caller cannot be reached by telephone now.",
        Phrase::CallerNotReached(NotReached::HungUp) => "The caller picked up and has hung up.",
        Phrase::CallbackStaysOpen => "The callback stays open.",
        Phrase::CallingYouBack { hotline } => {
            return format!("This is the hotline {hotline}. We are calling you back, as you asked. You are being connected.");
        }
        Phrase::CallbackLost => "We are sorry: the person who wanted to call you back is gone. You are still on our list.",
        Phrase::PressToBePutThrough { at, earlier: false } => {
            return format!("Press 1 to be put through to the caller of {at}, or stay on the line for the person on call.");
        }
        Phrase::PressToBePutThrough { at, earlier: true } => {
            return format!(
                "Press 1 to be put through to the caller of {at}, 2 for an earlier caller, or stay on the line for the person on call."
            );
        }
        Phrase::TextInstead => "You can send a text to this number instead.",
        Phrase::PuttingThrough { hotline, at } => {
            return format!("This is the hotline {hotline}. The person with whom you spoke at {at} is calling. You are being connected.");
        }
        Phrase::PuttingThroughLost => "We are sorry: the person who wanted to speak with you is gone.",
        Phrase::NoKey => "No key was pressed. Goodbye.",
        Phrase::NoMessage => "We did not hear a message. Goodbye.",
        Phrase::Fault => "There is a technical fault. Please stay on the line, or hang up and call again.",
        Phrase::Apology => "We are sorry. A technical fault keeps us from handling this call. Please try again in a moment. Goodbye.",
        Phrase::OneMoment => "One moment, please.",
        Phrase::PutThroughAllTheSame => "There is a technical fault. You are being put through all the same; please stay on the line.",
        Phrase::CallThere(number) => return format!("You may call {} yourself.", spoken(number, "plus")),
        Phrase::NoMessageNow => "Because of a technical fault we cannot take a message. Please call again in a few minutes.",
        Phrase::WhisperThroughFault { hotline } => {
            return format!(
                "This is the hotline {hotline}, with a call. Because of a technical fault you are rung directly. Press 1 to take the call, or hang up."
            );
        }
        Phrase::AlarmIsYours { hotline, title, details } => {
            return format!(
                "Hotline {hotline}: you take care of the alarm: {} {}",
                sentence(title),
                sentence(details)
            )
            .trim_end()
            .to_owned();
        }
        Phrase::AlarmInVain { hotline, title, again } => return alarm_in_vain(hotline, title, again),
        Phrase::FromCaller { at, by_name: false } => return format!("Caller of {at}:"),
        Phrase::FromCaller { at, by_name: true } => return format!("Caller of {at} (to answer, begin with {at}):"),
        Phrase::FromHotline(hotline) => return format!("Hotline {hotline}:"),
        Phrase::PicturesLeftOut => "(With a picture, which is not passed on.)",
        Phrase::NotPassedOn { hotline, for_good: false } => {
            return format!("Hotline {hotline}: your text may not have arrived. If it is urgent, please call this number.");
        }
        Phrase::NotPassedOn { hotline, for_good: true } => {
            return format!("Hotline {hotline}: your texts do not reach the other side. If it is urgent, please call this number.");
        }
        Phrase::TooManyPassedOn(most) => {
            return format!("Your text was not passed on: no more than {most} an hour are. Please call this number instead.");
        }
        Phrase::TextWithoutWords(number) => {
            return format!(
                "We can only read words. Please write what is the matter, or call {}.",
                number.address()
            );
        }
        Phrase::TextReceived => "We have got your text and are ringing the person on call.",
        Phrase::TextInHand => "Somebody is looking after it. You can go on writing here.",
        Phrase::TextInVain { number, closed: false } => {
            return format!("We are sorry: nobody could take your text. Please call {}.", number.address());
        }
        Phrase::TextInVain { number, closed: true } => {
            return format!(
                "We are closed at the moment, and nobody takes your text. Please call {}.",
                number.address()
            );
        }
        Phrase::TooManyTexts(number) => {
            return format!(
                "We have had many texts from you, so nobody is rung now. Please call {}.",
                number.address()
            );
        }
        Phrase::TextIsYours { hotline, text } => {
            return format!("Hotline {hotline}: you take care of this text, and what you answer here is passed on: {text}");
        }
        Phrase::TextMissed { hotline, sender, text } => {
            return format!(
                "Hotline {hotline}: nobody has taken a text from {}. Please see to it: {text}",
                sender.address()
            );
        }
        Phrase::NobodyJoins(hotline) => {
            return format!("Hotline {hotline}: nobody else could be reached. You are still with the caller. Press star to try again.");
        }
        Phrase::CallbackOverdue { hotline, number, minutes } => {
            return format!(
                "Hotline {hotline}: the callback to {} has been open for {minutes} min. Please call now.",
                number.address()
            );
        }
        Phrase::MissedCall { hotline, caller, at, what } => return missed(&dated(hotline, at), caller, what),
        Phrase::RingsYou { hotline, caller } => {
            let caller = caller.map_or("a withheld number", Phone::address);
            return format!("Hotline {hotline} is ringing you: a call from {caller}. Answer and press 1 to take it.");
        }
        Phrase::RingsYouForAlarm { hotline, title } => {
            return format!(
                "Hotline {hotline} is ringing you about an alarm: {} Answer and press 1 to take care of it.",
                sentence(title)
            );
        }
        Phrase::CallbackClosed { hotline, id } => {
            return format!("Hotline {hotline}: callback {id} is closed. Text OPEN {id} to open it again.");
        }
        Phrase::MessageInWriting { hotline, caller, text } => {
            let caller = caller.map_or("a withheld number", Phone::address);
            return format!("Hotline {hotline}: message of {caller}, written down by a machine: {text}");
        }
        Phrase::TextAway { until, until_back: false } => {
            return format!("You are away until {until} and are not rung until then. Text BACK when you are back.");
        }
        Phrase::TextAway { until, until_back: true } => {
            return format!("You are away and are not rung. Text BACK when you are back; at the latest {until} you are rung again.");
        }
        Phrase::TextAllAway { last_resort: true } => "Now everybody on call is away: callers go to the last resort.",
        Phrase::TextAllAway { last_resort: false } => {
            "Now everybody on call is away and there is no last resort, so you are all rung all the same. Please find somebody who takes over."
        }
        Phrase::TextTooLong => "Nothing has changed: 14 days at most, for example AWAY 3d. For longer, please change the rota.",
        Phrase::TextUnclear => "Nothing has changed: the time is not clear. Text for example AWAY 2h, AWAY 30m or AWAY until 18:00.",
        Phrase::TextBack => "Welcome back. You are rung whenever you are on call.",
        Phrase::TextOnCall { place: index, until } => return format!("You are {} until {until}.", place(index)),
        Phrase::TextNotOnCall => "You are not on call now.",
        Phrase::TextIsAway(Some(until)) => return format!("You are away until {until}."),
        Phrase::TextIsAway(None) => "You are away.",
        Phrase::TextBySheet(cell) => return format!("So says the rota ({cell}). If that is no longer true, text BACK."),
        Phrase::TextBackDespite(cell) => return format!("The rota still says that you are away ({cell}): please have it corrected."),
        Phrase::TextIsThere => "You are not away.",
        Phrase::TextWho { people, until } => return format!("On call until {until}: {people}."),
        Phrase::TextWhoAway(people) => return format!("Also away: {people}."),
        Phrase::AwayUntil(Some(until)) => return format!("away until {until}"),
        Phrase::AwayUntil(None) => "away",
        Phrase::TextHelp(hotline) => {
            return format!(
                "Hotline {hotline}. Text AWAY 2h, AWAY until 18:00, BACK, STATUS (am I on call?), WHO (who is?), or, for callbacks, LIST, CALL 3, DONE 3, OPEN 3."
            );
        }
        Phrase::TextCallback {
            id,
            number,
            minutes,
            calling,
        } => {
            let age = age(minutes);
            return match calling {
                None => format!("{id}: {number}, {age}"),
                Some(name) => format!("{id}: {number}, {age} ({name} is calling)"),
            };
        }
        Phrase::TextCallbacks { list, more, example } => {
            let more = if more == 0 { String::new() } else { format!(", and {more} more") };
            return format!("Open callbacks: {list}{more}. CALL {example} rings you, then the caller; DONE {example} closes it.");
        }
        Phrase::TextNoCallbacks => "No callback is open.",
        Phrase::TextNoSuchCallback(id) => return format!("There is no open callback {id}. Text LIST to see which are."),
        Phrase::TextRingingBack(id) => return format!("We are ringing you for callback {id}. Press 1, and we ring the caller."),
        Phrase::TextNotRung { id, why } => return not_rung(id, why),
        Phrase::TextCallbackDone(id) => return format!("Callback {id} is closed. Text OPEN {id} to open it again."),
        Phrase::TextCallbackOpen(id) => return format!("Callback {id} is open again."),
        Phrase::TextNotOpened(id) => {
            return format!("Callback {id} cannot be opened again: it is open, or was closed more than a day ago.");
        }
        Phrase::TextNotRead(number) => return format!("This line takes calls. Please call {}; texts are not read.", number.address()),
        Phrase::TextLastAnswer => "Further texts within the hour count, but are not answered.",
    };
    words.to_owned()
}

/// Why it is he who is rung.
fn why_him(level: Option<usize>) -> String {
    match level {
        Some(level) => place(level),
        None => "the last resort, because nobody on call has accepted".to_owned(),
    }
}

fn whisper(hotline: &str, caller: Option<&Phone>, level: Option<usize>) -> String {
    let caller = caller.map_or_else(|| "a withheld number".to_owned(), |number| spoken(number, "plus"));
    let why = why_him(level);
    format!(
        "This is the hotline {hotline}, with a call from {caller}. You are {why}. Press 1 to take the call, 2 to pass it on, or 3 to hear this again."
    )
}

fn place(level: usize) -> String {
    ORDINALS
        .get(level)
        .map_or_else(|| format!("number {} on call", level + 1), |ordinal| format!("{ordinal} on call"))
}

fn person(level: usize) -> String {
    ORDINALS.get(level).map_or_else(
        || format!("number {} on call", level + 1),
        |ordinal| format!("{ordinal} person on call"),
    )
}

fn alarm_whisper(hotline: &str, title: &str, level: Option<usize>) -> String {
    let why = why_him(level);
    format!(
        "This is the hotline {hotline}, with an alarm: {} You are {why}. Press 1 to take care of it, 2 to pass it on, or 3 to hear this again.",
        sentence(title)
    )
}

fn text_whisper(hotline: &str, text: &str, level: Option<usize>) -> String {
    let why = why_him(level);
    format!(
        "This is the hotline {hotline}, with a text message: {} You are {why}. Press 1 to take care of it, 2 to pass it on, or 3 to hear this again.",
        sentence(text)
    )
}

fn alarm_in_vain(hotline: &str, title: &str, again: Option<(u64, u16)>) -> String {
    let what = format!("Hotline {hotline}: nobody takes care of the alarm: {}", sentence(title));
    let next = match again {
        Some((minutes, 1)) => format!("The phones ring again in {minutes} minutes, for the last time. Look after it if you can."),
        Some((minutes, left)) => {
            format!("The phones ring again in {minutes} minutes, {left} more times at most. Look after it if you can.")
        }
        None => "Nobody is rung any more. Look after it now.".to_owned(),
    };
    format!("{what} {next}")
}

fn missed(hotline: &str, caller: Option<&Phone>, what: Missed<'_>) -> String {
    let what = match what {
        Missed::LeftMessage(Some(seconds)) => format!("left a message of {seconds} s"),
        Missed::LeftMessage(None) => "left a message".to_owned(),
        Missed::LeftNothing => "reached nobody and left no message".to_owned(),
        Missed::AskedForCallback(number) => format!("asks to be called back on {}", number.address()),
        Missed::HungUp => "hung up before being put through".to_owned(),
        Missed::CutOff { name, seconds } => format!("was with {name} for less than {seconds} s and perhaps could not talk"),
    };
    match caller {
        Some(caller) => format!("Hotline {hotline}: the caller {} {what}. Please call back.", caller.address()),
        None => format!("Hotline {hotline}: a caller with a withheld number {what}."),
    }
}

fn not_rung(id: u32, why: &Hindrance) -> String {
    match why {
        Hindrance::Calling(name) => format!("{name} is making callback {id} just now."),
        Hindrance::OwnNumber => format!("Callback {id} asks for your own number. Somebody else has to make it."),
        Hindrance::NotAllowed => format!("The hotline may not call the number of callback {id}. Please tell whoever runs it."),
        Hindrance::Engaged => format!("You are on another call of the hotline. Text CALL {id} again afterwards."),
        Hindrance::CallerEngaged => {
            format!("The caller of callback {id} is on another call with the hotline. Text CALL {id} again in a while.")
        }
    }
}
