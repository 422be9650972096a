//! What is answered to whoever the rota knows: how he stands, who is on call, who is away. Names as the sheet has them,
//! cut to a length and without telephone numbers; times of the rota's zone.

use super::{Absent, Line, shown_in_full};
use crate::phrases::Phrase;
use crate::roster::wall_clock::Zone;
use crate::roster::{Duty, OnCall, Phone, Responder, Roster, masked};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// A longer name is cut.
const LONGEST_NAME: usize = 40;
/// More people are not listed.
const LISTED_AT_MOST: usize = 20;
/// A duty that goes on in the next row is followed so often.
const FOLLOWED_AT_MOST: usize = 60;

/// What an answer is made from.
pub(super) struct Answers<'a> {
    pub(super) line: &'a Line<'a>,
    pub(super) roster: &'a Roster,
    pub(super) zone: &'a Zone,
    pub(super) away: &'a BTreeMap<Phone, Absent>,
    pub(super) now: DateTime<Utc>,
}

impl Answers<'_> {
    /// Somebody is away from now on.
    pub(super) fn away(&self, who: &Phone, until: DateTime<Utc>, until_back: bool) -> String {
        let shown = self.shown(until);
        let noted = Phrase::TextAway { until: &shown, until_back };
        let is_away = |one: &Responder| one.has(who) || one.said(self.away).is_some();
        let duty = self.duty().filter(|duty| place_in(duty, who).is_some());
        let all_are = duty.is_some_and(|duty| people(duty).all(|(_, one)| is_away(one)));
        if !all_are {
            return self.line.language.say(noted);
        }
        let last_resort = self.line.last_resort.is_some_and(|last| !is_away(last));
        self.line.language.say_all(&[noted, Phrase::TextAllAway { last_resort }])
    }

    /// Whether he is on call, in which place, until when; whether he is away.
    pub(super) fn status(&self, who: &Phone) -> String {
        let place = self.duty().and_then(|duty| place_in(duty, who));
        let until = place.map(|place| self.shown(self.in_place_until(who, place)));
        let on_call = match (place, &until) {
            (Some(place), Some(until)) => Phrase::TextOnCall { place, until },
            (Some(_) | None, _) => Phrase::TextNotOnCall,
        };
        let Some(away) = self.absence(who) else {
            return self.line.language.say_all(&[on_call, Phrase::TextIsThere]);
        };
        let until = away.until.map(|until| self.shown(until));
        let presence = Phrase::TextIsAway(until.as_deref());
        match cell(away) {
            Some(cell) => self.line.language.say_all(&[on_call, presence, Phrase::TextBySheet(&cell)]),
            None => self.line.language.say_all(&[on_call, presence]),
        }
    }

    /// He is rung again, also where the sheet still says otherwise.
    pub(super) fn back(&self, who: &Phone) -> String {
        match self.absence(who).and_then(cell) {
            Some(cell) => self.line.language.say_all(&[Phrase::TextBack, Phrase::TextBackDespite(&cell)]),
            None => self.line.language.say(Phrase::TextBack),
        }
    }

    /// Who is on call in which order, and who is away.
    pub(super) fn who(&self) -> String {
        let list = self.duty().map(|duty| (self.listed(duty), self.shown(duty.until)));
        let on_call = match &list {
            Some((people, until)) if !people.is_empty() => Phrase::TextWho { people, until },
            Some(_) | None => Phrase::NobodyOnCall,
        };
        let others = self.others_away();
        if others.is_empty() {
            self.line.language.say(on_call)
        } else {
            self.line.language.say_all(&[on_call, Phrase::TextWhoAway(&others)])
        }
    }

    /// How the sender is away, told from this phone or from the other one.
    fn absence(&self, phone: &Phone) -> Option<&Absent> {
        let mut contacts = self.roster.contacts.iter().map(AsRef::as_ref).chain(self.line.last_resort);
        let own = contacts.find_map(|who| who.said(self.away).filter(|_| who.has(phone)));
        self.away.get(phone).or(own)
    }

    fn duty(&self) -> Option<&Duty> {
        match self.roster.on_call(self.now) {
            OnCall::Duty(duty) => Some(duty),
            OnCall::Gap { .. } => None,
        }
    }

    /// Until when he has this place, over rows that follow one another.
    fn in_place_until(&self, who: &Phone, place: usize) -> DateTime<Utc> {
        let mut at = self.now;
        for _ in 0..FOLLOWED_AT_MOST {
            match self.roster.on_call(at) {
                OnCall::Duty(duty) if place_in(duty, who) == Some(place) => at = duty.until,
                OnCall::Duty(_) | OnCall::Gap { .. } => return at,
            }
        }
        at
    }

    /// `1. Ana (away until 18:00) + Ben, 2. Cy`.
    fn listed(&self, duty: &Duty) -> String {
        let levels = duty.levels.iter().enumerate().take(LISTED_AT_MOST).map(|(place, level)| {
            let people = level.responders.iter().take(LISTED_AT_MOST);
            let people: Vec<String> = people.map(|who| self.with_presence(who)).collect();
            format!("{}. {}", place + 1, people.join(" + "))
        });
        levels.collect::<Vec<_>>().join(", ")
    }

    /// Those who are away and not on call now.
    fn others_away(&self) -> String {
        let duty = self.duty();
        let on_call = |who: &Responder| duty.is_some_and(|duty| who.phones().any(|phone| place_in(duty, phone).is_some()));
        let contacts = self.roster.contacts.iter().map(AsRef::as_ref).chain(self.line.last_resort);
        let mut seen = Vec::new();
        let others = contacts.filter(|who| {
            let is_new = who.said(self.away).is_some() && !on_call(who) && !seen.contains(&&who.phone);
            if is_new {
                seen.push(&who.phone);
            }
            is_new
        });
        let others: Vec<String> = others.take(LISTED_AT_MOST).map(|who| self.with_presence(who)).collect();
        others.join(", ")
    }

    fn with_presence(&self, who: &Responder) -> String {
        let name: String = masked(&who.name).chars().take(LONGEST_NAME).collect();
        match who.said(self.away) {
            Some(away) => {
                let until = away.until.map(|until| self.shown(until));
                let away = self.line.language.say(Phrase::AwayUntil(until.as_deref()));
                format!("{name} ({away})")
            }
            None => name,
        }
    }

    /// The time of day; with the date, where that is another than today's.
    fn shown(&self, at: DateTime<Utc>) -> String {
        let (wall, today) = (self.zone.to_local(at), self.zone.to_local(self.now).date());
        if wall.date() == today {
            wall.format("%H:%M").to_string()
        } else {
            shown_in_full(wall)
        }
    }
}

/// The cell by which he is away, cut to a length: tabs have any name.
fn cell(away: &Absent) -> Option<String> {
    let cell = away.cell.as_deref()?;
    Some(masked(cell).chars().take(LONGEST_NAME).collect())
}

fn people(duty: &Duty) -> impl Iterator<Item = (usize, &Responder)> {
    let levels = duty.levels.iter().enumerate();
    levels.flat_map(|(place, level)| level.responders.iter().map(move |who| (place, who.as_ref())))
}

/// The first place that he has.
fn place_in(duty: &Duty, phone: &Phone) -> Option<usize> {
    people(duty).find(|(_, who)| who.has(phone)).map(|(place, _)| place)
}
