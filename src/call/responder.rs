//! What happens on a responder's leg.

use super::patience::{ACCEPT_SLACK, ASK_PATIENCE, GRACE, JOIN_PATIENCE, PLACE_PATIENCE, RING_SLACK, WITHDRAW_PATIENCE};
use super::words::{InVain, LastWords, NotTaking};
use super::{Call, Command, Ending, Fact, Leg, LegId, LegState, LineId, Phase, Reaction, Refusal, Screening, Voice, World, seconds, words};
use chrono::{DateTime, Utc};

/// How often a responder who wants to hear the question again gets more time for it.
const MOST_REPEATS: u8 = 3;

impl Call {
    /// Notes the carrier's name for a leg. An attempt that is not wanted any more is stopped as soon as it has one.
    fn learn_line(&mut self, leg: LegId, line: &LineId, out: &mut Reaction) {
        let Some(found) = self.leg_mut(leg) else { return };
        if found.line.is_some() {
            return;
        }
        found.line = Some(line.clone());
        match found.state {
            LegState::LetGo | LegState::Ended => {
                found.state = LegState::LetGo;
                out.commands.push(Command::Cancel { leg, line: line.clone() });
            }
            LegState::Ordered
            | LegState::Unsure
            | LegState::Placed
            | LegState::Ringing
            | LegState::Answered
            | LegState::Accepted
            | LegState::InRoom => {}
        }
    }

    /// A phone that rings or was picked up names its own leg; a line that was looked up may have been another's.
    fn correct_line(&mut self, leg: LegId, line: &LineId) {
        if let Some(found) = self.leg_mut(leg) {
            found.line = Some(line.clone());
        }
    }

    pub(super) fn on_placed(&mut self, leg: LegId, line: &LineId, world: &World<'_>, out: &mut Reaction) {
        self.learn_line(leg, line, out);
        let patience = seconds(self.plan.rules.ring_seconds) + PLACE_PATIENCE;
        let Some(found) = self.leg_mut(leg) else { return };
        match found.state {
            LegState::Ordered | LegState::Unsure => {
                found.state = LegState::Placed;
                found.deadline = Some(world.now + patience);
            }
            LegState::LetGo => found.deadline = Some(world.now + GRACE),
            LegState::Placed | LegState::Ringing | LegState::Answered | LegState::Accepted | LegState::InRoom | LegState::Ended => {}
        }
    }

    pub(super) fn on_refused(&mut self, leg: LegId, why: &Refusal, world: &World<'_>, out: &mut Reaction) {
        let Some(found) = self.leg_mut(leg) else { return };
        let wanted = matches!(found.state, LegState::Ordered | LegState::Unsure);
        let on_its_way = found.state == LegState::LetGo && found.line.is_none();
        if !wanted && !on_its_way {
            return;
        }
        found.state = LegState::Ended;
        found.deadline = None;
        if !wanted {
            return self.settle(world, out);
        }
        let (name, phone) = (found.who.name.clone(), found.who.phone.clone());
        if why.permanent {
            self.ruled_out.insert(phone);
        }
        out.facts.push(Fact::DidNotAccept {
            leg,
            name,
            why: words::refused(why),
        });
        self.go_on(world, out);
    }

    pub(super) fn on_unsure(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        let patience = seconds(self.plan.rules.ring_seconds) + PLACE_PATIENCE;
        let Some(found) = self.leg_mut(leg) else { return };
        let unknown = found.line.is_none();
        let find = Command::Find {
            leg,
            to: found.who.phone.clone(),
            since: found.ordered_at,
        };
        match found.state {
            LegState::Ordered => {
                found.state = LegState::Unsure;
                found.deadline = Some(world.now + patience);
                out.commands.push(find);
            }
            // Let go while on its way: it must still be found, lest it rings for nothing.
            LegState::LetGo if unknown => {
                found.deadline = Some(world.now + GRACE);
                out.commands.push(find);
            }
            LegState::Unsure
            | LegState::Placed
            | LegState::Ringing
            | LegState::Answered
            | LegState::Accepted
            | LegState::InRoom
            | LegState::LetGo
            | LegState::Ended => {}
        }
    }

    pub(super) fn on_ringing(&mut self, leg: LegId, line: &LineId, world: &World<'_>, out: &mut Reaction) {
        self.on_placed(leg, line, world, out);
        self.correct_line(leg, line);
        let patience = seconds(self.plan.rules.ring_seconds) + RING_SLACK;
        let Some(found) = self.leg_mut(leg) else { return };
        if found.state != LegState::Placed {
            return;
        }
        found.state = LegState::Ringing;
        found.deadline = Some(world.now + patience);
        out.facts.push(Fact::Rings {
            leg,
            name: found.who.name.clone(),
        });
    }

