//! German.

use super::{Hindrance, Missed, NotReached, Phrase, age, dated, sentence, spoken};
use crate::roster::Phone;

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
        Phrase::RingingAcquaintance => "Wir rufen die Person an, mit der Sie gesprochen haben.",
        Phrase::RingingLastResort => "Wir rufen jemanden an, der Ihnen weiterhelfen kann.",
        Phrase::MayBeRecorded => "Dieses Gespräch kann aufgezeichnet werden. Wenn Sie das nicht möchten, drücken Sie die 0.",
        Phrase::NotRecorded => "Ihr Anruf wird nicht aufgezeichnet.",
        Phrase::StayOrPressStar => {
            "Bitte bleiben Sie am Apparat, oder drücken Sie die Sterntaste, um zurückgerufen zu werden oder eine Nachricht zu hinterlassen."
        }
        Phrase::SomebodyHasTakenIt => "Ihr Anruf ist angenommen. Sie werden verbunden.",
        Phrase::PressStarToGoOn => "Bitte drücken Sie die Sterntaste, um fortzufahren.",
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
        Phrase::Closed => "Wir haben im Augenblick geschlossen.",
        Phrase::TooManyCalls => "Sie haben in der letzten Stunde sehr oft angerufen, deshalb wird jetzt niemand angerufen.",
        Phrase::CannotTakeYourCall => "Wir können Ihren Anruf nicht annehmen.",
        Phrase::ShowYourNumber => {
            "Wir nehmen keine Anrufe mit unterdrückter Nummer an. Bitte schalten Sie in den Einstellungen Ihres Telefons ein, dass Ihre Nummer angezeigt wird, und rufen Sie noch einmal an."
        }
        Phrase::PleaseChoose => "Bitte wählen Sie mit einer Taste Ihres Telefons.",
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
        Phrase::WhisperAgain { hotline, at } => {
            return format!(
                "Hier ist die Hotline {hotline}: Noch einmal der Anrufer, mit dem Sie um {at} Uhr gesprochen haben. Drücken Sie die 1, um den Anruf anzunehmen, die 2, um ihn weiterzugeben, oder die 3, um das noch einmal zu hören."
            );
        }
        Phrase::ThankYou => "Danke. Sie werden verbunden.",
        Phrase::TalkMayBeRecorded => "Das Gespräch kann aufgezeichnet werden.",
        Phrase::CallerIsComing => "Sie werden mit dem Anrufer verbunden.",
        Phrase::AsideToBringIn => {
            "Der Anrufer wartet. Um die nächste Person der Bereitschaft dazuzuholen, drücken Sie die 2. Zurück zum Anrufer kommen Sie mit der 1."
        }
        Phrase::AsideWhileRinging => "Die nächste Person der Bereitschaft wird schon angerufen. Zurück zum Anrufer kommen Sie mit der 1.",
        Phrase::AsideWithNobodyLeft => "Es ist niemand mehr da, der dazukommen könnte. Zurück zum Anrufer kommen Sie mit der 1.",
        Phrase::NobodyReached => "Es war sonst niemand zu erreichen.",
        Phrase::NextIsRungForYou => "Die nächste Person der Bereitschaft wird angerufen. Sie kommen zurück zum Anrufer.",
        Phrase::NobodyCanBeRung => "Es ist jetzt sonst niemand zu erreichen. Sie kommen zurück zum Anrufer.",
        Phrase::BackToTheCaller => "Sie kommen zurück zum Anrufer.",
        Phrase::WhisperToJoin { hotline, name, level } => {
            let why = why_him(level);
            return format!(
                "Hier ist die Hotline {hotline}. {name} spricht mit einem Anrufer und bittet Sie dazu. {why} Drücken Sie die 1, um dazuzukommen, die 2, um es weiterzugeben, oder die 3, um das noch einmal zu hören."
            );
        }
        Phrase::NotNeeded => "Sie werden für diesen Anruf nicht mehr gebraucht.",
        Phrase::CallerHungUp => "Der Anrufer hat aufgelegt.",
        Phrase::CallerLeft => "Der Anrufer hat das Gespräch verlassen.",
        Phrase::ConversationOver => "Das Gespräch ist beendet.",
        Phrase::TakenBy(name) => return format!("{name} hat diesen Anruf schon angenommen."),
        Phrase::NextOneIsRung => "Danke. Es wird der Nächste angerufen.",
        Phrase::AlarmWhisper { hotline, title, level } => return alarm_whisper(hotline, title, level),
        Phrase::TakingCare(details) => {
            return format!("Danke. Sie kümmern sich darum. {}", sentence(details))
                .trim_end()
                .to_owned();
        }
        Phrase::AlarmTakenBy(name) => return format!("{name} kümmert sich um den Alarm."),
        Phrase::AlarmOver => "Der Alarm ist vorbei.",
        Phrase::TextWhisper { hotline, text, level } => return text_whisper(hotline, text, level),
        Phrase::RingsYouForText(hotline) => {
            return format!(
                "Die Hotline {hotline} ruft Sie wegen einer Textnachricht an. Nehmen Sie ab und drücken Sie die 1, um sich darum zu kümmern."
            );
        }
        Phrase::TakingText => {
            "Danke. Sie kümmern sich darum. Sie bekommen die Nachricht aufs Handy, und was Sie dort antworten, wird weitergeleitet."
        }
        Phrase::TakingTextToCall { text, number } => {
            return format!(
                "Danke. Sie kümmern sich darum. Die ganze Nachricht: {text}. Bitte rufen Sie {} an.",
                spoken(number, "plus")
            );
        }
        Phrase::TextTakenBy(name) => return format!("{name} kümmert sich um die Nachricht."),
        Phrase::CallbackWhisper { hotline, asked } => {
            return format!(
                "Hier ist die Hotline {hotline}. Um {asked} wurde um einen Rückruf gebeten. Drücken Sie die 1, und wir rufen den Anrufer an, die 2, um den Rückruf offen zu lassen, oder die 3, um das noch einmal zu hören."
            );
        }
        Phrase::RingingCaller => "Danke. Wir rufen den Anrufer an. Bitte bleiben Sie am Apparat.",
        Phrase::CallerIsRung => "Beim Anrufer klingelt es. Bitte bleiben Sie am Apparat.",
        Phrase::CallerNotReached(NotReached::Busy) => "Beim Anrufer ist besetzt, oder er hat den Anruf abgelehnt.",
        Phrase::CallerNotReached(NotReached::NoAnswer) => "Der Anrufer nimmt nicht ab.",
        Phrase::CallerNotReached(NotReached::Failed) => "Der Anrufer ist im Augenblick telefonisch nicht zu erreichen.",
        Phrase::CallerNotReached(NotReached::HungUp) => "Der Anrufer hat abgenommen und wieder aufgelegt.",
        Phrase::CallbackStaysOpen => "Der Rückruf bleibt offen.",
        Phrase::CallingYouBack { hotline } => {
            return format!("Hier ist die Hotline {hotline}. Wir rufen Sie zurück, wie Sie es gewünscht haben. Sie werden verbunden.");
        }
        Phrase::CallbackLost => {
            "Es tut uns leid: Wer Sie zurückrufen wollte, ist nicht mehr in der Leitung. Sie stehen weiter auf unserer Liste."
        }
        Phrase::PressToBePutThrough { at, earlier: false } => {
            return format!(
                "Drücken Sie die 1, um mit dem Anrufer von {at} Uhr verbunden zu werden, oder bleiben Sie für die Bereitschaft in der Leitung."
            );
        }
        Phrase::PressToBePutThrough { at, earlier: true } => {
            return format!(
                "Drücken Sie die 1, um mit dem Anrufer von {at} Uhr verbunden zu werden, die 2 für einen früheren Anrufer, oder bleiben Sie für die Bereitschaft in der Leitung."
            );
        }
        Phrase::TextInstead => "Sie können stattdessen eine SMS an diese Nummer schicken.",
        Phrase::PuttingThrough { hotline, at } => {
            return format!(
                "Hier ist die Hotline {hotline}. Es ruft die Person an, mit der Sie um {at} Uhr gesprochen haben. Sie werden verbunden."
            );
        }
        Phrase::PuttingThroughLost => "Es tut uns leid: Wer mit Ihnen sprechen wollte, ist nicht mehr in der Leitung.",
        Phrase::NoKey => "Es wurde keine Taste gedrückt. Auf Wiederhören.",
        Phrase::NoMessage => "Wir haben keine Nachricht gehört. Auf Wiederhören.",
        Phrase::Fault => "Es gibt eine technische Störung. Bitte bleiben Sie am Apparat, oder legen Sie auf und rufen Sie noch einmal an.",
        Phrase::Apology => {
            "Es tut uns leid. Wegen einer technischen Störung können wir diesen Anruf nicht bearbeiten. Bitte versuchen Sie es gleich noch einmal. Auf Wiederhören."
        }
        Phrase::OneMoment => "Einen Augenblick, bitte.",
        Phrase::PutThroughAllTheSame => "Es gibt eine technische Störung. Sie werden trotzdem verbunden; bitte bleiben Sie am Apparat.",
        Phrase::CallThere(number) => return format!("Sie können selbst {} anrufen.", spoken(number, "plus")),
        Phrase::NoMessageNow => {
            "Wegen einer technischen Störung können wir keine Nachricht aufnehmen. Bitte rufen Sie in einigen Minuten noch einmal an."
        }
        Phrase::WhisperThroughFault { hotline } => {
            return format!(
                "Hier ist die Hotline {hotline} mit einem Anruf. Wegen einer technischen Störung werden Sie direkt angerufen. Drücken Sie die 1, um den Anruf anzunehmen, oder legen Sie auf."
            );
        }
        Phrase::AlarmIsYours { hotline, title, details } => {
            return format!(
                "Hotline {hotline}: Sie kümmern sich um den Alarm: {} {}",
                sentence(title),
                sentence(details)
            )
            .trim_end()
            .to_owned();
        }
        Phrase::AlarmInVain { hotline, title, again } => return alarm_in_vain(hotline, title, again),
        Phrase::FromCaller { at, by_name: false } => return format!("Anrufer von {at}:"),
        Phrase::FromCaller { at, by_name: true } => return format!("Anrufer von {at} (Antworten bitte mit {at} beginnen):"),
        Phrase::FromHotline(hotline) => return format!("Hotline {hotline}:"),
        Phrase::PicturesLeftOut => "(Mit einem Bild, das nicht weitergeleitet wird.)",
        Phrase::NotPassedOn { hotline, for_good: false } => {
            return format!(
                "Hotline {hotline}: Ihre Nachricht ist vielleicht nicht angekommen. Wenn es eilt, rufen Sie bitte diese Nummer an."
            );
        }
        Phrase::NotPassedOn { hotline, for_good: true } => {
            return format!(
                "Hotline {hotline}: Ihre Nachrichten erreichen die andere Seite nicht. Wenn es eilt, rufen Sie bitte diese Nummer an."
            );
        }
        Phrase::TooManyPassedOn(most) => {
            return format!(
                "Ihre Nachricht wurde nicht weitergeleitet: Es sind höchstens {most} in der Stunde. Rufen Sie bitte stattdessen diese Nummer an."
            );
        }
        Phrase::TextWithoutWords(number) => {
            return format!(
                "Wir können nur Worte lesen. Bitte schreiben Sie, worum es geht, oder rufen Sie {} an.",
                number.address()
            );
        }
        Phrase::TextReceived => "Ihre Nachricht ist da, und wir rufen die Bereitschaft an.",
        Phrase::TextInHand => "Es kümmert sich jemand darum. Sie können hier weiter schreiben.",
        Phrase::TextInVain { number, closed: false } => {
            return format!(
                "Es tut uns leid: Niemand konnte Ihre Nachricht übernehmen. Bitte rufen Sie {} an.",
                number.address()
            );
        }
        Phrase::TextInVain { number, closed: true } => {
            return format!(
                "Zurzeit ist geschlossen, und niemand übernimmt Ihre Nachricht. Bitte rufen Sie {} an.",
                number.address()
            );
        }
        Phrase::TooManyTexts(number) => {
            return format!(
                "Von Ihnen kamen schon viele Nachrichten, deshalb wird jetzt niemand angerufen. Bitte rufen Sie {} an.",
                number.address()
            );
        }
        Phrase::TextIsYours { hotline, text } => {
            return format!(
                "Hotline {hotline}: Sie kümmern sich um diese Nachricht, und was Sie hier antworten, wird weitergeleitet: {text}"
            );
        }
        Phrase::TextMissed { hotline, sender, text } => {
            return format!(
                "Hotline {hotline}: Niemand hat eine Nachricht von {} übernommen. Bitte kümmern Sie sich darum: {text}",
                sender.address()
            );
        }
        Phrase::NobodyJoins(hotline) => {
            return format!(
                "Hotline {hotline}: Sonst war niemand zu erreichen. Sie sind weiter mit dem Anrufer verbunden. Mit der Sterntaste können Sie es noch einmal versuchen."
            );
        }
        Phrase::CallbackOverdue { hotline, number, minutes } => {
            return format!(
                "Hotline {hotline}: Der Rückruf an {} ist seit {minutes} min offen. Bitte jetzt anrufen.",
                number.address()
            );
        }
        Phrase::MissedCall { hotline, caller, at, what } => return missed(&dated(hotline, at), caller, what),
        Phrase::RingsYou { hotline, caller } => {
            let caller = caller.map_or("einer unterdrückten Nummer", Phone::address);
            return format!(
                "Die Hotline {hotline} ruft Sie an: ein Anruf von {caller}. Nehmen Sie ab und drücken Sie die 1, um ihn anzunehmen."
            );
        }
        Phrase::RingsYouForAlarm { hotline, title } => {
            return format!(
                "Die Hotline {hotline} ruft Sie wegen eines Alarms an: {} Nehmen Sie ab und drücken Sie die 1, um sich darum zu kümmern.",
                sentence(title)
            );
        }
        Phrase::CallbackClosed { hotline, id } => {
            return format!("Hotline {hotline}: Rückruf {id} ist erledigt. OFFEN {id} öffnet ihn wieder.");
        }
        Phrase::MessageInWriting { hotline, caller, text } => {
            let caller = caller.map_or("einer unterdrückten Nummer", Phone::address);
            return format!("Hotline {hotline}: Nachricht von {caller}, maschinell aufgeschrieben: {text}");
        }
        Phrase::TextAway { until, until_back: false } => {
            return format!(
                "Sie sind bis {until} abwesend und werden bis dahin nicht angerufen. Schreiben Sie ZURÜCK, wenn Sie wieder da sind."
            );
        }
        Phrase::TextAway { until, until_back: true } => {
            return format!(
                "Sie sind abwesend und werden nicht angerufen. Schreiben Sie ZURÜCK, wenn Sie wieder da sind; spätestens {until} werden Sie wieder angerufen."
            );
        }
        Phrase::TextAllAway { last_resort: true } => "Nun ist die ganze Bereitschaft abwesend: Anrufe gehen an die letzte Rettung.",
        Phrase::TextAllAway { last_resort: false } => {
            "Nun ist die ganze Bereitschaft abwesend, und es gibt keine letzte Rettung: Sie werden alle trotzdem angerufen. Bitte suchen Sie jemanden, der übernimmt."
        }
        Phrase::TextTooLong => "Nichts geändert: höchstens 14 Tage, zum Beispiel WEG 3d. Für länger ändern Sie bitte den Dienstplan.",
        Phrase::TextUnclear => "Nichts geändert: Die Zeit ist unklar. Schreiben Sie zum Beispiel WEG 2h, WEG 30m oder WEG bis 18:00.",
        Phrase::TextBack => "Willkommen zurück. Sie werden angerufen, sooft Sie Bereitschaft haben.",
        Phrase::TextOnCall { place: index, until } => return format!("Sie sind bis {until} {} in der Bereitschaft.", place(index)),
        Phrase::TextNotOnCall => "Sie haben jetzt keine Bereitschaft.",
        Phrase::TextIsAway(Some(until)) => return format!("Sie sind bis {until} abwesend."),
        Phrase::TextIsAway(None) => "Sie sind abwesend.",
        Phrase::TextBySheet(cell) => {
            return format!("So steht es im Dienstplan ({cell}). Stimmt das nicht mehr, schreiben Sie ZURÜCK.");
        }
        Phrase::TextBackDespite(cell) => {
            return format!("Im Dienstplan stehen Sie noch als abwesend ({cell}): Bitte lassen Sie das ändern.");
        }
        Phrase::TextIsThere => "Sie sind nicht abwesend.",
        Phrase::TextWho { people, until } => return format!("In Bereitschaft bis {until}: {people}."),
        Phrase::TextWhoAway(people) => return format!("Ebenfalls abwesend: {people}."),
        Phrase::AwayUntil(Some(until)) => return format!("abwesend bis {until}"),
        Phrase::AwayUntil(None) => "abwesend",
        Phrase::TextHelp(hotline) => {
            return format!(
                "Hotline {hotline}. Schreiben Sie WEG 2h, WEG bis 18:00, ZURÜCK, STATUS (habe ich Bereitschaft?), WER (wer hat sie?) oder für Rückrufe LISTE, RUF 3, ERLEDIGT 3, OFFEN 3."
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
                Some(name) => format!("{id}: {number}, {age} ({name} ruft gerade an)"),
            };
        }
        Phrase::TextCallbacks { list, more, example } => {
            let more = if more == 0 {
                String::new()
            } else {
                format!(", und {more} weitere")
            };
            return format!("Offene Rückrufe: {list}{more}. RUF {example} ruft Sie an, dann den Anrufer; ERLEDIGT {example} schließt ihn.");
        }
        Phrase::TextNoCallbacks => "Es ist kein Rückruf offen.",
        Phrase::TextNoSuchCallback(id) => {
            return format!("Es gibt keinen offenen Rückruf {id}. Schreiben Sie LISTE, um die offenen zu sehen.");
        }
        Phrase::TextRingingBack(id) => {
            return format!("Wir rufen Sie für Rückruf {id} an. Drücken Sie die 1, und wir rufen den Anrufer an.");
        }
        Phrase::TextNotRung { id, why } => return not_rung(id, why),
        Phrase::TextCallbackDone(id) => return format!("Rückruf {id} ist erledigt. OFFEN {id} öffnet ihn wieder."),
        Phrase::TextCallbackOpen(id) => return format!("Rückruf {id} ist wieder offen."),
        Phrase::TextNotOpened(id) => {
            return format!("Rückruf {id} lässt sich nicht wieder öffnen: Er ist offen oder seit mehr als einem Tag erledigt.");
        }
        Phrase::TextNotRead(number) => {
            return format!(
                "Hier werden nur Anrufe angenommen. Bitte rufen Sie {} an; Nachrichten liest niemand.",
                number.address()
            );
        }
        Phrase::TextLastAnswer => "Weitere Nachrichten zählen, werden aber eine Stunde lang nicht beantwortet.",
    };
    words.to_owned()
}

