//! What the log is told about the pulls of one hotline: changes only, not the same trouble every minute.

use super::{Failure, Pulled};
use crate::metrics::names;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// What is worth a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum News<'p> {
    Taken,
    /// Trouble is over without a new version.
    Refreshed,
    TakenInPart,
    HeldBack,
    Failing(&'p Failure),
}

/// What was told already in one outage is not told again before so long: two troubles that take turns would fill the
/// log. What lasts longer than that is.
const REST: TimeDelta = TimeDelta::minutes(10);

/// Remembers what was told last.
#[derive(Debug, Default)]
pub(super) struct Teller {
    /// The result of the trouble that lasts, as it was told last.
    trouble: Option<&'static str>,
    /// When each trouble of this outage was told.
    told: BTreeMap<&'static str, DateTime<Utc>>,
    fallback: Fallback,
    /// What the gauges show.
    shown: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fallback {
    #[default]
    Idle,
    Used,
    Failing,
}

impl Teller {
    pub(super) fn news<'p>(&mut self, pulled: &'p Pulled, now: DateTime<Utc>) -> Option<News<'p>> {
        match pulled {
            Pulled::Taken => {
                self.is_well();
                Some(News::Taken)
            }
            Pulled::Unchanged => self.is_well().then_some(News::Refreshed),
            Pulled::TakenInPart => {
                self.is_newly_in_part();
                Some(News::TakenInPart)
            }
            Pulled::UnchangedInPart => self.is_newly_in_part().then_some(News::TakenInPart),
            Pulled::HeldBack => self.is_new(pulled, now).then_some(News::HeldBack),
            Pulled::Failed(failure) => self.is_new(pulled, now).then_some(News::Failing(failure)),
        }
    }

    /// Says whether there was trouble before.
    fn is_well(&mut self) -> bool {
        self.told.clear();
        self.trouble.take().is_some()
    }

    /// The source can be read, and part of what it says is held back.
    fn is_newly_in_part(&mut self) -> bool {
        let in_part = Pulled::TakenInPart.as_str();
        self.told.clear();
        self.trouble.replace(in_part) != Some(in_part)
    }

    fn is_new(&mut self, trouble: &Pulled, now: DateTime<Utc>) -> bool {
        let trouble = trouble.as_str();
        let told_lately = self.told.get(trouble).is_some_and(|told| now - *told < REST);
        if self.trouble == Some(trouble) || told_lately {
            return false;
        }
        self.trouble = Some(trouble);
        self.told.insert(trouble, now);
        true
    }

    /// Says once that the fallback is used, or that it cannot be.
    pub(super) fn fallback(&mut self, hotline: &str, stood_in: Option<&Result<(), Failure>>) {
        let is = match stood_in {
            None => Fallback::Idle,
            Some(Ok(())) => Fallback::Used,
            Some(Err(_)) => Fallback::Failing,
        };
        let is_new = std::mem::replace(&mut self.fallback, is) != is;
        metrics::gauge!(names::ROTA_FALLBACK, "hotline" => hotline.to_owned()).set(f64::from(u8::from(is == Fallback::Used)));
        match stood_in {
            Some(Ok(())) if is_new => tracing::warn!(hotline, "calls ring by the rota's fallback"),
            Some(Err(fault)) if is_new => tracing::error!(hotline, %fault, "the rota's fallback cannot be used either"),
            Some(Ok(()) | Err(_)) | None => {}
        }
    }

    pub(super) fn first_source_again(&mut self, hotline: &str) {
        if self.fallback == Fallback::Used {
            tracing::info!(hotline, "the rota's first source is used again in place of its fallback");
        }
        self.fallback(hotline, None);
    }

    /// Shows since when there is trouble, and why.
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^52")]
    pub(super) fn measure(&mut self, hotline: &str, pulled: &Pulled, since: Option<DateTime<Utc>>) {
        let why = since.map(|_| match pulled {
            Pulled::Taken | Pulled::TakenInPart | Pulled::Unchanged | Pulled::UnchangedInPart => Pulled::TakenInPart.as_str(),
            Pulled::HeldBack | Pulled::Failed(_) => pulled.as_str(),
        });
        let gauge = |why: &'static str| metrics::gauge!(names::ROTA_TROUBLE, "hotline" => hotline.to_owned(), "why" => why);
        if let Some(before) = std::mem::replace(&mut self.shown, why)
            && why != Some(before)
        {
            gauge(before).set(0.0);
        }
        if let Some(why) = why {
            gauge(why).set(1.0);
        }
        let since = since.map_or(0, |since| since.timestamp());
        metrics::gauge!(names::ROTA_TROUBLE_SINCE, "hotline" => hotline.to_owned()).set(since as f64);
    }
}