    pub(super) fn on_answered(&mut self, leg: LegId, line: &LineId, voice: Option<Voice>, world: &World<'_>, out: &mut Reaction) {
        // A leg answered in the moment of its cancelling is not cut: it hears why it is not needed.
        self.correct_line(leg, line);
        if !self.pick_up(leg, world, out) {
            return;
        }
        let Some(found) = self.leg(leg) else { return };
        match (self.screening(&found.who), voice) {
            (Screening::None, _) | (Screening::MachineDetection, Some(Voice::Human)) => self.accept(leg, world, out),
            (Screening::MachineDetection | Screening::Both, Some(Voice::Machine | Voice::Fax)) => {
                self.not_accepting(leg, NotTaking::Machine, world, out);
            }
            (Screening::Press1, _)
            | (Screening::MachineDetection, Some(Voice::Unknown) | None)
            | (Screening::Both, Some(Voice::Human | Voice::Unknown) | None) => {}
        }
    }

    /// Takes the leg to be answered; says whether its responder is being asked now.
    fn pick_up(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) -> bool {
        let allowed = self.leg(leg).map_or(0, |found| self.accept_seconds(found));
        let patience = seconds(allowed) + ACCEPT_SLACK;
        let Some(found) = self.leg_mut(leg) else { return false };
        match found.state {
            LegState::Ordered | LegState::Unsure | LegState::Placed | LegState::Ringing => {
                found.state = LegState::Answered;
                found.picked_up = true;
                found.deadline = Some(world.now + patience);
                out.facts.push(Fact::PickedUp {
                    leg,
                    name: found.who.name.clone(),
                });
                true
            }
            LegState::Answered => true,
            LegState::LetGo => {
                self.picked_up_late(leg, out);
                false
            }
            LegState::Accepted | LegState::InRoom | LegState::Ended => false,
        }
    }

    pub(super) fn on_detected(&mut self, leg: LegId, voice: Voice, world: &World<'_>, out: &mut Reaction) {
        let Some(found) = self.leg(leg) else { return };
        let counts = match self.screening(&found.who) {
            Screening::Both | Screening::MachineDetection => true,
            Screening::Press1 | Screening::None => false,
        };
        let machine = match voice {
            Voice::Machine | Voice::Fax => true,
            Voice::Human | Voice::Unknown => false,
        };
        if counts && machine && self.leg(leg).is_some_and(|found| found.state == LegState::Answered) {
            self.hang_up(leg, out);
            self.not_accepting(leg, NotTaking::Machine, world, out);
        }
    }

    pub(super) fn on_key(&mut self, leg: LegId, key: char, world: &World<'_>, out: &mut Reaction) {
        if self.on_key_aside(leg, key, world, out) {
            return;
        }
        // A key proves an answer whose own notice may be late.
        if !self.pick_up(leg, world, out) {
            return;
        }
        if key == '1' {
            return self.accept(leg, world, out);
        }
        if key == '2' {
            if let Some(who) = self.leg(leg).map(|found| found.who.clone()) {
                self.ruled_out.insert(who.phone.clone());
                self.declined.extend(who.then.is_some().then_some(who));
            }
            return self.not_accepting(leg, NotTaking::Declined, world, out);
        }
        if key == '3' {
            self.whisper_again(leg);
        }
    }

    /// Who wants to hear it again gets the time for it.
    fn whisper_again(&mut self, leg: LegId) {
        let one_whisper = seconds(self.plan.rules.accept_seconds) / 2;
        let Some(found) = self.leg_mut(leg).filter(|found| found.repeats < MOST_REPEATS) else {
            return;
        };
        found.repeats += 1;
        found.deadline = found.deadline.map(|until| until + one_whisper);
    }

    /// This responder takes the call; everybody else is let go.
    fn accept(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        let has_the_talk = self.is_bringing_in();
        debug_assert!(
            has_the_talk || self.phase == Phase::Searching,
            "only a search has legs that can accept"
        );
        if self.is_acknowledged() {
            return self.acknowledge(leg, world, out);
        }
        let Some(found) = self.leg_mut(leg) else { return };
        let name = found.who.name.clone();
        let taken = LastWords::TakenBy(name.clone());
        out.facts.push(Fact::Accepted { leg, name });
        if let Some(number) = self.rings_a_caller().cloned() {
            return self.ring_caller(leg, &number, world, out);
        }
        let Some(found) = self.leg_mut(leg) else { return };
        found.state = LegState::Accepted;
        found.deadline = None;
        if has_the_talk {
            self.is_on_the_way_to_the_talk(leg, world);
        } else {
            self.phase = Phase::Joining {
                leg,
                until: self.way_in_from(world) + JOIN_PATIENCE,
                inside: false,
            };
        }
        self.let_go_of_all(Leg::is_trying, &taken, world, out);
    }

