//! Months that a title, a tab's name or a merged cell announces: `March 2026`, `Oct-Dec 2017`, `2026年5月`,
//! `21st MARCH 2026 to 20th APRIL 2026`. It must not know what stands below them.

use super::{YEARS, fold_letters, is_filler, month_named};
use crate::roster::cells::words::tidy;

/// No title is longer (bytes).
const READ_AT_MOST: usize = 300;
/// Nor has more words.
const TOKENS_AT_MOST: usize = 60;

/// Words that a month without a year may stand beside: `March rota`. `June Brown` is a person.
const ROTA_WORDS: &[&str] = &[
    "rota",
    "roster",
    "schedule",
    "oncall",
    "on",
    "call",
    "duty",
    "duties",
    "shift",
    "shifts",
    "plan",
    "dienstplan",
    "bereitschaft",
    "planning",
    "astreinte",
    "astreintes",
    "garde",
    "gardes",
    "turnos",
    "turno",
    "guardia",
    "guardias",
    "for",
    "month",
    "monat",
    "mois",
    "mes",
    "fur",
    "pour",
    "para",
    "de",
    "du",
    "der",
    "the",
];

/// A month, and of which year where that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct YearMonth {
    pub(crate) year: Option<i32>,
    /// From 1.
    pub(crate) month: u32,
}

/// The months that a text announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Banner {
    pub(crate) first: YearMonth,
    /// The same where it is one month.
    pub(crate) last: YearMonth,
    /// The day of the first month on which it begins, where one is said.
    pub(crate) first_day: Option<u32>,
    /// The day of the last month on which it ends, where one is said.
    pub(crate) last_day: Option<u32>,
}