impl News<'_> {
    /// Not the words for the admin: those may quote cells, and cells hold phone numbers.
    pub(super) fn log(&self, hotline: &str) {
        match self {
            Self::Taken => tracing::info!(hotline, "a new version of the rota is in use"),
            Self::Refreshed => tracing::info!(hotline, "the rota in use is the newest again, and nothing of it is held back"),
            Self::TakenInPart => tracing::warn!(
                hotline,
                "a new version of the rota is in use, but it has nobody for some of the next 48 hours; whoever was on call then is still rung"
            ),
            Self::HeldBack => tracing::warn!(
                hotline,
                "the newest rota reads as empty, or has ended, and is held back; the last good one is used"
            ),
            Self::Failing(failure) => {
                tracing::warn!(hotline, %failure, "the rota cannot be refreshed; calls ring by the last good copy, if there is one")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use providers::SourceError;
    use std::time::Duration;

    #[test]
    fn only_changes_are_news() {
        let gone = Failure::Source(SourceError::NotFound("rota.csv".into()));
        let cut = Failure::NoAnswer(Duration::from_secs(30));
        let failed = |failure: &Failure| Pulled::Failed(failure.clone());
        // Minutes, what was pulled, what is told.
        let nights = [
            (0, Pulled::Taken, Some(News::Taken)),
            (1, Pulled::Unchanged, None),
            (2, failed(&gone), Some(News::Failing(&gone))),
            (3, failed(&gone), None),
            (4, failed(&cut), Some(News::Failing(&cut))),
            // They take turns: both have been told.
            (5, failed(&gone), None),
            (6, failed(&cut), None),
            (7, failed(&gone), None),
            // Now it is the first for good.
            (11, failed(&gone), None),
            (12, failed(&gone), Some(News::Failing(&gone))),
            (13, failed(&gone), None),
            (14, Pulled::HeldBack, Some(News::HeldBack)),
            (15, Pulled::HeldBack, None),
            (16, Pulled::Unchanged, Some(News::Refreshed)),
            (17, Pulled::Unchanged, None),
            // Another outage is told from its beginning.
            (18, failed(&gone), Some(News::Failing(&gone))),
            (19, Pulled::Taken, Some(News::Taken)),
            (20, Pulled::Unchanged, None),
            // Held spans are told with each version that has some, and again after trouble.
            (21, Pulled::TakenInPart, Some(News::TakenInPart)),
            (22, Pulled::UnchangedInPart, None),
            (23, Pulled::TakenInPart, Some(News::TakenInPart)),
            (24, failed(&gone), Some(News::Failing(&gone))),
            (25, Pulled::UnchangedInPart, Some(News::TakenInPart)),
            (26, Pulled::Unchanged, Some(News::Refreshed)),
        ];
        let mut teller = Teller::default();
        let begun: DateTime<Utc> = "2026-03-01T22:10:00Z".parse().unwrap();
        for (minute, pulled, expected) in &nights {
            assert_eq!(
                teller.news(pulled, begun + TimeDelta::minutes(*minute)),
                *expected,
                "minute {minute}"
            );
        }
    }
}
