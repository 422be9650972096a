//! Second phones, phones that take no texts, and who is told what by a text.

use super::*;
use crate::roster::{Duty, Level};
use providers::{AddressStyle, CellAddress};
use std::sync::Arc;

fn phone(text: &str) -> Phone {
    Phone::parse(text).unwrap()
}

fn with_two(name: &str, first: &str, second: &str) -> Responder {
    Responder {
        name: name.into(),
        phone: phone(first),
        then: Some(phone(second)),
    }
}

const ANAS: &str = "+61491570001";
const ANAS_OTHER: &str = "+61491570011";
const BENS: &str = "+61491570002";
const CYS: &str = "+61491570003";
const CYS_OTHER: &str = "+61491570013";

/// Made of a duty: first these people, then those.
fn made(levels: &[&[Responder]], caller: Option<&Phone>, rules: Rules) -> Plan {
    made_with(levels, &person("Desk", 9), caller, rules)
}

fn made_with(levels: &[&[Responder]], last_resort: &Responder, caller: Option<&Phone>, rules: Rules) -> Plan {
    let level = |(n, people): (usize, &&[Responder])| Level {
        label: Arc::from(["1st", "2nd", "3rd"][n]),
        responders: people.iter().cloned().map(Arc::new).collect(),
        source: CellAddress::new("Rota", AddressStyle::Grid, 2, u32::try_from(n + 2).unwrap()),
        is_change: false,
    };
    let now = Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 0).unwrap();
    let duty = Duty {
        from: now,
        until: now + TimeDelta::days(1),
        levels: levels.iter().enumerate().map(level).collect(),
        nobody: None,
    };
    let on_call = crate::roster::OnCall::Duty(&duty);
    Plan::make(HotlineName("lab".into()), on_call, Some(last_resort), caller, rules).arriving(Some("2026-03-07 14:00".into()))
}

/// Ana, who has two phones; then Ben and Cy, who has two.
pub(super) fn two_phones(rules: Rules) -> Plan {
    let first = [with_two("Ana", ANAS, ANAS_OTHER)];
    let second = [person("Ben", 2), with_two("Cy", CYS, CYS_OTHER)];
    made(&[&first, &second], None, rules)
}

fn facts(desk: &Desk) -> Vec<String> {
    desk.last.facts.iter().map(ToString::to_string).collect()
}

fn texts(desk: &Desk) -> Vec<(&str, &str)> {
    let texts = desk.last.commands.iter().filter_map(|command| {
        if let Command::Text { to, body, .. } = command {
            Some((to.address(), body.as_str()))
        } else {
            None
        }
    });
    texts.collect()
}

fn in_vain(desk: &mut Desk, leg: u16) {
    desk.rings(LegId(leg)).ends(LegId(leg), Ending::NoAnswer);
}

#[test]
fn the_second_phones_of_a_level_are_rung_after_its_first() {
    let mut desk = Desk::arrive(two_phones(one_round()));
    assert_eq!(desk.dialled(), [(1, ANAS)]);
    in_vain(&mut desk, 1);
    assert_eq!(desk.dialled(), [(2, ANAS_OTHER)]);
    assert_eq!(
        facts(&desk)[1..],
        ["Now ringing: 1st, on the second phone.", "Dialling Ana on +61…011 (Rota!B2)."]
    );
    assert!(
        desk.call
            .waiting_words(CALLER)
            .starts_with("We are ringing the first person on call.")
    );
    assert!(desk.hears(LegId(2)).contains("You are first on call."), "{}", desk.hears(LegId(2)));
    in_vain(&mut desk, 2);
    assert_eq!(desk.dialled(), [(3, BENS), (4, CYS)]);
    assert!(
        desk.call
            .waiting_words(CALLER)
            .starts_with("We are ringing the second person on call.")
    );
    assert!(desk.hears(LegId(4)).contains("You are second on call."));
    in_vain(&mut desk, 3);
    in_vain(&mut desk, 4);
    assert_eq!(desk.dialled(), [(5, CYS_OTHER)]);
    in_vain(&mut desk, 5);
    assert_eq!(desk.dialled(), [(6, "+61491570009")], "the last resort");
}

