//! Any events in any order: what must hold all the same.

use super::*;
use crate::phrases::{Language, Phrase};

fn any_leg() -> impl Strategy<Value = LegId> {
    (0_u16..9).prop_map(LegId)
}

fn any_event() -> impl Strategy<Value = Event> {
    let line = |leg: LegId| LineId(format!("line {leg}"));
    let voice = prop_oneof![Just(Voice::Human), Just(Voice::Machine), Just(Voice::Fax), Just(Voice::Unknown)];
    let how = prop_oneof![
        Just(Ending::Completed),
        Just(Ending::Busy),
        Just(Ending::NoAnswer),
        Just(Ending::Failed),
        Just(Ending::Canceled),
        Just(Ending::Gone)
    ];
    let refusal = any::<bool>().prop_map(|permanent| Refusal {
        code: None,
        message: "no".into(),
        permanent,
    });
    prop_oneof![
        1 => any_leg().prop_map(move |leg| Event::Placed { leg, line: line(leg) }),
        1 => (any_leg(), refusal).prop_map(|(leg, why)| Event::Refused { leg, why }),
        1 => any_leg().prop_map(|leg| Event::Unsure { leg }),
        1 => any_leg().prop_map(move |leg| Event::Ringing { leg, line: line(leg) }),
        4 => (any_leg(), proptest::option::of(voice.clone())).prop_map(move |(leg, voice)| Event::Answered { leg, line: line(leg), voice }),
        1 => (any_leg(), voice).prop_map(|(leg, voice)| Event::Detected { leg, voice }),
        4 => (any_leg(), prop_oneof![Just('1'), Just('2'), Just('*'), Just('0')]).prop_map(|(leg, key)| Event::Key { leg, key }),
        4 => (any_leg(), prop_oneof!["[0-9*#]", Just("0491570156".to_owned()), Just("1900123456".to_owned())])
            .prop_map(|(leg, digits)| Event::Typed { leg, digits }),
        1 => Just(Event::CallbackOverdue),
        2 => any_leg().prop_map(|leg| Event::Joined { leg }),
        1 => any_leg().prop_map(|leg| Event::LeftRoom { leg }),
        1 => any_leg().prop_map(|leg| Event::StillWaiting { leg }),
        2 => (any_leg(), how).prop_map(|(leg, how)| Event::Ended { leg, how }),
        1 => (0_u32..90).prop_map(|seconds| Event::Recorded { recording: "RE".into(), seconds }),
        1 => Just(Event::Tick),
        1 => (0_u16..4, "RE[1-3]").prop_map(|(number, name)| Event::RecordingBegun { number, recording: RecordingId(name) }),
        1 => (0_u16..4).prop_map(|number| Event::RecordingUnsure { number }),
        1 => (0_u16..4, "RE[1-3]", 0_u32..9).prop_map(|(number, name, seconds)| Event::RecordingEnded {
            number,
            recording: RecordingId(name),
            seconds,
            channels: 2,
        }),
        1 => Just(Event::Transcribed { recording: "RE1".into(), text: "help".into() }),
        1 => Just(Event::Resolved),
        1 => any::<bool>().prop_map(|talked| Event::Makeshift { talked }),
        1 => Just(Event::SomebodyIsFree),
        1 => Just(Event::TextAdded { body: "More".into() }),
        1 => Just(Event::PassOn { from: number(1), to: number(5000), body: "Hello".into() }),
        1 => any::<bool>().prop_map(|permanent| Event::NotTexted(Undelivered {
            from: number(1),
            to: number(5000),
            code: None,
            why: "no".into(),
            permanent,
        })),
    ]
}

