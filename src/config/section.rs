//! Reads one table of the configuration key by key, and reports what does not fit. Knows TOML's values; it must not
//! know what the keys mean.

use super::faults::{Fault, Sink, nearest, quoted};
use chrono::NaiveDate;
use std::fmt::Display;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// One table. Every key asked for counts as known; [`Section::finish`] reports the others.
pub(super) struct Section<'s, 't> {
    sink: &'s Sink<'t>,
    path: String,
    line: Option<usize>,
    table: Option<&'s DeTable<'t>>,
    known: Vec<&'static str>,
    refused: Vec<&'static str>,
}

type Value<'s, 't> = &'s Spanned<DeValue<'t>>;

impl<'s, 't> Section<'s, 't> {
    pub(super) fn new(sink: &'s Sink<'t>, path: String, line: Option<usize>, table: Option<&'s DeTable<'t>>) -> Self {
        Self {
            sink,
            path,
            line,
            table,
            known: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// The path of this table, as faults show it, once it is known better.
    pub(super) fn rename(&mut self, path: String) {
        self.path = path;
    }

    /// The table below `key`; where there is none its keys are all left out.
    pub(super) fn section(&mut self, key: &'static str) -> Section<'s, 't> {
        let value = self.take(key);
        let table = value.and_then(|value| value.get_ref().as_table());
        if let (Some(value), None) = (value, table) {
            self.wrong_kind(key, value, &format!("Write [{key}] on a line of its own, and its keys below"));
        }
        let line = value.and_then(|_| self.line_of(key));
        Section::new(self.sink, self.key(key), line, table)
    }

    /// The inline table at `key`, which is neither missing nor of another kind.
    pub(super) fn inline(&mut self, key: &'static str, remedy: &str) -> Option<Section<'s, 't>> {
        let value = self.take(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_kind(key, value, remedy);
            return None;
        };
        Some(Section::new(self.sink, self.key(key), self.line_of(key), Some(table)))
    }

    /// The inline table at `key`, or those of the list there, each named by its place (from 1).
    pub(super) fn tables(&mut self, key: &'static str, remedy: &str) -> Vec<Section<'s, 't>> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            return self.inline(key, remedy).into_iter().collect();
        };
        let mut tables = Vec::new();
        for (place, item) in (1..).zip(items.iter()) {
            match item.get_ref().as_table() {
                Some(table) => {
                    let line = Some(self.sink.line_of(&item.span()));
                    let path = format!("{}.{place}", self.key(key));
                    tables.push(Section::new(self.sink, path, line, Some(table)));
                }
                None => self.wrong_kind(key, item, remedy),
            }
        }
        tables
    }

    /// Whether there is a list without entries at `key`.
    pub(super) fn has_empty_list(&mut self, key: &'static str) -> bool {
        self.take(key)
            .and_then(|value| value.get_ref().as_array())
            .is_some_and(|items| items.is_empty())
    }

    /// Whether nothing at all stands in the table.
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_none_or(|table| table.is_empty())
    }

    /// The tables of `[[key]]`, in order, each named by its place (from 1).
    pub(super) fn sections(&mut self, key: &'static str) -> Vec<Section<'s, 't>> {
        let remedy = format!("Write [[{key}]] on a line of its own, and its keys below");
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_kind(key, value, &remedy);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (place, item) in items.iter().enumerate() {
            match item.get_ref().as_table() {
                Some(table) => {
                    let line = Some(self.sink.line_of(&item.span()));
                    sections.push(Section::new(self.sink, format!("{key}.{}", place + 1), line, Some(table)));
                }
                None => self.wrong_kind(key, item, &remedy),
            }
        }
        sections
    }

    /// Whether the key is there.
    pub(super) fn has(&mut self, key: &'static str) -> bool {
        self.take(key).is_some()
    }

    /// A text, judged by `parse`, whose error says what is allowed. None where it is left out or does not fit.
    pub(super) fn text<T>(&mut self, key: &'static str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let value = self.take(key)?;
        let text = self.string(key, value)?;
        match parse(text) {
            Ok(parsed) => Some(parsed),
            Err(remedy) => {
                self.fault(key, format!("saw {}", quoted(text)), &remedy);
                None
            }
        }
    }

    /// As [`Section::text`], with what holds where the key is left out.
    pub(super) fn text_or<T>(&mut self, key: &'static str, default: T, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        if self.has(key) { self.text(key, parse) } else { Some(default) }
    }

