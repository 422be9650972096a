//! The people on the phones: what somebody does when his phone rings, when he hears a question or a tone, and
//! when he talks. A habit is what a test or the demo page chooses; its delays are drawn once for each leg.
//! Knows nothing of TwiML, rooms or the web.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// A stretch of time in milliseconds, drawn evenly between two bounds (both included).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delay {
    /// The shortest, in milliseconds.
    pub least_ms: u32,
    /// The longest, in milliseconds.
    pub most_ms: u32,
}

impl Delay {
    /// Always this many seconds.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self::millis(seconds * 1000)
    }

    /// Always this many milliseconds.
    #[must_use]
    pub const fn millis(ms: u32) -> Self {
        Self { least_ms: ms, most_ms: ms }
    }

    /// Between two numbers of milliseconds.
    #[must_use]
    pub const fn between(least_ms: u32, most_ms: u32) -> Self {
        Self { least_ms, most_ms }
    }

    pub(super) fn draw(self, rng: &mut ChaCha8Rng) -> u32 {
        if self.least_ms >= self.most_ms {
            self.least_ms
        } else {
            rng.random_range(self.least_ms..=self.most_ms)
        }
    }
}

/// What a responder does when his phone rings. Delays called `after` run from the first ring to the pick-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "habit", rename_all = "snake_case")]
pub enum Habit {
    /// Picks up, hears the whisper out, presses 1, talks, and hangs up after `talk` (never, where none).
    Accepts {
        /// Until the pick-up.
        after: Delay,
        /// How long he talks before he hangs up.
        talk: Option<Delay>,
    },
    /// Presses 1 while the whisper is still speaking.
    AcceptsAtOnce {
        /// Until the pick-up.
        after: Delay,
        /// How long he talks before he hangs up.
        talk: Option<Delay>,
    },
    /// Picks up in the moment in which the ringing is being stopped, and presses 1.
    AcceptsLate,
    /// Lets it ring.
    Ignores,
    /// The line is in use.
    Busy,
    /// Presses the red button.
    Rejects {
        /// Until he does.
        after: Delay,
    },
    /// A machine picks up, speaks, records; it never presses a key.
    Voicemail {
        /// Until the pick-up.
        after: Delay,
        /// How long the greeting is.
        greeting: Delay,
    },
    /// A call-screening assistant picks up and speaks; the owner takes over after `screening` and presses 1.
    CallScreening {
        /// Until the pick-up.
        after: Delay,
        /// Until the owner is on the line.
        screening: Delay,
    },
    /// A call-screening assistant listens to the question and shows it to the owner, who presses 1 in the middle of the second time.
    AssistantListens {
        /// Until the assistant picks up.
        after: Delay,
    },
    /// Presses this key first, and 1 when asked again.
    WrongKey {
        /// Until the pick-up.
        after: Delay,
        /// The wrong key.
        key: char,
    },
    /// Picks up and presses 2.
    Declines {
        /// Until the pick-up.
        after: Delay,
    },
    /// Picks up and presses nothing.
    PressesNothing {
        /// Until the pick-up.
        after: Delay,
    },
    /// Picks up and hangs up a while later without a key.
    HangsUp {
        /// Until the pick-up.
        after: Delay,
        /// From the pick-up on; short is before the whisper, long is in the middle of it or after it.
        listens: Delay,
    },
    /// Presses 1 and is gone in the moment in which he joins the caller.
    DropsWhileJoining {
        /// Until the pick-up.
        after: Delay,
    },
    /// Accepts, and presses star after having talked for a while, once.
    StepsAside {
        /// Until the pick-up.
        after: Delay,
        /// How long he talks before he presses star.
        star: Delay,
        /// What he does when he is asked then.
        then: AtStar,
        /// How long he talks before he hangs up, each time.
        talk: Option<Delay>,
    },
    /// The phone is off: the call fails.
    Unreachable,
    /// No such number: the carrier refuses the order.
    InvalidNumber,
}