/// What happens in a talk, and to those who are in it or rung for it.
fn event_of_a_talk() -> impl Strategy<Value = Event> {
    let leg = || (0_u16..6).prop_map(LegId);
    let line = |leg: LegId| LineId(format!("line {leg}"));
    prop_oneof![
        3 => any_event(),
        2 => leg().prop_map(|leg| Event::LeftRoom { leg }),
        3 => leg().prop_map(|leg| Event::Joined { leg }),
        1 => leg().prop_map(|leg| Event::StillWaiting { leg }),
        3 => (leg(), prop_oneof![Just('1'), Just('2')]).prop_map(|(leg, key)| Event::Key { leg, key }),
        1 => leg().prop_map(move |leg| Event::Answered { leg, line: line(leg), voice: None }),
        1 => (1_u16..6).prop_map(|leg| Event::Ended { leg: LegId(leg), how: Ending::Completed }),
    ]
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let screening = prop_oneof![
        Just(Screening::Press1),
        Just(Screening::MachineDetection),
        Just(Screening::Both),
        Just(Screening::None)
    ];
    let tell = prop_oneof![Just(vec![]), Just(vec![number(77)]), Just(vec![number(11), number(77), number(77)])];
    let texts = (any::<bool>(), any::<bool>(), tell);
    let rules = (screening, 1_u32..4, 10_u32..400, (any::<bool>(), any::<bool>()), texts);
    rules.prop_map(
        |(screening, rounds, max_wait_seconds, (bring_in_key, record_talks), (before, level, tell))| Rules {
            bring_in_key,
            record_talks,
            screening,
            rounds,
            max_wait_seconds,
            text_before_ringing: before,
            tell_level: level,
            tell,
            callbacks: callbacks(),
            ..Rules::default()
        },
    )
}

fn any_welcome() -> impl Strategy<Value = Welcome> {
    let why = || "so it is".to_owned();
    prop_oneof![
        8 => Just(Welcome::Open),
        1 => Just(Welcome::Closed { then: WhenClosed::Message, why: why() }),
        1 => Just(Welcome::Closed { then: WhenClosed::LastResort, why: why() }),
        1 => Just(Welcome::Closed { then: WhenClosed::Ring, why: why() }),
        1 => Just(Welcome::TooManyCalls { why: why() }),
        1 => Just(Welcome::Crowded { why: why() }),
        1 => Just(Welcome::Refused { hears: Rebuff::CallAgain, why: why() }),
        1 => Just(Welcome::Refused { hears: Rebuff::Sentence, why: why() }),
        1 => Just(Welcome::Refused { hears: Rebuff::Nothing, why: why() }),
    ]
}

/// Whatever happens later, nobody is rung for a call that was not to be put through, and who is turned away stays so.
fn check_welcome(desk: &Desk) {
    let rung: BTreeSet<&str> = desk.call.legs.iter().map(|leg| leg.who.name.as_str()).collect();
    match &desk.call.plan.welcome {
        Welcome::Open
        | Welcome::Closed {
            then: WhenClosed::Ring, ..
        } => {}
        Welcome::Closed {
            then: WhenClosed::LastResort,
            ..
        } => assert!(rung.iter().all(|name| *name == "Desk"), "{rung:?}"),
        Welcome::Closed {
            then: WhenClosed::Message, ..
        }
        | Welcome::TooManyCalls { .. }
        | Welcome::Crowded { .. } => assert!(rung.is_empty(), "{rung:?}"),
        Welcome::Refused { .. } => {
            assert!(rung.is_empty(), "{rung:?}");
            assert_eq!(desk.call.outcome, Some(Outcome::Refused));
        }
    }
}

/// Whose texts these are, by name or by number, and what they say.
type Texts = BTreeSet<(String, String)>;

/// Nobody gets the same text twice, on whichever phone, and nobody is texted who cannot be.
fn check_texts(desk: &Desk, known: &mut Texts) {
    let plan = &desk.call.plan;
    for command in &desk.last.commands {
        // Nobody is ever rung whom the gate would have to turn away.
        if matches!(command, Command::Dial { .. }) {
            assert_eq!(desk.call.forbids(command, Means::Ample), None, "{command:?}");
        }
        let Command::Text { sender, to, body, .. } = command else {
            continue;
        };
        assert!(to.can_be_texted(), "{to}");
        // What two people write to each other is theirs.
        if sender.is_some() {
            continue;
        }
        // Each time that somebody asks for another one, and each text that gets lost, is an event of its own.
        if *body == Language::English.say(Phrase::NobodyJoins("lab")) || body.contains("your text may not have arrived") {
            continue;
        }
        let mut people = plan.levels.iter().flat_map(|rung| &rung.responders).chain(&plan.last_resort);
        let who = people
            .find(|who| who.has(to))
            .map_or_else(|| to.to_string(), |who| who.name.clone());
        assert!(known.insert((who.clone(), body.clone())), "{who} gets twice: {body}");
    }
}

