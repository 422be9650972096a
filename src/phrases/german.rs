//! German.

use super::{Missed, Phrase, spoken};
use crate::roster::PhoneNumber;

const ORDINALS: [&str; 5] = ["erste", "zweite", "dritte", "vierte", "fünfte"];

#[allow(clippy::too_many_lines, reason = "a table: one arm for each sentence")]
pub(super) fn say(phrase: Phrase<'_>) -> String {
    let words = match phrase {
        Phrase::Greeting => "Vielen Dank für Ihren Anruf.",
        Phrase::SearchingAgain => "Wir suchen noch einmal.",
        Phrase::BeingConnected => "Sie werden mit der Bereitschaft verbunden.",
        Phrase::Ringing(level) => return format!("Wir rufen {} an.", person(level)),
        Phrase::RingingAgain(level) => return format!("Wir versuchen noch einmal, {} zu erreichen.", person(level)),
        Phrase::AllEngaged => "Alle, die Bereitschaft haben, sprechen gerade mit anderen. Sie sind als Nächstes an der Reihe.",
        Phrase::TryingAllAgain => "Wir versuchen noch einmal, jemanden zu erreichen, der Bereitschaft hat.",
        Phrase::RingingLastResort => "Wir rufen jemanden an, der Ihnen weiterhelfen kann.",
        Phrase::StayOrPressStar => {
            "Bitte bleiben Sie am Apparat, oder drücken Sie die Sterntaste, um zurückgerufen zu werden oder eine Nachricht zu hinterlassen."
        }
        Phrase::SomebodyHasTakenIt => "Ihr Anruf ist angenommen. Sie werden verbunden.",
        Phrase::PleaseStay => "Bitte bleiben Sie am Apparat.",
        Phrase::ResponderLeft(name) => {
            return format!(
                "{name} hat das Gespräch verlassen. Wenn Sie noch Hilfe brauchen, drücken Sie die 1, und wir suchen noch einmal. Sonst können Sie auflegen."
            );
        }
        Phrase::ResponderLeftAtOnce(name) => {
            return format!(
                "{name} hat das Gespräch nach einem Augenblick verlassen. Wenn Sie noch Hilfe brauchen, drücken Sie die 1, und wir suchen noch einmal. Sonst können Sie auflegen, oder am Apparat bleiben, um eine Nachricht zu hinterlassen."
            );
        }
        Phrase::NobodyOnCall => "Im Augenblick hat niemand Bereitschaft.",
        Phrase::NobodyTookIt => "Es tut uns leid: Niemand konnte Ihren Anruf annehmen.",
        Phrase::LeftTheQueue => "Sie haben die Warteschlange verlassen.",
        Phrase::NobodyIsRung => "Es wird jetzt niemand angerufen.",
        Phrase::LeaveMessage { passed_on: true } => {
            "Bitte hinterlassen Sie nach dem Ton eine Nachricht mit Ihrem Namen und Ihrer Nummer. Sie wird sofort weitergegeben. Zum Schluss drücken Sie die Rautetaste oder legen auf."
        }
        Phrase::LeaveMessage { passed_on: false } => {
            "Bitte hinterlassen Sie nach dem Ton eine Nachricht mit Ihrem Namen und Ihrer Nummer. Zum Schluss drücken Sie die Rautetaste oder legen auf."
        }
        Phrase::MessageTaken => "Danke. Ihre Nachricht ist aufgezeichnet. Auf Wiederhören.",
        Phrase::Goodbye => "Auf Wiederhören.",
        Phrase::PressForCallback(number) => {
            return format!(
                "Wenn wir Sie unter {} zurückrufen sollen, drücken Sie die 1.",
                spoken(number, "plus")
            );
        }
        Phrase::PressForOtherNumber { first: false } => "Für einen Rückruf unter einer anderen Nummer drücken Sie die 2.",
        Phrase::PressForOtherNumber { first: true } => "Wenn wir Sie zurückrufen sollen, drücken Sie die 2.",
        Phrase::PressForMessage => "Um eine Nachricht zu hinterlassen, drücken Sie die 3.",
        Phrase::PressToWait => "Um weiter zu warten, drücken Sie die 9.",
        Phrase::TypeNumber => "Bitte geben Sie die Nummer ein, unter der wir Sie zurückrufen sollen, und dann die Rautetaste.",
        Phrase::ConfirmNumber(number) => {
            return format!(
                "Die Nummer ist {}. Wenn das stimmt, drücken Sie die 1. Um sie neu einzugeben, die 2.",
                spoken(number, "plus")
            );
        }
        Phrase::NumberUnusable => "Diese Nummer können wir nicht anrufen.",
        Phrase::CallbackNoted(number) => {
            return format!("Danke. Sie werden unter {} zurückgerufen. Auf Wiederhören.", spoken(number, "plus"));
        }
        Phrase::Whisper { hotline, caller, level } => return whisper(hotline, caller, level),
        Phrase::ThankYou => "Danke. Sie werden verbunden.",
        Phrase::CallerIsComing => "Sie werden mit dem Anrufer verbunden.",
        Phrase::NotNeeded => "Sie werden für diesen Anruf nicht mehr gebraucht.",
        Phrase::CallerHungUp => "Der Anrufer hat aufgelegt.",
        Phrase::CallerLeft => "Der Anrufer hat das Gespräch verlassen.",
        Phrase::ConversationOver => "Das Gespräch ist beendet.",
        Phrase::TakenBy(name) => return format!("{name} hat diesen Anruf schon angenommen."),
        Phrase::NextOneIsRung => "Danke. Es wird der Nächste angerufen.",
        Phrase::NoKey => "Es wurde keine Taste gedrückt. Auf Wiederhören.",
        Phrase::NoMessage => "Wir haben keine Nachricht gehört. Auf Wiederhören.",
        Phrase::Fault => "Es gibt eine technische Störung. Bitte bleiben Sie am Apparat, oder legen Sie auf und rufen Sie noch einmal an.",
        Phrase::Apology => {
            "Es tut uns leid. Wegen einer technischen Störung können wir diesen Anruf nicht bearbeiten. Bitte versuchen Sie es gleich noch einmal. Auf Wiederhören."
        }
        Phrase::OneMoment => "Einen Augenblick, bitte.",
        Phrase::CallbackOverdue { hotline, number, minutes } => {
            return format!(
                "Hotline {hotline}: Der Rückruf an {} ist seit {minutes} min offen. Bitte jetzt anrufen.",
                number.e164()
            );
        }
        Phrase::MissedCall { hotline, caller, what } => return missed(hotline, caller, what),
    };
    words.to_owned()
}

