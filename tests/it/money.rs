//! What a sheet, a caller or a machine could make us pay for, over real sockets: it is not dialled, not texted, not for ever.

use super::line::CALLER;
use super::stage::{PATIENCE, wednesday};
use super::two_lines::{LAB, PRIYA, Rota, TwoLines, WARD};
use rotaline::simulator::{CallerHabit, Delay, Habit, PhoneNetwork};
use std::time::Duration;

/// Premium rate in Australia, a mobile number in Cuba, a satellite.
const COSTLY: [&str; 3] = ["+611900654321", "+5352345678", "+881612345678"];

const fn accepts() -> Habit {
    Habit::Accepts {
        after: Delay::between(1_000, 2_000),
        talk: None,
    }
}

fn ward() -> Rota<'static> {
    Rota {
        contacts: &[("Wes", "+61491570158")],
        last_resort: None,
    }
}

/// An admin gone bad writes numbers that pay him, and names one the last resort; all of them would pick up.
#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_cannot_send_calls_where_they_cost_a_fortune() {
    let lab = Rota {
        contacts: &[("Eve", COSTLY[0]), ("Fay", COSTLY[1]), ("Gus", COSTLY[2]), ("Priya", PRIYA)],
        last_resort: Some(COSTLY[0]),
    };
    let lines = TwoLines::open(lab, ward(), wednesday()).await;
    for number in COSTLY.iter().chain(&[PRIYA]) {
        lines.simulator.set_habit(number, accepts());
    }
    let caller = CallerHabit {
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    };
    let (_, _, story) = lines.call(CALLER, LAB, caller).await;
    assert!(story.contains(&"The caller and Priya are connected.".to_owned()), "{story:#?}");
    let reached = |lines: &TwoLines| {
        lines.simulator.look(|network| {
            let texted = network.texts().iter().map(|text| text.to.clone());
            network.dialled().iter().cloned().chain(texted).collect::<Vec<_>>()
        })
    };
    assert!(reached(&lines).iter().all(|number| number == PRIYA), "{:?}", reached(&lines));

    // Nobody accepts: the last resort of the sheet is not rung either, and the level is told, apart from those three.
    lines.simulator.set_habit(PRIYA, Habit::Declines { after: Delay::seconds(1) });
    let caller = CallerHabit {
        patience: Some(Delay::seconds(90)),
        ..CallerHabit::default()
    };
    lines.call(CALLER, LAB, caller).await;
    assert!(reached(&lines).iter().all(|number| number == PRIYA), "{:?}", reached(&lines));
    lines.close().await;
}

/// What is texted back to a machine that answers each text with a text.
async fn goes_in_circles(lines: &TwoLines, machine: &str) -> usize {
    let count = |network: &PhoneNetwork| network.texts().iter().filter(|text| text.to == machine).count();
    let read = || lines.simulator.look(count);
    let (before, mut answered) = (read(), 0);
    lines.text(machine, LAB, "Thank you for your message.");
    while answered < 40 {
        let more = lines.simulator.until(|network| count(network) - before > answered);
        if tokio::time::timeout(Duration::from_secs(2), more).await.is_err() {
            return answered;
        }
        for _ in answered..read() - before {
            lines.text(machine, LAB, "Thank you for your message.");
        }
        answered = read() - before;
    }
    answered
}

/// By whatever machine, another hotline's or a telephone's: within an hour it ends by itself.
#[tokio::test(flavor = "multi_thread")]
async fn two_machines_do_not_text_each_other_for_ever() {
    let lab = Rota {
        contacts: &[("Priya", PRIYA)],
        last_resort: None,
    };
    let lines = TwoLines::open(lab, ward(), wednesday()).await;
    assert_eq!(goes_in_circles(&lines, WARD).await, 0, "our own");
    assert_eq!(goes_in_circles(&lines, "+61491570888").await, 1, "a stranger's, once a day");
    assert_eq!(goes_in_circles(&lines, PRIYA).await, 3, "one that the rota knows");
    // A stranger's from a number to which nothing is ever sent.
    assert_eq!(goes_in_circles(&lines, COSTLY[0]).await, 0);
    assert_eq!(goes_in_circles(&lines, COSTLY[1]).await, 0);
    lines.close().await;
}

/// However many strangers there are: what a hotline may spend is the bound of everything together.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_spent_bounds_all_texts_together() {
    let lab = Rota {
        contacts: &[("Priya", PRIYA)],
        last_resort: None,
    };
    let lines = TwoLines::open_with("orders_per_hour = 4", lab, ward(), wednesday()).await;
    for last in 800..812 {
        lines.text(&format!("+61491570{last}"), LAB, "Hello?");
    }
    let idle = lines.simulator.until(|network| network.leftovers().is_empty());
    tokio::time::timeout(PATIENCE, idle).await.unwrap();
    assert_eq!(lines.simulator.look(|network| network.texts().len()), 4);
    // Whoever calls now is offered what there is, and nobody is rung for it.
    let caller = CallerHabit {
        patience: Some(Delay::seconds(60)),
        ..CallerHabit::default()
    };
    let (_, _, story) = lines.call(CALLER, LAB, caller).await;
    assert_eq!(lines.simulator.look(|network| network.dialled().to_vec()), Vec::<String>::new());
    assert!(
        story
            .iter()
            .any(|line| line.contains("used up") && line.starts_with("Priya could not be dialled")),
        "{story:#?}"
    );
    lines.close().await;
}