impl Habit {
    /// A choice of habits for people who rehearse, each with a short name and what it looks like to them.
    #[must_use]
    pub const fn choices() -> [(&'static str, &'static str, Self); 11] {
        let after = Delay::between(3_000, 6_000);
        let talk = Some(Delay::between(15_000, 25_000));
        [
            ("accepts", "answers and presses 1", Self::Accepts { after, talk }),
            ("declines", "answers and presses 2", Self::Declines { after }),
            ("ignores", "does not answer", Self::Ignores),
            (
                "voicemail",
                "voicemail answers",
                Self::Voicemail {
                    after,
                    greeting: Delay::between(5_000, 12_000),
                },
            ),
            ("busy", "is busy", Self::Busy),
            ("rejects", "rejects the call", Self::Rejects { after }),
            ("presses-nothing", "answers and presses nothing", Self::PressesNothing { after }),
            ("wrong-key", "presses a wrong key, then 1", Self::WrongKey { after, key: '9' }),
            (
                "hangs-up",
                "answers and hangs up",
                Self::HangsUp {
                    after,
                    listens: Delay::between(500, 4_000),
                },
            ),
            (
                "screening",
                "a call-screening assistant answers first",
                Self::CallScreening {
                    after,
                    screening: Delay::between(4_000, 8_000),
                },
            ),
            ("unreachable", "the phone is off", Self::Unreachable),
        ]
    }
}

/// What a responder does who has pressed star in the middle of a talk and is asked what he wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtStar {
    /// Presses 2: the next one is to come.
    BringsIn,
    /// Presses 1: back to the caller.
    GoesBack,
    /// Nothing.
    Silent,
    /// Hangs up.
    HangsUp,
}

/// What a caller does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallerHabit {
    /// Hangs up after waiting so long (while he does not talk); waits for ever, where none.
    pub patience: Option<Delay>,
    /// Presses star so long after dialling.
    pub star: Option<Delay>,
    /// Hangs up after having talked so long; never, where none.
    pub talk: Option<Delay>,
    /// The keys that he presses at the first questions, where a menu is asked before all else.
    pub menu: AtMenu,
    /// What he does while he hears that he may be recorded.
    #[serde(default)]
    pub announcement: AtAnnouncement,
    /// What he does at a question that wants a key.
    pub question: AtQuestion,
    /// What he does at the tone.
    pub tone: AtTone,
}

/// What a caller does at a menu that comes before the call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtMenu {
    /// He expects none: it is a question like any other.
    #[default]
    Unexpected,
    /// Presses this key when first asked.
    Presses(char),
    /// Is asked twice: the keys, where he presses one.
    AskedTwice(Option<char>, Option<char>),
}

/// What a caller does while it is announced that he may be recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtAnnouncement {
    /// He expects none: it is a question like any other.
    #[default]
    Unexpected,
    /// Hears it out.
    Listens,
    /// Presses this key after having heard it; what comes then he hears out.
    Presses(char),
    /// Presses this key in the middle of it; what comes then he hears out.
    Interrupts(char),
}

/// What a caller does when a key is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtQuestion {
    /// Nothing.
    #[default]
    Silent,
    /// Presses this key each time after having heard the question.
    Presses(char),
    /// Presses this key at the first question and nothing later.
    PressesOnce(char),
    /// Wants to be called back elsewhere: 2, this number and hash, 1.
    TypesNumber(u64),
    /// The same, after a number that he has mistyped.
    MistypesNumber(u64, u64),
    /// Wants to wait on, then to be called back: 9, then 1.
    WaitsOnThenAsks,
    /// Hangs up when he hears the question.
    HangsUp,
}

/// What a caller does at the tone of a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtTone {
    /// Hangs up without a word.
    #[default]
    HangsUp,
    /// Speaks so many seconds, then hangs up.
    Speaks(u32),
    /// Speaks so many seconds, then presses the hash key.
    SpeaksThenHash(u32),
    /// Speaks so many seconds and then is silent.
    SpeaksThenWaits(u32),
    /// Says nothing and stays on the line.
    Silent,
}

