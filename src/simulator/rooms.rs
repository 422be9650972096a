//! Conferences: who is in them, when they start and end, what is heard while waiting, and their callbacks.

use super::agenda::Job;
use super::callbacks::{self, Form};
use super::checker::Violation;
use super::document::{Beep, Dial, Entrance, Verb, Wait};
use super::heard::Sound;
use super::leg::{LegIndex, Program, Stage, Stay, Target};
use super::network::PhoneNetwork;
use super::posting::{Errand, resolve};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// The name under which Twilio's own waiting music is heard.
const PLAYLIST: &str = "playlist";

/// One conference.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub(super) sid: String,
    pub(super) name: String,
    pub(super) participants: Vec<LegIndex>,
    pub(super) started: bool,
    /// Of the first participant; what later ones ask for is ignored.
    callback: Option<(Target, Vec<String>)>,
    pub(super) sequence: u32,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) ended: Option<(EndOfRoom, Option<LegIndex>)>,
}

/// Two legs in one conference that hear each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenTalk {
    pub(super) legs: [LegIndex; 2],
    pub(super) from: DateTime<Utc>,
    pub(super) until: Option<DateTime<Utc>>,
}

/// Why somebody left a conference (`ReasonParticipantLeft`, with underscores).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parting {
    HungUp,
    UpdatedViaApi,
    Kicked,
    ModeratorEnded,
    EndedViaApi,
}

impl Parting {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::HungUp => "participant_hung_up",
            Self::UpdatedViaApi | Self::Kicked => "participant_updated_via_api",
            Self::ModeratorEnded => "moderator_ended_conference",
            Self::EndedViaApi => "conference_ended_via_api",
        }
    }
}

/// Why a conference ended (`ReasonConferenceEnded`, with hyphens).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndOfRoom {
    ViaApi,
    LastLeft,
    LastKicked,
    ModeratorLeft,
    ModeratorKicked,
}

impl EndOfRoom {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::ViaApi => "conference-ended-via-api",
            Self::LastLeft => "last-participant-left",
            Self::LastKicked => "last-participant-kicked",
            Self::ModeratorLeft => "participant-with-end-conference-on-exit-left",
            Self::ModeratorKicked => "participant-with-end-conference-on-exit-kicked",
        }
    }

    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::ViaApi => "Conference ended via API",
            Self::LastLeft => "The last participant left the conference",
            Self::LastKicked => "The last participant was kicked from the conference",
            Self::ModeratorLeft => "Participant with endConferenceOnExit=true left the conference",
            Self::ModeratorKicked => "Participant with endConferenceOnExit=true was kicked from the conference",
        }
    }
}

impl PhoneNetwork {
    /// The leg enters; whether it does. If not, its document goes on.
    pub(super) fn enter_room(&mut self, leg: LegIndex, dial: &Dial, entrance: &Entrance) -> bool {
        let room = match self.open_rooms.get(&entrance.name) {
            Some(room) => *room,
            None => self.open_room(leg, entrance),
        };
        if let Some(violation) = self.refuses(room, entrance) {
            self.fault(&entrance.name, violation);
            return false;
        }
        let base = Arc::clone(&self[leg].program.source.url);
        let action = dial.action.as_deref().map(|url| Target {
            url: resolve(&base, url),
            method: dial.method,
        });
        self.stays += 1;
        let stay = Stay {
            room,
            number: self.stays,
            entrance: entrance.clone(),
            action,
            hangup_on_star: dial.hangup_on_star,
            since: self.now,
            bridged: false,
            wait: None,
            established: false,
        };
        self.plan(dial.time_limit.saturating_mul(1000), Job::TimeLimit { leg, stay: stay.number });
        self[leg].stay = Some(stay);
        self[leg].enters(Stage::InRoom);
        self.rooms[room].participants.push(leg);
        self.rooms[room].updated_at = self.now;
        self.tell_participant(room, leg, "join", "participant-join", None);
        self.person_enters(leg);
        self.meet_or_wait(room, leg);
        true
    }

