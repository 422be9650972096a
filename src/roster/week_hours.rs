//! Hours that come again each week, in the words of the setting `Coverage`, for whoever asks what the clocks show. It must
//! not know zones nor rotas.

use super::cells::times::DayHours;
use chrono::{Days, NaiveDateTime};

/// Hours on some days of the week: `Mon-Fri 08:00-18:00`, `Sat 22:00-06:00`. They belong to the day on which they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekHours(DayHours);

impl WeekHours {
    /// Reads them; none where the text is something else, or can be read in two ways (`9-5`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let found = DayHours::parse(text)?;
        (!found.hours.is_doubtful()).then_some(Self(found))
    }

    /// Whether they hold while the clocks show `wall`.
    #[must_use]
    pub fn hold_at(&self, wall: NaiveDateTime) -> bool {
        let today = wall.date();
        let yesterday = today.checked_sub_days(Days::new(1));
        let begins = std::iter::once(today).chain(yesterday).filter(|date| self.0.days.holds(*date));
        let mut spans = begins.filter_map(|date| self.0.hours.on(date));
        spans.any(|(from, until)| (from..until).contains(&wall))
    }
}