    pub(super) fn on_joined(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        let waits_inside = matches!(self.phase, Phase::Joining { inside: true, .. });
        let on_the_way = self.is_on_the_way(world);
        let has_company = matches!(self.phase, Phase::Connected { leg: other, .. } if other != leg);
        let Some(found) = self.leg_mut(leg) else { return };
        match found.state {
            // He is in the room and was alone there; that he has come in is no news, and does not bring the caller.
            LegState::Accepted if waits_inside => {}
            LegState::Accepted if has_company => self.joins_in(leg, out),
            LegState::Accepted if on_the_way => self.waits_for_caller(),
            LegState::Accepted => self.connect(leg, world.now, out),
            // The caller is gone, or somebody else has taken the call: nobody is left alone in an empty room.
            LegState::LetGo => self.fetch_out(leg, out),
            LegState::Ordered
            | LegState::Unsure
            | LegState::Placed
            | LegState::Ringing
            | LegState::Answered
            | LegState::InRoom
            | LegState::Ended => {}
        }
    }

    /// The caller is in the room; a responder who is there already has been waiting for him.
    pub(super) fn on_caller_joined(&mut self, world: &World<'_>, out: &mut Reaction) {
        self.in_room_since.get_or_insert(world.now);
        self.note_announced(world);
        if let Phase::Joining { leg, inside: true, .. } = self.phase {
            self.connect(leg, world.now, out);
        }
        self.begin_recording(out);
    }

    /// The responder is in the room before the caller, who still hears the announcement.
    const fn waits_for_caller(&mut self) {
        if let Phase::Joining { inside, .. } = &mut self.phase {
            *inside = true;
        }
    }

    pub(super) fn connect(&mut self, leg: LegId, since: DateTime<Utc>, out: &mut Reaction) {
        let Some(found) = self.leg_mut(leg) else { return };
        found.state = LegState::InRoom;
        found.has_met = true;
        found.deadline = None;
        let name = found.who.name.clone();
        self.phase = Phase::Connected { leg, since };
        out.facts.push(Fact::Connected { name });
        self.begin_recording(out);
    }

    /// A responder is out of the room: the caller has closed it by leaving (or, rarely, time was up), or it was star. Which
    /// of the two notices comes first, his or the caller's, he hears the same.
    pub(super) fn on_left_room(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        if !self.steps_aside(leg, world, out) {
            self.part_with(leg, LastWords::CallerLeft, world, out);
        }
    }

    /// The responder sits in the room and nobody is there: the caller is still on his way, or gone.
    pub(super) fn on_still_waiting(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        if self.leg(leg).is_some_and(|found| found.state == LegState::LetGo) {
            // What should have fetched him out is lost; the caller, when he comes back, is not to meet him.
            return self.fetch_out(leg, out);
        }
        if !self.leg(leg).is_some_and(Leg::has_the_caller) {
            return;
        }
        let Some(((other, since), mut until)) = self.phase.talk().zip(self.phase.together_by()) else {
            return;
        };
        if since.is_some() && (other != leg || self.talk_began().is_some()) {
            // They were together, and are all on their way back.
            self.interrupt(false, world, out);
            until = world.now + JOIN_PATIENCE;
        }
        // They are not together, whatever the notices said.
        self.end_recording(out);
        if let Some(found) = self.leg_mut(leg) {
            found.state = LegState::Accepted;
        }
        self.phase = Phase::Joining { leg, until, inside: true };
        if world.now > until && !self.fetches_the_caller_in(leg, until, world, out) {
            if let Some(line) = self.caller_line.clone() {
                out.commands.push(Command::HangUp { leg: super::CALLER, line });
            }
            self.on_caller_gone(world, out);
        }
    }

    fn fetch_out(&mut self, leg: LegId, out: &mut Reaction) {
        if let Some(line) = self.leg(leg).and_then(|found| found.line.clone()) {
            self.redirect(leg, line, out);
        }
    }

    pub(super) fn on_ended(&mut self, leg: LegId, how: Ending, world: &World<'_>, out: &mut Reaction) {
        let Some(found) = self.leg_mut(leg) else { return };
        let (state, name) = (found.state, found.who.name.clone());
        match state {
            LegState::Ended => {}
            LegState::LetGo => {
                found.state = LegState::Ended;
                found.deadline = None;
                self.settle(world, out);
            }
            LegState::InRoom | LegState::Accepted => {
                self.note_return(world);
                self.part_with(leg, LastWords::ConversationOver, world, out);
                if let Some(found) = self.leg_mut(leg) {
                    found.state = LegState::Ended;
                    found.deadline = None;
                }
                self.settle(world, out);
            }
            LegState::Ordered | LegState::Unsure | LegState::Placed | LegState::Ringing | LegState::Answered => {
                let why = words::ended(state, how).to_owned();
                found.state = LegState::Ended;
                found.deadline = None;
                out.facts.push(Fact::DidNotAccept { leg, name, why });
                self.go_on(world, out);
            }
        }
    }

