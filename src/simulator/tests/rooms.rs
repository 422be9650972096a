//! Conferences: waiting, meeting, leaving, and their callbacks.

use super::{ANNA, BEN, CALLER, HOTLINE, Theatre, said, voice};
use crate::simulator::{CallerHabit, Delay, Failed, Habit, Line, Sound};

const CALLERS_ROOM: &str = r#"<Say>Ten chars.</Say><Dial action="/room" hangupOnStar="true" timeLimit="300"><Conference
    startConferenceOnEnter="false" endConferenceOnExit="true" beep="false" participantLabel="0" waitUrl="/wait"
    statusCallback="/conference" statusCallbackEvent="start end join leave">room-7</Conference></Dial>"#;

const JOIN: &str = r#"<Dial><Conference beep="false" participantLabel="1">room-7</Conference></Dial><Say>Alone again</Say>"#;

fn theatre() -> Theatre {
    Theatre::new()
        .page("/voice", CALLERS_ROOM)
        .page("/wait", "<Say>Please hold on</Say><Play>/hold.wav</Play><Redirect/>")
        .page("/room", "<Say>Goodbye</Say>")
        .page(
            "/answered",
            r#"<Gather numDigits="1" action="/join"><Say>Ten chars.</Say></Gather>"#,
        )
        .page("/join", JOIN)
        .person(
            ANNA,
            Habit::Accepts {
                after: Delay::seconds(4),
                talk: None,
            },
        )
}

fn dial_in(theatre: &mut Theatre, habit: CallerHabit) -> String {
    theatre
        .network
        .dial_in(super::start(), Some(CALLER), HOTLINE, &Line::to("http://rota.test/voice"), habit)
}

const EVENTS: [&str; 4] = ["StatusCallbackEvent", "ParticipantLabel", "ReasonParticipantLeft", "SequenceNumber"];

#[test]
fn the_waiting_caller_hears_the_wait_document_again_and_again() {
    let mut theatre = theatre();
    let sid = dial_in(&mut theatre, CallerHabit::default());
    theatre.run_to(20_000);
    let music = Sound::Music("http://rota.test/hold.wav".into());
    // 650 ms of greeting; 14 characters are 910 ms; hold.wav is 8 s.
    let expected = vec![
        (0, said("Ten chars.")),
        (650, said("Please hold on")),
        (1_560, music.clone()),
        (9_560, said("Please hold on")),
        (10_470, music.clone()),
        (18_470, said("Please hold on")),
        (19_380, music),
    ];
    assert_eq!(theatre.heard(&sid)[1..], expected);
    assert_eq!(
        theatre.requests("/conference", &EVENTS),
        vec![(650, vec!["participant-join", "0", "-", "1"])]
    );
    assert_eq!(theatre.network.leftovers().rooms, ["room-7"]);
    assert_eq!(theatre.network.silences(&sid, chrono::TimeDelta::milliseconds(1)), vec![]);
}

#[test]
fn two_meet_and_the_callers_end_ends_the_room() {
    let mut theatre = theatre();
    let habit = CallerHabit {
        talk: Some(Delay::seconds(20)),
        patience: Some(Delay::seconds(9)),
        ..CallerHabit::default()
    };
    let caller = dial_in(&mut theatre, habit);
    let anna = theatre.call(0, ANNA, &[]);
    theatre.run_to(600_000);
    // Rings at 1 s, up at 5 s, question until 5.65 s, key at 6.25 s; the caller's patience of 9 s no longer counts.
    let talks = theatre.network.talks();
    assert_eq!(talks.len(), 1);
    assert_eq!(talks[0].numbers, [CALLER.to_owned(), ANNA.to_owned()]);
    assert_eq!((talks[0].from, talks[0].until), (super::at(6_250), Some(super::at(26_250))));
    assert_eq!(theatre.heard(&caller).last(), Some(&(6_250, voice(ANNA))));
    let annas = theatre.heard(&anna);
    assert_eq!(annas[annas.len() - 2..], [(6_250, voice(CALLER)), (26_250, said("Alone again"))]);
    let expected = vec![
        (650, vec!["participant-join", "0", "-", "1"]),
        (6_250, vec!["participant-join", "1", "-", "2"]),
        (6_250, vec!["conference-start", "-", "-", "3"]),
        (26_250, vec!["participant-leave", "0", "participant_hung_up", "4"]),
        (26_250, vec!["participant-leave", "1", "moderator_ended_conference", "5"]),
        (26_250, vec!["conference-end", "-", "-", "6"]),
    ];
    assert_eq!(theatre.requests("/conference", &EVENTS), expected);
    // The caller's Dial action is asked although he is gone.
    let names = ["DialCallStatus", "DialCallSid", "DialBridged", "CallStatus"];
    assert_eq!(
        theatre.requests("/room", &names),
        vec![(26_250, vec!["answered", "-", "true", "completed"])]
    );
    theatre.nothing_is_left();
    assert_eq!(theatre.faults(), []);
}

