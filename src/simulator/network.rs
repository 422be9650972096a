//! The phone network in virtual time: legs, rooms, people, and what is to happen next. Nothing here waits, asks
//! the time or opens a socket: [`PhoneNetwork::advance`] goes to an instant and says which webhooks go out,
//! [`PhoneNetwork::answer`] takes their answers, [`PhoneNetwork::rest`] takes requests. The same seed and the
//! same answers make the same run. Knows Twilio, and nothing of our rooms.

use super::agenda::{Agenda, Job};
use super::callbacks::{self, Form};
use super::checker::Violation;
use super::document::Method;
use super::habits::{CallerHabit, Delay, Habit, Manners};
use super::heard::{self, Heard, Hush, Leftovers, Rung, Sound, Talk, Text};
use super::leg::{CallStatus, Leg, LegIndex, Program, ProgressEvents, Stage, Target};
use super::mischief::Mischief;
use super::posting::{Errand, Letter, WebhookRequest};
use super::recordings::Tape;
use super::rooms::{OpenTalk, Room};
use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Index, IndexMut};

/// Twilio adds this to the ring time that was asked for.
const RING_BUFFER_S: u32 = 5;

/// Where the webhooks of one of the account's numbers go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Asked for the document of an inbound call.
    pub voice_url: String,
    /// How `voice_url` is requested.
    pub voice_method: Method,
    /// Asked when `voice_url` fails.
    pub fallback_url: Option<String>,
    /// Told when an inbound call is over.
    pub status_callback: Option<String>,
}

impl Line {
    /// A number with a voice URL, requested by `POST`, and nothing else.
    #[must_use]
    pub fn to(voice_url: &str) -> Self {
        Self {
            voice_url: voice_url.to_owned(),
            voice_method: Method::Post,
            fallback_url: None,
            status_callback: None,
        }
    }
}

/// Something that went wrong in a run and would be an error or a warning in Twilio's debugger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// When.
    pub at: DateTime<Utc>,
    /// The address of the webhook or of the REST resource; empty where there is none.
    pub url: String,
    /// Twilio's error code, where one is known.
    pub code: Option<u32>,
    /// What is wrong.
    pub what: String,
}

/// The network with everything on it.
pub struct PhoneNetwork {
    pub(super) now: DateTime<Utc>,
    pub(super) account: String,
    pub(super) rng: ChaCha8Rng,
    pub(super) mischief: Mischief,
    pub(super) agenda: Agenda,
    pub(super) legs: Vec<Leg>,
    pub(super) legs_by_sid: BTreeMap<String, LegIndex>,
    pub(super) rooms: Vec<Room>,
    pub(super) open_rooms: BTreeMap<String, usize>,
    pub(super) talks: Vec<OpenTalk>,
    people: BTreeMap<String, Habit>,
    own_numbers: BTreeSet<String>,
    setup: Delay,
    pub(super) pace_ms: Option<u32>,
    pub(super) next_slot: DateTime<Utc>,
    pub(super) webhooks: u64,
    pub(super) outbox: Vec<WebhookRequest>,
    pub(super) pending: BTreeMap<u64, Letter>,
    rung: Vec<(LegIndex, DateTime<Utc>, Option<DateTime<Utc>>)>,
    dialled: Vec<String>,
    pub(super) texts: Vec<Text>,
    /// Texts to the account's numbers.
    pub(super) came_in: Vec<Text>,
    /// The SIDs of calls and texts whose records are deleted.
    pub(super) erased: BTreeSet<String>,
    pub(super) tapes: Vec<Tape>,
    pub(super) opted_out: BTreeSet<String>,
    faults: Vec<Fault>,
    pub(super) play_ms: BTreeMap<String, u32>,
    pub(super) stays: u64,
}

impl Index<LegIndex> for PhoneNetwork {
    type Output = Leg;
    fn index(&self, leg: LegIndex) -> &Leg {
        &self.legs[leg.0]
    }
}