#[test]
fn who_declines_on_one_phone_is_not_rung_on_the_other() {
    let mut desk = Desk::arrive(two_phones(Rules { rounds: 2, ..one_round() }));
    desk.rings(ANA).answers(ANA).presses(ANA, '2');
    assert_eq!(desk.dialled(), [(2, BENS), (3, CYS)]);
    desk.ends(ANA, Ending::Completed);
    in_vain(&mut desk, 2);
    in_vain(&mut desk, 3);
    assert_eq!(desk.dialled(), [(4, CYS_OTHER)]);
    desk.rings(LegId(4)).answers(LegId(4)).presses(LegId(4), '2');
    assert_eq!(desk.dialled(), [(5, BENS)], "in the second round Ben alone is left");
}

#[test]
fn a_first_phone_that_cannot_be_dialled_says_nothing_of_the_second() {
    let mut desk = Desk::arrive(two_phones(one_round()));
    let why = Refusal {
        code: Some(21_211),
        message: "no such number".into(),
        permanent: true,
    };
    desk.after(0, Event::Refused { leg: ANA, why });
    assert_eq!(desk.dialled(), [(2, ANAS_OTHER)]);
}

#[test]
fn away_and_busy_are_people_and_not_phones() {
    // Ana has told so from her other phone, Cy talks on his.
    let desk = Desk::arrive_in(two_phones(one_round()), &[13], &[11]);
    assert_eq!(desk.dialled(), [(1, BENS)]);
    assert_eq!(
        facts(&desk)[1..4],
        [
            "Ana is not rung: away until 2026-03-07 18:00, told by text.",
            "Cy is not rung: already on another call of the hotline.",
            "Now ringing: 2nd."
        ]
    );
    let mut desk = desk;
    in_vain(&mut desk, 1);
    assert_eq!(desk.dialled(), [(2, "+61491570009")]);
    assert!(
        !facts(&desk).iter().any(|fact| fact.contains("is not rung")),
        "said once: {:?}",
        facts(&desk)
    );
}

#[test]
fn a_phone_that_several_have_second_is_rung_once_in_a_round_and_keeps_nobody_from_being_rung() {
    let (ana, ben) = (with_two("Ana", ANAS, "+61491570020"), with_two("Ben", BENS, "+61491570020"));
    let plan = made(&[std::slice::from_ref(&ana), std::slice::from_ref(&ben)], None, one_round());
    let mut desk = Desk::arrive(plan.clone());
    in_vain(&mut desk, 1);
    assert_eq!(desk.dialled(), [(2, "+61491570020")]);
    in_vain(&mut desk, 2);
    assert_eq!(desk.dialled(), [(3, BENS)]);
    in_vain(&mut desk, 3);
    assert_eq!(desk.dialled(), [(4, "+61491570009")]);
    // Ana passes it on: the phone is rung for Ben.
    let mut desk = Desk::arrive(plan.clone());
    desk.rings(ANA).answers(ANA).presses(ANA, '2');
    in_vain(&mut desk, 2);
    assert_eq!(desk.dialled(), [(3, "+61491570020")]);
    // It is in use: their own phones ring all the same.
    let desk = Desk::arrive_with(plan, &[20]);
    assert_eq!(desk.dialled(), [(1, ANAS)]);
}

#[test]
fn a_second_phone_that_is_somebodys_first_is_rung_as_that() {
    let plan = made(&[&[with_two("Ana", ANAS, BENS)], &[person("Ben", 2)]], None, one_round());
    let phones: Vec<Vec<&str>> = plan
        .levels
        .iter()
        .map(|rung| rung.responders.iter().map(|who| who.phone.address()).collect())
        .collect();
    assert_eq!(phones, [[ANAS], [BENS]]);
    // Whoever calls from the second phone is not rung on the first.
    let caller = phone(ANAS_OTHER);
    let plan = made(
        &[&[with_two("Ana", ANAS, ANAS_OTHER)], &[person("Ben", 2)]],
        Some(&caller),
        one_round(),
    );
    assert_eq!(plan.levels.len(), 1);
    assert_eq!(plan.left_out[0].reason, LeftOutReason::IsTheCaller);
}