    /// As [`Section::text_or`], with a default that is itself parsed.
    pub(super) fn text_or_else<T>(&mut self, key: &'static str, default: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        if self.has(key) {
            self.text(key, parse)
        } else {
            parse(default).ok()
        }
    }

    /// As [`Section::text`], where leaving it out is a fault.
    pub(super) fn required_text<T>(&mut self, key: &'static str, remedy: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        self.missing(key, remedy);
        self.text(key, parse)
    }

    /// A text that is not quoted in a fault, because people paste secrets into the wrong place. The error of `parse`
    /// says what was seen, and what is allowed.
    pub(super) fn secretive<T>(&mut self, key: &'static str, parse: impl FnOnce(&str) -> Result<T, (String, String)>) -> Option<T> {
        let value = self.take(key)?;
        let parsed = match value.get_ref().as_str() {
            Some(text) => parse(text),
            None => Err((kind(value.get_ref()).to_owned(), "Write it in quotes".to_owned())),
        };
        match parsed {
            Ok(parsed) => Some(parsed),
            Err((seen, remedy)) => {
                self.fault(key, format!("saw {seen}"), &remedy);
                None
            }
        }
    }

    /// A whole number in a range.
    pub(super) fn whole(&mut self, key: &'static str, allowed: RangeInclusive<u32>, default: u32) -> Option<u32> {
        let Some(value) = self.take(key) else {
            return Some(default);
        };
        let number = value.get_ref().as_integer();
        let number = number.and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
        if let Some(number) = number.filter(|number| allowed.contains(number)) {
            return Some(number);
        }
        self.fault(
            key,
            format!("saw {}", shown(value.get_ref())),
            &format!("Allowed: whole numbers from {} to {}", allowed.start(), allowed.end()),
        );
        None
    }

    /// A number in a range.
    pub(super) fn number(&mut self, key: &'static str, allowed: RangeInclusive<f64>, default: f64) -> Option<f64> {
        let Some(value) = self.take(key) else {
            return Some(default);
        };
        let text = value.get_ref().as_float().map(|float| float.as_str());
        let text = text.or_else(|| {
            value
                .get_ref()
                .as_integer()
                .filter(|whole| whole.radix() == 10)
                .map(|whole| whole.as_str())
        });
        let number: Option<f64> = text.and_then(|text| text.parse().ok());
        if let Some(number) = number.filter(|number| allowed.contains(number)) {
            return Some(number);
        }
        self.fault(
            key,
            format!("saw {}", shown(value.get_ref())),
            &format!("Allowed: numbers from {} to {}", allowed.start(), allowed.end()),
        );
        None
    }

    /// True or false.
    pub(super) fn truth(&mut self, key: &'static str, default: bool) -> Option<bool> {
        let Some(value) = self.take(key) else {
            return Some(default);
        };
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.wrong_kind(key, value, "Write true or false, without quotes");
        }
        truth
    }

    /// A day of the calendar, with or without quotes.
    pub(super) fn date(&mut self, key: &'static str) -> Option<NaiveDate> {
        let value = self.take(key)?;
        let text = match value.get_ref() {
            DeValue::String(text) => text.trim().to_owned(),
            DeValue::Datetime(time) => time.to_string(),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_) => String::new(),
        };
        let date = text.parse().ok();
        if date.is_none() {
            self.wrong_kind(key, value, "Write a date as year, month and day: 2027-05-01");
        }
        date
    }

    /// A list of texts, each judged by `parse`, with the line on which each stands. What does not fit is left out.
    pub(super) fn list<T>(&mut self, key: &'static str, most: usize, parse: impl Fn(&str) -> Result<T, String>) -> Vec<(T, Option<usize>)> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_kind(key, value, "Write a list: [\"…\", \"…\"]");
            return Vec::new();
        };
        if items.len() > most {
            self.fault(key, format!("saw {} entries", items.len()), &format!("Allowed: {most} at most"));
        }
        self.entries(key, items, most, parse)
    }

    fn entries<T>(
        &self,
        key: &'static str,
        items: &'s DeArray<'t>,
        most: usize,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<(T, Option<usize>)> {
        let mut entries = Vec::new();
        for item in items.iter().take(most) {
            let line = Some(self.sink.line_of(&item.span()));
            let Some(text) = self.string(key, item) else {
                continue;
            };
            match parse(text) {
                Ok(parsed) => entries.push((parsed, line)),
                Err(remedy) => self.fault_at(line, key, format!("saw {}", quoted(text)), &remedy),
            }
        }
        entries
    }

    /// The keys that nobody has asked for as pairs of texts, in the order of the file; `named` are the pairs that
    /// other keys stand for and that must not come again. A table `group` holds more of them, each with `prefix`.
    pub(super) fn remaining_pairs(&mut self, named: &[(String, String)], (group, prefix): (&'static str, &str)) -> Vec<(String, String)> {
        let mut placed = Vec::new();
        if self.take(group).is_some() {
            self.section(group).place_pairs(prefix, named, &mut placed);
        }
        self.place_pairs("", named, &mut placed);
        placed.sort();
        placed.into_iter().map(|(_, pair)| pair).collect()
    }

    /// As [`Section::remaining_pairs`], each pair with its place in the file.
    fn place_pairs(&self, prefix: &str, named: &[(String, String)], placed: &mut Vec<(usize, (String, String))>) {
        const REMEDY: &str = "Write the setting and its value in quotes: \"Shift: Night\" = \"20:00-08:00\"";
        for (key, value) in self.table.into_iter().flat_map(|table| table.iter()) {
            let name = key.get_ref().trim();
            if self.known.contains(&name) {
                continue;
            }
            let line = Some(self.sink.line_of(&key.span()));
            if named.iter().any(|(named, _)| named.eq_ignore_ascii_case(name)) {
                let seen = "said twice, here and by a key of its own".to_owned();
                self.fault_at(line, &quoted(name), seen, "Keep one of the two");
                continue;
            }
            match plain(value.get_ref()) {
                Some(text) => placed.push((key.span().start, (format!("{prefix}{name}"), text))),
                None => self.fault_at(line, &quoted(name), format!("saw {}", shown(value.get_ref())), REMEDY),
            }
        }
    }

    /// Reports a key that people expect here and that is not allowed, if it is there.
    pub(super) fn refuse(&mut self, key: &'static str, seen: &str, remedy: &str) {
        self.refused.push(key);
        if self.line_of(key).is_some() {
            self.fault(key, seen, remedy);
        }
    }

    /// Reports a key as missing, if it is.
    pub(super) fn missing(&mut self, key: &'static str, remedy: &str) {
        if !self.has(key) {
            self.sink.add_missing(self.line, self.key(key), remedy);
        }
    }

    /// Reports the table itself as missing, at the line that needs it.
    pub(super) fn missing_at(&self, line: Option<usize>, seen: &str, remedy: &str) {
        self.sink.add(line, self.path.clone(), seen.to_owned(), remedy);
    }

    /// Reports a fault of a key, at its line or, where it is left out, at the table's.
    pub(super) fn fault(&self, key: &str, seen: impl Display, remedy: &str) {
        self.fault_at(self.line_of(key).or(self.line), key, seen.to_string(), remedy);
    }

    /// Reports a fault of a key at a line.
    pub(super) fn fault_at(&self, line: Option<usize>, key: &str, seen: String, remedy: &str) {
        self.sink.add(line, self.key(key), seen, remedy);
    }

    /// Reports a fault of something that is not in the file.
    pub(super) fn fault_outside(&self, name: &str, seen: impl Display, remedy: &str) {
        self.sink.add(None, name.to_owned(), seen.to_string(), remedy);
    }

    /// The fault of a key, not reported yet.
    pub(super) fn make_fault(&self, key: &str, seen: impl Display, remedy: &str) -> Fault {
        Fault {
            line: self.line_of(key).or(self.line),
            key: self.key(key),
            seen: seen.to_string(),
            remedy: remedy.to_owned(),
        }
    }

    /// Reports a fault made before.
    pub(super) fn report(&self, fault: Fault) {
        self.sink.push(fault);
    }

    /// Says that something works and should not stay so.
    pub(super) fn warn(&self, key: &str, seen: impl Display, remedy: &str) {
        self.sink.warn(self.make_fault(key, seen, remedy));
    }

    /// Whether the table itself is there.
    pub(super) const fn is_there(&self) -> bool {
        self.table.is_some()
    }

    /// Reports the keys that nobody has asked for, with the nearest key that there is.
    pub(super) fn finish(&self) {
        for (key, _) in self.table.into_iter().flat_map(|table| table.iter()) {
            let name = key.get_ref().as_ref();
            if self.known.contains(&name) || self.refused.contains(&name) {
                continue;
            }
            let remedy = match nearest(name, self.known.iter().copied()) {
                Some(near) => format!("Did you mean \"{near}\"?"),
                None => format!("The keys here are: {}", self.known.join(", ")),
            };
            let shown: String = name.chars().take(40).collect();
            let line = Some(self.sink.line_of(&key.span()));
            self.fault_at(line, &shown, "there is no such key".to_owned(), &remedy);
        }
    }

    /// The line of the key, or of the table's header where the table has one.
    pub(super) fn line_of(&self, key: &str) -> Option<usize> {
        let (key, _) = self.table?.get_key_value(key)?;
        Some(self.sink.line_of(&key.span()))
    }

    fn take(&mut self, key: &'static str) -> Option<Value<'s, 't>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.table?.get(key)
    }

    fn string(&self, key: &str, value: Value<'s, 't>) -> Option<&'s str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_kind(key, value, "Write it in quotes");
        }
        text
    }

    fn wrong_kind(&self, key: &str, value: Value<'s, 't>, remedy: &str) {
        let line = Some(self.sink.line_of(&value.span()));
        self.fault_at(line, key, format!("saw {}", shown(value.get_ref())), remedy);
    }

    fn key(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }
}

/// A value that can stand in one cell of a Settings tab.
fn plain(value: &DeValue<'_>) -> Option<String> {
    const LONGEST: usize = 500;
    match value {
        DeValue::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty() && text.len() <= LONGEST),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => Some(shown(value)),
        DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// A value as a fault shows it.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(_) | DeValue::Table(_) => kind(value).to_owned(),
    }
}

/// What a value is, without showing it.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table of keys",
    }
}
