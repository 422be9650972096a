//! Whom a call may ring and text, whatever else is wrong, and how many orders there may be.

use super::*;
use crate::roster::{OutOfReach, Reach};

fn dial(leg: u16, to: &Phone) -> Command {
    Command::Dial {
        leg: LegId(leg),
        to: to.clone(),
        ring_seconds: 20,
        detection: None,
    }
}

fn text(to: &Phone) -> Command {
    Command::Text {
        number: 1,
        sender: None,
        to: to.clone(),
        body: "Hello".to_owned(),
    }
}

/// Callers come from number 5000, and are told of at number 77; number 6 is our own.
fn call() -> Call {
    let rules = Rules {
        callbacks: callbacks(),
        ..one_round()
    };
    Desk::arrive(plan(rules)).call
}

fn forbidden(call: &Call, order: &Command) -> Option<Forbidden> {
    call.forbids(order, Means::Ample)
}

#[test]
fn only_those_of_the_plan_are_rung() {
    let call = call();
    for of_plan in [1, 2, 3, 4, 9] {
        assert_eq!(forbidden(&call, &dial(1, &number(of_plan))), None, "{of_plan}");
    }
    let premium = Phone::from_e164("+611900654321").unwrap();
    // Whoever is told, the caller, our own number, anybody.
    for other in [number(77), number(5000), number(6), number(1234), premium] {
        assert_eq!(forbidden(&call, &dial(1, &other)), Some(Forbidden::Stranger), "{other}");
        assert_eq!(
            forbidden(&call, &dial(0, &other)),
            Some(Forbidden::Stranger),
            "{other}: nobody is called back"
        );
    }
}

#[test]
fn only_those_of_the_plan_and_whoever_is_told_or_has_called_are_texted() {
    let call = call();
    for known in [1, 2, 3, 4, 9, 77, 5000] {
        assert_eq!(forbidden(&call, &text(&number(known))), None, "{known}");
    }
    for other in [6, 1234] {
        assert_eq!(forbidden(&call, &text(&number(other))), Some(Forbidden::Stranger), "{other}");
    }
    // What costs nothing is no matter.
    let line = LineId("caller".into());
    assert_eq!(forbidden(&call, &Command::HangUp { leg: CALLER, line }), None);
}

/// A sheet whose admin has gone bad, or a database that somebody else has written: the plan itself names such numbers.
#[test]
fn a_plan_that_names_premium_numbers_rings_none_of_them() {
    let premium = Phone::from_e164("+611900654321").unwrap();
    let abroad = Phone::from_e164("+5352345678").unwrap();
    let mut plan = plan(Rules {
        tell: vec![premium.clone()],
        reach: Reach::new(Some("AU"), &[], BTreeSet::new(), &BTreeSet::new(), BTreeSet::new()),
        ..Rules::default()
    });
    plan.levels[0].responders[0].phone = premium.clone();
    plan.levels[1].responders[0].then = Some(abroad.clone());
    let call = Desk::arrive(plan).call;
    let [costs, far] = [OutOfReach::Premium, OutOfReach::Country].map(|why| Some(Forbidden::OutOfReach(why)));
    assert_eq!(forbidden(&call, &dial(1, &premium)), costs);
    assert_eq!(forbidden(&call, &text(&premium)), costs);
    assert_eq!(forbidden(&call, &dial(1, &abroad)), far);
    assert_eq!(forbidden(&call, &dial(1, &number(2))), None);
}

/// Out of a sheet such a number does not even get into a plan.
#[test]
fn the_plan_leaves_out_whom_the_hotline_may_not_ring() {
    let from = DateTime::UNIX_EPOCH;
    let ana = crate::roster::Responder {
        name: "Ana".into(),
        phone: Phone::from_e164("+611900654321").unwrap(),
        then: Some(number(1)),
    };
    let ben = crate::roster::Responder {
        then: Some(Phone::from_e164("+5352345678").unwrap()),
        ..person("Ben", 2)
    };
    let duty = crate::roster::Duty {
        from,
        until: from + TimeDelta::hours(1),
        levels: vec![crate::roster::Level {
            label: "1st".into(),
            responders: [ana.clone(), ben].map(std::sync::Arc::new).into(),
            source: providers::CellAddress::new("Rota", providers::AddressStyle::Grid, 1, 1),
            is_change: false,
        }],
        nobody: None,
    };
    let rules = Rules {
        reach: Reach::new(Some("AU"), &[], BTreeSet::new(), &BTreeSet::new(), BTreeSet::new()),
        ..Rules::default()
    };
    let on_call = crate::roster::OnCall::Duty(&duty);
    let made = Plan::make(HotlineName("lab".into()), on_call, Some(&ana), None, rules);
    assert_eq!(made.levels.len(), 1);
    assert_eq!(made.levels[0].responders, [person("Ben", 2)]);
    assert_eq!(made.last_resort, None);
    let left_out: Vec<_> = made.left_out.iter().map(|one| (one.name.as_str(), one.reason)).collect();
    assert_eq!(left_out, [("Ana", LeftOutReason::IsOutOfReach); 2]);
}

/// 80 of 100 are many, 100 all, 200 more than there are.
#[test]
fn a_budget_leaves_the_last_resort_and_then_nobody() {
    let budget = Budget { here: 100, everywhere: 0 };
    let spent = |here| Spent { here, everywhere: 9_999 };
    let left: Vec<Means> = [0, 79, 80, 99, 100, 199, 200, 5_000]
        .map(|orders| budget.left(spent(orders)))
        .to_vec();
    assert_eq!(
        left,
        [
            Means::Ample,
            Means::Ample,
            Means::Low,
            Means::Low,
            Means::Spent,
            Means::Spent,
            Means::Gone,
            Means::Gone
        ]
    );
    assert_eq!(
        Budget::default().left(spent(u32::MAX)),
        Means::Ample,
        "without a budget there is always enough"
    );
    let of_all = Budget {
        here: 100,
        everywhere: 1_000,
    };
    assert_eq!(
        of_all.left(Spent {
            here: 0,
            everywhere: 1_000
        }),
        Means::Spent
    );
    assert_eq!(
        of_all.left(Spent {
            here: 200,
            everywhere: 1_000
        }),
        Means::Gone
    );

    let call = call();
    let at = |means, order: &Command| call.forbids(order, means);
    for means in [Means::Ample, Means::Low] {
        assert_eq!(at(means, &dial(1, &number(1))), None);
    }
    for order in [dial(1, &number(1)), text(&number(1)), text(&number(5000))] {
        assert_eq!(at(Means::Spent, &order), Some(Forbidden::Spent), "{order:?}");
    }
    for order in [dial(1, &number(9)), text(&number(9)), text(&number(77))] {
        assert_eq!(at(Means::Spent, &order), None, "{order:?}");
        assert_eq!(at(Means::Gone, &order), Some(Forbidden::Spent), "{order:?}");
    }
}

#[test]
fn each_step_is_told_by_the_order_that_makes_it() {
    let budget = Budget { here: 10, everywhere: 25 };
    let told: Vec<(u32, Means, bool, u32)> = (1..=60)
        .filter_map(|n| {
            let spent = Spent { here: n, everywhere: n };
            budget.passed(spent).map(|(means, everywhere, most)| (n, means, everywhere, most))
        })
        .collect();
    assert_eq!(
        told,
        [
            (8, Means::Low, false, 10),
            (10, Means::Spent, false, 10),
            (20, Means::Gone, false, 10),
            (25, Means::Spent, true, 25),
            (50, Means::Gone, true, 25)
        ]
    );
}
