//! The search: level after level, round after round, then the last resort.

use super::patience::{LINE_PAUSE, PAUSE};
use super::words::{InVain, LastWords};
use super::{Call, Command, Detection, Fact, Leg, LegId, LegState, Phase, Reaction, Screening, World, seconds, words};
use crate::roster::{Phone, PhoneKind, Responder};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How often one call may search again after a conversation: nobody is kept going in circles.
pub(super) const MOST_RESUMPTIONS: u32 = 3;
/// How many legs one call may have at all.
const MOST_LEGS: usize = 500;

/// Where the search stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Search {
    /// From 1.
    pub(super) round: u32,
    pub(super) place: Place,
    /// Whether this round rang anybody.
    rang: bool,
    /// Whether this round passed somebody over who is on another call.
    passed_engaged: bool,
    /// Who was passed over in this round for being on another call, or away: each one's phones.
    #[serde(default)]
    passed: Vec<BTreeSet<Phone>>,
    /// Whether the story says so already.
    told_engaged: bool,
    /// Whether this round passed somebody over whose phone is still being let go by this very call.
    passed_settling: bool,
    /// The phones of the last resort that this search has rung.
    #[serde(default)]
    last_resort_rang_on: BTreeSet<Phone>,
    /// Whether this round passed somebody over who is away.
    #[serde(default)]
    passed_away: bool,
    /// Of whom the story says already that they are away.
    #[serde(default)]
    told_away: BTreeSet<Phone>,
    /// Whether the story says already that they are rung all the same.
    #[serde(default)]
    told_all_away: bool,
    /// The phones that this round has rung.
    #[serde(default)]
    rang_on: BTreeSet<Phone>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    /// The rung of the plan with this index.
    Level(usize),
    /// Everybody who could be rung is on another call; looked at again then.
    AllEngaged(DateTime<Utc>),
    /// Everybody who could be rung is just being let go by this very call; looked at again as soon as that is done.
    Settling(DateTime<Utc>),
    LastResort,
}

impl Default for Place {
    fn default() -> Self {
        Self::Level(0)
    }
}

impl Search {
    /// Who was passed over in this round.
    pub(super) fn passed(&self) -> Vec<BTreeSet<Phone>> {
        self.passed.clone()
    }

    /// Not for the caller, but for a responder who wants somebody else: one pass.
    pub(super) fn once() -> Self {
        Self {
            round: 1,
            ..Self::default()
        }
    }
}

impl Call {
    pub(super) fn begin_search(&mut self, world: &World<'_>, out: &mut Reaction) {
        self.phase = Phase::Searching;
        self.give_up_at = world.now + seconds(self.plan.rules.max_wait_seconds);
        self.search = Search::default();
        if self.plan.levels.is_empty() {
            return self.ring_last_resort(self.plan.welcome.in_vain(), world, out);
        }
        self.begin_round(1, world, out);
    }

    /// The caller wants the search to go on after a conversation.
    pub(super) fn resume_search(&mut self, world: &World<'_>, out: &mut Reaction) {
        self.resumed += 1;
        if self.resumed > MOST_RESUMPTIONS {
            return self.offer_menu(InVain::TooManySearches, world, out);
        }
        self.begin_search(world, out);
    }

    fn begin_round(&mut self, round: u32, world: &World<'_>, out: &mut Reaction) {
        self.search.round = round;
        self.search.rang = false;
        self.search.passed_engaged = false;
        self.search.passed.clear();
        self.search.passed_settling = false;
        self.search.passed_away = false;
        self.search.rang_on.clear();
        if !self.minds_presence(world) && !self.search.told_all_away {
            self.search.told_all_away = true;
            out.facts.push(Fact::AwayRungAllTheSame);
        }
        self.ring_from(0, world, out);
    }

