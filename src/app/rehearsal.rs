//! Test calls: who is on the simulated network, what each does, and what everybody hears.

use super::scenarios::{ACCEPTS, SCENARIOS, Scenario};
use crate::call::{CallId, HotlineName, LineId};
use crate::clock::Clock;
use crate::roster::{OnCall, Phone, Responder};
use crate::simulator::server::Simulator;
use crate::simulator::{self, AtQuestion, AtTone, CallerHabit, Delay, Habit, Line, PhoneNetwork, Sound};
use crate::store::Store;
use crate::twilio::address::Place;
use crate::web::{Choice, Heard, TestCall, TestLine, TestPerson};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// Where test calls come from; set aside for fiction, and in no rota of ours.
const CALLER: &str = "+61491570737";
/// How often we listen to what people hear.
const LISTEN_EVERY: TimeDelta = TimeDelta::milliseconds(50);
/// Shorter silences, between one sentence and the next or while a key is waited for, are not worth a line.
const SHORT_SILENCE: TimeDelta = TimeDelta::seconds(8);
/// How long a call may need until it is taken in.
const TAKEN_IN_WITHIN: TimeDelta = TimeDelta::seconds(5);
/// What one call may make people hear at most; more is not shown.
const LONGEST_RECORD: usize = 2_000;

/// What somebody heard in a test call.
pub type PersonHeard = Heard;

/// Calls on a simulated network.
pub struct Rehearsal {
    simulator: Simulator,
    store: Store,
    hotline: HotlineName,
    number: Phone,
    voice: Line,
    text_url: String,
    pace: u32,
    clock: Clock,
    latest: Mutex<Latest>,
    /// Who was on call a moment ago, for the page.
    people: Mutex<Vec<Responder>>,
    heard: broadcast::Sender<Heard>,
    stop: CancellationToken,
}

/// The latest test call.
#[derive(Default)]
struct Latest {
    call: Option<CallId>,
    caller_sid: String,
    /// How many legs the network had before it.
    legs_before: usize,
    /// By number: who listens there.
    names: BTreeMap<String, String>,
    /// By leg: how much of what is worth telling is noted.
    noted: BTreeMap<String, usize>,
    record: Vec<Heard>,
}

impl Rehearsal {
    pub(super) fn new(
        simulator: Simulator,
        store: Store,
        hotline: HotlineName,
        number: Phone,
        base: &str,
        pace: u32,
        clock: Clock,
    ) -> Arc<Self> {
        // Who has asked to be called back can be.
        simulator.set_habit(
            CALLER,
            Habit::Accepts {
                after: Delay::between(3_000, 6_000),
                talk: Some(Delay::between(15_000, 25_000)),
            },
        );
        let mut voice = Line::to(&format!("{base}{}", Place::Voice));
        voice.status_callback = Some(format!("{base}{}", Place::LineStatus));
        let rehearsal = Arc::new(Self {
            simulator,
            store,
            hotline,
            number,
            voice,
            text_url: format!("{base}{}", Place::Text),
            pace,
            clock,
            latest: Mutex::default(),
            people: Mutex::default(),
            heard: broadcast::channel(LONGEST_RECORD).0,
            stop: CancellationToken::new(),
        });
        tokio::spawn(listen(Arc::clone(&rehearsal)));
        rehearsal
    }

    pub(super) fn stop(&self) {
        self.stop.cancel();
    }

    /// The network underneath.
    #[must_use]
    pub const fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Who is on call now, in the order of ringing, and then the last resort.
    ///
    /// # Errors
    /// In words, where there is no rota yet.
    pub async fn on_call(&self) -> Result<Vec<Responder>, String> {
        let rota = self.store.rota(&self.hotline).await.map_err(|error| error.to_string())?;
        let rota = rota.ok_or("the rota has not been read yet")?;
        let levels = match rota.roster.on_call(self.clock.now()) {
            OnCall::Duty(duty) => duty.levels.as_slice(),
            OnCall::Gap { .. } => &[],
        };
        let people = levels
            .iter()
            .flat_map(|level| level.responders.iter())
            .chain(&rota.roster.last_resort);
        Ok(people.map(|who| Responder::clone(who)).collect())
    }

