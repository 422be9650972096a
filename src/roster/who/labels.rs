//! Labels inside a cell of names: `1st line:⏎Anna⏎2nd line:⏎Ben`, `S: Amethon`. It must not know people.

use super::super::terms::Place;
use crate::roster::cells::words::tidy;
use crate::roster::layouts::header::{self, Field};

/// More parts are prose.
const PARTS_AT_MOST: usize = 12;
/// A longer label is prose (characters).
const LABEL_AT_MOST: usize = 40;

/// A label with the names behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::roster) struct Labelled {
    pub(in crate::roster) label: String,
    /// What the label says, where it is a level.
    pub(in crate::roster) level: Option<Field>,
    /// Everything up to the next label.
    pub(in crate::roster) names: String,
}

/// The parts of a cell that begins with a label; nothing where it holds none, or a clock time only.
pub(super) fn of(text: &str) -> Option<Vec<Labelled>> {
    if !text.contains([':', '：']) || text.contains("://") {
        return None;
    }
    let text = tidy(text);
    let mut parts: Vec<Labelled> = Vec::new();
    for line in text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        match label(line) {
            Some((label, names)) => parts.push(Labelled {
                label: label.to_owned(),
                level: level(label),
                names: names.trim().to_owned(),
            }),
            None => {
                let part = parts.last_mut()?;
                if !part.names.is_empty() {
                    part.names.push('\n');
                }
                part.names.push_str(line);
            }
        }
        if parts.len() > PARTS_AT_MOST {
            return None;
        }
    }
    (!parts.is_empty()).then_some(parts)
}

/// `1st line: Anna`: a few words with a colon that no digit follows.
fn label(line: &str) -> Option<(&str, &str)> {
    let (label, names) = line.split_once(':')?;
    let is_time = label.ends_with(|c: char| c.is_ascii_digit()) && names.starts_with(|c: char| c.is_ascii_digit());
    let fits = !label.trim().is_empty() && label.chars().count() <= LABEL_AT_MOST && !is_time && !label.contains('@');
    fits.then(|| (label.trim(), names))
}

fn level(label: &str) -> Option<Field> {
    header::field(&header::words(label)).filter(|field| Place::of(*field).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_cells() {
        let read = |text: &str| {
            let parts = of(text)?;
            let show = |part: Labelled| format!("{} {:?} {}", part.label, part.level, part.names.replace('\n', "+"));
            Some(parts.into_iter().map(show).collect::<Vec<_>>().join("; "))
        };
        for (text, expected) in [
            (
                "1st line:\nAnna\n2nd line:\nBen\nCy",
                Some("1st line Some(Level(1)) Anna; 2nd line Some(Level(2)) Ben+Cy"),
            ),
            ("1st: Anna\n2nd: Ben", Some("1st Some(Level(1)) Anna; 2nd Some(Level(2)) Ben")),
            ("一线：Anna\n二线：Ben", Some("一线 Some(Level(1)) Anna; 二线 Some(Level(2)) Ben")),
            ("S: Amethon", Some("S None Amethon")),
            ("WARDS: SB", Some("WARDS None SB")),
            ("Anna", None),
            ("Anna\n08:00 - 17:00", None),
            ("Anna\n1st: Ben", None),
            ("https://example.com", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
    }
}