fn whisper(hotline: &str, caller: Option<&PhoneNumber>, level: Option<usize>) -> String {
    let caller = caller.map_or_else(|| "einer unterdrückten Nummer".to_owned(), |number| spoken(number, "plus"));
    let why = match level {
        Some(level) => format!("Sie sind {} in der Bereitschaft.", place(level)),
        None => "Sie sind die letzte Rettung, weil sonst niemand angenommen hat.".to_owned(),
    };
    format!(
        "Hier ist die Hotline {hotline} mit einem Anruf von {caller}. {why} Drücken Sie die 1, um den Anruf anzunehmen, die 2, um ihn weiterzugeben, oder die 3, um das noch einmal zu hören."
    )
}

fn place(level: usize) -> String {
    ORDINALS
        .get(level)
        .map_or_else(|| format!("Nummer {}", level + 1), |ordinal| format!("die oder der {ordinal}"))
}

fn person(level: usize) -> String {
    ORDINALS.get(level).map_or_else(
        || format!("Nummer {} der Bereitschaft", level + 1),
        |ordinal| format!("die {ordinal} Person der Bereitschaft"),
    )
}

fn missed(hotline: &str, caller: Option<&PhoneNumber>, what: Missed<'_>) -> String {
    let what = match what {
        Missed::LeftMessage(Some(seconds)) => format!("hat eine Nachricht von {seconds} s hinterlassen"),
        Missed::LeftMessage(None) => "hat eine Nachricht hinterlassen".to_owned(),
        Missed::LeftNothing => "hat niemanden erreicht und keine Nachricht hinterlassen".to_owned(),
        Missed::AskedForCallback(number) => format!("bittet um Rückruf unter {}", number.e164()),
        Missed::HungUp => "hat aufgelegt, bevor jemand angenommen hatte".to_owned(),
        Missed::CutOff { name, seconds } => format!("war kürzer als {seconds} s mit {name} verbunden und konnte vielleicht nicht sprechen"),
    };
    match caller {
        Some(caller) => format!("Hotline {hotline}: Der Anrufer {} {what}. Bitte zurückrufen.", caller.e164()),
        None => format!("Hotline {hotline}: Ein Anrufer mit unterdrückter Nummer {what}."),
    }
}
