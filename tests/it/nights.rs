//! Seeded nights: the real call machine, the documents we really send and the requests we really make, against
//! the phone network in memory and in virtual time. `SEED=17 NIGHTS=1 make nights` replays a night and prints it.

mod askers;
mod desk;
mod door;
mod invariants;
mod planted;
mod reach;
mod real;
mod redials;
mod ringers;
mod rush;
mod scenario;
mod texting;

use desk::Desk;
use planted::Planted;
use scenario::Scenario;

/// One night from beginning to end: what was promised and not kept.
fn night(seed: u64, planted: Option<Planted>) -> Result<(), String> {
    played(&Scenario::draw(seed), planted)
}

fn played(scenario: &Scenario, planted: Option<Planted>) -> Result<(), String> {
    judged(scenario, planted, invariants::broken)
}

/// What of a night is not as it was promised.
type Judge = fn(&Scenario, &Desk) -> Vec<String>;

fn judged(scenario: &Scenario, planted: Option<Planted>, judge: Judge) -> Result<(), String> {
    let seed = scenario.seed;
    let mut desk = Desk::new(scenario, planted);
    desk.run();
    let broken = judge(scenario, &desk);
    if broken.is_empty() {
        return Ok(());
    }
    Err(format!(
        "seed {seed}\n{}\n{scenario:#?}\n{}\n{}",
        broken.join("\n"),
        desk.log.join("\n"),
        desk.network.story()
    ))
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A family of nights: the same people, and what else there is.
type Family = fn(Scenario) -> Scenario;

fn all_go_right(seeds: impl Iterator<Item = u64>, family: Family) {
    let night = |seed| played(&family(Scenario::draw(seed)), None);
    let failed: Vec<String> = seeds.filter_map(|seed| night(seed).err()).take(3).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n=====\n"));
}

/// From `SEED` on this share of `NIGHTS`, and one at least.
fn seeds(share: u64) -> std::ops::Range<u64> {
    let (first, count) = (number("SEED", 1), number("NIGHTS", 10_000) / share);
    first..first + count.max(1)
}

/// `NIGHTS` nights from `SEED` on, by default the ten thousand that every run of the tests plays.
#[test]
fn many() {
    all_go_right(seeds(1), |scenario| scenario);
}

/// Nights on which little is heard of anybody: `SEED=17 NIGHTS=8 make nights` replays the first of these too.
#[test]
fn many_in_silence() {
    let family = |seed| {
        if seed % 2 == 0 {
            Scenario::with_the_key
        } else {
            |scenario| scenario
        }
    };
    let night = |seed| {
        judged(
            &family(seed)(Scenario::draw(seed)).in_silence(),
            None,
            invariants::broken_in_silence,
        )
    };
    let failed: Vec<String> = seeds(8).filter_map(|seed| night(seed).err()).take(3).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n=====\n"));
}

/// Nights that went wrong once, or were judged wrongly, and what happened in them.
const ONCE_WRONG: [(u64, &str); 7] = [
    (50_042, "the caller presses star, and a moment later the responder comes in"),
    (67_514, "the responder is cut off while he is alone in the room"),
    (505_488, "the last resort is rung between two searches of one call"),
    (535_967, "the last resort is rung between two searches of one call"),
    (550_902, "the responder is cut off in the instant of coming in"),
    (695_262, "the notice that the responder is in the room is repeated"),
    (7_148_948, "only now it turns out that all who can be dialled are away"),
];

#[test]
fn what_went_wrong_once_goes_right() {
    all_go_right(ONCE_WRONG.map(|(seed, _)| seed).into_iter(), |scenario| scenario);
}

/// A night on a bad network in which only the responder, who is alone in the room, can tell that the caller has gone.
const ALONE: u64 = 2_990;

/// A simulation that catches nothing proves nothing: each of these faults in our own work must be noticed.
#[test]
fn planted_faults_are_caught() {
    let seeds = || (1..600).chain(ONCE_WRONG.map(|(seed, _)| seed));
    let missed: Vec<Planted> = Planted::ALL
        .into_iter()
        .filter(|planted| seeds().all(|seed| night(seed, Some(*planted)).is_ok()))
        .filter(|planted| played(&Scenario::draw(ALONE).on_a_bad_network(), Some(*planted)).is_ok())
        .collect();
    assert_eq!(played(&Scenario::draw(ALONE).on_a_bad_network(), None), Ok(()));
    assert!(
        missed.is_empty(),
        "not noticed in 600 nights, nor in those that went wrong once: {missed:?}"
    );
}

/// Nights on which callers meet something before anybody is rung: `SEED=17 NIGHTS=1 make nights` replays these too.
#[test]
fn many_at_a_door() {
    all_go_right(seeds(4), Scenario::at_a_door);
}

/// Nights at a door that went wrong once.
const ONCE_WRONG_AT_A_DOOR: [(u64, &str); 3] = [
    (
        501_177,
        "the caller is to be sent on while the carrier still asks for his first document",
    ),
    (1_500_175, "somebody comes to the caller before the room has said a word"),
    (2_001_894, "the search is over before the room has said a word"),
];

#[test]
fn what_went_wrong_once_at_a_door_goes_right() {
    all_go_right(ONCE_WRONG_AT_A_DOOR.map(|(seed, _)| seed).into_iter(), Scenario::at_a_door);
}

#[test]
fn planted_faults_at_the_door_are_caught() {
    let is_caught = |planted| (1..200).any(|seed| played(&Scenario::draw(seed).at_a_door(), Some(planted)).is_err());
    let missed: Vec<Planted> = Planted::AT_THE_DOOR.into_iter().filter(|planted| !is_caught(*planted)).collect();
    assert!(missed.is_empty(), "not noticed in 200 nights: {missed:?}");
}

#[test]
fn planted_faults_in_texts_are_caught() {
    let is_caught = |planted| (0..100).any(|n| night(3 + 7 * n, Some(planted)).is_err());
    let missed: Vec<Planted> = Planted::IN_TEXTS.into_iter().filter(|planted| !is_caught(*planted)).collect();
    assert!(missed.is_empty(), "not noticed in 100 nights: {missed:?}");
}

/// Nights on which callers are called back: `SEED=17 NIGHTS=1 make nights` replays these too.
#[test]
fn many_who_call_back() {
    all_go_right(seeds(4), Scenario::who_call_back);
}

#[test]
fn planted_faults_of_those_who_call_back_are_caught() {
    let is_caught = |planted| (1..300).any(|seed| played(&Scenario::draw(seed).who_call_back(), Some(planted)).is_err());
    let missed: Vec<Planted> = Planted::OF_RINGBACK.into_iter().filter(|planted| !is_caught(*planted)).collect();
    assert!(missed.is_empty(), "not noticed in 300 nights: {missed:?}");
}

/// Nights of those who call back that went wrong once.
const ONCE_WRONG_WITH_CALLBACKS: [(u64, &str); 2] = [
    (94, "what a stranger adds is never heard by whoever has no phone for texts"),
    (502_202, "the caller comes back into the room and meets who was let go there"),
];

#[test]
fn what_went_wrong_once_with_callbacks_goes_right() {
    all_go_right(ONCE_WRONG_WITH_CALLBACKS.map(|(seed, _)| seed).into_iter(), Scenario::who_call_back);
}

/// Nights on which talks are recorded: `SEED=17 NIGHTS=1 make nights` replays these too.
#[test]
fn many_that_are_recorded() {
    all_go_right(seeds(4), Scenario::recorded);
}

/// Nights with the key that went wrong once.
const ONCE_WRONG_WITH_THE_KEY: [(u64, &str); 4] = [
    (406, "who has pressed star at once comes back, and nobody tells"),
    (2_899, "who has pressed star at once hangs up before he is back"),
    (502_560, "the caller leaves the queue while a responder is on his way to him"),
    (702_256, "who presses star at once and asks for another one hears nothing of it"),
];

#[test]
fn what_went_wrong_once_with_the_key_goes_right() {
    all_go_right(ONCE_WRONG_WITH_THE_KEY.map(|(seed, _)| seed).into_iter(), Scenario::with_the_key);
}

/// Nights on which responders press star in the middle of a talk: `SEED=17 NIGHTS=1 make nights` replays these too.
#[test]
fn many_with_the_key() {
    all_go_right(seeds(2), Scenario::with_the_key);
}

#[test]
fn planted_faults_of_recordings_are_caught() {
    let is_caught = |planted| (1..200).any(|seed| played(&Scenario::draw(seed).recorded(), Some(planted)).is_err());
    let missed: Vec<Planted> = Planted::OF_RECORDINGS.into_iter().filter(|planted| !is_caught(*planted)).collect();
    assert!(missed.is_empty(), "not noticed in 200 nights: {missed:?}");
}

#[test]
fn planted_faults_with_the_key_are_caught() {
    let is_caught = |planted| (1..400).any(|seed| played(&Scenario::draw(seed).with_the_key(), Some(planted)).is_err());
    let missed: Vec<Planted> = Planted::WITH_THE_KEY.into_iter().filter(|planted| !is_caught(*planted)).collect();
    assert!(missed.is_empty(), "not noticed in 400 nights: {missed:?}");
}

/// Nights of callers who ask to be called back: `SEED=17 NIGHTS=1 make nights` replays these too.
#[test]
fn many_who_ask() {
    all_go_right(seeds(4), Scenario::who_ask);
}

/// Nights of callers who ask to be called back that went wrong once.
const ONCE_WRONG_WHO_ASK: [(u64, &str); 1] = [(902_020, "the caller types very slowly, and hears nothing meanwhile")];

#[test]
fn what_went_wrong_once_with_who_asks_goes_right() {
    all_go_right(ONCE_WRONG_WHO_ASK.map(|(seed, _)| seed).into_iter(), Scenario::who_ask);
}

#[test]
fn planted_faults_of_callbacks_are_caught() {
    let is_caught = |planted| (1..300).any(|seed| played(&Scenario::draw(seed).who_ask(), Some(planted)).is_err());
    let missed: Vec<Planted> = Planted::OF_CALLBACKS.into_iter().filter(|planted| !is_caught(*planted)).collect();
    assert!(missed.is_empty(), "not noticed in 300 nights: {missed:?}");
}

/// Nights on which responders dial the hotline after a talk: `SEED=17 NIGHTS=1 make nights` replays these too.
#[test]
fn many_who_dial_again() {
    let (first, count) = (number("SEED", 1), number("NIGHTS", 10_000) / 4);
    let night = |seed| played(&Scenario::draw(seed).who_dial_again(), None);
    let failed: Vec<String> = (first..=first + count).filter_map(|seed| night(seed).err()).take(3).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n=====\n"));
}

#[test]
fn planted_faults_of_redials_are_caught() {
    let is_caught = |planted| (1..300).any(|seed| played(&Scenario::draw(seed).who_dial_again(), Some(planted)).is_err());
    let missed: Vec<Planted> = Planted::OF_REDIALS.into_iter().filter(|planted| !is_caught(*planted)).collect();
    assert!(missed.is_empty(), "not noticed in 300 nights: {missed:?}");
}

/// The same seed is the same night.
#[test]
fn a_seed_replays() {
    for seed in [3, 77, 4_711] {
        let story = |()| {
            let mut desk = Desk::new(&Scenario::draw(seed), None);
            desk.run();
            (desk.log.clone(), desk.network.story())
        };
        assert_eq!(story(()), story(()));
    }
}

/// Nights of many callers at once: `SEED=17 NIGHTS=40 make nights` replays the first of these too.
#[test]
fn many_in_a_rush() {
    let (first, count) = (number("SEED", 1), number("NIGHTS", 10_000) / 40);
    let night = |seed| played(&Scenario::draw(seed).in_a_rush(), None);
    let failed: Vec<String> = (first..=first + count).filter_map(|seed| night(seed).err()).take(3).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n=====\n"));
}

/// A night in a rush that was judged wrongly once: the notice of the first talk is lost, a moment with the same responder follows.
const ONCE_WRONG_IN_A_RUSH: u64 = 7_300_565;

#[test]
fn what_went_wrong_once_in_a_rush_goes_right() {
    all_go_right(std::iter::once(ONCE_WRONG_IN_A_RUSH), Scenario::in_a_rush);
}

#[test]
fn planted_faults_in_a_rush_are_caught() {
    let is_caught = |planted| (1..80).any(|seed| played(&Scenario::draw(seed).in_a_rush(), Some(planted)).is_err());
    let missed: Vec<Planted> = Planted::IN_A_RUSH.into_iter().filter(|planted| !is_caught(*planted)).collect();
    assert!(missed.is_empty(), "not noticed in 80 nights: {missed:?}");
}

/// Nights on the real switchboard and the real store, which take longer: `SEED=17 NIGHTS=1 make nights` replays these too.
#[test]
fn many_on_the_real_store() {
    all_go_right_for_real(seeds(REAL), |scenario| scenario);
}

/// The same, on which the store and REST fail and the process dies.
#[test]
fn many_on_a_store_in_trouble() {
    all_go_right_for_real(seeds(REAL), Scenario::in_trouble);
}

/// One night in so many is played for real.
const REAL: u64 = 60;

fn all_go_right_for_real(seeds: impl Iterator<Item = u64>, family: Family) {
    let night = |seed| real::judged(&family(Scenario::drawn_for_the_real_store(seed)), None);
    let failed: Vec<String> = seeds.filter_map(|seed| night(seed).err()).take(3).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n=====\n"));
}

/// Nights in trouble that went wrong once.
const ONCE_WRONG_IN_TROUBLE: [(u64, &str); 6] = [
    (35, "the store fails for a caller in a line, who is told his place again"),
    (
        182,
        "a caller hears of the fault before the emergency words, which come with his next document",
    ),
    (7_100_893, "a list that is behind is read after one that could not be read"),
    (
        7_101_096,
        "the store fails twice for a caller who has just come, and two are rung without it",
    ),
    (7_101_643, "the store fails twice for a caller who has left the line"),
    (7_103_200, "the answer to a look is on its way for longer than the list is behind"),
];

#[test]
fn what_went_wrong_once_in_trouble_goes_right() {
    all_go_right_for_real(ONCE_WRONG_IN_TROUBLE.map(|(seed, _)| seed).into_iter(), Scenario::in_trouble);
}

/// Each is noticed by what it breaks, on a night on which nothing is broken without it.
#[test]
fn planted_faults_around_the_real_store_are_caught() {
    let first_caught = |fault: real::Fault| (1..200).find(|seed| real::judged(&fault.night(*seed), Some(fault)).is_err());
    for fault in real::Fault::ALL {
        let seed = first_caught(fault).unwrap_or_else(|| panic!("not noticed in 200 nights: {fault:?}"));
        assert_eq!(real::judged(&fault.night(seed), None), Ok(()), "{fault:?}");
    }
}

/// The same seed is the same night, whatever threads the database has; and there is no lack of trouble.
#[test]
fn a_seed_replays_on_the_real_store() {
    let mut all = [0; 3];
    for seed in 1..=8 {
        let night = || real::played(&Scenario::drawn_for_the_real_store(seed).in_trouble(), None);
        let (first, second) = (night(), night());
        assert_eq!(first.story, second.story);
        let real::Tally {
            failures,
            deaths,
            deaths_on_the_wire,
        } = first.tally;
        all = [all[0] + failures, all[1] + deaths, all[2] + deaths_on_the_wire];
    }
    assert!(all.into_iter().all(|count| count > 0), "{all:?}");
}
