//! What each leg hears now: a view of the call's state, never an effect.

use super::search::Place;
use super::words::{InVain, LastWords};
use super::{CALLER, Call, Leg, LegId, LegState, Origin, Outcome, Phase, Question, Rebuff, Script, Wanted};
use crate::phrases::{Language, Phrase, Speech};

/// How much longer than waiting and talking usually may, a stay may be, in seconds.
const LONGER: u32 = 600;

impl Call {
    /// What this leg hears now. Asked twice in the same state, the answer is the same.
    #[must_use]
    pub fn script(&self, leg: LegId) -> Script {
        if leg == CALLER {
            return self.caller_script();
        }
        match self.leg(leg) {
            Some(found) => self.responder_script(found),
            None => Script::Goodbye {
                words: LastWords::NotNeeded.said(self.language()),
            },
        }
    }

    /// Whether a leg that sits alone in the room is where it should be. If not, it is worth an
    /// [`super::Event::StillWaiting`].
    #[must_use]
    pub fn may_wait(&self, leg: LegId) -> bool {
        let is_right = self.phase == Phase::Searching && self.caller_line.is_some() && !self.is_announced_to();
        leg == CALLER && is_right || self.waits_for_called(leg)
    }

    /// Said to a leg that waits in the room, again and again between pieces of music.
    #[must_use]
    pub fn waiting_words(&self, leg: LegId) -> String {
        self.words_in_line(leg, None)
    }

    /// The same, and the place in the line, where it is to be told.
    #[must_use]
    pub fn words_in_line(&self, leg: LegId, place: Option<u32>) -> String {
        if leg != CALLER {
            let rings = matches!(self.phase, Phase::RingingBack { .. });
            let words = if rings { Phrase::CallerIsRung } else { Phrase::CallerIsComing };
            return self.language().say(words);
        }
        match &self.phase {
            Phase::Searching => {
                let place = place.filter(|_| self.waits_in_line()).map(Phrase::InLine);
                let words: Vec<Phrase<'_>> = [self.search_phrase()]
                    .into_iter()
                    .chain(place)
                    .chain([Phrase::StayOrPressStar])
                    .collect();
                self.language().say_all(&words)
            }
            Phase::Joining { .. } | Phase::Connected { .. } if self.talk_began().is_some() => self.language().say(Phrase::PleaseStay),
            Phase::Joining { .. } | Phase::Connected { .. } => self.language().say(Phrase::SomebodyHasTakenIt),
            // What comes next is not heard in the room, and we cannot fetch him out of it. Star leads him out.
            // He may not have heard a word yet.
            Phase::Parted { .. } | Phase::Menu { .. } | Phase::Message { .. } => self.opened(self.language().say(Phrase::PressStarToGoOn)),
            Phase::RingingBack { .. } | Phase::Farewell { .. } | Phase::Makeshift { .. } | Phase::Resting { .. } | Phase::Over => {
                self.language().say(Phrase::PleaseStay)
            }
        }
    }