/// Whoever has declined is not rung on the other phone, until an alarm rings everybody anew.
fn check_declined(desk: &Desk) {
    for leg in desk.call.legs.iter().filter(|leg| leg.is_trying()) {
        assert!(!desk.call.has_declined(&leg.who), "rung although declined: {:?}", desk.call.legs);
    }
}

/// How often the last event has promised a callback.
fn promised(desk: &Desk) -> usize {
    desk.last
        .facts
        .iter()
        .filter(|fact| matches!(fact, Fact::CallbackAsked { .. }))
        .count()
}

/// How often the last event has ended the call.
fn ended(desk: &Desk) -> usize {
    desk.last.facts.iter().filter(|fact| matches!(fact, Fact::Ended { .. })).count()
}

/// What ends an alarm, and that it rings nobody afterwards.
fn check_alarm(desk: &Desk) {
    let ends_alarms = |outcome: &Outcome| match outcome {
        Outcome::Acknowledged | Outcome::Resolved | Outcome::Unacknowledged => true,
        Outcome::Served
        | Outcome::Recorded
        | Outcome::CallbackAsked
        | Outcome::CallerHungUp
        | Outcome::NoMessage
        | Outcome::CutOff
        | Outcome::Refused
        | Outcome::CalledBack
        | Outcome::NotCalledBack
        | Outcome::PutThrough
        | Outcome::NotPutThrough => false,
    };
    let is_alarm = desk.call.is_acknowledged();
    let outcome = desk.call.outcome();
    assert!(outcome.is_none_or(|outcome| ends_alarms(&outcome) == is_alarm), "{outcome:?}");
    if is_alarm && outcome.is_some() {
        assert_eq!(desk.dialled(), [], "rung for an alarm that is over: {:?}", desk.call);
    }
}

/// Nobody is recorded who has refused, or is not with anybody.
fn check_recording(desk: &Desk) {
    let begins = desk.last.commands.iter().any(|command| matches!(command, Command::Record { .. }));
    let is_together = matches!(desk.call.phase, Phase::Connected { .. });
    let may = is_together && desk.call.plan.rules.record_talks && !desk.call.refuses_recording() && desk.call.in_room_since.is_some();
    assert!(!begins || may, "recorded: {:?}", desk.call);
}

/// The caller is rung only for somebody who has taken it, and is let go with him; closed is only what was talked about.
fn check_ringback(desk: &Desk) {
    let outcome = desk.call.outcome();
    let (ends, is_put_through) = match outcome {
        Some(Outcome::CalledBack | Outcome::NotCalledBack) => (true, false),
        Some(Outcome::PutThrough | Outcome::NotPutThrough) => (true, true),
        Some(_) | None => (false, false),
    };
    let rings_a_caller = desk.call.rings_a_caller().is_some();
    assert!(outcome.is_none() || ends == rings_a_caller, "{outcome:?}");
    assert_eq!(ends && !is_put_through, outcome.is_some() && desk.call.calling_back().is_some());
    let Some(called) = &desk.call.called else { return };
    assert!(rings_a_caller && desk.call.legs.len() == 1, "{:?}", desk.call);
    let taken = matches!(desk.call.legs[0].state, LegState::Accepted | LegState::InRoom);
    let going_on = matches!(called.state, LegState::LetGo | LegState::Ended);
    assert_eq!(taken, !going_on, "one of the two is left alone: {:?}", desk.call);
    assert_eq!(outcome.is_some(), going_on, "{:?}", desk.call);
}

