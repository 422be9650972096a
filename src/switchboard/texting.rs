//! The way of a text through the exchange: read with the rota in use, kept with what becomes of it, then answered.

use super::exchange::{Exchange, new_id};
use super::{SwitchboardError, Text};
use crate::call::{Acquaintance, Away, Call, CallId, Event, HotlineName, Stranger, ToldBy, World};
use crate::roster::PhoneNumber;
use crate::roster::wall_clock::to_local;
use crate::store::{self, CurrentRota, OpenRelay, TextDone, TextIn, TextOut, TextWorld};
use crate::texts::{self, Absent, Course, Known, Relay, Said, Told};
use chrono::{DateTime, Utc};

impl Exchange {
    /// What is answered to a text; none, nothing. The same text again has no second effect and the same answer.
    pub(super) async fn text_in(&self, text: Text) -> Result<Option<String>, SwitchboardError> {
        let Text {
            id,
            to,
            from,
            body,
            has_pictures,
        } = text;
        let at_number = self.hotlines_at(&to);
        let hotline = at_number
            .first()
            .cloned()
            .ok_or_else(|| SwitchboardError::UnknownHotline(to.clone()))?;
        // Two hotlines must not talk to each other.
        if !self.hotlines_at(&from).is_empty() {
            tracing::info!(%hotline, sender = %from, "a text from a number of our own is not answered");
            return Ok(None);
        }
        let now = self.clock.now();
        let rota = self.store.rota(&hotline).await?;
        let configured = self.lines.get(&hotline);
        let given = configured.and_then(|line| line.last_resort.as_ref());
        let reception = configured.map(|line| &line.reception);
        let line = texts::Line {
            hotline: &hotline.0,
            number: &to,
            language: configured.map(|line| line.rules.language).unwrap_or_default(),
            roster: rota.as_deref().map(|rota| rota.roster.as_ref()),
            last_resort: given.or_else(|| rota.as_deref().and_then(|rota| rota.roster.last_resort.as_deref())),
            rings: reception.filter(|door| door.texts_ring).map(|door| door.texts_per_hour),
        };
        let text = TextIn {
            id,
            is_known: line.knows(&from),
            hotline: hotline.clone(),
            at_number,
            sender: from,
        };
        let said = Said {
            sender: &text.sender,
            is_blocked: reception.is_some_and(|door| door.turns_away(&text.sender)),
            body: &body,
            has_pictures,
        };
        let take = |world: &TextWorld| kept(line.take(said, &known(world, &text.sender), now), world, &text.sender, now);
        let id = CallId(new_id(&self.clock));
        let ring = |world: &World<'_>, body: &str| {
            let stranger = Stranger {
                from: text.sender.clone(),
                to: to.clone(),
                texts: vec![body.to_owned()],
            };
            let welcome = self.welcome(&hotline, rota.as_deref(), Some(&text.sender), world, 0);
            let plan = self.plan(&hotline, rota.as_deref(), Some(&text.sender), world).met_with(welcome);
            Call::texted(id, plan, stranger, world)
        };
        let hand = self.hand();
        let TextDone { out, change } = self.store.text(&text, now, hand.as_ref(), take, ring).await?;
        report(&hotline, &text, &out);
        if let Some(change) = change {
            self.hand_on(*change).await;
        }
        Ok(out.answer)
    }

    /// The hotlines that have this number, of which the first answers it: its own, or that of whoever presses no key where
    /// the number is a menu's, and then those to which the menu leads.
    fn hotlines_at(&self, number: &PhoneNumber) -> Vec<HotlineName> {
        let Some(menu) = self.menu_of(number) else {
            return self.hotline_of(number).into_iter().collect();
        };
        let mut names = vec![menu.otherwise.clone()];
        for name in menu.leads_to() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// Who spoke with this caller so lately that he is rung first.
    pub(super) async fn acquaintance(
        &self,
        hotline: &HotlineName,
        rota: Option<&CurrentRota>,
        caller: Option<&PhoneNumber>,
    ) -> Option<Acquaintance> {
        let found = self.store.acquaintance(hotline, caller?, self.clock.now()).await;
        let relay = found.unwrap_or_else(|error| {
            tracing::error!(%hotline, %error, "with whom a caller has spoken cannot be read; the plan is rung as ever");
            None
        })?;
        let zone = rota.map_or(chrono_tz::UTC, |rota| rota.roster.time_zone);
        Some(Acquaintance {
            at: to_local(zone, relay.talked_at).format("%H:%M").to_string(),
            who: relay.responder,
        })
    }
}

fn known(world: &TextWorld, sender: &PhoneNumber) -> Known {
    let relay = |(relay, is_others_newest): &(OpenRelay, bool)| Relay {
        is_responders: relay.responder.phone == *sender,
        talked_at: relay.talked_at,
        is_others_newest: *is_others_newest,
    };
    Known {
        away: world.away.iter().map(|(who, away)| (who.clone(), absent(away))).collect(),
        answered_lately: world.answered_lately,
        answered_today: world.answered_today,
        strangers_lately: world.strangers_lately,
        relays: world.relays.iter().map(relay).collect(),
        passed_on_lately: world.passed_on_lately,
        refused_lately: world.refused_lately,
        is_ringing: world.ringing.is_some(),
        rang_lately: world.rang_lately,
        rang_today: world.rang_today,
        all_rang_lately: world.all_rang_lately,
    }
}

fn absent(away: &Away) -> Absent {
    let cell = match &away.by {
        ToldBy::Sheet { cell } => Some(cell.clone()),
        ToldBy::Text | ToldBy::Page => None,
    };
    Absent { until: away.until, cell }
}

fn kept(outcome: texts::Outcome, world: &TextWorld, sender: &PhoneNumber, now: DateTime<Utc>) -> TextOut {
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
        course: course(outcome.course, world, sender),
    }
}

fn course(course: Course, world: &TextWorld, sender: &PhoneNumber) -> store::Course {
    match course {
        Course::Answered => store::Course::Answered,
        Course::Refused => store::Course::Refused,
        Course::Rings { body } => store::Course::Rings { body },
        Course::Added { body } => match world.ringing {
            Some(call) => store::Course::Handled {
                call,
                event: Event::TextAdded { body },
            },
            None => store::Course::Rings { body },
        },
        Course::PassedOn { relay, body } => match world.relays.get(relay) {
            Some((relay, _)) => store::Course::Handled {
                call: relay.call,
                event: Event::PassOn {
                    from: sender.clone(),
                    to: relay.other_than(sender).clone(),
                    body,
                },
            },
            None => store::Course::Refused,
        },
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
        None => tracing::info!(
            %hotline,
            sender = %text.sender,
            known = text.is_known,
            answered = out.answer.is_some(),
            became = out.course.as_str(),
            "a text came in"
        ),
    }
}