    /// The responder who had the call is gone from it. The caller's stay in the room ends with that.
    pub(super) fn part_with(&mut self, leg: LegId, farewell: LastWords, world: &World<'_>, out: &mut Reaction) {
        self.note_talk(world);
        let cut_off = self.cut_off_from.is_some();
        let others = self.party().any(|other| other.id != leg);
        let Some(found) = self.leg_mut(leg).filter(|found| found.has_the_caller()) else {
            return;
        };
        let (state, name) = (found.state, found.who.name.clone());
        found.dismiss(farewell, world);
        if others {
            return self.go_on_without(leg, state, world, out);
        }
        let has_begun = self.talk_began().is_some();
        self.end_talk(world, out);
        if state == LegState::Accepted && !has_begun {
            out.facts.push(Fact::DidNotAccept {
                leg,
                name,
                why: words::LOST_ON_THE_WAY.to_owned(),
            });
            self.phase = Phase::Searching;
            return self.go_on(world, out);
        }
        out.facts.push(Fact::Parted { name: name.clone() });
        if cut_off {
            self.ask_for_message(InVain::CutOff, world, out);
        } else {
            self.phase = Phase::Parted {
                name,
                until: world.now + ASK_PATIENCE,
            };
        }
        if state == LegState::Accepted {
            // The caller may wait in the next room already.
            self.redirect_caller(world, out);
        }
    }

    /// This responder does not take the call; the search goes on.
    pub(super) fn not_accepting(&mut self, leg: LegId, why: NotTaking, world: &World<'_>, out: &mut Reaction) {
        let calls_back = self.calling_back().is_some();
        let Some(found) = self.leg_mut(leg) else { return };
        found.dismiss_silently(world);
        found.farewell = why.said().map(|words| if calls_back { LastWords::CallbackNotTaken } else { words });
        out.facts.push(Fact::DidNotAccept {
            leg,
            name: found.who.name.clone(),
            why: why.told().to_owned(),
        });
        self.go_on(world, out);
    }

    pub(super) fn hang_up(&mut self, leg: LegId, out: &mut Reaction) {
        let Some(found) = self.leg_mut(leg) else { return };
        if found.hung_up {
            return;
        }
        if let Some(line) = found.line.clone() {
            found.hung_up = true;
            out.commands.push(Command::HangUp { leg, line });
        }
    }

    /// Lets go of all legs that `which` names; on those that are or will be connected `farewell` is heard.
    pub(super) fn let_go_of_all(&mut self, which: impl Fn(&Leg) -> bool, farewell: &LastWords, world: &World<'_>, out: &mut Reaction) {
        let chosen: Vec<LegId> = self.dialled().filter(|leg| which(leg)).map(|leg| leg.id).collect();
        for leg in chosen {
            self.let_go(leg, farewell, world, out);
        }
    }

    pub(super) fn let_go(&mut self, leg: LegId, farewell: &LastWords, world: &World<'_>, out: &mut Reaction) {
        let Some(found) = self.leg_mut(leg) else { return };
        let (state, line, name) = (found.state, found.line.clone(), found.who.name.clone());
        if matches!(state, LegState::LetGo | LegState::Ended) {
            return;
        }
        found.dismiss(farewell.clone(), world);
        let answered = !matches!(state, LegState::Ordered | LegState::Unsure | LegState::Placed | LegState::Ringing);
        match line {
            None => {
                found.deadline = Some(world.now + if state == LegState::Unsure { GRACE } else { WITHDRAW_PATIENCE });
                out.commands.push(Command::Withdraw { leg });
            }
            Some(line) if answered => self.redirect(leg, line, out),
            Some(line) => out.commands.push(Command::Cancel { leg, line }),
        }
        out.facts.push(Fact::Released {
            leg,
            name,
            why: farewell.told(),
        });
    }
}

impl Leg {
    /// From now on the leg hears only a farewell; if it does not end by itself it is ended.
    pub(super) fn dismiss(&mut self, farewell: LastWords, world: &World<'_>) {
        self.dismiss_silently(world);
        self.farewell = Some(farewell);
    }

    fn dismiss_silently(&mut self, world: &World<'_>) {
        self.farewell = None;
        self.state = LegState::LetGo;
        self.deadline = Some(world.now + GRACE);
    }
}
