//! The way of a text through the exchange: read with the rota in use, kept with what becomes of it, then answered.

use super::exchange::Exchange;
use super::{SwitchboardError, Text, relay, ringback};
use crate::call::{Away, Call, CallId, HotlineName, Means, Reaction, Rules, Stranger, ToldBy, World};
use crate::roster::{Phone, Responder};
use crate::store::{self, Course, CurrentRota, TextIn, TextOut, TextWorld};
use crate::texts::{self, Absent, Known, OpenCallback, Said, Told, Working};
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
        let first = at_number.first().cloned();
        let hotline = first.ok_or_else(|| SwitchboardError::UnknownHotline(to.clone()))?;
        // Two hotlines must not talk to each other.
        if !self.hotlines_at(&from).is_empty() {
            tracing::info!(%hotline, sender = %from, "a text from a number of our own is not answered");
            return Ok(None);
        }
        let now = self.clock.now();
        let rota = self.store.rota(&hotline).await?;
        let line = self.texted_line(&hotline, &to, rota.as_deref());
        let text = TextIn {
            id,
            is_known: line.knows(&from),
            other_phone: line.who(&from).and_then(|who| who.on(&from).then),
            hotline: hotline.clone(),
            at_number,
            sender: from,
        };
        let said = Said {
            sender: &text.sender,
            is_blocked: self.turns_away(&hotline, &text.sender),
            body: &body,
            has_pictures,
        };
        let taking = Taking {
            exchange: self,
            hotline: &hotline,
            to: &to,
            sender: &text.sender,
            line: &line,
            rota: rota.as_deref(),
            rules: self.rules(&hotline, rota.as_deref()),
            new: self.new_call(),
            now,
        };
        let hand = self.hand();
        let take = |world: &TextWorld| taking.kept(line.take(said, &taking.known(world), now), world);
        let done = self.store.text(&text, now, hand.as_ref(), take).await?;
        report(&hotline, &text, &done.out);
        if let Some(change) = done.change {
            self.hand_on(*change).await;
        }
        Ok(done.out.answer)
    }

    fn texted_line<'a>(&'a self, hotline: &'a HotlineName, number: &'a Phone, rota: Option<&'a CurrentRota>) -> texts::Line<'a> {
        let configured = self.lines.get(hotline);
        let given = configured.and_then(|line| line.last_resort.as_ref());
        let door = configured.map(|line| &line.reception).filter(|door| door.texts_ring);
        texts::Line {
            hotline: &hotline.0,
            number,
            language: configured.map(|line| line.rules.language).unwrap_or_default(),
            roster: rota.map(|rota| rota.roster.as_ref()),
            last_resort: given.or_else(|| rota.and_then(|rota| rota.roster.last_resort.as_deref())),
            rings: door.map(|door| door.texts_per_hour),
        }
    }

    pub(super) fn turns_away(&self, hotline: &HotlineName, sender: &Phone) -> bool {
        self.lines.get(hotline).is_some_and(|line| line.reception.turns_away(sender))
    }
}

/// What a text is taken in with, beside what is known within the transaction.
struct Taking<'a> {
    exchange: &'a Exchange,
    hotline: &'a HotlineName,
    to: &'a Phone,
    sender: &'a Phone,
    line: &'a texts::Line<'a>,
    rota: Option<&'a CurrentRota>,
    rules: Rules,
    /// The name of the call that may come of it.
    new: CallId,
    now: DateTime<Utc>,
}