    /// Rings the first level from `index` on that has anybody to ring; after the last one the round is over. Where nobody is
    /// left who is not away, it begins anew with those who were passed over for that.
    fn ring_from(&mut self, index: usize, world: &World<'_>, out: &mut Reaction) {
        if self.search.passed_away && !self.minds_presence(world) {
            return self.begin_round(self.search.round, world, out);
        }
        for level in index..self.plan.levels.len() {
            if self.ring_level(level, world, out) {
                return;
            }
        }
        self.end_round(world, out);
    }

    pub(super) fn ring_level(&mut self, index: usize, world: &World<'_>, out: &mut Reaction) -> bool {
        let Some(rung) = self.plan.levels.get(index).cloned() else {
            return false;
        };
        let mut free: Vec<Responder> = Vec::new();
        for who in rung.responders {
            // Several may have the same second phone.
            let is_rung = self.search.rang_on.contains(&who.phone) || free.iter().any(|one| one.phone == who.phone);
            if !is_rung && self.may_be_rung(&who, world, out) {
                free.push(who);
            }
        }
        if free.is_empty() || self.legs.len() + free.len() > MOST_LEGS {
            return false;
        }
        let level = self.plan.level_of(index);
        self.search.rang = true;
        self.search.told_engaged = false;
        self.search.place = Place::Level(index);
        out.facts.push(Fact::LevelBegan {
            label: if rung.second {
                words::second_phones(&rung.label)
            } else {
                rung.label
            },
            round: self.search.round,
        });
        for who in free {
            self.search.rang_on.insert(who.phone.clone());
            self.dial(who, Some(level), Some(rung.source.clone()), world, out);
        }
        true
    }

    /// Whether somebody is rung now on this phone; where not, why is noted.
    fn may_be_rung(&mut self, who: &Responder, world: &World<'_>, out: &mut Reaction) -> bool {
        if self.ruled_out.contains(&who.phone) || self.has_declined(who) || self.is_passed_over_as_away(who, world, out) {
            return false;
        }
        if self.is_settling(who) {
            self.search.passed_settling = true;
            return false;
        }
        if !self.is_engaged(who, world) {
            return true;
        }
        self.search.passed_engaged = true;
        self.note_passed(who);
        // Of somebody who was passed over on the first phone it is said already.
        let is_told =
            self.search.told_engaged || self.is_second(who) && !who.then.as_ref().is_some_and(|first| self.search.rang_on.contains(first));
        if !is_told {
            out.facts.push(Fact::Skipped {
                name: who.name.clone(),
                why: words::ON_ANOTHER_CALL.to_owned(),
            });
        }
        false
    }

    /// Whoever has declined on one phone is not rung on the other.
    pub(super) fn has_declined(&self, who: &Responder) -> bool {
        self.declined.iter().any(|one| one.is(who))
    }

    fn note_passed(&mut self, who: &Responder) {
        let phones: BTreeSet<Phone> = self.taken_with(who).cloned().collect();
        if !self.search.passed.contains(&phones) {
            self.search.passed.push(phones);
        }
    }

    fn is_engaged(&self, who: &Responder, world: &World<'_>) -> bool {
        self.taken_with(who).any(|phone| world.engaged().contains(phone))
    }

    /// Whether this phone is the second of its person in the plan.
    fn is_second(&self, who: &Responder) -> bool {
        let mut seconds = self.plan.levels.iter().filter(|rung| rung.second).flat_map(|rung| &rung.responders);
        seconds.any(|one| one == who)
    }

    /// Whoever is away is not rung, unless then nobody would be.
    fn is_passed_over_as_away(&mut self, who: &Responder, world: &World<'_>, out: &mut Reaction) -> bool {
        let Some(away) = who.said(world.away()) else {
            return false;
        };
        if !self.minds_presence(world) {
            return false;
        }
        self.search.passed_away = true;
        self.note_passed(who);
        let is_told = who.phones().any(|phone| self.search.told_away.contains(phone));
        self.search.told_away.insert(who.phone.clone());
        if !is_told {
            out.facts.push(Fact::Skipped {
                name: who.name.clone(),
                why: words::away(away),
            });
        }
        true
    }