    /// Plays a ready-made call.
    ///
    /// # Errors
    /// In words, such as that another call is still going on.
    pub async fn play(&self, scenario: &Scenario) -> Result<CallId, String> {
        let people = self.on_call().await?;
        let habits = people
            .iter()
            .enumerate()
            .map(|(n, who)| (who.clone(), scenario.habits.get(n).copied().unwrap_or(ACCEPTS)))
            .collect();
        self.ring(habits, patient_caller()).await
    }

    /// Somebody texts the hotline. Gives the carrier's name of the text.
    ///
    /// # Errors
    /// In words, where the hotline is not on this machine.
    pub fn text(&self, from: &str, body: &str) -> Result<String, String> {
        let sent = self.simulator.text_in(from, self.number.address(), &self.text_url, body);
        sent.map_err(|error| error.to_string())
    }

    /// The carrier brings a text once more.
    ///
    /// # Errors
    /// In words, where the hotline is not on this machine.
    pub fn text_again(&self, from: &str, body: &str, sid: &str) -> Result<(), String> {
        let sent = self.simulator.text_again(from, self.number.address(), &self.text_url, body, sid);
        sent.map_err(|error| error.to_string())
    }

    /// Somebody dials the hotline from this number, whatever else goes on.
    ///
    /// # Errors
    /// In words, where the hotline is not on this machine.
    pub fn dial_from(&self, from: &str, caller: CallerHabit) -> Result<String, String> {
        let dialled = self.simulator.dial_in(Some(from), self.number.address(), &self.voice, caller);
        dialled.map_err(|error| error.to_string())
    }

    /// Somebody dials the hotline, and these people have these habits; everybody else accepts.
    ///
    /// # Errors
    /// In words, such as that another call is still going on.
    pub async fn ring(&self, habits: Vec<(Responder, Habit)>, caller: CallerHabit) -> Result<CallId, String> {
        if !self.simulator.leftovers().legs.is_empty() {
            return Err(
                "A test call is still going on. The next one can be placed as soon as it is over and everybody has hung up.".to_owned(),
            );
        }
        for (who, habit) in &habits {
            self.simulator.set_habit(who.phone.address(), *habit);
        }
        let legs_before = self.simulator.look(|network| network.sids().len());
        let dialled = self.simulator.dial_in(Some(CALLER), self.number.address(), &self.voice, caller);
        let caller_sid = dialled.map_err(|error| error.to_string())?;
        let names = habits
            .into_iter()
            .map(|(who, habit)| (who.phone.address().to_owned(), listener(&who.name, &habit)))
            .collect();
        *self.latest() = Latest {
            caller_sid: caller_sid.clone(),
            legs_before,
            names,
            ..Latest::default()
        };
        let call = self.taken_in(&LineId(caller_sid)).await?;
        self.latest().call = Some(call);
        Ok(call)
    }