impl Taking<'_> {
    /// Who has texted, to be rung on the phone with which he has.
    fn person(&self) -> Option<Responder> {
        self.line.who(self.sender).map(|who| who.on(self.sender))
    }

    fn known(&self, world: &TextWorld) -> Known {
        let open = world.callbacks.iter().map(|callback| self.open(callback, world));
        Known {
            callbacks: open.collect(),
            closed: world.closed.clone(),
            away: world.away.iter().map(|(who, away)| (who.clone(), absent(away))).collect(),
            answered_lately: world.answered_lately,
            answered_today: world.answered_today,
            strangers_lately: world.strangers_lately,
            relays: relay::relays(world, self.sender),
            passed_on_lately: world.passed_on_lately,
            refused_lately: world.refused_lately,
            is_ringing: world.ringing.is_some(),
            rang_lately: world.rang_lately,
            rang_today: world.rang_today,
            all_rang_lately: world.all_rang_lately,
        }
    }

    fn open(&self, callback: &store::Callback, world: &TextWorld) -> OpenCallback {
        let what = ringback::calling_back(callback, self.rota, self.now);
        OpenCallback {
            hindrance: self
                .person()
                .and_then(|by| what.hindrance(&by, &self.rules, callback.calling.as_deref(), &world.engaged)),
            id: callback.id,
            number: callback.number.clone(),
            asked_at: callback.asked_at,
            calling: callback.calling.clone(),
        }
    }

    fn kept(&self, outcome: texts::Outcome, world: &TextWorld) -> TextOut {
        let told = outcome.told.map(|told| match told {
            Told::Back => store::Told::Back,
            Told::Away { until, shown } => store::Told::Away(Away {
                until: Some(until),
                shown,
                told_at: self.now,
                by: ToldBy::Text,
            }),
        });
        let course = match outcome.course {
            texts::Course::Answered => self.worked(outcome.working, world),
            texts::Course::Refused => Course::Refused,
            texts::Course::PassedOn { relay, body } => relay::passed_on(world, relay, self.sender, body),
            texts::Course::Added { body } => relay::added(world, body),
            texts::Course::Rings { body } => Course::Begins(Box::new(self.rung(body, world))),
        };
        TextOut {
            told,
            answer: outcome.answer.filter(|_| self.may_be_answered(world)),
            course,
        }
    }

    /// An answer is a text that costs money, as any: not to a country or a number to which none goes, and less and less as what
    /// may be spent is used up.
    fn may_be_answered(&self, world: &TextWorld) -> bool {
        let rules = &self.rules;
        let is_in_reach = rules.callbacks.allows(self.sender) || rules.reach.refusal(self.sender).is_none();
        let is_paid = match rules.budget.left(world.spent) {
            Means::Ample | Means::Low => true,
            Means::Spent => self.line.knows(self.sender),
            Means::Gone => false,
        };
        is_in_reach && is_paid
    }

    /// What the sender wants with a callback, as the store does it.
    fn worked(&self, working: Option<Working>, world: &TextWorld) -> Course {
        let Some((working, who)) = working.zip(self.person()) else {
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
                let world = self.world(world);
                let begins = ringback::by_text(self.new, self.hotline, what, who, self.rules.clone(), &world);
                Course::Begins(Box::new(begins))
            }
        }
    }

    /// A stranger's text rings as a call of his would: not when it is closed.
    fn rung(&self, body: String, world: &TextWorld) -> (Call, Reaction) {
        let (exchange, world) = (self.exchange, self.world(world));
        let stranger = Stranger {
            from: self.sender.clone(),
            to: self.to.clone(),
            texts: vec![body],
        };
        let welcome = exchange.welcome(self.hotline, self.rota, Some(self.sender), &world, 0);
        let plan = exchange.plan(self.hotline, self.rota, Some(self.sender), &world).met_with(welcome);
        Call::texted(self.new, plan, stranger, &world)
    }

    const fn world<'w>(&self, world: &'w TextWorld) -> World<'w> {
        World::new(self.now, &world.engaged, &world.away)
    }
}

fn absent(away: &Away) -> Absent {
    let cell = match &away.by {
        ToldBy::Sheet { cell } => Some(cell.clone()),
        ToldBy::Text | ToldBy::Page => None,
    };
    Absent { until: away.until, cell }
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
