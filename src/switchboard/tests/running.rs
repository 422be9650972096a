//! The whole exchange at work, and after a restart.

use super::*;
use crate::call::{Event, LegState};
use crate::roster::Settings;
use crate::store::tests::{Home, on_every_database};
use crate::switchboard::SwitchboardError;
use crate::switchboard::deadlines::{Held, tick_all};
use providers::{AddressStyle, Cell, Revision, Sheet, Tab};
use tokio_util::sync::CancellationToken;

on_every_database!(
    an_unknown_number_begins_no_call,
    an_arrival_is_dialled_at_once_and_once,
    a_request_under_way_is_waited_for_at_the_end,
    a_webhook_whose_sender_has_gone_is_worked_off_all_the_same,
    what_is_ordered_after_the_end_waits_for_the_next_start,
    what_a_dead_process_had_in_hand_is_looked_up,
    a_deadline_that_passed_while_nothing_ran_is_kept_at_once,
    a_call_that_cannot_be_ticked_does_not_hinder_the_others,
    a_call_that_cannot_be_ticked_is_tried_ever_more_rarely,
    those_whom_the_rota_names_are_rung_then_the_last_resort,
    an_unreadable_rota_still_leads_to_the_last_resort,
    dials_are_paced_and_hang_ups_are_not,
);

/// Runs the exchange until the token is cancelled.
pub(super) fn run(house: &House) -> (CancellationToken, tokio::task::JoinHandle<()>) {
    let shutdown = CancellationToken::new();
    let (switchboard, token) = (house.switchboard.clone(), shutdown.clone());
    (shutdown, tokio::spawn(async move { switchboard.run(token).await }))
}

async fn next_asked(house: &mut House) -> Asked {
    next_asked_of(&mut house.asked).await
}

async fn next_asked_of(asked: &mut mpsc::UnboundedReceiver<Asked>) -> Asked {
    let next = tokio::time::timeout(std::time::Duration::from_secs(10), asked.recv());
    next.await.expect("the carrier is asked").unwrap()
}