/// How somebody answers his phone; milliseconds from the first ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answering {
    After(u32),
    WhenStopped,
    Never,
    Busy,
    RejectsAfter(u32),
    Unreachable,
}

/// A habit with its delays drawn: what one person does on one leg.
#[derive(Clone, Debug)]
pub(super) struct Manners {
    pub(super) answering: Answering,
    /// A machine's voice is the first that is heard, for so long.
    pub(super) machine_ms: Option<u32>,
    /// After the pick-up, until somebody who can press keys is on the line.
    pub(super) present_after_ms: u32,
    /// What he does at the first questions, before the keys below.
    pub(super) first_keys: Vec<Option<char>>,
    /// What is pressed at the questions to come; the last one is kept.
    pub(super) keys: Vec<String>,
    pub(super) keys_asked: usize,
    pub(super) repeats_last_key: bool,
    /// Presses in the middle of the question instead of after it.
    pub(super) interrupts: bool,
    /// Does so at the first key that he presses, and not later.
    pub(super) interrupts_first: bool,
    /// From hearing the question out to the key.
    pub(super) reaction_ms: u32,
    pub(super) hangs_up_at_question: bool,
    pub(super) hangs_up_after_answer_ms: Option<u32>,
    pub(super) drops_while_joining: bool,
    pub(super) talk_ms: Option<u32>,
    pub(super) patience_ms: Option<u32>,
    pub(super) star_ms: Option<u32>,
    /// Presses star once after having talked so long, and what he does then.
    pub(super) aside: Option<(u32, AtStar)>,
    /// What he does when he is asked in the middle of a talk.
    pub(super) at_star: Option<AtStar>,
    pub(super) tone: AtTone,
}

/// After any other key than 0 and star the same is said again.
fn said_again_after(key: char) -> impl Iterator<Item = Option<char>> {
    let again = (!matches!(key, '0' | '*')).then_some(None);
    std::iter::once(Some(key)).chain(again)
}

/// A voicemail box stops recording after this time.
const LONGEST_VOICEMAIL_MS: u32 = 120_000;

impl Manners {
    fn silent(answering: Answering) -> Self {
        Self {
            answering,
            machine_ms: None,
            present_after_ms: 0,
            first_keys: Vec::new(),
            keys: Vec::new(),
            keys_asked: 0,
            repeats_last_key: true,
            interrupts: false,
            interrupts_first: false,
            reaction_ms: 600,
            hangs_up_at_question: false,
            hangs_up_after_answer_ms: None,
            drops_while_joining: false,
            talk_ms: None,
            patience_ms: None,
            star_ms: None,
            aside: None,
            at_star: None,
            tone: AtTone::HangsUp,
        }
    }

    fn pressing(answering: Answering, keys: &[char]) -> Self {
        Self {
            keys: keys.iter().map(ToString::to_string).collect(),
            ..Self::silent(answering)
        }
    }

