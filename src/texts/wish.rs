//! What a text wants, from its first word: `AWAY 2h`, `WEG bis 18:00`, `RETOUR`, `QUIEN`.
//!
//! The words of all languages are understood everywhere. What is not certainly a time is none: nobody must be away by
//! a misunderstanding. It must not know people nor the time.

use super::span::Span;
use chrono::NaiveTime;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Nothing after these many characters is read: the longest text has so many.
const READ_AT_MOST: usize = 1_600;
/// A command has no more words, numbers and signs.
const MOST_TOKENS: usize = 16;

/// What a text wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Not to be rung for a while.
    Away(Span),
    /// Not to be rung, and it is not clear for how long.
    AwayUnclear,
    /// To be rung again.
    Back,
    /// How do I stand?
    Status,
    /// Who is on call?
    Who,
    /// Something about callbacks.
    Callbacks(Work),
    /// What can be texted?
    Help,
    /// Anything else.
    Other,
}

/// What somebody wants with callbacks: with the one of this number, or, without one, with the only one that can be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Which are open?
    List,
    /// To make one.
    Call(Option<u32>),
    /// It is done.
    Done(Option<u32>),
    /// It is not done after all.
    Open(Option<u32>),
}

/// What the carrier itself answers and heeds.
const CARRIERS: [&str; 10] = [
    "stop",
    "stopall",
    "unsubscribe",
    "end",
    "quit",
    "revoke",
    "optout",
    "cancel",
    "start",
    "unstop",
];
const FILLERS: [&str; 14] = [
    "i", "am", "im", "ich", "bin", "wieder", "je", "suis", "de", "estoy", "ya", "he", "for", "please",
];
const AWAY: [&str; 7] = ["away", "weg", "abwesend", "absent", "absente", "fuera", "ausente"];
const BACK: [&str; 8] = ["back", "zuruck", "zurueck", "retour", "vuelvo", "vuelta", "vuelto", "regreso"];
const STATUS: [&str; 4] = ["status", "statut", "etat", "estado"];
const HELP: [&str; 5] = ["help", "info", "hilfe", "aide", "ayuda"];
const WHO: [&str; 4] = ["who", "wer", "qui", "quien"];
const LIST: [&str; 4] = ["list", "liste", "lista", "callbacks"];
const CALL: [&str; 14] = [
    "call", "callback", "ruf", "rufe", "anrufen", "ruckruf", "rueckruf", "appeler", "appelle", "rappeler", "rappel", "llamar", "llama",
    "llamo",
];
const DONE: [&str; 9] = ["done", "closed", "erledigt", "fertig", "fait", "faite", "termine", "hecho", "hecha"];
const OPEN: [&str; 10] = [
    "open", "reopen", "offen", "offnen", "oeffnen", "ouvrir", "rouvrir", "ouvert", "abrir", "reabrir",
];
const FOR: [&str; 8] = ["for", "fur", "fuer", "pour", "pendant", "por", "durante", "noch"];
const UNTIL: [&str; 6] = ["until", "till", "til", "bis", "jusqua", "hasta"];
const AT: [&str; 6] = ["a", "las", "la", "um", "at", "le"];
const DAYS: [&str; 10] = ["d", "day", "days", "tag", "tage", "tagen", "jour", "jours", "dia", "dias"];
const HOURS: [&str; 11] = [
    "h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures", "hora",
];
const MINUTES: [&str; 9] = ["m", "min", "mins", "minute", "minutes", "minuten", "minuto", "minutos", "mn"];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    /// None where it has more digits than anybody means.
    Number(Option<u32>),
    /// Between hours and minutes.
    Colon,
}

/// Whether the whole text is one of the words to which the carrier itself reacts.
pub(super) fn is_the_carriers(body: &str) -> bool {
    matches!(tokens(body).as_slice(), [Token::Word(word)] if CARRIERS.contains(&word.as_str()))
}

/// Whether the whole text asks the carrier for help, which it gives by itself.
pub(super) fn asks_the_carrier(body: &str) -> bool {
    matches!(tokens(body).as_slice(), [Token::Word(word)] if matches!(word.as_str(), "help" | "info"))
}

/// What a text wants.
pub(super) fn read(body: &str) -> Wish {
    let tokens = tokens(body);
    let Some((Token::Word(verb), rest)) = without(&tokens, &FILLERS).split_first() else {
        return Wish::Other;
    };
    let is = |words: &[&str]| words.contains(&verb.as_str());
    if is(&AWAY) {
        return away(rest);
    }
    if is(&STATUS) {
        return Wish::Status;
    }
    if is(&WHO) {
        return Wish::Who;
    }
    if is(&HELP) {
        return Wish::Help;
    }
    if let Some(work) = work(verb, rest) {
        return Wish::Callbacks(work);
    }
    // "Back in 2h" means the contrary.
    let says_a_time = rest.iter().any(|token| matches!(token, Token::Number(_)));
    if is(&BACK) && !says_a_time && rest.len() < 3 {
        return Wish::Back;
    }
    Wish::Other
}

