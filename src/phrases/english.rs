//! English.

use super::{Missed, Phrase, spoken};
use crate::roster::PhoneNumber;

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
        Phrase::RingingLastResort => "We are ringing somebody who can help you further.",
        Phrase::StayOrPressStar => "Please stay on the line, or press star to be called back or to leave a message.",
        Phrase::SomebodyHasTakenIt => "Somebody has taken your call. You are being connected.",
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
        Phrase::ThankYou => "Thank you. You are being connected.",
        Phrase::CallerIsComing => "You are being connected to the caller.",
        Phrase::NotNeeded => "You are no longer needed for this call.",
        Phrase::CallerHungUp => "The caller has hung up.",
        Phrase::CallerLeft => "The caller has left the call.",
        Phrase::ConversationOver => "The conversation is over.",
        Phrase::TakenBy(name) => return format!("{name} has already taken this call."),
        Phrase::NextOneIsRung => "Thank you. The next one on call is rung.",
        Phrase::NoKey => "No key was pressed. Goodbye.",
        Phrase::NoMessage => "We did not hear a message. Goodbye.",
        Phrase::Fault => "There is a technical fault. Please stay on the line, or hang up and call again.",
        Phrase::Apology => "We are sorry. A technical fault keeps us from handling this call. Please try again in a moment. Goodbye.",
        Phrase::OneMoment => "One moment, please.",
        Phrase::CallbackOverdue { hotline, number, minutes } => {
            return format!(
                "Hotline {hotline}: the callback to {} has been open for {minutes} min. Please call now.",
                number.e164()
            );
        }
        Phrase::MissedCall { hotline, caller, what } => return missed(hotline, caller, what),
    };
    words.to_owned()
}

fn whisper(hotline: &str, caller: Option<&PhoneNumber>, level: Option<usize>) -> String {
    let caller = caller.map_or_else(|| "a withheld number".to_owned(), |number| spoken(number, "plus"));
    let why = match level {
        Some(level) => place(level),
        None => "the last resort, because nobody on call has accepted".to_owned(),
    };
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

fn missed(hotline: &str, caller: Option<&PhoneNumber>, what: Missed<'_>) -> String {
    let what = match what {
        Missed::LeftMessage(Some(seconds)) => format!("left a message of {seconds} s"),
        Missed::LeftMessage(None) => "left a message".to_owned(),
        Missed::LeftNothing => "reached nobody and left no message".to_owned(),
        Missed::AskedForCallback(number) => format!("asks to be called back on {}", number.e164()),
        Missed::HungUp => "hung up before anybody had accepted".to_owned(),
        Missed::CutOff { name, seconds } => format!("was with {name} for less than {seconds} s and perhaps could not talk"),
    };
    match caller {
        Some(caller) => format!("Hotline {hotline}: the caller {} {what}. Please call back.", caller.e164()),
        None => format!("Hotline {hotline}: a caller with a withheld number {what}."),
    }
}