    fn open_room(&mut self, leg: LegIndex, entrance: &Entrance) -> usize {
        let base = Arc::clone(&self[leg].program.source.url);
        let events = if entrance.events.is_empty() {
            vec!["start".to_owned(), "end".to_owned()]
        } else {
            entrance.events.clone()
        };
        let callback = entrance.status_callback.as_ref().map(|(url, method)| {
            (
                Target {
                    url: resolve(&base, url),
                    method: *method,
                },
                events,
            )
        });
        let room = Room {
            sid: self.new_sid("CF"),
            name: entrance.name.clone(),
            participants: Vec::with_capacity(2),
            started: false,
            callback,
            sequence: 0,
            created_at: self.now,
            updated_at: self.now,
            ended: None,
        };
        self.rooms.push(room);
        let index = self.rooms.len() - 1;
        self.open_rooms.insert(entrance.name.clone(), index);
        index
    }

    fn refuses(&self, room: usize, entrance: &Entrance) -> Option<Violation> {
        let inside = &self.rooms[room].participants;
        if inside.len() >= usize::try_from(entrance.most).unwrap_or(usize::MAX) {
            return Some(Violation::new(16020, "the conference is full"));
        }
        let label = entrance.label.as_ref()?;
        let taken = |leg: &LegIndex| {
            self[*leg]
                .stay
                .as_ref()
                .is_some_and(|stay| stay.entrance.label.as_ref() == Some(label))
        };
        inside
            .iter()
            .any(taken)
            .then(|| Violation::new(16025, format!("the label {label} is in use by another participant")))
    }

    /// A conference needs two participants of whom one starts it; until then each hears what there is for waiting.
    fn meet_or_wait(&mut self, room: usize, leg: LegIndex) {
        if self.rooms[room].started {
            let others = self.others(room, leg);
            self.beep(
                &others,
                &self[leg].stay.as_ref().map_or(Beep::Never, |stay| stay.entrance.beep).clone(),
                Beep::OnEnter,
            );
            return self.bridge(leg, &others);
        }
        let inside = self.rooms[room].participants.clone();
        let starts = |leg: &LegIndex| self[*leg].stay.as_ref().is_some_and(|stay| stay.entrance.starts);
        if inside.len() < 2 || !inside.iter().any(starts) {
            return self.begin_wait(leg);
        }
        self.rooms[room].started = true;
        let beep = self[leg].stay.as_ref().map_or(Beep::Never, |stay| stay.entrance.beep);
        self.tell_room(room, "start", "conference-start", |_, _| {});
        self.beep(&inside, &beep, Beep::OnEnter);
        for (position, one) in inside.iter().enumerate() {
            self.bridge(*one, &inside[..position]);
        }
    }

    fn others(&self, room: usize, leg: LegIndex) -> Vec<LegIndex> {
        self.rooms[room].participants.iter().copied().filter(|one| *one != leg).collect()
    }

    fn beep(&mut self, who: &[LegIndex], wanted: &Beep, on: Beep) {
        if *wanted == Beep::Always || *wanted == on {
            for leg in who {
                self.hears(*leg, Sound::Beep);
            }
        }
    }

    /// One leg meets others: each hears the other, and waiting is over for both.
    fn bridge(&mut self, leg: LegIndex, others: &[LegIndex]) {
        for other in others {
            self.talks.push(OpenTalk {
                legs: [*other, leg],
                from: self.now,
                until: None,
            });
            self.begins_to_hear(leg, *other);
            self.begins_to_hear(*other, leg);
        }
    }

    fn begins_to_hear(&mut self, leg: LegIndex, other: LegIndex) {
        let muted = self[other].stay.as_ref().is_some_and(|stay| stay.entrance.muted);
        let number = self[other].number().to_owned();
        let newly = self[leg]
            .stay
            .as_mut()
            .is_some_and(|stay| !std::mem::replace(&mut stay.bridged, true));
        if newly {
            self[leg].epoch += 1;
        }
        self.hears(leg, if muted { Sound::Silence } else { Sound::Voice(number) });
        if self.others_with(leg) == 1 {
            self.person_talks(leg);
        }
    }