#[test]
fn conference_callbacks_have_the_documented_fields() {
    let mut theatre = theatre();
    let caller = dial_in(
        &mut theatre,
        CallerHabit {
            patience: Some(Delay::seconds(3)),
            ..CallerHabit::default()
        },
    );
    theatre.run_to(600_000);
    let mut of_room = theatre
        .seen
        .iter()
        .map(|(_, request)| request)
        .filter(|request| request.url.ends_with("/conference"));
    let join = of_room.next().unwrap();
    let expected = [
        ("FriendlyName", "room-7"),
        ("AccountSid", super::ACCOUNT),
        ("Timestamp", "Sat, 21 Nov 2026 03:00:00 +0000"),
        ("CallSid", caller.as_str()),
        ("Muted", "false"),
        ("Hold", "false"),
        ("Coaching", "false"),
        ("EndConferenceOnExit", "true"),
        ("StartConferenceOnEnter", "false"),
        ("ParticipantLabel", "0"),
    ];
    for (name, value) in expected {
        assert_eq!(join.parameter(name), Some(value), "{name}");
    }
    assert!(
        join.parameter("ConferenceSid")
            .is_some_and(|sid| sid.starts_with("CF") && sid.len() == 34)
    );
    let leave = of_room.next().unwrap();
    assert_eq!(leave.parameter("ParticipantCallStatus"), Some("completed"));
    let end = of_room.next().unwrap();
    let expected = [
        ("CallSidEndingConference", caller.as_str()),
        ("ParticipantLabelEndingConference", "0"),
        ("ReasonConferenceEnded", "participant-with-end-conference-on-exit-left"),
    ];
    for (name, value) in expected {
        assert_eq!(end.parameter(name), Some(value), "{name}");
    }
    assert!(end.parameter("Reason").is_some());
    assert_eq!(end.parameter("CallSid"), None);
}

#[test]
fn a_responder_who_leaves_leaves_the_caller_in_silence() {
    let mut theatre = theatre().person(
        ANNA,
        Habit::Accepts {
            after: Delay::seconds(4),
            talk: Some(Delay::seconds(10)),
        },
    );
    let caller = dial_in(
        &mut theatre,
        CallerHabit {
            patience: Some(Delay::seconds(30)),
            ..CallerHabit::default()
        },
    );
    theatre.call(0, ANNA, &[]);
    theatre.run_to(600_000);
    assert_eq!(theatre.heard(&caller).last(), Some(&(16_250, Sound::Silence)));
    // Patience begins anew when he is alone: 46.25 s.
    let hush = theatre.network.silences(&caller, chrono::TimeDelta::seconds(10));
    assert_eq!((hush.len(), (hush[0].until - hush[0].from).num_seconds()), (1, 30));
    assert_eq!(theatre.network.talks()[0].until, Some(super::at(16_250)));
}

#[test]
fn star_leaves_the_room_and_the_action_goes_on() {
    let mut theatre = theatre();
    let caller = dial_in(
        &mut theatre,
        CallerHabit {
            star: Some(Delay::seconds(12)),
            ..CallerHabit::default()
        },
    );
    theatre.run_to(600_000);
    assert_eq!(
        theatre.requests("/room", &["DialCallStatus", "CallStatus", "DialBridged"]),
        vec![(12_000, vec!["answered", "in-progress", "false"])]
    );
    assert_eq!(theatre.heard(&caller).last(), Some(&(12_000, said("Goodbye"))));
    theatre.nothing_is_left();
}

#[test]
fn the_time_limit_ends_the_stay() {
    let mut theatre = theatre();
    let caller = dial_in(&mut theatre, CallerHabit::default());
    theatre.run_to(600_000);
    assert_eq!(theatre.heard(&caller).last(), Some(&(300_650, said("Goodbye"))));
}