impl Banner {
    /// The year of a month within the banner, where it says years and holds that month.
    pub(crate) fn year_of(&self, month: u32) -> Option<i32> {
        let (first, last) = (self.first.year?, self.last.year?);
        let place = |year: i32, month: u32| i64::from(year) * 12 + i64::from(month);
        let span = place(first, self.first.month)..=place(last, self.last.month);
        (first..=last).find(|year| span.contains(&place(*year, month)))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    Number(&'t str),
    Mark(char),
}

/// One month of a text with what stands beside it.
#[derive(Clone, Copy, Debug)]
struct Mention {
    month: u32,
    year: Option<i32>,
    /// The year was written with two digits and no apostrophe, as a day might be.
    year_is_short: bool,
    day: Option<u32>,
    /// The tokens that it takes.
    from: usize,
    until: usize,
}

/// The months that a title announces; nothing where it names none, a single day, or months that are not one span.
pub(crate) fn month_banner(text: &str) -> Option<Banner> {
    if text.len() > READ_AT_MOST {
        return None;
    }
    let text = fold_letters(&tidy(text).to_lowercase()).replace('年', "年 ").replace('月', " 月 ");
    let tokens = tokens(&text)?;
    if let Some(month) = numeric(&tokens) {
        return Some(Banner::of(&[month]));
    }
    let spans = spans(&tokens);
    let [span] = spans.as_slice() else { return None };
    let (first, last) = (span.first()?, span.last()?);
    let has_year = span.iter().any(|mention| mention.year.is_some());
    // A month without a year is a month only where nothing else is said.
    let plain = tokens.iter().enumerate().all(|(at, token)| match token {
        Token::Word(word) => (first.from..last.until).contains(&at) || ROTA_WORDS.contains(word),
        Token::Number(_) => (first.from..last.until).contains(&at),
        Token::Mark(_) => true,
    });
    if (span.len() == 1 && first.day.is_some()) || !(has_year || plain) {
        return None;
    }
    with_years(Banner::of(span))
}

/// The one year that a text names with four digits.
pub(crate) fn year_said(text: &str) -> Option<i32> {
    if text.len() > READ_AT_MOST {
        return None;
    }
    let text = tidy(text);
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
    let year = |digits: &str| digits.parse().ok().filter(|year| YEARS.contains(year));
    let first = numbers.find_map(year)?;
    numbers.filter_map(year).all(|other| other == first).then_some(first)
}

impl Banner {
    fn of(span: &[Mention]) -> Self {
        let month = |mention: &Mention| YearMonth {
            year: mention.year,
            month: mention.month,
        };
        let (first, last) = (&span[0], &span[span.len() - 1]);
        Self {
            first: month(first),
            last: month(last),
            first_day: first.day,
            last_day: last.day,
        }
    }
}

/// A year that stands on one side only counts for both; over the turn of the year it is one more or less.
fn with_years(mut banner: Banner) -> Option<Banner> {
    let turns = i32::from(banner.first.month > banner.last.month);
    match (banner.first.year, banner.last.year) {
        (None, Some(year)) => banner.first.year = Some(year - turns),
        (Some(year), None) => banner.last.year = Some(year + turns),
        (Some(first), Some(last)) => {
            let months = (last - first) * 12 + i32::try_from(banner.last.month).ok()? - i32::try_from(banner.first.month).ok()?;
            return (0..=24).contains(&months).then_some(banner);
        }
        (None, None) => {}
    }
    Some(banner)
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = |kind: fn(char) -> bool| rest.find(|c: char| !kind(c)).unwrap_or(rest.len());
        let end = if c.is_ascii_digit() {
            run(|c| c.is_ascii_digit())
        } else if c.is_alphabetic() {
            run(char::is_alphabetic)
        } else {
            c.len_utf8()
        };
        let (piece, after) = rest.split_at(end);
        if c.is_ascii_digit() {
            tokens.push(Token::Number(piece));
        } else if c.is_alphabetic() {
            tokens.push(Token::Word(piece));
        } else if !c.is_whitespace() {
            tokens.push(Token::Mark(c));
        }
        rest = after;
        if tokens.len() > TOKENS_AT_MOST {
            return None;
        }
    }
    Some(tokens)
}

/// `2026-03`, `03/2026`, and nothing else.
fn numeric(tokens: &[Token<'_>]) -> Option<Mention> {
    let [Token::Number(one), Token::Mark('-' | '/' | '.'), Token::Number(other)] = tokens else {
        return None;
    };
    let (year, month) = if one.len() == 4 { (one, other) } else { (other, one) };
    let month = month.parse().ok().filter(|number| (1..=12).contains(number) && month.len() <= 2)?;
    Some(Mention {
        month,
        year: Some(four_digits(year)?),
        year_is_short: false,
        day: None,
        from: 0,
        until: tokens.len(),
    })
}

/// Runs of months that are joined: `Oct-Dec`, `March to April`, `Oct, Nov, Dec`.
fn spans(tokens: &[Token<'_>]) -> Vec<Vec<Mention>> {
    let mut spans: Vec<Vec<Mention>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(first) = mention(tokens, at) else {
            at += 1;
            continue;
        };
        let mut span = vec![first];
        at = first.until;
        while let Some(next) = tokens.get(at).filter(|token| is_joint(token)).and_then(|_| mention(tokens, at + 1)) {
            at = next.until;
            // `March 21 - April 20, 2026`: the first number is a day as well.
            if let (Some(before), Some(_)) = (span.last_mut(), next.day)
                && before.day.is_none()
                && before.year_is_short
            {
                before.day = before.year.take().and_then(|year| u32::try_from(year - 2000).ok());
            }
            span.push(next);
        }
        spans.push(span);
    }
    spans
}

fn is_joint(token: &Token<'_>) -> bool {
    match token {
        Token::Mark(mark) => matches!(mark, '-' | '/' | ',' | '&' | '~' | '+'),
        Token::Word(word) => matches!(
            *word,
            "to" | "until" | "till" | "bis" | "au" | "a" | "al" | "hasta" | "and" | "und" | "et" | "y" | "e" | "through" | "至" | "到"
        ),
        Token::Number(_) => false,
    }
}

/// `21st march 2026`, `march 2026`, `march 21`, `2026年 5 月`, beginning at a token.
fn mention(tokens: &[Token<'_>], from: usize) -> Option<Mention> {
    if let Some(found) = chinese(tokens, from) {
        return Some(found);
    }
    let mut at = from;
    let mut day = None;
    if let Some(Token::Number(digits)) = tokens.get(at) {
        day = Some(day_number(digits)?);
        at += 1;
        while matches!(tokens.get(at), Some(Token::Word(word)) if is_filler(word)) || tokens.get(at) == Some(&Token::Mark('.')) {
            at += 1;
        }
    }
    let Some(Token::Word(word)) = tokens.get(at) else { return None };
    let month = month_named(word)?;
    at += 1;
    let mut found = Mention {
        month,
        year: None,
        year_is_short: false,
        day,
        from,
        until: at,
    };
    while matches!(tokens.get(at), Some(Token::Word("de" | "del" | "of")))
        || matches!(tokens.get(at), Some(Token::Mark('.' | ',' | '\'' | '\u{2019}' | '-')))
    {
        at += 1;
    }
    let is_close = |mark: char| tokens.get(at - 1) == Some(&Token::Mark(mark));
    if let Some(Token::Number(digits)) = tokens.get(at) {
        let after = tokens.get(at + 1).filter(|token| **token != Token::Mark(','));
        let year_after = after.or_else(|| tokens.get(at + 2)).and_then(|token| match token {
            Token::Number(digits) => four_digits(digits),
            Token::Word(_) | Token::Mark(_) => None,
        });
        let short = digits.parse::<i32>().ok().filter(|number| digits.len() == 2 && *number >= 20);
        if let Some(year) = four_digits(digits) {
            (found.year, found.until) = (Some(year), at + 1);
        } else if let (Some(year), None) = (year_after, found.day) {
            let until = at
                + 1
                + tokens[at + 1..]
                    .iter()
                    .position(|token| matches!(token, Token::Number(_)))
                    .unwrap_or(0)
                + 1;
            (found.day, found.year, found.until) = (Some(day_number(digits)?), Some(year), until);
        } else if matches!(tokens.get(at + 1), Some(Token::Word("st" | "nd" | "rd" | "th"))) {
            (found.day, found.until) = (Some(day_number(digits)?), at + 2);
        } else if let Some(year) = short {
            (found.year, found.year_is_short, found.until) = (Some(2000 + year), !is_close('\'') && !is_close('\u{2019}'), at + 1);
        } else if found.day.is_none() && !is_close('-') {
            (found.day, found.until) = (Some(day_number(digits)?), at + 1);
        }
    }
    Some(found)
}

/// `2026年 5 月`, `5 月`
fn chinese(tokens: &[Token<'_>], from: usize) -> Option<Mention> {
    let (year, at) = match tokens.get(from..from + 2) {
        Some([Token::Number(year), Token::Word("年")]) => (Some(four_digits(year)?), from + 2),
        Some(_) | None => (None, from),
    };
    let Some([Token::Number(month), Token::Word("月")]) = tokens.get(at..at + 2) else {
        return None;
    };
    let month = month.parse().ok().filter(|number| (1..=12).contains(number))?;
    // `5月2日` is a day.
    let day = match tokens.get(at + 2) {
        Some(Token::Number(day)) => day_number(day),
        Some(Token::Word(_) | Token::Mark(_)) | None => None,
    };
    Some(Mention {
        month,
        year,
        year_is_short: false,
        day,
        from,
        until: at + 2 + usize::from(day.is_some()),
    })
}

fn day_number(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|day| (1..=31).contains(day) && digits.len() <= 2)
}

fn four_digits(digits: &str) -> Option<i32> {
    digits.parse().ok().filter(|year| digits.len() == 4 && YEARS.contains(year))
}