    /// With how many the leg is together now.
    fn others_with(&self, leg: LegIndex) -> usize {
        self.talks
            .iter()
            .filter(|talk| talk.until.is_none() && talk.legs.contains(&leg))
            .count()
    }

    /// Whether the leg is still in this stay and waits for the conference to start.
    pub(super) fn waits_in(&self, leg: LegIndex, number: u64) -> bool {
        self[leg]
            .stay
            .as_ref()
            .is_some_and(|stay| stay.number == number && !self.rooms[stay.room].started)
    }

    fn begin_wait(&mut self, leg: LegIndex) {
        let Some(stay) = self[leg].stay.as_ref() else { return };
        match stay.entrance.wait.clone() {
            Wait::Playlist => self.hears(leg, Sound::Music(PLAYLIST.to_owned())),
            Wait::Silence => self.hears(leg, Sound::Silence),
            Wait::Document { url, method } => {
                let base = Arc::clone(&self[leg].program.source.url);
                self.fetch_wait(
                    leg,
                    &Target {
                        url: resolve(&base, &url),
                        method,
                    },
                );
            }
        }
    }

    fn fetch_wait(&mut self, leg: LegIndex, target: &Target) {
        let Some(stay) = self[leg].stay.as_ref().map(|stay| stay.number) else {
            return;
        };
        self.hears(leg, Sound::Silence);
        if self.asks_too_often(leg) {
            let what = "waitUrl documents lead from one to the next without end".to_owned();
            return self.fault(&target.url, Violation { code: None, what });
        }
        let form = callbacks::call_form(&self[leg], &self.account);
        self.post(Errand::Wait { leg, stay }, target, form);
    }

    /// The answer for a waiting leg. Without a first document the leg does not get into the conference.
    pub(super) fn take_wait_document(&mut self, leg: LegIndex, verbs: Result<Vec<Verb>, Violation>, source: Target) {
        let Some(stay) = self[leg].stay.as_mut() else { return };
        match verbs {
            Ok(verbs) => {
                stay.established = true;
                stay.wait = Some(Program {
                    verbs: Arc::new(verbs),
                    next: 0,
                    source,
                });
                self.run_wait(leg);
            }
            Err(_) if stay.established => stay.wait = None,
            Err(_) => self.leave_dial(leg),
        }
    }

    /// The next piece of what is heard while waiting. Behind the last one there is silence.
    pub(super) fn run_wait(&mut self, leg: LegIndex) {
        let Some(program) = self[leg].stay.as_mut().and_then(|stay| stay.wait.as_mut()) else {
            return;
        };
        let Some((verbs, place)) = program.take() else {
            return self.hears(leg, Sound::Silence);
        };
        let source = program.source.clone();
        match &verbs[place] {
            verb @ (Verb::Say { .. } | Verb::Play { .. } | Verb::Pause { .. }) => {
                let ms = self.play(leg, verb);
                self.again_in(leg, ms);
            }
            Verb::Redirect { url, method } => {
                let target = Target {
                    url: resolve(&source.url, url),
                    method: *method,
                };
                self.fetch_wait(leg, &target);
            }
            Verb::Gather(_) | Verb::Record(_) | Verb::Dial(_) | Verb::Hangup | Verb::Reject { .. } | Verb::Leave => {
                self.hears(leg, Sound::Silence);
            }
        }
    }

    /// The leg leaves its conference and goes on with its call.
    pub(super) fn leave_dial(&mut self, leg: LegIndex) {
        if let Some(stay) = self.leave_room(leg, Parting::HungUp) {
            self.after_dial(leg, &stay);
        }
    }

    /// What comes after a conference: the action, or the next verb.
    pub(super) fn after_dial(&mut self, leg: LegIndex, stay: &Stay) {
        if self[leg].is_over() {
            return;
        }
        self[leg].enters(Stage::Performing);
        match &stay.action {
            Some(action) => {
                let form = callbacks::dial_form(&self[leg], &self.account, stay);
                self.fetch(leg, action, form);
            }
            None => self.run(leg),
        }
    }