#[test]
fn a_redirect_takes_the_leg_out_of_the_room_without_the_action() {
    let mut theatre = theatre().page("/else", "<Say>Elsewhere</Say>");
    let caller = dial_in(&mut theatre, CallerHabit::default());
    theatre.run_to(5_000);
    let (status, _) = theatre.rest(5_000, "POST", &format!("Calls/{caller}.json"), &[("Url", "http://rota.test/else")]);
    assert_eq!(status, 200);
    theatre.run_to(600_000);
    assert_eq!(theatre.heard(&caller).last(), Some(&(5_000, said("Elsewhere"))));
    assert_eq!(theatre.requests("/room", &[]), vec![]);
    let left = theatre.requests("/conference", &EVENTS)[1].1.clone();
    assert_eq!(left, ["participant-leave", "0", "participant_updated_via_api", "2"]);
}

#[test]
fn ending_a_conference_by_request_lets_the_calls_go_on() {
    let mut theatre = theatre();
    let caller = dial_in(&mut theatre, CallerHabit::default());
    let anna = theatre.call(0, ANNA, &[]);
    theatre.run_to(10_000);
    let (_, list) = theatre.rest(10_000, "GET", "Conferences.json?FriendlyName=room-7&Status=in-progress", &[]);
    let room = list["conferences"][0]["sid"].as_str().unwrap().to_owned();
    let (_, list) = theatre.rest(10_000, "GET", &format!("Conferences/{room}/Participants.json"), &[]);
    let inside: Vec<&str> = list["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["call_sid"].as_str().unwrap())
        .collect();
    assert_eq!(inside, [caller.as_str(), anna.as_str()]);
    let (status, conference) = theatre.rest(10_000, "POST", &format!("Conferences/{room}.json"), &[("Status", "completed")]);
    assert_eq!((status, conference["status"].as_str()), (200, Some("completed")));
    assert_eq!(conference["reason_conference_ended"].as_str(), Some("conference-ended-via-api"));
    theatre.run_to(600_000);
    assert_eq!(theatre.heard(&caller).last(), Some(&(10_000, said("Goodbye"))));
    assert_eq!(theatre.heard(&anna).last(), Some(&(10_000, said("Alone again"))));
}

#[test]
fn kicking_somebody_out_by_his_label() {
    let mut theatre = theatre();
    let caller = dial_in(&mut theatre, CallerHabit::default());
    let anna = theatre.call(0, ANNA, &[]);
    theatre.run_to(10_000);
    let (_, list) = theatre.rest(10_000, "GET", "Conferences.json", &[]);
    let room = list["conferences"][0]["sid"].as_str().unwrap().to_owned();
    let (status, participant) = theatre.rest(10_000, "GET", &format!("Conferences/{room}/Participants/1.json"), &[]);
    assert_eq!((status, participant["call_sid"].as_str()), (200, Some(anna.as_str())));
    assert_eq!(
        theatre
            .rest(10_000, "DELETE", &format!("Conferences/{room}/Participants/1.json"), &[])
            .0,
        204
    );
    assert_eq!(
        theatre
            .rest(10_000, "DELETE", &format!("Conferences/{room}/Participants/1.json"), &[])
            .0,
        404
    );
    assert_eq!(theatre.heard(&anna).last(), Some(&(10_000, said("Alone again"))));
    assert_eq!(theatre.heard(&caller).last(), Some(&(10_000, Sound::Silence)));
}

#[test]
fn one_alone_does_not_start_a_conference_even_if_he_may() {
    let mut theatre = theatre();
    let anna = theatre.call(0, ANNA, &[]);
    theatre.run_to(20_000);
    assert_eq!(theatre.heard(&anna).last(), Some(&(6_250, Sound::Music("playlist".into()))));
    assert_eq!(theatre.network.talks(), vec![]);
}

#[test]
fn a_third_person_is_bridged_with_both_and_beeps() {
    let third = r#"<Dial><Conference participantLabel="2">room-7</Conference></Dial>"#;
    let mut theatre = theatre().person(
        BEN,
        Habit::Accepts {
            after: Delay::seconds(8),
            talk: None,
        },
    );
    dial_in(&mut theatre, CallerHabit::default());
    let anna = theatre.call(0, ANNA, &[]);
    theatre.call(0, BEN, &[]);
    theatre.run_to(9_000);
    let mut theatre = theatre.page("/join", third);
    theatre.run_to(20_000);
    let pairs: Vec<[String; 2]> = theatre.network.talks().into_iter().map(|talk| talk.numbers).collect();
    let pair = |one: &str, other: &str| [one.to_owned(), other.to_owned()];
    assert_eq!(pairs, [pair(CALLER, ANNA), pair(CALLER, BEN), pair(ANNA, BEN)]);
    let annas = theatre.heard(&anna);
    assert_eq!(annas[annas.len() - 2..], [(10_250, Sound::Beep), (10_250, voice(BEN))]);
}

#[test]
fn a_label_in_use_falls_through_to_the_next_verb() {
    let mut theatre = theatre().page(
        "/join",
        r#"<Dial><Conference participantLabel="0">room-7</Conference></Dial><Say>Taken</Say>"#,
    );
    dial_in(&mut theatre, CallerHabit::default());
    let anna = theatre.call(0, ANNA, &[]);
    theatre.run_to(20_000);
    assert_eq!(theatre.heard(&anna).last(), Some(&(6_250, said("Taken"))));
    assert_eq!(theatre.faults(), [Some(16025)]);
}

#[test]
fn without_its_wait_document_the_stay_is_not_established() {
    let mut theatre = theatre();
    theatre.pages.insert("/wait", Err(Failed::Timeout));
    let caller = dial_in(&mut theatre, CallerHabit::default());
    theatre.run_to(20_000);
    assert_eq!(theatre.heard(&caller).last(), Some(&(650, said("Goodbye"))));
    assert_eq!(theatre.faults(), [Some(11200)]);
}

#[test]
fn a_wait_document_may_only_speak_play_pause_and_redirect() {
    let mut theatre = theatre().page("/wait", r#"<Say>Ten chars.</Say><Gather numDigits="1"/><Say>Never heard</Say>"#);
    let caller = dial_in(&mut theatre, CallerHabit::default());
    theatre.run_to(20_000);
    assert_eq!(theatre.heard(&caller).last(), Some(&(1_300, Sound::Silence)));
    assert_eq!(theatre.faults(), [Some(13238)]);
}

#[test]
fn a_wait_document_that_ends_leaves_silence() {
    let mut theatre = theatre().page("/wait", "<Say>Ten chars.</Say>");
    let caller = dial_in(&mut theatre, CallerHabit::default());
    theatre.run_to(20_000);
    assert_eq!(theatre.heard(&caller).last(), Some(&(1_300, Sound::Silence)));
    assert_eq!(theatre.faults(), []);
}

#[test]
fn wait_documents_that_take_no_time_are_stopped() {
    let mut theatre = theatre().page("/wait", "<Redirect/>");
    let caller = dial_in(&mut theatre, CallerHabit::default());
    theatre.run_to(20_000);
    assert_eq!(theatre.heard(&caller).last(), Some(&(650, Sound::Silence)));
    assert_eq!(theatre.faults(), [None]);
}

#[test]
fn the_first_participants_callback_counts() {
    let other = r#"<Dial><Conference statusCallback="/other" statusCallbackEvent="start end join leave">room-7</Conference></Dial>"#;
    let mut theatre = theatre().page("/join", other);
    dial_in(&mut theatre, CallerHabit::default());
    theatre.call(0, ANNA, &[]);
    theatre.run_to(20_000);
    assert_eq!(theatre.requests("/other", &[]), vec![]);
    assert_eq!(theatre.requests("/conference", &[]).len(), 3);
}

#[test]
fn somebody_who_drops_while_joining_was_in_the_room_for_no_time() {
    let mut theatre = theatre().person(ANNA, Habit::DropsWhileJoining { after: Delay::seconds(4) });
    let caller = dial_in(&mut theatre, CallerHabit::default());
    theatre.call(0, ANNA, &[]);
    theatre.run_to(20_000);
    let talks = theatre.network.talks();
    assert_eq!(
        (talks.len(), talks[0].from, talks[0].until),
        (1, super::at(6_250), Some(super::at(6_250)))
    );
    assert_eq!(theatre.heard(&caller).last(), Some(&(6_250, Sound::Silence)));
}