impl IndexMut<LegIndex> for PhoneNetwork {
    fn index_mut(&mut self, leg: LegIndex) -> &mut Leg {
        &mut self.legs[leg.0]
    }
}

impl PhoneNetwork {
    /// A network in which everything unforeseen is drawn from `seed`. A call takes a second from its placing to
    /// the first ring; see [`PhoneNetwork::connects_within`].
    #[must_use]
    pub fn new(seed: u64, account_sid: &str, mischief: Mischief) -> Self {
        Self {
            now: DateTime::UNIX_EPOCH,
            account: account_sid.to_owned(),
            rng: ChaCha8Rng::seed_from_u64(seed),
            mischief,
            agenda: Agenda::default(),
            legs: Vec::new(),
            legs_by_sid: BTreeMap::new(),
            rooms: Vec::new(),
            open_rooms: BTreeMap::new(),
            talks: Vec::new(),
            people: BTreeMap::new(),
            own_numbers: BTreeSet::new(),
            setup: Delay::seconds(1),
            pace_ms: None,
            next_slot: DateTime::UNIX_EPOCH,
            webhooks: 0,
            outbox: Vec::new(),
            pending: BTreeMap::new(),
            rung: Vec::new(),
            dialled: Vec::new(),
            texts: Vec::new(),
            came_in: Vec::new(),
            erased: BTreeSet::new(),
            tapes: Vec::new(),
            opted_out: BTreeSet::new(),
            faults: Vec::new(),
            play_ms: BTreeMap::from([("hold.wav".to_owned(), 8_000)]),
            stays: 0,
        }
    }

    /// Puts a phone with an owner on the network, or gives its owner another habit for the calls to come.
    pub fn add_person(&mut self, number: &str, habit: Habit) {
        self.people.insert(number.to_owned(), habit);
    }

    /// A number of the account. Once there is one, calls and texts from other numbers are refused.
    pub fn add_own_number(&mut self, number: &str) {
        self.own_numbers.insert(number.to_owned());
    }

    /// The owner of this number has opted out of texts.
    pub fn opt_out(&mut self, number: &str) {
        self.opted_out.insert(number.to_owned());
    }

    /// How long a call takes from its placing to the first ring.
    pub fn connects_within(&mut self, setup: Delay) {
        self.setup = setup;
    }

    /// At most this many calls a second leave the account's queue; the rest stay queued. Twilio's default is 1.
    pub fn limit_calls_per_second(&mut self, calls: u32) {
        self.pace_ms = Some(1000 / calls.max(1));
    }

    /// How long a piece of audio is whose address ends like this. `hold.wav` is 8 s; what is not known, 3 s.
    pub fn audio_lasts(&mut self, ending: &str, ms: u32) {
        self.play_ms.insert(ending.to_owned(), ms);
    }

    /// Somebody dials one of the account's numbers. `from` is none for a withheld number. Gives the call's SID.
    pub fn dial_in(&mut self, now: DateTime<Utc>, from: Option<&str>, to: &str, line: &Line, habit: CallerHabit) -> String {
        self.now = self.now.max(now);
        let manners = Manners::of_caller(habit, &mut self.rng);
        let voice = Target {
            url: line.voice_url.as_str().into(),
            method: line.voice_method,
        };
        let mut leg = self.new_leg(from.unwrap_or("anonymous"), to, voice, manners);
        leg.inbound = true;
        leg.status = CallStatus::Ringing;
        leg.dialled_at = Some(self.now);
        leg.fallback = line.fallback_url.as_deref().map(Target::post);
        leg.status_callback = line.status_callback.as_deref().map(Target::post);
        leg.events.completed = leg.status_callback.is_some();
        let sid = leg.sid.clone();
        let index = self.add_leg(leg);
        self.hears(index, Sound::Ring);
        self.caller_waits(index);
        let form = callbacks::voice_form(&self[index], &self.account);
        let voice = self[index].voice.clone();
        self.fetch(index, &voice, form);
        sid
    }