    /// Presence counts as long as anybody is left: on call and not away, or the last resort.
    fn minds_presence(&self, world: &World<'_>) -> bool {
        !self.all_are_away(world) || self.last_resort_is_there(world)
    }

    /// Whether all who could be rung by this plan are away. Whoever cannot be dialled is nobody that could.
    fn all_are_away(&self, world: &World<'_>) -> bool {
        let is_away = |who: &Responder| is_away(who, world);
        self.plan.people().any(is_away) && self.plan.people().all(|who| is_away(who) || self.is_undiallable(&who.phone))
    }

    pub(super) fn is_undiallable(&self, phone: &Phone) -> bool {
        let mut legs = self.legs.iter().filter(|leg| leg.who.phone == *phone);
        self.ruled_out.contains(phone) && legs.all(|leg| leg.line.is_none())
    }

    fn last_resort_is_there(&self, world: &World<'_>) -> bool {
        let may_be_rung = |who: &Responder| who.phones().any(|phone| !self.ruled_out.contains(phone)) && !self.has_declined(who);
        let last = self.plan.last_resort.as_ref();
        last.is_some_and(|who| may_be_rung(who) && !is_away(who, world))
    }

    /// Still being let go on an earlier leg of this call.
    fn is_settling(&self, who: &Responder) -> bool {
        self.legs
            .iter()
            .any(|leg| leg.who.phone == who.phone && leg.state != LegState::Ended)
    }

    fn end_round(&mut self, world: &World<'_>, out: &mut Reaction) {
        if world.now < self.give_up_at && self.legs.len() < MOST_LEGS {
            if !self.search.rang && self.search.passed_engaged {
                self.search.told_engaged = true;
                self.search.place = Place::AllEngaged(world.now + LINE_PAUSE);
                return;
            }
            if !self.search.rang && self.search.passed_settling {
                self.search.place = Place::Settling(world.now + PAUSE);
                return;
            }
            if self.search.rang && self.search.round < self.plan.rules.rounds {
                return self.begin_round(self.search.round + 1, world, out);
            }
        }
        let why = if !self.search.rang && self.all_are_away(world) {
            InVain::AllAway
        } else {
            InVain::NobodyAccepted
        };
        self.ring_last_resort(why, world, out);
    }

    /// A leg of this call is over: whoever it held may be rung again.
    pub(super) fn settle(&mut self, world: &World<'_>, out: &mut Reaction) {
        if self.phase == Phase::Searching && matches!(self.search.place, Place::Settling(_) | Place::AllEngaged(_)) {
            self.look_again(world, out);
        }
    }

    /// It is this call's turn in the line.
    pub(super) fn on_somebody_free(&mut self, world: &World<'_>, out: &mut Reaction) {
        if self.waits_in_line() {
            self.look_again(world, out);
        }
    }

    /// Somebody who could not be rung may be free by now.
    pub(super) fn look_again(&mut self, world: &World<'_>, out: &mut Reaction) {
        self.begin_round(self.search.round, world, out);
    }

    pub(super) fn ring_last_resort(&mut self, why: InVain, world: &World<'_>, out: &mut Reaction) {
        out.facts.push(Fact::PlanExhausted {
            why: self.why_exhausted(why),
        });
        if !self.ring_free_last_resort(world, out) {
            self.offer_menu(why, world, out);
        }
    }

    /// Rings the last resort, each phone once in a search and where it can be; says whether one is rung.
    pub(super) fn ring_free_last_resort(&mut self, world: &World<'_>, out: &mut Reaction) -> bool {
        let rang = &self.search.last_resort_rang_on;
        let is_out = |who: &Responder| rang.contains(&who.phone) || self.ruled_out.contains(&who.phone) || self.has_declined(who);
        let first = self.plan.last_resort.iter();
        let mut phones = first.flat_map(|who| [Some(who.clone()), who.on_the_other_phone()]).flatten();
        let Some(who) = phones.find(|who| !is_out(who) && !self.is_settling(who)) else {
            return false;
        };
        self.search.last_resort_rang_on.insert(who.phone.clone());
        self.search.place = Place::LastResort;
        self.dial(who, None, None, world, out);
        true
    }