/// Why it is he who is rung.
fn why_him(level: Option<usize>) -> String {
    match level {
        Some(level) => format!("Sie sind {} in der Bereitschaft.", place(level)),
        None => "Sie sind die letzte Rettung, weil sonst niemand angenommen hat.".to_owned(),
    }
}

fn whisper(hotline: &str, caller: Option<&Phone>, level: Option<usize>) -> String {
    let caller = caller.map_or_else(|| "einer unterdrückten Nummer".to_owned(), |number| spoken(number, "plus"));
    let why = why_him(level);
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

fn alarm_whisper(hotline: &str, title: &str, level: Option<usize>) -> String {
    let why = why_him(level);
    format!(
        "Hier ist die Hotline {hotline} mit einem Alarm: {} {why} Drücken Sie die 1, um sich darum zu kümmern, die 2, um ihn weiterzugeben, oder die 3, um das noch einmal zu hören.",
        sentence(title)
    )
}

fn text_whisper(hotline: &str, text: &str, level: Option<usize>) -> String {
    let why = why_him(level);
    format!(
        "Hier ist die Hotline {hotline} mit einer Textnachricht: {} {why} Drücken Sie die 1, um sich darum zu kümmern, die 2, um sie weiterzugeben, oder die 3, um das noch einmal zu hören.",
        sentence(text)
    )
}

fn alarm_in_vain(hotline: &str, title: &str, again: Option<(u64, u16)>) -> String {
    let what = format!("Hotline {hotline}: Niemand kümmert sich um den Alarm: {}", sentence(title));
    let next = match again {
        Some((minutes, 1)) => format!("In {minutes} Minuten klingelt es wieder, zum letzten Mal. Kümmern Sie sich darum, wenn Sie können."),
        Some((minutes, left)) => {
            format!("In {minutes} Minuten klingelt es wieder, höchstens noch {left}-mal. Kümmern Sie sich darum, wenn Sie können.")
        }
        None => "Es wird niemand mehr angerufen. Kümmern Sie sich jetzt darum.".to_owned(),
    };
    format!("{what} {next}")
}

fn missed(hotline: &str, caller: Option<&Phone>, what: Missed<'_>) -> String {
    let what = match what {
        Missed::LeftMessage(Some(seconds)) => format!("hat eine Nachricht von {seconds} s hinterlassen"),
        Missed::LeftMessage(None) => "hat eine Nachricht hinterlassen".to_owned(),
        Missed::LeftNothing => "hat niemanden erreicht und keine Nachricht hinterlassen".to_owned(),
        Missed::AskedForCallback(number) => format!("bittet um Rückruf unter {}", number.address()),
        Missed::HungUp => "hat aufgelegt, bevor er verbunden war".to_owned(),
        Missed::CutOff { name, seconds } => format!("war kürzer als {seconds} s mit {name} verbunden und konnte vielleicht nicht sprechen"),
    };
    match caller {
        Some(caller) => format!("Hotline {hotline}: Der Anrufer {} {what}. Bitte zurückrufen.", caller.address()),
        None => format!("Hotline {hotline}: Ein Anrufer mit unterdrückter Nummer {what}."),
    }
}

fn not_rung(id: u32, why: &Hindrance) -> String {
    match why {
        Hindrance::Calling(name) => format!("{name} ist gerade mit Rückruf {id} beschäftigt."),
        Hindrance::OwnNumber => format!("Rückruf {id} gilt Ihrer eigenen Nummer. Das muss jemand anders tun."),
        Hindrance::NotAllowed => {
            format!("Die Nummer von Rückruf {id} darf die Hotline nicht anrufen. Bitte sagen Sie es dem, der sie betreibt.")
        }
        Hindrance::Engaged => format!("Sie sind in einem anderen Anruf der Hotline. Schreiben Sie danach noch einmal RUF {id}."),
        Hindrance::CallerEngaged => format!(
            "Der Anrufer von Rückruf {id} ist gerade in einem anderen Gespräch mit der Hotline. Schreiben Sie später noch einmal RUF {id}."
        ),
    }
}