#[test]
fn calls_of_the_build_before_have_no_second_phones() {
    let rung: Rung =
        serde_json::from_str(r#"{"label":"1st","responders":[{"name":"Ana","phone":"+61491570001"}],"source":"Rota!B2"}"#).unwrap();
    assert_eq!((rung.second, rung.responders[0].then.as_ref()), (false, None));
    let kept = serde_json::to_string(&person("Ana", 1)).unwrap();
    assert_eq!(kept, r#"{"name":"Ana","phone":"+61491570001"}"#);
}

#[test]
fn a_softphone_presses_1_or_answers_and_no_machine_is_listened_for() {
    for (screening, accepted) in [
        (Screening::Press1, false),
        (Screening::MachineDetection, false),
        (Screening::Both, false),
        (Screening::None, true),
    ] {
        let ana = Responder {
            name: "Ana".into(),
            phone: phone("client:ana"),
            then: None,
        };
        let mut desk = Desk::arrive(made(&[&[ana]], None, Rules { screening, ..one_round() }));
        assert!(matches!(&desk.last.commands[0], Command::Dial { to, detection: None, .. } if to.address() == "client:ana"));
        desk.rings(ANA).answers(ANA);
        assert_eq!(desk.call.leg(ANA).unwrap().state == LegState::Accepted, accepted, "{screening:?}");
        desk.presses(ANA, '1');
        assert_eq!(desk.call.leg(ANA).unwrap().state, LegState::Accepted, "{screening:?}");
    }
}

#[test]
fn whoever_is_rung_gets_one_text_before_where_a_phone_takes_it() {
    let rules = Rules {
        text_before_ringing: true,
        ..one_round()
    };
    let ana = with_two("Ana", "client:ana", ANAS_OTHER);
    let ben = Responder {
        phone: phone("sip:ben@pbx.example.org"),
        ..person("Ben", 2)
    };
    let cy = person("Cy", 3);
    let mut desk = Desk::arrive(made(&[&[ana], &[ben, cy]], None, Rules { rounds: 2, ..rules }));
    assert_eq!(
        texts(&desk),
        [(
            ANAS_OTHER,
            "Hotline lab is ringing you: a call from +61491575000. Answer and press 1 to take it."
        )]
    );
    in_vain(&mut desk, 1);
    assert_eq!((desk.dialled(), texts(&desk)), (vec![(2, ANAS_OTHER)], vec![]), "she knows");
    in_vain(&mut desk, 2);
    assert_eq!(texts(&desk).iter().map(|(to, _)| *to).collect::<Vec<_>>(), [CYS]);
    in_vain(&mut desk, 3);
    in_vain(&mut desk, 4);
    assert_eq!(
        (desk.dialled(), texts(&desk)),
        (vec![(5, "client:ana")], vec![]),
        "nor in the second round"
    );
}

#[test]
fn a_missed_call_is_told_to_the_level_once_each() {
    let rules = Rules {
        tell_level: true,
        // Ana's other phone, twice, and somebody else.
        tell: vec![number(11), number(11), number(77)],
        ..one_round()
    };
    let first = [
        with_two("Ana", ANAS, ANAS_OTHER),
        person("Ben", 2),
        with_two("Cy", "client:cy", CYS_OTHER),
    ];
    let dee = Responder {
        phone: phone("client:dee"),
        ..person("Dee", 4)
    };
    let people = [&first[..], &[dee]].concat();
    let mut desk = Desk::arrive(made(&[&people], None, rules));
    // Ben is being asked when the caller hangs up: he is of the level, and has picked up for nothing.
    desk.rings(LegId(2)).answers(LegId(2)).ends(CALLER, Ending::Completed);
    const BODY: &str = "Hotline lab, 2026-03-07 14:00: the caller +61491575000 hung up before being put through. Please call back.";
    assert_eq!(
        texts(&desk),
        [ANAS_OTHER, "+61491570077", BENS, CYS_OTHER].map(|to| (to, BODY)),
        "each person once, and nobody who cannot be texted"
    );
    assert!(desk.hears(LegId(2)).starts_with("The caller has hung up."));
    // Ana picks up in this moment: she knows already.
    desk.answers(LegId(1));
    assert_eq!(texts(&desk), []);
}

#[test]
fn who_has_declined_is_told_and_where_all_have_the_last_resort_is_as_well() {
    let rules = || Rules {
        tell_level: true,
        tell: vec![],
        ..one_round()
    };
    let mut desk = Desk::arrive(made(&[&[person("Ana", 1), person("Ben", 2)]], None, rules()));
    desk.rings(ANA).answers(ANA).presses(ANA, '2').ends(ANA, Ending::Completed);
    desk.rings(BEN).ends(CALLER, Ending::Completed);
    assert_eq!(texts(&desk).iter().map(|(to, _)| *to).collect::<Vec<_>>(), [ANAS, BENS]);
    // Ana alone is on call: by what she pressed, nobody would look after it.
    let mut desk = Desk::arrive(made(&[&[person("Ana", 1)]], None, rules()));
    desk.rings(ANA).answers(ANA).presses(ANA, '2').ends(ANA, Ending::Completed);
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(texts(&desk).iter().map(|(to, _)| *to).collect::<Vec<_>>(), [ANAS, "+61491570009"]);
    // Whoever has no such number is not texted on it.
    let mut desk = Desk::arrive(made(&[&[person("Ana", 1)]], None, rules()));
    let why = Refusal {
        code: Some(21_211),
        message: "no such number".into(),
        permanent: true,
    };
    desk.after(0, Event::Refused { leg: ANA, why }).ends(CALLER, Ending::Completed);
    assert_eq!(texts(&desk).iter().map(|(to, _)| *to).collect::<Vec<_>>(), ["+61491570009"]);
}

#[test]
fn details_follow_where_nobody_else_is_told() {
    let rules = || Rules {
        rounds: 1,
        ..Rules::default()
    };
    let mut desk = Desk::arrive(two_phones(rules()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').ends(CALLER, Ending::Completed);
    assert_eq!(texts(&desk).iter().map(|(to, _)| *to).collect::<Vec<_>>(), [ANAS]);
    // Her phone only rang.
    let mut desk = Desk::arrive(two_phones(rules()));
    desk.rings(ANA).ends(CALLER, Ending::Completed);
    assert_eq!(texts(&desk), []);
    // She has talked with him.
    let mut desk = Desk::arrive(two_phones(rules()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA });
    desk.after(
        30,
        Event::Ended {
            leg: CALLER,
            how: Ending::Completed,
        },
    );
    assert_eq!(texts(&desk), []);
}

/// Ana; then the desk, which has two phones.
fn desk_with_two() -> Plan {
    made_with(
        &[&[person("Ana", 1)]],
        &with_two("Desk", "+61491570009", "+61491570019"),
        None,
        one_round(),
    )
}

#[test]
fn the_second_phone_of_the_last_resort_is_rung_after_its_first() {
    let mut desk = Desk::arrive(desk_with_two());
    in_vain(&mut desk, 1);
    assert_eq!(desk.dialled(), [(2, "+61491570009")]);
    in_vain(&mut desk, 2);
    assert_eq!(desk.dialled(), [(3, "+61491570019")]);
    assert_eq!(facts(&desk)[1..], ["Dialling the last resort, Desk, on +61…019."]);
    assert!(
        desk.call
            .waiting_words(CALLER)
            .starts_with("We are ringing somebody who can help you further.")
    );
    in_vain(&mut desk, 3);
    assert_eq!(desk.asks(), ["redirect 0"], "each of them once");
    assert!(desk.hears(CALLER).contains("leave a message"));
    // Whoever declines on the first is not rung on the second.
    let mut desk = Desk::arrive(desk_with_two());
    in_vain(&mut desk, 1);
    desk.rings(BEN).answers(BEN).presses(BEN, '2');
    assert_eq!(desk.asks(), ["redirect 0"]);
    // The first cannot be dialled.
    let mut desk = Desk::arrive(desk_with_two());
    in_vain(&mut desk, 1);
    let why = Refusal {
        code: Some(21_211),
        message: "no such number".into(),
        permanent: true,
    };
    desk.after(0, Event::Refused { leg: BEN, why });
    assert_eq!(desk.dialled(), [(3, "+61491570019")]);
}

#[test]
fn a_phone_of_the_last_resort_that_is_ours_or_rung_anyway_is_left_out() {
    let rules = Rules {
        callbacks: callbacks(),
        ..one_round()
    };
    for second in ["+61491570006", ANAS] {
        let last = with_two("Desk", "+61491570009", second);
        let plan = made_with(&[&[person("Ana", 1)]], &last, None, rules.clone());
        assert_eq!(plan.last_resort, Some(person("Desk", 9)), "{second}");
    }
}