    fn search_phrase(&self) -> Phrase<'static> {
        match self.search.place {
            Place::Level(rung) => match self.plan.place(self.plan.level_of(rung)) {
                Some(place) if self.search.round > 1 => Phrase::RingingAgain(place),
                Some(place) => Phrase::Ringing(place),
                None => Phrase::RingingAcquaintance,
            },
            Place::AllEngaged(_) => Phrase::AllEngaged,
            Place::Settling(_) => Phrase::TryingAllAgain,
            Place::LastResort => Phrase::RingingLastResort,
        }
    }

    fn caller_script(&self) -> Script {
        let language = self.language();
        match &self.origin {
            Origin::Caller => {}
            Origin::Callback(_) | Origin::Through(_) => return self.called_script(),
            Origin::Incident(_) | Origin::Text(_) => {
                return Script::Goodbye {
                    words: LastWords::Goodbye.said(language),
                };
            }
        }
        match &self.phase {
            Phase::Makeshift {
                outcome: Outcome::Recorded,
                ..
            } => Script::Goodbye {
                words: LastWords::MessageTaken.said(language),
            },
            // Whoever asks here is back, and is searched for anew as soon as he is in the room.
            Phase::Searching | Phase::Joining { .. } | Phase::Connected { .. } | Phase::Makeshift { .. } => Script::Wait {
                announcement: self.announcement(),
                words: self.first_words(),
                max_seconds: self.longest_stay(),
                // In the middle of a talk it would only interrupt that again.
                star: self.talk_began().is_none(),
            },
            Phase::Parted { name, .. } => Script::Ask {
                words: language.say(Phrase::ResponderLeft(name)),
            },
            Phase::Menu { menu, .. } => self.menu_script(menu),
            Phase::Message { why, .. } => Script::TakeMessage {
                question: self.question(*why),
                words: self.opened(self.message_words(*why)),
                max_seconds: self.plan.rules.max_message_seconds,
                transcribed: self.plan.rules.transcribe_messages,
            },
            Phase::Farewell {
                words: LastWords::TurnedAway(Rebuff::Nothing),
                ..
            } => Script::Reject,
            Phase::Farewell { words, .. } => Script::Goodbye {
                words: self.opened(words.said(language)),
            },
            Phase::RingingBack { .. } | Phase::Resting { .. } | Phase::Over => Script::Goodbye {
                words: LastWords::Goodbye.said(language),
            },
        }
    }

    /// How long waiting and talking may take together, and some more.
    pub(super) fn longest_stay(&self) -> u32 {
        let rules = &self.plan.rules;
        rules.max_wait_seconds.saturating_add(rules.max_talk_seconds).saturating_add(LONGER)
    }

    /// The operator's own greeting stands in place of ours.
    fn first_words(&self) -> String {
        let language = self.language();
        if self.talk_began().is_some() {
            return language.say(Phrase::OneMoment);
        }
        if self.resumed > 0 {
            return language.say_all(&[Phrase::SearchingAgain, Phrase::BeingConnected]);
        }
        let ours = || language.say_all(&[Phrase::Greeting, Phrase::BeingConnected]);
        let greeting = if self.plan.welcome.leads_to_the_last_resort() {
            // The person on call is not rung; whom we ring is said while the caller waits.
            String::new()
        } else {
            self.plan.rules.words.greeting.clone().unwrap_or_else(ours)
        };
        let not_recorded = self.refuses_recording().then(|| language.say(Phrase::NotRecorded));
        // Each on a line of its own: the operator's words may begin with an address.
        let words: Vec<String> = not_recorded.into_iter().chain([greeting]).collect();
        self.opened(words.join("\n")).trim_end().to_owned()
    }

    fn message_words(&self, why: InVain) -> String {
        self.after_why(why, &self.language().say(self.leave_message()))
    }

    /// Why nobody has the call, then what can be done.
    pub(super) fn after_why(&self, why: InVain, then: &str) -> String {
        match why {
            // The operator's words may end with an address, which stands on a line of its own.
            InVain::Closed => format!("{}\n{then}", self.closed_words()),
            InVain::NobodyOnCall
            | InVain::NobodyAccepted
            | InVain::AllAway
            | InVain::WaitedTooLong
            | InVain::LastResortDidNotAccept
            | InVain::LeftTheQueue
            | InVain::TooManySearches
            | InVain::TooManyCalls
            | InVain::Crowded
            | InVain::CutOff => format!("{} {then}", self.language().say(why.said())),
        }
    }

    /// Whoever was cut off may rather be put through than leave a message; whoever has been helped hangs up.
    fn question(&self, why: InVain) -> Option<Question> {
        let name = self.cut_off_from.as_ref().filter(|_| why == InVain::CutOff)?;
        Some(Question {
            words: self.language().say(Phrase::ResponderLeftAtOnce(name)),
            wanted: Wanted::Key,
            times: 1,
        })
    }

    pub(super) fn leave_message(&self) -> Phrase<'static> {
        Phrase::LeaveMessage {
            passed_on: !self.plan.rules.tell.is_empty(),
        }
    }

    fn responder_script(&self, leg: &Leg) -> Script {
        let language = self.language();
        match leg.state {
            LegState::Ordered | LegState::Unsure | LegState::Placed | LegState::Ringing | LegState::Answered => Script::Whisper {
                words: self.whisper(leg),
                accept_seconds: self.accept_seconds(leg),
            },
            LegState::Accepted | LegState::InRoom => self.talk_script(leg),
            LegState::LetGo | LegState::Ended => Script::Goodbye {
                words: leg.farewell.as_ref().map(|words| words.said(language)).unwrap_or_default(),
            },
        }
    }

    /// The first that a responder hears who has taken the call, before the room.
    pub(super) const fn welcome_in(&self) -> Option<Phrase<'static>> {
        match &self.origin {
            Origin::Caller | Origin::Incident(_) | Origin::Text(_) => Some(Phrase::ThankYou),
            Origin::Callback(_) => Some(Phrase::RingingCaller),
            // He hears it in the room: whoever hangs up there is told of.
            Origin::Through(_) => None,
        }
    }

    /// How the call speaks to everybody.
    #[must_use]
    pub fn speech(&self) -> Speech {
        self.plan.rules.speech()
    }

    pub(super) fn language(&self) -> Language {
        self.plan.rules.language
    }
}