/// With one responder at a time, unless one of them has asked for more.
fn check(desk: &Desk, has_asked: &mut bool) {
    *has_asked |= desk.last.facts.iter().any(|fact| matches!(fact, Fact::AskedForMore { .. }));
    check_recording(desk);
    check_welcome(desk);
    check_alarm(desk);
    check_ringback(desk);
    check_declined(desk);
    let holding = desk
        .call
        .legs
        .iter()
        .filter(|leg| matches!(leg.state, LegState::Accepted | LegState::InRoom))
        .count();
    let has_talk = matches!(
        desk.call.phase,
        Phase::RingingBack { .. } | Phase::Joining { .. } | Phase::Connected { .. }
    );
    let most = if *has_asked { 3 } else { 1 };
    assert!(holding <= most, "{holding} responders hold the call: {:?}", desk.call.legs);
    assert_eq!(holding > 0, has_talk, "{:?}", desk.call);
    let for_a_talk = has_talk && desk.call.is_bringing_in();
    assert!(*has_asked || !for_a_talk, "nobody has asked: {:?}", desk.call);
    assert!(
        !desk.call.legs.iter().any(Leg::is_trying) || desk.call.phase == Phase::Searching || for_a_talk,
        "rung for nothing: {:?}",
        desk.call
    );
    assert!(
        !desk.call.is_live() || desk.call.deadline().is_some(),
        "live and never looked at again: {:?}",
        desk.call
    );
    let mut busy: Vec<_> = desk
        .call
        .legs
        .iter()
        .filter(|leg| leg.is_trying())
        .map(|leg| leg.who.phone.address())
        .collect();
    let all = busy.len();
    busy.sort_unstable();
    busy.dedup();
    assert_eq!(busy.len(), all, "a phone rung twice at once");
}

/// Plays the events, each of them twice, and then nothing but deadlines.
fn lives_through(mut desk: Desk, events: Vec<(i64, Event)>) -> Result<(), TestCaseError> {
    let mut texts = Texts::new();
    check_texts(&desk, &mut texts);
    let (mut ends, mut asked) = (0, 0);
    let mut has_asked = desk.call.legs.len() > 1 && desk.call.legs[0].has_met;
    for (pause, event) in events {
        desk.after(pause, event.clone());
        ends += ended(&desk);
        check_texts(&desk, &mut texts);
        asked += promised(&desk);
        check(&desk, &mut has_asked);
        let state = desk.call.clone();
        desk.after(0, event.clone());
        ends += ended(&desk);
        check_texts(&desk, &mut texts);
        asked += promised(&desk);
        // A key of the caller may well mean two things in two states; anything else repeated changes nothing that anybody hears.
        if !matches!(
            event,
            Event::Key { leg: CALLER, .. }
                | Event::Typed { .. }
                | Event::TextAdded { .. }
                | Event::LeftRoom { .. }
                | Event::Ended { .. }
                | Event::Recorded { .. }
        ) {
            let legs = u16::try_from(state.legs.len()).unwrap();
            for leg in (0..=legs).map(LegId) {
                prop_assert_eq!(state.script(leg), desk.call.script(leg), "{:?} twice", &event);
            }
        }
        check(&desk, &mut has_asked);
    }
    for _ in 0..400 {
        let Some(deadline) = desk.call.deadline() else { break };
        desk.now = desk.now.max(deadline);
        desk.after(0, Event::Tick);
        ends += ended(&desk);
        check_texts(&desk, &mut texts);
        check(&desk, &mut has_asked);
        prop_assert!(
            desk.call.deadline().is_none_or(|next| next > desk.now),
            "a deadline that does not move: {:?}",
            desk.call
        );
    }
    prop_assert!(!desk.call.is_live(), "still live: {:?}", desk.call);
    prop_assert!(desk.call.outcome().is_some());
    prop_assert_eq!(ends, 1, "it ends once, and is told so once");
    // A callback is promised once, and never lost by whatever comes afterwards.
    prop_assert_eq!(asked, usize::from(desk.call.outcome() == Some(Outcome::CallbackAsked)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens, nobody is stranded: left to its deadlines alone every call comes to its end.
    #[test]
    fn every_call_comes_to_its_end(kind in 0..5, has_two in any::<bool>(), rules in any_rules(), welcome in any_welcome(), events in proptest::collection::vec((0_i64..20, any_event()), 0..60)) {
        let plan = |rules| if has_two { reach::two_phones(rules) } else { plan(rules) };
        let desk = match kind {
            0 => Desk::raise(plan(rules)),
            1 => Desk::ring_back(rules),
            2 => Desk::stranger_texts(plan(rules)),
            3 => Desk::put_through(rules, &[]),
            _ => Desk::arrive(plan(rules).met_with(welcome)),
        };
        lives_through(desk, events)?;
    }

    /// The same from the middle of a talk with a key: one is asked, or two are with the caller.
    #[test]
    fn every_talk_comes_to_its_end(is_three in any::<bool>(), events in proptest::collection::vec((0_i64..20, event_of_a_talk()), 0..60)) {
        lives_through(if is_three { talk::three() } else { talk::aside() }, events)?;
    }
}
