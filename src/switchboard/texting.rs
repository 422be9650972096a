//! The way of a text through the exchange: read with the rota in use, kept, then answered.

use super::SwitchboardError;
use super::exchange::Exchange;
use crate::call::{Away, HotlineName, ToldBy};
use crate::roster::PhoneNumber;
use crate::store::{self, TextIn, TextOut, TextWorld};
use crate::texts::{self, Absent, Known, Told};
use chrono::{DateTime, Utc};

impl Exchange {
    /// What is answered to a text; none, nothing. The same text again has no second effect and the same answer.
    pub(super) async fn text_in(
        &self,
        to: &PhoneNumber,
        from: PhoneNumber,
        id: String,
        body: &str,
    ) -> Result<Option<String>, SwitchboardError> {
        let hotline = self.hotline_of(to)?;
        // Two hotlines must not talk to each other.
        if self.hotline_of(&from).is_ok() {
            return Ok(None);
        }
        let now = self.clock.now();
        let rota = self.store.rota(&hotline).await?;
        let configured = self.lines.get(&hotline);
        let given = configured.and_then(|line| line.last_resort.as_ref());
        let line = texts::Line {
            hotline: &hotline.0,
            number: to,
            language: configured.map(|line| line.rules.language).unwrap_or_default(),
            roster: rota.as_deref().map(|rota| rota.roster.as_ref()),
            last_resort: given.or_else(|| rota.as_deref().and_then(|rota| rota.roster.last_resort.as_deref())),
        };
        let text = TextIn {
            id,
            is_known: line.knows(&from),
            hotline: hotline.clone(),
            sender: from,
        };
        let take = |world: &TextWorld| kept(line.take(&text.sender, body, &known(world), now), now);
        let out = self.store.text(&text, now, take).await?;
        report(&hotline, &text, &out);
        Ok(out.answer)
    }
}

fn known(world: &TextWorld) -> Known {
    Known {
        away: world.away.iter().map(|(who, away)| (who.clone(), absent(away))).collect(),
        answered_lately: world.answered_lately,
        answered_today: world.answered_today,
        strangers_lately: world.strangers_lately,
    }
}

fn absent(away: &Away) -> Absent {
    let cell = match &away.by {
        ToldBy::Sheet { cell } => Some(cell.clone()),
        ToldBy::Text | ToldBy::Page => None,
    };
    Absent { until: away.until, cell }
}

fn kept(outcome: texts::Outcome, now: DateTime<Utc>) -> TextOut {
    let told = outcome.told.map(|told| match told {
        Told::Back => store::Told::Back,
        Told::Away { until, shown } => store::Told::Away(Away {
            until: Some(until),
            shown,
            told_at: now,
            by: ToldBy::Text,
        }),
    });
    TextOut {
        told,
        answer: outcome.answer,
    }
}

fn report(hotline: &HotlineName, text: &TextIn, out: &TextOut) {
    metrics::counter!("rotaline_texts_total", "hotline" => hotline.0.clone()).increment(1);
    match &out.told {
        Some(store::Told::Away(away)) => {
            tracing::info!(%hotline, sender = %text.sender, until = away.shown, "somebody is away and is not rung, as he has told by text");
        }
        Some(store::Told::Back) => {
            tracing::info!(%hotline, sender = %text.sender, "somebody is back and is rung again, as he has told by text")
        }
        None => tracing::info!(%hotline, sender = %text.sender, known = text.is_known, answered = out.answer.is_some(), "a text came in"),
    }
}