/// A word about callbacks, with a number or without; with anything else behind it, it is none.
fn work(verb: &str, rest: &[Token]) -> Option<Work> {
    let number = match rest {
        [] => None,
        // No callback has a number with so many digits; it is asked for, and there is none.
        [Token::Number(number)] => Some(number.unwrap_or(u32::MAX)),
        [..] => return None,
    };
    if CALL.contains(&verb) {
        return Some(Work::Call(number));
    }
    if DONE.contains(&verb) {
        return Some(Work::Done(number));
    }
    if OPEN.contains(&verb) {
        return Some(Work::Open(number));
    }
    (number.is_none() && LIST.contains(&verb)).then_some(Work::List)
}

fn away(rest: &[Token]) -> Wish {
    let rest = without(rest, &FOR);
    let span = match rest.split_first() {
        None => Some(Span::UntilBack),
        Some((Token::Word(word), [Token::Word(back)])) if UNTIL.contains(&word.as_str()) && BACK.contains(&back.as_str()) => {
            Some(Span::UntilBack)
        }
        Some((Token::Word(word), time)) if UNTIL.contains(&word.as_str()) => clock(without(time, &AT)).map(Span::At),
        Some((Token::Word(_) | Token::Number(_) | Token::Colon, _)) => lasting(rest),
    };
    span.map_or(Wish::AwayUnclear, Wish::Away)
}

/// `2 h`, `1 h 30`, `3 d 4 h`.
fn lasting(mut rest: &[Token]) -> Option<Span> {
    let (mut days, mut minutes) = (0_u32, 0_u32);
    let mut after_hours = false;
    while let Some((Token::Number(number), more)) = rest.split_first() {
        // More than anybody means is too long, which is said; it is not unclear.
        let number = number.unwrap_or(u32::MAX);
        let unit = match more.split_first() {
            Some((Token::Word(unit), more)) => {
                rest = more;
                unit.as_str()
            }
            None if after_hours => {
                rest = more;
                "m"
            }
            Some((Token::Number(_) | Token::Colon, _)) | None => return None,
        };
        after_hours = HOURS.contains(&unit) || unit == "horas";
        if after_hours {
            minutes = minutes.saturating_add(number.saturating_mul(60));
        } else if MINUTES.contains(&unit) {
            minutes = minutes.saturating_add(number);
        } else if DAYS.contains(&unit) {
            days = days.saturating_add(number);
        } else {
            return None;
        }
    }
    (rest.is_empty() && (days > 0 || minutes > 0)).then_some(Span::For { days, minutes })
}

/// `18:00`, `18.30`, `18 h`, `18 h 30`, `18 uhr`, `6 pm`, `18`.
fn clock(tokens: &[Token]) -> Option<NaiveTime> {
    let (Token::Number(Some(hour)), rest) = tokens.split_first()? else {
        return None;
    };
    let is_hours = |word: &str| HOURS.contains(&word) || matches!(word, "horas" | "uhr");
    let (minute, rest) = match rest {
        [Token::Colon, Token::Number(Some(minute)), rest @ ..] => (*minute, rest),
        [Token::Word(word), Token::Number(Some(minute))] if is_hours(word) => (*minute, &[][..]),
        rest => (0, rest),
    };
    let hour = match rest {
        [] => *hour,
        [Token::Word(word)] if is_hours(word) => *hour,
        [Token::Word(half)] if (1..=12).contains(hour) && half == "am" => hour % 12,
        [Token::Word(half)] if (1..=12).contains(hour) && half == "pm" => hour % 12 + 12,
        [..] => return None,
    };
    let hour = if (hour, minute) == (24, 0) { 0 } else { hour };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// What is left when these words are taken away at the front.
fn without<'t>(mut tokens: &'t [Token], words: &[&str]) -> &'t [Token] {
    while let Some((Token::Word(word), rest)) = tokens.split_first()
        && words.contains(&word.as_str())
    {
        tokens = rest;
    }
    tokens
}

/// Words without case and accents, numbers, and the sign between two numbers; all else parts them. A text with more
/// than a command has is cut to something that no command is.
fn tokens(body: &str) -> Vec<Token> {
    let plain: Vec<char> = body
        .nfkc()
        .take(READ_AT_MOST)
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '\u{2019}' | '\u{2bc}' | '`'))
        .collect();
    let mut tokens = Vec::new();
    let mut rest = plain.as_slice();
    while let Some(first) = rest.first()
        && tokens.len() < MOST_TOKENS
    {
        let run = |is: fn(&char) -> bool| rest.iter().take_while(|c| is(c)).count().max(1);
        let length = if first.is_ascii_digit() {
            let length = run(char::is_ascii_digit);
            let digits: String = rest[..length].iter().collect();
            tokens.push(Token::Number(digits.parse().ok()));
            length
        } else if first.is_alphabetic() {
            let length = run(|c| c.is_alphabetic());
            tokens.push(Token::Word(rest[..length].iter().collect()));
            length
        } else {
            let parts_numbers = matches!(first, ':' | '.' | ',') && rest.get(1).is_some_and(char::is_ascii_digit);
            if parts_numbers && matches!(tokens.last(), Some(Token::Number(_))) {
                tokens.push(Token::Colon);
            }
            1
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    if !rest.is_empty() {
        tokens.push(Token::Word("…".to_owned()));
    }
    tokens
}