    /// What the owner of a phone does on one leg.
    pub(super) fn of_responder(habit: Habit, rng: &mut ChaCha8Rng) -> Self {
        let picks_up = |after: Delay, rng: &mut ChaCha8Rng| Answering::After(after.draw(rng));
        match habit {
            Habit::Accepts { after, talk } => Self {
                talk_ms: talk.map(|t| t.draw(rng)),
                ..Self::pressing(picks_up(after, rng), &['1'])
            },
            Habit::AcceptsAtOnce { after, talk } => Self {
                talk_ms: talk.map(|t| t.draw(rng)),
                interrupts: true,
                ..Self::pressing(picks_up(after, rng), &['1'])
            },
            Habit::AcceptsLate => Self::pressing(Answering::WhenStopped, &['1']),
            Habit::Ignores | Habit::InvalidNumber => Self::silent(Answering::Never),
            Habit::Busy => Self::silent(Answering::Busy),
            Habit::Rejects { after } => Self::silent(Answering::RejectsAfter(after.draw(rng))),
            Habit::Voicemail { after, greeting } => {
                let greeting = greeting.draw(rng);
                Self {
                    machine_ms: Some(greeting),
                    hangs_up_after_answer_ms: Some(greeting.saturating_add(LONGEST_VOICEMAIL_MS)),
                    ..Self::silent(picks_up(after, rng))
                }
            }
            Habit::CallScreening { after, screening } => {
                let screening = screening.draw(rng);
                Self {
                    machine_ms: Some(screening),
                    present_after_ms: screening,
                    ..Self::pressing(picks_up(after, rng), &['1'])
                }
            }
            Habit::AssistantListens { after } => Self {
                first_keys: vec![None],
                interrupts: true,
                ..Self::pressing(picks_up(after, rng), &['1'])
            },
            Habit::WrongKey { after, key } => Self::pressing(picks_up(after, rng), &[key, '1']),
            Habit::Declines { after } => Self::pressing(picks_up(after, rng), &['2']),
            Habit::PressesNothing { after } => Self::silent(picks_up(after, rng)),
            Habit::HangsUp { after, listens } => Self {
                hangs_up_after_answer_ms: Some(listens.draw(rng)),
                ..Self::silent(picks_up(after, rng))
            },
            Habit::DropsWhileJoining { after } => Self {
                drops_while_joining: true,
                ..Self::pressing(picks_up(after, rng), &['1'])
            },
            Habit::StepsAside { after, star, then, talk } => Self {
                aside: Some((star.draw(rng), then)),
                talk_ms: talk.map(|t| t.draw(rng)),
                ..Self::pressing(picks_up(after, rng), &['1'])
            },
            Habit::Unreachable => Self::silent(Answering::Unreachable),
        }
    }

    /// What a caller does.
    pub(super) fn of_caller(habit: CallerHabit, rng: &mut ChaCha8Rng) -> Self {
        let mut manners = Self::silent(Answering::Never);
        manners.patience_ms = habit.patience.map(|delay| delay.draw(rng));
        manners.star_ms = habit.star.map(|delay| delay.draw(rng));
        manners.talk_ms = habit.talk.map(|delay| delay.draw(rng));
        manners.tone = habit.tone;
        manners.first_keys = match habit.menu {
            AtMenu::Unexpected => Vec::new(),
            AtMenu::Presses(key) => vec![Some(key)],
            AtMenu::AskedTwice(first, second) => vec![first, second],
        };
        match habit.announcement {
            AtAnnouncement::Unexpected => {}
            AtAnnouncement::Listens => manners.first_keys.push(None),
            AtAnnouncement::Presses(key) => manners.first_keys.extend(said_again_after(key)),
            AtAnnouncement::Interrupts(key) => {
                manners.first_keys.extend(said_again_after(key));
                manners.interrupts_first = true;
            }
        }
        match habit.question {
            AtQuestion::Silent => {}
            AtQuestion::Presses(key) => manners.keys.push(key.to_string()),
            AtQuestion::PressesOnce(key) => {
                manners.keys.push(key.to_string());
                manners.repeats_last_key = false;
            }
            AtQuestion::TypesNumber(number) => manners.answers(&["2", &format!("{number}#"), "1"]),
            AtQuestion::MistypesNumber(wrong, number) => manners.answers(&["2", &format!("{wrong}#"), &format!("{number}#"), "1"]),
            AtQuestion::WaitsOnThenAsks => manners.answers(&["9", "1"]),
            AtQuestion::HangsUp => manners.hangs_up_at_question = true,
        }
        manners
    }

    /// One after the other, and nothing afterwards.
    fn answers(&mut self, keys: &[&str]) {
        self.keys = keys.iter().map(|keys| (*keys).to_owned()).collect();
        self.repeats_last_key = false;
    }

    /// The keys for the question that is heard now.
    pub(super) fn next_keys(&mut self) -> Option<String> {
        if !self.first_keys.is_empty() {
            return self.first_keys.remove(0).map(String::from);
        }
        let asked = self.keys_asked;
        self.keys_asked += 1;
        match self.keys.get(asked) {
            Some(keys) => Some(keys.clone()),
            None if self.repeats_last_key => self.keys.last().cloned(),
            None => None,
        }
    }
}