    /// When there is something to do next: at once, where webhooks wait to be carried.
    #[must_use]
    pub fn next_at(&self) -> Option<DateTime<Utc>> {
        if self.outbox.is_empty() {
            self.agenda.next_at()
        } else {
            Some(self.now)
        }
    }

    /// Does all that is due until `now` and gives the webhooks that go out. Each is to be carried to the service
    /// and its answer given to [`PhoneNetwork::answer`].
    pub fn advance(&mut self, now: DateTime<Utc>) -> Vec<WebhookRequest> {
        while let Some((at, job)) = self.agenda.take_due(now) {
            self.now = self.now.max(at);
            self.perform_job(job);
        }
        self.now = self.now.max(now);
        self.tidy();
        std::mem::take(&mut self.outbox)
    }

    /// The instant up to which the network has come.
    #[must_use]
    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// What a leg has heard from the beginning on.
    #[must_use]
    pub fn heard(&self, sid: &str) -> &[Heard] {
        self.legs_by_sid.get(sid).map_or(&[], |leg| self[*leg].heard.as_slice())
    }

    /// The silences of a leg that last at least `longest`.
    #[must_use]
    pub fn silences(&self, sid: &str, longest: TimeDelta) -> Vec<Hush> {
        let Some(leg) = self.legs_by_sid.get(sid) else { return Vec::new() };
        let over = self[*leg].ended_at.unwrap_or(self.now);
        heard::silences(&self[*leg].heard, over, longest)
    }

    /// The SIDs of all legs, in the order of their making.
    #[must_use]
    pub fn sids(&self) -> Vec<&str> {
        self.legs.iter().map(|leg| leg.sid.as_str()).collect()
    }

    /// The SIDs of the legs to or from a number, in the order of their making.
    #[must_use]
    pub fn sids_of(&self, number: &str) -> Vec<&str> {
        self.legs
            .iter()
            .filter(|leg| leg.number() == number)
            .map(|leg| leg.sid.as_str())
            .collect()
    }