    async fn taken_in(&self, line: &LineId) -> Result<CallId, String> {
        let deadline = self.clock.now() + TAKEN_IN_WITHIN;
        loop {
            match self.store.call_by_line(line).await {
                Ok(Some(call)) => return Ok(call),
                Ok(None) if self.clock.now() < deadline => self.clock.sleep_until(self.clock.now() + TimeDelta::milliseconds(5)).await,
                Ok(None) => return Err("The call was placed, and the service has not taken it in.".to_owned()),
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    /// Never held over an await.
    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what people have begun to hear since the last time.
    fn note(&self) {
        let now = self.clock.now();
        let mut latest = self.latest();
        // What is heard before the call is known is not lost: it is noted as soon as it is.
        let Some(call) = latest.call else { return };
        let sids: Vec<String> = self.simulator.look(|network| {
            network
                .sids()
                .iter()
                .skip(latest.legs_before)
                .map(|sid| (*sid).to_owned())
                .collect()
        });
        for sid in sids {
            let is_caller = sid == latest.caller_sid;
            let heard = worth_telling(self.simulator.heard(&sid), self.simulator.look(PhoneNetwork::now), is_caller);
            let noted = latest.noted.insert(sid.clone(), heard.len()).unwrap_or(0);
            let number = self
                .simulator
                .look(|network| network.number_of(&sid).unwrap_or_default().to_owned());
            let who = if is_caller {
                "The caller".to_owned()
            } else {
                latest.name_of(&number)
            };
            for sound in heard.into_iter().skip(noted) {
                let (what, is_speech) = latest.in_words(sound);
                let heard = Heard {
                    call,
                    who: who.clone(),
                    is_caller,
                    at: now,
                    what,
                    is_speech,
                };
                if latest.record.len() < LONGEST_RECORD {
                    latest.record.push(heard.clone());
                }
                // Nobody may be listening.
                let _ = self.heard.send(heard);
            }
        }
    }
}

impl Latest {
    fn name_of(&self, number: &str) -> String {
        if number == CALLER {
            return "the caller".to_owned();
        }
        self.names.get(number).cloned().unwrap_or_else(|| "somebody".to_owned())
    }

    /// What it was, and whether these are words that were said.
    fn in_words(&self, told: Told) -> (String, bool) {
        let sound = match told {
            Told::Again => return ("the same words again".to_owned(), false),
            Told::New(Sound::Said(words)) => return (words, true),
            Told::New(sound) => sound,
        };
        let what = match sound {
            Sound::Ring => "ringing".to_owned(),
            Sound::Silence => "silence".to_owned(),
            Sound::Said(words) => words,
            Sound::Music(_) => "music".to_owned(),
            Sound::Beep => "a beep".to_owned(),
            Sound::Voice(number) => format!("the voice of {}", self.name_of(&number)),
            Sound::Recording => "nothing: it is the caller's turn to speak".to_owned(),
        };
        (what, false)
    }
}

/// Who listens at the phone of somebody with this habit.
fn listener(name: &str, habit: &Habit) -> String {
    if matches!(habit, Habit::Voicemail { .. }) {
        format!("{name}’s voicemail")
    } else {
        name.to_owned()
    }
}

/// Something heard that is worth a line.
enum Told {
    New(Sound),
    /// The words that were said to this leg last.
    Again,
}

/// Without silences that were soon over, or may yet be, and without the ringing of a responder's own phone: the story
/// says that it rings.
fn worth_telling(heard: Vec<simulator::Heard>, now: DateTime<Utc>, is_caller: bool) -> Vec<Told> {
    let ends: Vec<DateTime<Utc>> = heard.iter().skip(1).map(|next| next.at).chain([now]).collect();
    let mut last_said = None;
    let mut told = Vec::new();
    for (simulator::Heard { at, what }, end) in heard.into_iter().zip(ends) {
        let is_short = what == Sound::Silence && end - at < SHORT_SILENCE;
        if is_short || (what == Sound::Ring && !is_caller) {
            continue;
        }
        if !matches!(what, Sound::Said(_)) {
            told.push(Told::New(what));
            continue;
        }
        if last_said.as_ref() == Some(&what) {
            told.push(Told::Again);
            continue;
        }
        last_said = Some(what.clone());
        told.push(Told::New(what));
    }
    told
}

async fn listen(rehearsal: Arc<Rehearsal>) {
    while !rehearsal.stop.is_cancelled() {
        rehearsal.note();
        let people = rehearsal.on_call().await.unwrap_or_default();
        *rehearsal.people.lock().unwrap_or_else(PoisonError::into_inner) = people;
        rehearsal.clock.sleep_until(rehearsal.clock.now() + LISTEN_EVERY).await;
    }
}

fn patient_caller() -> CallerHabit {
    CallerHabit {
        tone: AtTone::SpeaksThenHash(8),
        question: AtQuestion::Silent,
        talk: Some(Delay::between(8_000, 14_000)),
        ..CallerHabit::default()
    }
}

/// What a caller can do, by name.
fn callers() -> [(&'static str, &'static str, CallerHabit); 5] {
    [
        ("waits", "waits, and leaves a message if need be", patient_caller()),
        (
            "hangs-up",
            "hangs up after a while",
            CallerHabit {
                patience: Some(Delay::between(8_000, 20_000)),
                ..patient_caller()
            },
        ),
        (
            "star",
            "presses star to leave a message",
            CallerHabit {
                star: Some(Delay::between(6_000, 12_000)),
                question: AtQuestion::PressesOnce('3'),
                ..patient_caller()
            },
        ),
        (
            "callback",
            "presses star to be called back",
            CallerHabit {
                star: Some(Delay::between(6_000, 12_000)),
                question: AtQuestion::PressesOnce('1'),
                ..patient_caller()
            },
        ),
        (
            "again",
            "has us search again when the responder has left",
            CallerHabit {
                question: AtQuestion::PressesOnce('1'),
                talk: None,
                ..patient_caller()
            },
        ),
    ]
}

fn choice((id, label): (&str, &str)) -> Choice {
    Choice {
        id: id.to_owned(),
        label: label.to_owned(),
    }
}

#[async_trait::async_trait]
impl TestLine for Rehearsal {
    fn people(&self) -> Vec<TestPerson> {
        let people = self.people.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let behaviours = ["declines", "voicemail", "accepts"];
        let person = |(n, who): (usize, Responder)| TestPerson {
            id: who.name.clone(),
            name: who.name,
            behaviour: behaviours.get(n).copied().unwrap_or("accepts").to_owned(),
        };
        people.into_iter().enumerate().map(person).collect()
    }

    fn behaviours(&self) -> Vec<Choice> {
        Habit::choices().map(|(id, label, _)| choice((id, label))).to_vec()
    }

    fn caller_behaviours(&self) -> Vec<Choice> {
        callers().map(|(id, label, _)| choice((id, label))).to_vec()
    }

    fn scenarios(&self) -> Vec<Choice> {
        SCENARIOS.map(|scenario| choice((scenario.name, scenario.title))).to_vec()
    }

    async fn place(&self, call: TestCall) -> Result<Option<CallId>, String> {
        match call {
            TestCall::Scenario(name) => {
                let scenario = SCENARIOS
                    .iter()
                    .find(|scenario| scenario.name == name)
                    .ok_or("There is no such scenario.")?;
                self.play(scenario).await.map(Some)
            }
            TestCall::Chosen { behaviours, caller } => {
                let habit = |who: &Responder| {
                    let chosen = behaviours
                        .get(&who.name)
                        .and_then(|id| Habit::choices().into_iter().find(|(known, _, _)| known == id));
                    chosen.map_or(ACCEPTS, |(_, _, habit)| habit)
                };
                let habits = self.on_call().await?.into_iter().map(|who| (who.clone(), habit(&who))).collect();
                let caller = caller.and_then(|id| callers().into_iter().find(|(known, _, _)| *known == id));
                self.ring(habits, caller.map_or(patient_caller(), |(_, _, habit)| habit))
                    .await
                    .map(Some)
            }
        }
    }

    fn pace(&self) -> u32 {
        self.pace
    }

    fn heard(&self) -> Vec<Heard> {
        self.latest().record.clone()
    }

    fn listen(&self) -> broadcast::Receiver<Heard> {
        self.heard.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds into the call, and what begins then.
    fn heard(sounds: &[(i64, Sound)]) -> Vec<simulator::Heard> {
        let sound = |(at, what): &(i64, Sound)| simulator::Heard {
            at: DateTime::UNIX_EPOCH + TimeDelta::seconds(*at),
            what: what.clone(),
        };
        sounds.iter().map(sound).collect()
    }

    fn told(sounds: &[(i64, Sound)], now: i64, is_caller: bool) -> Vec<String> {
        let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(now);
        let told = worth_telling(heard(sounds), now, is_caller);
        let latest = Latest::default();
        told.into_iter()
            .map(|told| match latest.in_words(told) {
                (words, true) => format!("“{words}”"),
                (sound, false) => sound,
            })
            .collect()
    }

    #[test]
    fn only_what_is_worth_a_line_is_told_and_words_once() {
        let said = |words: &str| Sound::Said(words.to_owned());
        let sounds = [
            (0, Sound::Ring),
            (3, said("Press 1.")),
            (5, Sound::Silence),
            (10, said("Press 1.")),
            (12, Sound::Silence),
            (30, said("Goodbye.")),
            (31, said("Press 1.")),
            (32, Sound::Silence),
        ];
        let responder = ["“Press 1.”", "the same words again", "silence", "“Goodbye.”", "“Press 1.”"];
        assert_eq!(told(&sounds, 33, false), responder);
        assert_eq!(told(&sounds, 33, true)[..2], ["ringing", "“Press 1.”"]);
        assert_eq!(told(&sounds, 41, false)[5..], ["silence"], "it has become long");
    }

    #[test]
    fn a_machine_is_not_taken_for_its_owner() {
        let after = Delay::between(1, 2);
        let voicemail = Habit::Voicemail { after, greeting: after };
        assert_eq!(listener("Priya Nair", &voicemail), "Priya Nair’s voicemail");
        assert_eq!(listener("Priya Nair", &Habit::Declines { after }), "Priya Nair");
    }
}
