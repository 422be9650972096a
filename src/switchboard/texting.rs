//! The way of a text through the exchange: read with the rota in use, kept, then answered.

use super::SwitchboardError;
use super::exchange::Exchange;
use super::ringback;
use crate::call::{Away, CallId, HotlineName, Rules, ToldBy, World};
use crate::roster::PhoneNumber;
use crate::store::{self, Course, CurrentRota, TextIn, TextOut, TextWorld};
use crate::texts::{self, Absent, Known, OpenCallback, Told, Working};
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
        let taking = Taking {
            hotline: &hotline,
            line: &line,
            rota: rota.as_deref(),
            rules: self.rules(&hotline),
            new: self.new_call(),
            now,
        };
        let hand = self.hand();
        let take = |world: &TextWorld| {
            let outcome = line.take(&text.sender, body, &known(world, &taking, &text.sender), now);
            let course = taking.course(outcome.working, &text.sender, world);
            TextOut {
                course,
                ..kept(outcome, now)
            }
        };
        let done = self.store.text(&text, now, hand.as_ref(), take).await?;
        report(&hotline, &text, &done.out);
        if let Some(change) = done.change {
            self.hand_on(*change).await;
        }
        Ok(done.out.answer)
    }
}

/// What a text is taken in with, beside what is known within the transaction.
struct Taking<'a> {
    hotline: &'a HotlineName,
    line: &'a texts::Line<'a>,
    rota: Option<&'a CurrentRota>,
    rules: Rules,
    /// The name of the call that may come of it.
    new: CallId,
    now: DateTime<Utc>,
}

impl Taking<'_> {
    fn open(&self, callback: &store::Callback, sender: &PhoneNumber, world: &TextWorld) -> OpenCallback {
        let what = ringback::calling_back(callback, self.rota, self.now);
        OpenCallback {
            hindrance: what.hindrance(sender, &self.rules, callback.calling.as_deref(), &world.engaged),
            id: callback.id,
            number: callback.number.clone(),
            asked_at: callback.asked_at,
            calling: callback.calling.clone(),
        }
    }

    /// What the sender wants with a callback, as the store does it.
    fn course(&self, working: Option<Working>, sender: &PhoneNumber, world: &TextWorld) -> Course {
        let Some((working, who)) = working.zip(self.line.who(sender)) else {
            return Course::Answered;
        };
        match working {
            Working::Done(id) => Course::Closes {
                id,
                by: format!("text of {}", who.name),
            },
            Working::Open(id) => Course::Opens { id },
            Working::Ring(id) => {
                let Some(callback) = world.callbacks.iter().find(|callback| callback.id == id) else {
                    return Course::Answered;
                };
                let what = ringback::calling_back(callback, self.rota, self.now);
                let world = World {
                    now: self.now,
                    engaged: &world.engaged,
                    away: &world.away,
                };
                let begins = ringback::by_text(self.new, self.hotline, what, who.clone(), self.rules.clone(), &world);
                Course::Begins(Box::new(begins))
            }
        }
    }
}

fn known(world: &TextWorld, taking: &Taking<'_>, sender: &PhoneNumber) -> Known {
    let open = world.callbacks.iter().map(|callback| taking.open(callback, sender, world));
    Known {
        callbacks: open.collect(),
        closed: world.closed.clone(),
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
        course: Course::Answered,
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