    /// The leg is no longer in its conference, if it was in one; what it does next is up to the one who asks.
    pub(super) fn leave_room(&mut self, leg: LegIndex, parting: Parting) -> Option<Stay> {
        let room = self[leg].stay.as_ref()?.room;
        self.rooms[room].participants.retain(|one| *one != leg);
        self.rooms[room].updated_at = self.now;
        self.tell_participant(room, leg, "leave", "participant-leave", Some(parting));
        self.stop_talks(leg);
        let stay = self[leg].stay.take()?;
        let kicked = parting == Parting::Kicked;
        let remaining = self.rooms[room].participants.clone();
        if stay.entrance.ends {
            let end = if kicked {
                EndOfRoom::ModeratorKicked
            } else {
                EndOfRoom::ModeratorLeft
            };
            self.end_room(room, end, Some((leg, &stay)));
        } else if remaining.is_empty() {
            let end = if kicked { EndOfRoom::LastKicked } else { EndOfRoom::LastLeft };
            self.end_room(room, end, Some((leg, &stay)));
        } else if self.rooms[room].started {
            self.beep(&remaining, &stay.entrance.beep, Beep::OnExit);
            if let [alone] = remaining.as_slice() {
                self.hears(*alone, Sound::Silence);
                self.person_is_alone(*alone);
            }
        }
        Some(stay)
    }

    pub(super) fn stop_talks(&mut self, leg: LegIndex) {
        let now = self.now;
        for talk in self
            .talks
            .iter_mut()
            .filter(|talk| talk.until.is_none() && talk.legs.contains(&leg))
        {
            talk.until = Some(now);
        }
    }

    /// The conference is over; whoever is still in it drops out, and his call goes on.
    pub(super) fn end_room(&mut self, room: usize, end: EndOfRoom, by: Option<(LegIndex, &Stay)>) {
        let parting = match end {
            EndOfRoom::ViaApi => Parting::EndedViaApi,
            EndOfRoom::LastLeft | EndOfRoom::LastKicked | EndOfRoom::ModeratorLeft | EndOfRoom::ModeratorKicked => Parting::ModeratorEnded,
        };
        self.open_rooms.remove(&self.rooms[room].name);
        self.rooms[room].ended = Some((end, by.map(|(leg, _)| leg)));
        self.rooms[room].updated_at = self.now;
        let remaining = std::mem::take(&mut self.rooms[room].participants);
        let mut stays = Vec::with_capacity(remaining.len());
        for leg in remaining {
            self.tell_participant(room, leg, "leave", "participant-leave", Some(parting));
            self.stop_talks(leg);
            self.person_is_alone(leg);
            if let Some(stay) = self[leg].stay.take() {
                stays.push((leg, stay));
            }
        }
        self.tell_room(room, "end", "conference-end", |network, form| {
            let by = by.map(|(leg, stay)| (&network[leg], stay.entrance.label.as_deref()));
            callbacks::add_end(form, end, by);
        });
        for (leg, stay) in stays {
            self.after_dial(leg, &stay);
        }
    }

    fn tell_participant(&mut self, room: usize, leg: LegIndex, kind: &str, event: &str, parting: Option<Parting>) {
        self.tell_room(room, kind, event, |network, form| {
            if let Some(stay) = network[leg].stay.as_ref() {
                callbacks::add_participant(form, &network[leg], stay);
            }
            if let Some(parting) = parting {
                callbacks::add_parting(form, &network[leg], parting);
            }
        });
    }

    /// A conference's status callback, where it is wanted.
    fn tell_room(&mut self, room: usize, kind: &str, event: &str, more: impl FnOnce(&Self, &mut Form)) {
        let Some((target, events)) = &self.rooms[room].callback else {
            return;
        };
        if !events.iter().any(|wanted| wanted == kind) {
            return;
        }
        let target = target.clone();
        self.rooms[room].sequence += 1;
        let mut form = callbacks::conference_form(&self.rooms[room], &self.account, event, self.now);
        more(self, &mut form);
        self.post(Errand::Conference, &target, form);
    }
}
