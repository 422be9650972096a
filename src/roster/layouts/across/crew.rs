//! The people of one cell with what the cell itself says of their places and hours: `1st line:⏎Ana⏎2nd line:⏎Ben`,
//! `Diaz, Ana⏎08:00 - 17:00`, `['Ana', 'Ben']`. It must not know days or rows.

use crate::roster::cells::names::Found;
use crate::roster::cells::times::Hours;
use crate::roster::cells::words::tidy;
use crate::roster::contacts::People;
use crate::roster::terms::Place;

/// People who belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// Where the cell says so.
    pub(super) place: Option<Place>,
    pub(super) hours: Option<Hours>,
    /// Their names, a line for each.
    pub(super) names: String,
}

/// The parts of a cell.
pub(super) fn parts(text: &str, people: &People) -> Vec<Part> {
    let text = tidy(text);
    let listed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some(inner) = listed {
        let names = inner
            .split(',')
            .map(|name| name.trim().trim_matches(['\'', '"']).trim())
            .filter(|name| !name.is_empty());
        return vec![Part {
            names: names.collect::<Vec<_>>().join("\n"),
            ..Part::default()
        }];
    }
    let mut gathered = Gathered::default();
    for line in text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        gathered.line(line, people);
    }
    gathered.close();
    gathered.parts
}

#[derive(Default)]
struct Gathered {
    parts: Vec<Part>,
    open: Part,
}

impl Gathered {
    fn line(&mut self, line: &str, people: &People) {
        if let Some(hours) = hours(line) {
            // Hours stand below their names, or above them.
            self.open.hours = Some(hours);
            if !self.open.names.is_empty() {
                self.close();
            }
            return;
        }
        let is_contact = !matches!(people.names.find(line), Found::Unknown);
        if !is_contact && let Some((label, names)) = labelled(line, people) {
            self.close();
            self.open.place = Place::parse(label);
            if !names.is_empty() {
                self.name(names, people);
            }
            return;
        }
        self.name(line, people);
    }

    fn name(&mut self, line: &str, people: &People) {
        let is_contact = !matches!(people.names.find(line), Found::Unknown);
        let (name, hours) = if is_contact { (line, None) } else { with_hours(line) };
        if hours.is_some() && !self.open.names.is_empty() {
            self.close();
        }
        if !self.open.names.is_empty() {
            self.open.names.push('\n');
        }
        self.open.names.push_str(name);
        if hours.is_some() {
            self.open.hours = hours;
            self.close();
        }
    }

    fn close(&mut self) {
        let part = std::mem::take(&mut self.open);
        if !part.names.is_empty() {
            self.parts.push(part);
        }
    }
}

/// `1st line:` alone in its line, or before a contact: `WARDS: SB`.
fn labelled<'l>(line: &'l str, people: &People) -> Option<(&'l str, &'l str)> {
    let (label, names) = line.split_once(':')?;
    let (label, names) = (label.trim(), names.trim());
    let is_time = label.chars().last().is_some_and(|c| c.is_ascii_digit()) && names.starts_with(|c: char| c.is_ascii_digit());
    if label.is_empty() || is_time {
        return None;
    }
    let known = names.is_empty() || Place::parse(label).is_some() || !matches!(people.names.find(names), Found::Unknown);
    known.then_some((label, names))
}

/// A line of hours and nothing else.
fn hours(line: &str) -> Option<Hours> {
    let line = line.trim_matches(['(', ')', ' ']);
    let is_range = line.contains('-') || line.contains(" to ") || line.contains('~');
    let starts = line.starts_with(|c: char| c.is_ascii_digit());
    let digits = line.chars().filter(char::is_ascii_digit).count();
    Hours::parse(line).filter(|_| is_range && starts && digits >= 2)
}

/// `Ana Diaz 08:00-17:00`, `Ana Diaz (8-17)`.
fn with_hours(line: &str) -> (&str, Option<Hours>) {
    let Some(start) = line.find(|c: char| c.is_ascii_digit()) else {
        return (line, None);
    };
    let (name, tail) = line.split_at(start);
    let name = name.trim_end_matches(['(', ' ', ',', '-', ':']);
    match hours(tail) {
        Some(found) if !name.is_empty() => (name, Some(found)),
        Some(_) | None => (line, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cell_says_of_its_people() {
        let level = |level| Some(Place::Level(level));
        let hours = |text| Hours::parse(text);
        let part = |place, hours, names: &str| Part {
            place,
            hours,
            names: names.to_owned(),
        };
        let cases: Vec<(&str, Vec<Part>)> = vec![
            ("Ana", vec![part(None, None, "Ana")]),
            ("['Ana', 'Ben']", vec![part(None, None, "Ana\nBen")]),
            (
                "1st line:\nAna\n\n2nd line:\nBen",
                vec![part(level(0), None, "Ana"), part(level(1), None, "Ben")],
            ),
            ("2nd: Ben", vec![part(level(1), None, "Ben")]),
            ("Diaz, Ana\n08:00 - 17:00", vec![part(None, hours("08:00-17:00"), "Diaz, Ana")]),
            (
                "Diaz, Ana\n08:00 - 17:00\nOsei, Ben\n17:00 - 08:00",
                vec![
                    part(None, hours("08:00-17:00"), "Diaz, Ana"),
                    part(None, hours("17:00-08:00"), "Osei, Ben"),
                ],
            ),
            ("20:00-08:00\nAna\nBen", vec![part(None, hours("20:00-08:00"), "Ana\nBen")]),
            ("Ana (18:00-22:00)", vec![part(None, hours("18:00-22:00"), "Ana")]),
            ("Ana\nBen", vec![part(None, None, "Ana\nBen")]),
            // Nobody says that SB is a contact.
            ("WARDS: SB", vec![part(None, None, "WARDS: SB")]),
            ("  ", Vec::new()),
        ];
        for (text, expected) in cases {
            assert_eq!(parts(text, &People::default()), expected, "{text}");
        }
    }
}