/// Until something that no carrier sees has become true in the store.
pub(super) async fn until<F: Future<Output = bool>>(what: &str, mut is_true: impl FnMut() -> F) {
    for _ in 0..1_000 {
        if is_true().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("never came true: {what}");
}

async fn an_unknown_number_begins_no_call(home: Home) {
    let house = House::on(home.open().await, at(0), vec![]);
    let stranger = number("+61491570999");
    let refused = house.switchboard.arrive(&stranger, None, line("caller")).await;
    assert_eq!(refused, Err(SwitchboardError::UnknownHotline(stranger)));
    let nobody = CallId(uuid::Uuid::nil());
    assert_eq!(
        house.switchboard.event(nobody, Event::Tick).await,
        Err(SwitchboardError::UnknownCall(nobody))
    );
    assert!(house.store.calls(9).await.unwrap().is_empty());
}

async fn an_arrival_is_dialled_at_once_and_once(home: Home) {
    let mut house = House::on(home.open().await, at(0), vec![]);
    let (shutdown, running) = run(&house);
    let call = house.call_comes_in("caller").await;
    let again = house.call_comes_in("caller").await;
    assert_eq!(again.id(), call.id());
    assert_eq!(next_asked(&mut house).await, desk_is_dialled());
    shutdown.cancel();
    running.await.unwrap();
    assert_eq!(house.was_asked(), []);
    assert_eq!(
        house.log(&call).await,
        ["arrived", "placed"],
        "what is in hand is finished before the end"
    );
}

/// A carrier that takes its time over a dial, and names the line by call and leg.
pub(super) struct Slow {
    pub(super) asked: mpsc::UnboundedSender<()>,
    pub(super) go_on: tokio::sync::Notify,
}

#[async_trait]
impl Carrier for Slow {
    async fn dial(&self, order: &DialOrder) -> Result<LineId, CarrierError> {
        self.asked.send(()).unwrap();
        self.go_on.notified().await;
        Ok(line(&format!("{}/{}", order.call, order.leg)))
    }
    async fn cancel(&self, _: &LineId) -> Result<(), CarrierError> {
        Err(CarrierError::Gone)
    }
    async fn hang_up(&self, _: &LineId) -> Result<(), CarrierError> {
        Err(CarrierError::Gone)
    }
    async fn redirect(&self, _: &LineId, _: CallId, _: LegId) -> Result<(), CarrierError> {
        Err(CarrierError::Gone)
    }
    async fn find(&self, _: &DialOrder, _: DateTime<Utc>) -> Result<Vec<LineId>, CarrierError> {
        Err(CarrierError::Gone)
    }
    async fn text(&self, _: &Phone, _: &Phone, _: &str) -> Result<(), CarrierError> {
        Err(CarrierError::Gone)
    }
    async fn was_texted(&self, _: &Phone, _: &Phone, _: &str, _: DateTime<Utc>) -> Result<bool, CarrierError> {
        Ok(false)
    }
    async fn look_after(&self, _: &LineId) -> Result<(), CarrierError> {
        Err(CarrierError::Gone)
    }
    async fn record(&self, _: &RecordOrder) -> Result<RecordingId, CarrierError> {
        Err(CarrierError::Gone)
    }
    async fn stop_recording(&self, _: &LineId, _: Option<&RecordingId>) -> Result<(), CarrierError> {
        Err(CarrierError::Gone)
    }
    async fn recordings(&self, _: &LineId) -> Result<Vec<RecordingId>, CarrierError> {
        Err(CarrierError::Gone)
    }
    async fn delete_recording(&self, _: &RecordingId) -> Result<(), CarrierError> {
        Err(CarrierError::Gone)
    }
    async fn records_of(&self, _: &Phone, _: &std::collections::BTreeSet<Phone>) -> Result<Vec<String>, CarrierError> {
        Err(CarrierError::Gone)
    }
    async fn delete_record(&self, _: &str) -> Result<(), CarrierError> {
        Err(CarrierError::Gone)
    }
}

async fn a_request_under_way_is_waited_for_at_the_end(home: Home) {
    let (asking, mut asked) = mpsc::unbounded_channel();
    let carrier = Arc::new(Slow {
        asked: asking,
        go_on: tokio::sync::Notify::new(),
    });
    let mut house = House::on(home.open().await, at(0), vec![]);
    house.switchboard = Switchboard::new(
        house.store.clone(),
        carrier.clone(),
        vec![lab()],
        Pacing::default(),
        Clock::anchored_at(at(0)),
    );
    let (shutdown, running) = run(&house);
    let call = house.call_comes_in("caller").await;
    asked.recv().await.unwrap();
    shutdown.cancel();
    // Webhooks are still answered; what they order is left to the next one who runs.
    until("nothing new is taken in hand", || async {
        !house.exchange().takes_in_hand.load(std::sync::atomic::Ordering::Acquire)
    })
    .await;
    let late = house.call_comes_in("late caller").await;
    assert!(!running.is_finished());
    carrier.go_on.notify_one();
    running.await.unwrap();
    assert_eq!(house.log(&call).await, ["arrived", "placed"]);
    assert_eq!(house.log(&late).await, ["arrived"]);
    assert!(asked.try_recv().is_err());
}

async fn a_webhook_whose_sender_has_gone_is_worked_off_all_the_same(home: Home) {
    let mut house = House::on(home.open().await, at(0), vec![]);
    let (shutdown, running) = run(&house);
    until("the exchange runs", || async {
        house.exchange().takes_in_hand.load(std::sync::atomic::Ordering::Acquire)
    })
    .await;
    let desk = number(HOTLINE_NUMBER);
    let arrival = house.switchboard.arrive(&desk, None, line("caller"));
    // Looked at once and dropped, as a server does when the connection breaks.
    let answer = tokio::time::timeout(std::time::Duration::ZERO, arrival).await;
    assert!(answer.is_err());
    assert_eq!(next_asked(&mut house).await, desk_is_dialled());
    shutdown.cancel();
    running.await.unwrap();
}

async fn what_is_ordered_after_the_end_waits_for_the_next_start(home: Home) {
    let mut house = House::on(home.open().await, at(0), vec![]);
    let (shutdown, running) = run(&house);
    shutdown.cancel();
    running.await.unwrap();
    house.call_comes_in("caller").await;
    assert_eq!(house.was_asked(), []);

    let mut next = House::on(home.open().await, at(5), vec![]);
    let (shutdown, running) = run(&next);
    assert_eq!(
        next_asked(&mut next).await,
        desk_is_dialled(),
        "nobody had it in hand: it need not be looked up"
    );
    shutdown.cancel();
    running.await.unwrap();
}

async fn what_a_dead_process_had_in_hand_is_looked_up(home: Home) {
    let house = House::on(home.open().await, at(0), vec![]);
    let call = house.call_comes_in("caller").await;
    assert_eq!(house.claim().await.len(), 1);
    drop(house);

    let mut next = House::on(home.open().await, at(35), vec![Ok(vec![line("rings")])]);
    let (shutdown, running) = run(&next);
    assert_eq!(
        next_asked(&mut next).await,
        Asked::Find(DUTY_DESK.to_owned(), LegId(1), call.arrived_at())
    );
    shutdown.cancel();
    running.await.unwrap();
    assert_eq!(next.was_asked(), []);
    let after = next.switchboard.call(call.id()).await.unwrap();
    assert_eq!(after.leg(LegId(1)).unwrap().state, LegState::Placed);
}

async fn a_deadline_that_passed_while_nothing_ran_is_kept_at_once(home: Home) {
    let house = House::on(home.open().await, at(0), vec![]);
    let call = house.call_comes_in("caller").await;
    house.carry_out_all().await;
    drop(house);

    // The desk never rang: after an hour the caller, if still there, is sent to leave a message.
    let mut next = House::on(home.open().await, at(3600), vec![]);
    let (shutdown, running) = run(&next);
    let both = [next_asked(&mut next).await, next_asked(&mut next).await];
    assert!(both.contains(&Asked::Cancel(line("leg-1"))), "{both:?}");
    assert!(both.contains(&Asked::Redirect(line("caller"), LegId(0))), "{both:?}");
    shutdown.cancel();
    running.await.unwrap();
    assert_eq!(next.log(&call).await, ["arrived", "placed", "tick"]);
}

async fn a_call_that_cannot_be_ticked_does_not_hinder_the_others(home: Home) {
    let store = home.open().await;
    let house = House::on(store.clone(), at(0), vec![]);
    let broken = house.call_comes_in("caller-1").await;
    let sound = house.call_comes_in("caller-2").await;
    house.carry_out_all().await;
    store.spoil(broken.id()).await;

    let next = House::on(store, at(3600), vec![]);
    let (shutdown, running) = run(&next);
    until("the sound call is ticked", || async {
        next.log(&sound).await.contains(&"tick".to_owned())
    })
    .await;
    shutdown.cancel();
    running.await.unwrap();
}

async fn a_call_that_cannot_be_ticked_is_tried_ever_more_rarely(home: Home) {
    let store = home.open().await;
    let house = House::on(store.clone(), at(0), vec![]);
    let broken = house.call_comes_in("caller").await;
    house.carry_out_all().await;
    store.spoil(broken.id()).await;

    let mut held = Held::new();
    let mut now = at(3600);
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let next = House::on(store.clone(), now, vec![]);
        tick_all(next.exchange(), &mut held).await;
        let hold = held[&broken.id()];
        pauses.push(hold.pause.num_seconds());
        // Asked again before its time, it is left alone, and nobody looks before that.
        let look_at = tick_all(next.exchange(), &mut held).await;
        assert_eq!(held[&broken.id()], hold);
        assert!(look_at > now);
        now = hold.until + seconds(1);
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
}

/// Ann is on call from Friday to Monday; the sheet names a last resort.
fn rota() -> Sheet {
    let tab = |name: &str, rows: &[[&str; 2]]| Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows: rows
            .iter()
            .map(|row| row.map(|text| Cell::Text(text.to_owned())).to_vec())
            .collect(),
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    };
    Sheet {
        title: "rota.xlsx".to_owned(),
        revision: Revision("1".to_owned()),
        time_zone: None,
        tabs: vec![
            tab(
                "Contacts",
                &[["Name", "Phone"], ["Ann", "+61491570156"], ["Front desk", "+61491570157"]],
            ),
            tab(
                "Rota",
                &[
                    ["From", "1st"],
                    ["2026-11-20 09:00", "Ann"],
                    ["2026-11-23 09:00", "nobody"],
                    ["2026-11-24 09:00", "Ann"],
                ],
            ),
            tab(
                "Settings",
                &[["Setting", "Value"], ["Time zone", "UTC"], ["Last resort", "Front desk"]],
            ),
        ],
        remarks: vec![],
        link: None,
    }
}

