//! What the log is told about the pulls of one hotline: changes only, not the same trouble every minute.

use super::{Failure, Pulled};

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

/// Remembers what was told last.
#[derive(Debug, Default)]
pub(super) struct Teller {
    /// The result of the trouble that lasts, if there is any.
    trouble: Option<&'static str>,
}

impl Teller {
    pub(super) fn news<'p>(&mut self, pulled: &'p Pulled) -> Option<News<'p>> {
        let trouble = match pulled {
            Pulled::Taken | Pulled::Unchanged => None,
            Pulled::TakenInPart | Pulled::UnchangedInPart => Some(Pulled::TakenInPart.as_str()),
            Pulled::HeldBack | Pulled::Failed(_) => Some(pulled.as_str()),
        };
        let before = std::mem::replace(&mut self.trouble, trouble);
        match pulled {
            Pulled::Taken => Some(News::Taken),
            Pulled::Unchanged => before.map(|_| News::Refreshed),
            Pulled::TakenInPart => Some(News::TakenInPart),
            Pulled::UnchangedInPart => (before != trouble).then_some(News::TakenInPart),
            Pulled::HeldBack => (before != trouble).then_some(News::HeldBack),
            Pulled::Failed(failure) => (before != trouble).then_some(News::Failing(failure)),
        }
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
        let nights = [
            (Pulled::Taken, Some(News::Taken)),
            (Pulled::Unchanged, None),
            (failed(&gone), Some(News::Failing(&gone))),
            (failed(&gone), None),
            (failed(&cut), Some(News::Failing(&cut))),
            (Pulled::HeldBack, Some(News::HeldBack)),
            (Pulled::HeldBack, None),
            (Pulled::Unchanged, Some(News::Refreshed)),
            (Pulled::Unchanged, None),
            (failed(&gone), Some(News::Failing(&gone))),
            (Pulled::Taken, Some(News::Taken)),
            (Pulled::Unchanged, None),
            (Pulled::TakenInPart, Some(News::TakenInPart)),
            (Pulled::UnchangedInPart, None),
            (Pulled::TakenInPart, Some(News::TakenInPart)),
            (failed(&gone), Some(News::Failing(&gone))),
            (Pulled::UnchangedInPart, Some(News::TakenInPart)),
            (Pulled::Unchanged, Some(News::Refreshed)),
        ];
        let mut teller = Teller::default();
        for (number, (pulled, expected)) in nights.iter().enumerate() {
            assert_eq!(teller.news(pulled), *expected, "pull {number}");
        }
    }
}
