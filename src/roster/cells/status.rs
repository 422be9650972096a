//! What one cell of a column Status says: `away`, `krank bis 1.12.2026`, `en vacances`, `back 2026-12-01 18:00`. A word that is
//! not known, or that can mean either (`free`, `libre`, `frei`), says nothing certain. It must not know zones nor the present time.

mod words;

use crate::roster::cells::dates::{self, Unreadable, Written};
use crate::roster::cells::times::Clock;
use crate::roster::cells::words::{fold, shown, tidy};
use providers::Cell;
use words::{AWAY, BACK, END_FILLERS, FILLERS, FROM, FURTHER_NOTICE, HERE, UNTIL};

/// No mark has more words.
const LONGEST_MARK: usize = 4;

/// What a cell says of somebody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Status {
    /// Not away, or nothing.
    Here,
    /// Away, and nothing says until when.
    Away,
    /// Away, and the whole of that day as well where no time is written.
    AwayThrough(Written),
    /// There again from then on: the beginning of that day where no time is written.
    BackAt(Written),
}

/// Why a cell says nothing certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// No word that is known.
    Unknown,
    /// `away from 1 Dec 2026`: a cell says what is, not what will be.
    Planned,
    /// `back 18:00`, `until Friday`: of which day?
    WithoutDay,
    /// The end is no date.
    Date(Unreadable),
}

/// Reads a cell of a column Status.
pub(crate) fn read(cell: &Cell) -> Result<Status, Doubt> {
    if let Cell::Error(_) = cell {
        return Err(Doubt::Unknown);
    }
    let text = tidy(&shown(cell));
    let pieces = pieces(&text);
    let words: Vec<&str> = pieces.iter().map(|piece| piece.word.as_str()).collect();
    if words.is_empty() || words == ["n", "a"] {
        // `-` says nothing; a picture says something that is not known.
        return if text.is_ascii() && !text.contains('?') {
            Ok(Status::Here)
        } else {
            Err(Doubt::Unknown)
        };
    }
    let plain = plain(&words);
    let Some((place, length, mark)) = first_mark(&words).filter(|_| plain.is_err()) else {
        return plain;
    };
    let end = end(&text, &pieces[place + length..]);
    let is_here = says(&words[..place], HERE);
    let is_away = says(&words[..place], AWAY);
    match mark {
        Mark::Until if !is_away => Err(Doubt::Unknown),
        Mark::Until if says(&words[place + length..], FURTHER_NOTICE) || says(&words[place + length..], BACK) => Ok(Status::Away),
        Mark::Until => date(end).map(Status::AwayThrough),
        Mark::Back if place > 0 && !is_away => plain,
        Mark::Back if end.is_empty() && place == 0 => Ok(Status::Here),
        Mark::Back => date(end).map(Status::BackAt),
        Mark::From if is_here => date(end).map(Status::BackAt),
        Mark::From if is_away => Err(Doubt::Planned),
        Mark::From => plain,
    }
}

/// What a word in the middle leads to.
#[derive(Clone, Copy)]
enum Mark {
    Until,
    Back,
    From,
}

/// A word, folded, and where what is behind it begins.
struct Piece {
    word: String,
    start: usize,
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for part in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '/')) {
        // A mark of punctuation may leave several words, as in `A/L`.
        for word in fold(part).split(' ').filter(|word| !word.is_empty()) {
            pieces.push(Piece {
                word: word.to_owned(),
                start,
            });
        }
        start += part.len();
    }
    pieces
}

fn first_mark(words: &[&str]) -> Option<(usize, usize, Mark)> {
    for place in 0..words.len() {
        for length in (1..=LONGEST_MARK.min(words.len() - place)).rev() {
            let said = words[place..place + length].join(" ");
            let is_in = |known: &[&str]| known.contains(&said.as_str());
            let mark = match () {
                () if is_in(UNTIL) => Mark::Until,
                () if is_in(BACK) => Mark::Back,
                () if is_in(FROM) => Mark::From,
                () => continue,
            };
            return Some((place, length, mark));
        }
    }
    None
}

/// The text behind a mark, without the small words before a date.
fn end<'t>(text: &'t str, behind: &[Piece]) -> &'t str {
    let first = behind.iter().find(|piece| !END_FILLERS.contains(&piece.word.as_str()));
    let rest = first.map_or("", |piece| &text[piece.start..]);
    rest.trim().trim_end_matches([')', '.', '!']).trim_end()
}

fn plain(words: &[&str]) -> Result<Status, Doubt> {
    if says(words, HERE) {
        Ok(Status::Here)
    } else if says(words, AWAY) {
        Ok(Status::Away)
    } else {
        Err(Doubt::Unknown)
    }
}

/// Whether the words are one of the known phrases, small words before it left aside.
fn says(words: &[&str], known: &[&str]) -> bool {
    let fillers = words.iter().take_while(|word| FILLERS.contains(word)).count();
    (0..=fillers).any(|left| known.contains(&words[left..].join(" ").as_str()))
}

fn date(text: &str) -> Result<Written, Doubt> {
    if text.is_empty() {
        return Err(Doubt::Unknown);
    }
    // `1.12.` has lost its last point.
    let dotted = format!("{text}.");
    let read = dates::read(&Cell::Text(text.to_owned()));
    read.or_else(|why| dates::read(&Cell::Text(dotted)).map_err(|_| why))
        .map_err(|why| {
            let is_time = Clock::parse(text).is_some();
            let is_weekday = fold(text)
                .split(' ')
                .all(|word| !crate::roster::cells::calendar_words::Weekdays::named(word).is_empty());
            if is_time || is_weekday {
                Doubt::WithoutDay
            } else {
                Doubt::Date(why)
            }
        })
}

#[cfg(test)]
mod tests;
