//! What proves that a human being has taken the call.

use super::*;

#[test]
fn without_screening_an_answer_is_enough() {
    let mut desk = Desk::arrive(plan(Rules {
        screening: Screening::None,
        ..one_round()
    }));
    desk.rings(ANA).answers(ANA);
    assert!(matches!(desk.call.script(ANA), Script::Join { .. }));
}

#[test]
fn behind_an_extension_only_a_key_tells() {
    for screening in [Screening::None, Screening::MachineDetection, Screening::Both, Screening::Press1] {
        let mut plan = plan(Rules { screening, ..one_round() });
        plan.levels[0].responders[0].phone = number(1).with_extension("12").unwrap();
        // Another extension of the same switchboard is another person.
        plan.levels[1].responders[0].phone = number(1).with_extension("13").unwrap();
        let mut desk = Desk::arrive(plan);
        assert!(matches!(&desk.last.commands[0], Command::Dial { to, detection: None, .. } if to.extension() == Some("12")));
        desk.rings(ANA).after(
            3,
            Event::Answered {
                leg: ANA,
                line: Desk::line(ANA),
                voice: Some(Voice::Human),
            },
        );
        assert!(matches!(desk.call.script(ANA), Script::Whisper { .. }), "{screening:?}");
        desk.presses(ANA, '2');
        assert_eq!(desk.dialled().len(), 2, "declining rules out the one extension only");
        desk.rings(BEN).answers(BEN).presses(BEN, '1');
        assert!(matches!(desk.call.script(BEN), Script::Join { .. }), "{screening:?}");
    }
}

#[test]
fn machine_detection_replaces_the_key_and_asks_for_it_when_unsure() {
    let rules = Rules {
        screening: Screening::MachineDetection,
        ..one_round()
    };
    let outcome = |voice: Option<Voice>| {
        let mut desk = Desk::arrive(plan(rules.clone()));
        assert!(matches!(
            desk.last.commands[0],
            Command::Dial {
                detection: Some(Detection::BeforeScript),
                ..
            }
        ));
        // The notice of the answer comes before the result of the detection.
        desk.rings(ANA).answers(ANA).after(
            4,
            Event::Answered {
                leg: ANA,
                line: Desk::line(ANA),
                voice,
            },
        );
        (desk.call.script(ANA), desk.dialled().len())
    };
    assert!(matches!(outcome(Some(Voice::Human)), (Script::Join { .. }, 0)));
    assert_eq!(
        outcome(Some(Voice::Machine)),
        (Script::Goodbye { words: String::new() }, 2),
        "a machine is told nothing"
    );
    assert_eq!(outcome(Some(Voice::Fax)), (Script::Goodbye { words: String::new() }, 2));
    assert!(matches!(outcome(Some(Voice::Unknown)), (Script::Whisper { .. }, 0)));
    assert!(matches!(outcome(None), (Script::Whisper { .. }, 0)));
}

#[test]
fn with_both_a_machine_ends_the_leg_early_and_a_key_beats_a_late_verdict() {
    let rules = Rules {
        screening: Screening::Both,
        ..one_round()
    };
    let mut desk = Desk::arrive(plan(rules.clone()));
    assert!(matches!(
        desk.last.commands[0],
        Command::Dial {
            detection: Some(Detection::Meanwhile),
            ..
        }
    ));
    desk.rings(ANA).answers(ANA).after(
        4,
        Event::Detected {
            leg: ANA,
            voice: Voice::Machine,
        },
    );
    assert_eq!(desk.asks(), ["hang up 1", "dial 2", "dial 3"]);

    let mut desk = Desk::arrive(plan(rules));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(
        4,
        Event::Detected {
            leg: ANA,
            voice: Voice::Machine,
        },
    );
    assert_eq!(desk.last, Reaction::default());
}
