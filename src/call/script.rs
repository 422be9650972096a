//! What each leg hears now: a view of the call's state, never an effect.

use super::search::Place;
use super::words::InVain;
use super::{CALLER, Call, Leg, LegId, LegState, Phase, Script, words};

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
                words: words::NO_LONGER_NEEDED.to_owned(),
            },
        }
    }

    /// Whether a leg that sits alone in the room is where it should be. If not, it is worth an
    /// [`super::Event::StillWaiting`].
    #[must_use]
    pub fn may_wait(&self, leg: LegId) -> bool {
        leg == CALLER && self.phase == Phase::Searching
    }

    /// Said to a leg that waits in the room, again and again between pieces of music.
    #[must_use]
    pub fn waiting_words(&self, leg: LegId) -> String {
        if leg != CALLER {
            return "You are being connected to the caller.".to_owned();
        }
        match &self.phase {
            Phase::Searching => self.search_words(),
            Phase::Joining { .. } | Phase::Connected { .. } => "Somebody has taken your call. You are being connected.".to_owned(),
            Phase::Parted { .. } | Phase::Message { .. } | Phase::Farewell { .. } | Phase::Over => "Please stay on the line.".to_owned(),
        }
    }

    fn search_words(&self) -> String {
        let now = match self.search.place {
            Place::Level(index) if self.search.round > 1 => format!("We are trying the {} once more.", person(index)),
            Place::Level(index) => format!("We are ringing the {}.", person(index)),
            Place::AllEngaged(_) => "Everybody on call is talking to other callers. You are next.".to_owned(),
            Place::Settling(_) => "We are trying everybody on call once more.".to_owned(),
            Place::LastResort => "We are ringing somebody who can help you further.".to_owned(),
        };
        format!("{now} Please stay on the line, or press star to leave a message.")
    }

    fn caller_script(&self) -> Script {
        match &self.phase {
            Phase::Searching | Phase::Joining { .. } | Phase::Connected { .. } => {
                let greeting = if self.resumed > 0 {
                    "We are searching again."
                } else {
                    "Thank you for calling."
                };
                Script::Wait {
                    words: format!("{greeting} You are being connected to the person on call."),
                    max_seconds: self
                        .plan
                        .rules
                        .max_wait_seconds
                        .saturating_add(self.plan.rules.max_talk_seconds)
                        .saturating_add(600),
                }
            }
            Phase::Parted { name, .. } => Script::Ask {
                words: format!("{name} has left the call. If you still need help, press 1 and we search again. Otherwise you can hang up."),
            },
            Phase::Message { why, .. } => Script::TakeMessage {
                question: self.question(*why),
                words: format!(
                    "{} Please leave a message after the tone, with your name and number.{} When you are done, press hash or hang up.",
                    why.said(),
                    if self.plan.rules.tell.is_empty() {
                        ""
                    } else {
                        " It is passed on at once."
                    }
                ),
                max_seconds: self.plan.rules.max_message_seconds,
            },
            Phase::Farewell { words, .. } => Script::Goodbye { words: words.clone() },
            Phase::Over => Script::Goodbye {
                words: words::GOODBYE.to_owned(),
            },
        }
    }

    /// Whoever was cut off may rather be put through than leave a message; whoever has been helped hangs up.
    fn question(&self, why: InVain) -> Option<String> {
        let name = self.cut_off_from.as_ref().filter(|_| why == InVain::CutOff)?;
        Some(format!(
            "{name} has left the call after a moment. If you still need help, press 1 and we search again. Otherwise you can hang up, or stay on the line to leave a message."
        ))
    }

    fn responder_script(&self, leg: &Leg) -> Script {
        match leg.state {
            LegState::Ordered | LegState::Unsure | LegState::Placed | LegState::Ringing | LegState::Answered => Script::Whisper {
                words: format!(
                    "This is the hotline {}, with a call from {}. You are {}. Press 1 to take the call, or 2 to pass it on.",
                    self.plan.hotline,
                    words::caller(self.from.as_ref()),
                    Self::why_him(leg)
                ),
                accept_seconds: self.plan.rules.accept_seconds,
            },
            LegState::Accepted | LegState::InRoom => Script::Join {
                words: "Thank you. You are being connected.".to_owned(),
                max_seconds: self.plan.rules.max_talk_seconds,
            },
            LegState::LetGo | LegState::Ended if leg.farewell.is_empty() => Script::Goodbye { words: String::new() },
            LegState::LetGo | LegState::Ended => Script::Goodbye {
                words: format!("{} Goodbye.", leg.farewell),
            },
        }
    }

    fn why_him(leg: &Leg) -> String {
        leg.level
            .map_or_else(|| "the last resort, because nobody on call has accepted".to_owned(), words::place)
    }
}

fn person(index: usize) -> String {
    let place = words::place(index);
    place
        .strip_suffix(" on call")
        .map_or_else(|| place.clone(), |ordinal| format!("{ordinal} person on call"))
}