async fn those_whom_the_rota_names_are_rung_then_the_last_resort(home: Home) {
    let store = home.open().await;
    store.keep_rota(&lab().name, rota(), Settings::default(), at(0)).await.unwrap();
    drop(store);
    // A Saturday: the rota is read from what was kept.
    let mut house = House::on(home.open().await, at(60), vec![]);
    let weekend = house.call_comes_in("caller-1").await;
    assert_eq!(weekend.plan().levels[0].source, "Rota!B2");
    house.carry_out_all().await;
    assert_eq!(house.was_asked(), [Asked::Dial("+61491570156".to_owned(), LegId(1))]);
    // The Monday, on which deliberately nobody is on call: what the operator gives wins over the sheet.
    let monday = at(2 * 86_400 + 8 * 3600);
    let mut house = House::on(house.store.clone(), monday, vec![]);
    house.call_comes_in("caller-2").await;
    house.carry_out_all().await;
    assert_eq!(house.was_asked(), [desk_is_dialled()]);
    // Where he gives nothing, it is the sheet's Front desk.
    let nothing_given = Line {
        last_resort: None,
        ..lab()
    };
    let clock = Clock::anchored_at(monday);
    house.switchboard = Switchboard::new(
        house.store.clone(),
        house.carrier.clone(),
        vec![nothing_given],
        Pacing::default(),
        clock,
    );
    house.call_comes_in("caller-3").await;
    house.carry_out_all().await;
    assert_eq!(house.was_asked(), [Asked::Dial("+61491570157".to_owned(), LegId(1))]);
}