    /// How a responder shows that he is one. Behind an extension a switchboard answers first: only a key tells. Whoever picks
    /// up a softphone is no machine, and none is listened for.
    pub(super) fn screening(&self, who: &Responder) -> Screening {
        let asked = if self.wants_a_key() {
            self.screening_by_key()
        } else {
            self.plan.rules.screening
        };
        match (who.phone.kind(), asked) {
            (PhoneKind::Extension, _) | (PhoneKind::Softphone, Screening::MachineDetection | Screening::Both) => Screening::Press1,
            (PhoneKind::Telephone | PhoneKind::Softphone | PhoneKind::Sip, asked) => asked,
        }
    }

    pub(super) fn dial(&mut self, who: Responder, level: Option<usize>, source: Option<String>, world: &World<'_>, out: &mut Reaction) {
        let Ok(number) = u16::try_from(self.legs.len() + 1) else { return };
        let leg = LegId(number);
        let detection = match self.screening(&who) {
            Screening::Press1 | Screening::None => None,
            Screening::MachineDetection => Some(Detection::BeforeScript),
            Screening::Both => Some(Detection::Meanwhile),
        };
        out.facts.push(Fact::Dialled {
            leg,
            name: who.name.clone(),
            to: who.phone.clone(),
            source,
        });
        out.commands.push(Command::Dial {
            leg,
            to: who.phone.clone(),
            ring_seconds: self.plan.rules.ring_seconds,
            detection,
        });
        self.announce(&who, out);
        let mut ordered = Leg::ordered(leg, who, level, world.now);
        // It may have to wait for its turn for as long as the caller does; that is none of the time for ringing.
        ordered.deadline = ordered.deadline.max(Some(self.give_up_at));
        self.legs.push(ordered);
    }

    /// Called whenever a leg stopped trying: goes on as soon as nobody of the present level can accept any more.
    pub(super) fn go_on(&mut self, world: &World<'_>, out: &mut Reaction) {
        if self.legs.iter().any(Leg::is_trying) {
            return;
        }
        if self.is_bringing_in() {
            return self.go_on_bringing_in(world, out);
        }
        if self.phase != Phase::Searching {
            return;
        }
        if self.rings_a_caller().is_some() {
            return self.not_taken(out);
        }
        match self.search.place {
            Place::AllEngaged(_) | Place::Settling(_) => {}
            Place::LastResort => {
                if !self.ring_free_last_resort(world, out) {
                    self.offer_menu(InVain::LastResortDidNotAccept, world, out);
                }
            }
            Place::Level(_) if world.now >= self.give_up_at => self.ring_last_resort(InVain::WaitedTooLong, world, out),
            Place::Level(index) => self.ring_from(index + 1, world, out),
        }
    }

    /// The caller has waited as long as he may: whoever still rings is let go, whoever is being asked may yet accept.
    pub(super) fn give_up(&mut self, world: &World<'_>, out: &mut Reaction) {
        self.let_go_of_all(|leg| leg.is_before_answer(), &LastWords::NotNeeded, world, out);
        match self.search.place {
            Place::AllEngaged(_) | Place::Settling(_) => self.ring_last_resort(InVain::WaitedTooLong, world, out),
            Place::Level(_) | Place::LastResort => self.go_on(world, out),
        }
    }

    /// Whether the cap on waiting can do anything now.
    pub(super) fn can_give_up(&self) -> bool {
        match self.search.place {
            Place::LastResort => false,
            Place::AllEngaged(_) | Place::Settling(_) => true,
            Place::Level(_) => self.legs.iter().any(Leg::is_before_answer),
        }
    }
}

/// Whether somebody is away, as told from either phone.
fn is_away(who: &Responder, world: &World<'_>) -> bool {
    who.said(world.away()).is_some()
}
