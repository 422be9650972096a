//! When a caller who waits in a line is told at which place he stands: when it has changed, and not in every document.
//!
//! What he was told last stands in the address at which the next document is asked for, so that nothing has to be kept and a
//! document that is asked for twice is the same twice. It must not know how the place is found.

use super::form::Form;

/// The name in the address.
const TOLD: &str = "told";
/// At least so many documents are heard between two places that are told: about half a minute.
const APART: u32 = 2;

/// How a caller stands in the line, and what he knows of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InLine {
    /// The place in the line; none where he is being rung for, or that is not known.
    now: Option<u32>,
    told: Option<Told>,
}

/// What he was told last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    place: u32,
    /// So many documents ago.
    ago: u32,
}

impl InLine {
    /// The place now, and a webhook that may say what was told before.
    #[must_use]
    pub fn new(now: Option<u32>, form: &Form) -> Self {
        Self {
            now,
            told: form.get(TOLD).and_then(read),
        }
    }

    /// The place, where it is to be told now.
    #[must_use]
    pub fn due(&self) -> Option<u32> {
        let is_new = |place: &u32| self.told.is_none_or(|told| told.place != *place && told.ago >= APART);
        self.now.filter(is_new)
    }

    /// What the next address says of it.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        let before = self.told.map(|told| Told {
            ago: (told.ago + 1).min(APART),
            ..told
        });
        let told = self.due().map(|place| Told { place, ago: 1 }).or(before)?;
        Some(format!("{TOLD}={}.{}", told.place, told.ago))
    }
}

fn read(text: &str) -> Option<Told> {
    let (place, ago) = text.split_once('.')?;
    Some(Told {
        place: place.parse().ok()?,
        ago: ago.parse::<u32>().ok()?.min(APART),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(now: Option<u32>, told: &str) -> (Option<u32>, Option<String>) {
        let form: Form = [("told".to_owned(), told.to_owned())].into_iter().collect();
        let line = InLine::new(now, &form);
        (line.due(), line.told())
    }

    #[test]
    fn a_place_is_told_once_and_again_when_it_has_changed_and_some_time_has_passed() {
        let line = |place: u32, told: &str| standing(Some(place), told);
        let told = |text: &str| Some(text.to_owned());
        assert_eq!(line(7, ""), (Some(7), told("told=7.1")), "at first");
        assert_eq!(line(7, "7.1"), (None, told("told=7.2")), "nothing has changed");
        assert_eq!(line(4, "7.1"), (None, told("told=7.2")), "it has, a moment ago");
        assert_eq!(line(4, "7.2"), (Some(4), told("told=4.1")));
        assert_eq!(line(4, "4.2"), (None, told("told=4.2")));
    }

    #[test]
    fn who_is_rung_for_hears_no_place_and_is_remembered() {
        assert_eq!(standing(None, "4.1"), (None, Some("told=4.2".to_owned())));
        assert_eq!(standing(None, ""), (None, None));
    }

    #[test]
    fn what_nobody_of_us_has_written_means_nothing() {
        for strange in ["4", "x.1", "4.-1", "99999999999999999999.1", "4.1.1"] {
            assert_eq!(standing(Some(2), strange).0, Some(2), "{strange}");
        }
        assert_eq!(standing(Some(2), "3.4294967295"), (Some(2), Some("told=2.1".to_owned())));
    }
}