    /// Twilio's word for the state of a call.
    #[must_use]
    pub fn status(&self, sid: &str) -> Option<&'static str> {
        self.legs_by_sid.get(sid).map(|leg| self[*leg].status.word())
    }

    /// When a call was over; none while it is not.
    #[must_use]
    pub fn ended_at(&self, sid: &str) -> Option<DateTime<Utc>> {
        self.legs_by_sid.get(sid).and_then(|leg| self[*leg].ended_at)
    }

    /// The number of the person on a leg.
    #[must_use]
    pub fn number_of(&self, sid: &str) -> Option<&str> {
        self.legs_by_sid.get(sid).map(|leg| self[*leg].number())
    }

    /// The number that a phone shows when it rings.
    #[must_use]
    pub fn shown_on(&self, sid: &str) -> Option<&str> {
        self.legs_by_sid.get(sid).map(|leg| self[*leg].from.as_str())
    }

    /// The phones that rang, in order.
    #[must_use]
    pub fn rung(&self) -> Vec<Rung> {
        let one = |(leg, from, until): &(LegIndex, DateTime<Utc>, Option<DateTime<Utc>>)| {
            let leg = &self[*leg];
            Rung {
                number: leg.number().to_owned(),
                sid: leg.sid.clone(),
                from: *from,
                until: *until,
            }
        };
        self.rung.iter().map(one).collect()
    }

    /// The numbers of all orders to call that were taken, in order; also those that never rang.
    #[must_use]
    pub fn dialled(&self) -> &[String] {
        &self.dialled
    }

    /// The lines that were rung by the document of another line, and by no order.
    #[must_use]
    pub fn rung_by_documents(&self) -> BTreeMap<&str, &str> {
        let legs = self.legs.iter();
        legs.filter_map(|leg| Some((leg.sid.as_str(), leg.parent.as_deref()?))).collect()
    }

    /// The text messages that were taken.
    #[must_use]
    pub fn texts(&self) -> &[Text] {
        &self.texts
    }

    /// Who was together with whom.
    #[must_use]
    pub fn talks(&self) -> Vec<Talk> {
        let one = |talk: &OpenTalk| Talk {
            sids: talk.legs.map(|leg| self[leg].sid.clone()),
            numbers: talk.legs.map(|leg| self[leg].number().to_owned()),
            from: talk.from,
            until: talk.until,
        };
        self.talks.iter().map(one).collect()
    }

    /// What Twilio's debugger would show: bad documents, failed webhooks, requests that do not exist.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// What is not finished.
    #[must_use]
    pub fn leftovers(&self) -> Leftovers {
        Leftovers {
            legs: self.legs.iter().filter(|leg| !leg.is_over()).map(|leg| leg.sid.clone()).collect(),
            rooms: self.open_rooms.keys().cloned().collect(),
            webhooks: self.pending.len() + self.agenda.letters(),
        }
    }

    /// All that was heard by all, for a person who reads a failed run.
    #[must_use]
    pub fn story(&self) -> String {
        let mut lines: Vec<(DateTime<Utc>, usize, String)> = Vec::new();
        for (number, leg) in self.legs.iter().enumerate() {
            let heard = leg.heard.iter().map(|entry| (entry.at, format!("hears {:?}", entry.what)));
            let over = leg.ended_at.map(|at| (at, format!("is over: {}", leg.status.word())));
            lines.extend(heard.chain(over).map(|(at, what)| (at, number, format!("{} {what}", leg.number()))));
        }
        lines.extend(
            self.faults
                .iter()
                .map(|fault| (fault.at, usize::MAX, format!("FAULT {:?} {} {}", fault.code, fault.what, fault.url))),
        );
        lines.sort_by_key(|line| (line.0, line.1));
        lines
            .iter()
            .map(|(at, _, what)| format!("{} {what}\n", at.format("%H:%M:%S%.3f")))
            .collect()
    }

    pub(super) fn fault(&mut self, url: &str, violation: Violation) {
        self.faults.push(Fault {
            at: self.now,
            url: url.to_owned(),
            code: violation.code,
            what: violation.what,
        });
    }

    /// Plans a job in so many milliseconds.
    pub(super) fn plan(&mut self, ms: u32, job: Job) {
        self.agenda.put(self.now + TimeDelta::milliseconds(i64::from(ms)), job);
    }

    pub(super) fn hears(&mut self, leg: LegIndex, what: Sound) {
        let now = self.now;
        self[leg].hears(now, what);
    }

    /// A new name: two letters, then 32 hexadecimal digits.
    pub(super) fn new_sid(&mut self, letters: &str) -> String {
        format!("{letters}{:032x}", self.rng.random::<u128>())
    }

    pub(super) fn habit_of(&self, number: &str) -> Option<Habit> {
        self.people.get(number).copied()
    }

    /// Whether the account may call and text from this number.
    pub(super) fn owns(&self, number: &str) -> bool {
        self.own_numbers.is_empty() || self.own_numbers.contains(number)
    }

    pub(super) fn new_leg(&mut self, from: &str, to: &str, voice: Target, manners: Manners) -> Leg {
        Leg {
            sid: self.new_sid("CA"),
            inbound: false,
            from: from.to_owned(),
            to: to.to_owned(),
            status: CallStatus::Queued,
            created_at: self.now,
            listed_at: self.now,
            dialled_at: None,
            answered_at: None,
            ended_at: None,
            voice,
            fallback: None,
            on_fallback: false,
            status_callback: None,
            events: ProgressEvents::default(),
            sequence: 0,
            ring_limit_s: 60 + RING_BUFFER_S,
            detection: None,
            answered_by: None,
            stage: Stage::Queued,
            epoch: 0,
            program: Program::empty(),
            stay: None,
            tie: None,
            parent: None,
            manners,
            mood: 0,
            questions: 0,
            fetches: (DateTime::UNIX_EPOCH, 0),
            heard: Vec::with_capacity(8),
        }
    }

    pub(super) fn add_leg(&mut self, leg: Leg) -> LegIndex {
        let index = LegIndex(self.legs.len());
        self.legs_by_sid.insert(leg.sid.clone(), index);
        if !leg.inbound {
            self.dialled.push(leg.to.clone());
        }
        self.legs.push(leg);
        index
    }

    pub(super) fn set_ring_limit(&mut self, leg: LegIndex, seconds: u32) {
        self[leg].ring_limit_s = seconds + RING_BUFFER_S;
    }

    pub(super) fn draw_setup_ms(&mut self) -> u32 {
        self.setup.draw(&mut self.rng)
    }

    pub(super) fn begins_to_ring(&mut self, leg: LegIndex) {
        self.rung.push((leg, self.now, None));
    }

    pub(super) fn stops_ringing(&mut self, leg: LegIndex) {
        let now = self.now;
        if let Some(entry) = self.rung.iter_mut().rev().find(|entry| entry.0 == leg && entry.2.is_none()) {
            entry.2 = Some(now);
        }
    }

    /// Forgets what is void, so that [`PhoneNetwork::next_at`] is an instant at which something happens.
    pub(super) fn tidy(&mut self) {
        let mut agenda = std::mem::take(&mut self.agenda);
        agenda.drop_void(|job| self.is_void(job));
        self.agenda = agenda;
    }

    fn is_void(&self, job: &Job) -> bool {
        match job {
            Job::Dispatch(leg) => self[*leg].stage != Stage::Queued,
            Job::Reach(leg) => self[*leg].stage != Stage::Dialling,
            Job::PickUp(leg) | Job::RejectRinging(leg) | Job::RingOut(leg) => self[*leg].stage != Stage::Ringing,
            Job::Detected { leg, epoch, .. } | Job::Step { leg, epoch } => self[*leg].epoch != *epoch,
            Job::DetectedMeanwhile { leg, .. } | Job::Key { leg, .. } => self[*leg].is_over(),
            Job::Answer { leg, question, .. } => !matches!(self[*leg].stage, Stage::Gathering(_)) || self[*leg].questions != *question,
            Job::Leave { leg, mood } => self[*leg].is_over() || mood.is_some_and(|mood| self[*leg].mood != mood),
            Job::TimeLimit { leg, stay } => self[*leg].stay.as_ref().is_none_or(|known| known.number != *stay),
            Job::Deliver(letter) => self.letter_is_void(letter),
        }
    }

    fn perform_job(&mut self, job: Job) {
        if self.is_void(&job) {
            return;
        }
        match job {
            Job::Dispatch(leg) => self.dispatch(leg),
            Job::Reach(leg) => self.reach(leg),
            Job::PickUp(leg) => self.pick_up(leg),
            Job::RejectRinging(leg) => self.end(leg, CallStatus::Busy),
            Job::RingOut(leg) => self.end(leg, CallStatus::NoAnswer),
            Job::Detected { leg, result, .. } => self.detected(leg, result),
            Job::DetectedMeanwhile { leg, result } => self.detected_meanwhile(leg, result),
            Job::Step { leg, .. } => self.step(leg),
            Job::Answer { leg, key, .. } | Job::Key { leg, key } => self.press(leg, key),
            Job::Leave { leg, .. } => self.person_hangs_up(leg),
            Job::TimeLimit { leg, .. } => self.leave_dial(leg),
            Job::Deliver(letter) => self.deliver(*letter),
        }
    }

    /// Asks for the document that the leg performs next.
    pub(super) fn fetch(&mut self, leg: LegIndex, target: &Target, form: Form) {
        if self[leg].answered_at.is_some() {
            self.hears(leg, Sound::Silence);
        }
        let epoch = self[leg].enters(Stage::Fetching);
        if self.asks_too_often(leg) {
            let violation = Violation {
                code: None,
                what: "documents lead from one to the next without end".into(),
            };
            self.fault(&target.url, violation.clone());
            return self.document_failed(leg, &violation, &target.url);
        }
        self.post(Errand::Document { leg, epoch }, target, form);
    }
}