async fn an_unreadable_rota_still_leads_to_the_last_resort(home: Home) {
    let store = home.open().await;
    store.spoil_rota(&lab().name).await;
    let house = House::on(store, at(0), vec![]);
    let call = house.call_comes_in("caller").await;
    assert_eq!(call.leg(LegId(1)).unwrap().who.phone, number(DUTY_DESK));
}

async fn dials_are_paced_and_hang_ups_are_not(home: Home) {
    let mut house = House::on(home.open().await, at(0), vec![]);
    // One permission, and the next one in 100 s.
    house.switchboard = Switchboard::new(
        house.store.clone(),
        house.carrier.clone(),
        vec![lab()],
        Pacing {
            per_second: 0.01,
            burst: 1,
        },
        Clock::anchored_at(at(0)),
    );
    let (shutdown, running) = run(&house);
    let first = house.call_comes_in("caller-1").await;
    assert_eq!(next_asked(&mut house).await, desk_is_dialled());
    until("the first is placed", || async { house.log(&first).await.len() == 2 }).await;
    let second = house.call_comes_in("caller-2").await;
    let gone = |call: &Call| {
        let ended = Event::Ended {
            leg: LegId(0),
            how: crate::call::Ending::Completed,
        };
        house.switchboard.event(call.id(), ended)
    };
    gone(&first).await.unwrap();
    let both = [next_asked_of(&mut house.asked).await, next_asked_of(&mut house.asked).await];
    assert!(both.contains(&Asked::Cancel(line("leg-1"))), "{both:?}");
    // The second one waits in nobody's hand, so that it can be withdrawn and never rings.
    until("the second dial waits", || async {
        house.store.pending(at(1)).await.unwrap().dials == 1
    })
    .await;
    let after = gone(&second).await.unwrap();
    assert!(!after.is_live());
    shutdown.cancel();
    running.await.unwrap();
    assert!(house.was_asked().iter().all(|asked| matches!(asked, Asked::Text(_))));
}
