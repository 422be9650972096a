//! How fast dials go out.

use super::super::pacing::{Pace, Pacing};
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn one_a_second_with_the_default() {
    let pace = Pace::new(Pacing::default());
    assert_eq!(pace.take(), Ok(()));
    assert_eq!(pace.take(), Err(Duration::from_secs(1)));
    tokio::time::advance(Duration::from_millis(400)).await;
    assert_eq!(pace.take(), Err(Duration::from_millis(600)));
    tokio::time::advance(Duration::from_millis(600)).await;
    assert_eq!(pace.take(), Ok(()));
    assert!(pace.take().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_burst_is_made_up_for() {
    let pace = Pace::new(Pacing { per_second: 2.0, burst: 3 });
    let taken = (0..5).filter(|_| pace.take().is_ok()).count();
    assert_eq!(taken, 3);
    tokio::time::advance(Duration::from_secs(1)).await;
    let taken = (0..5).filter(|_| pace.take().is_ok()).count();
    assert_eq!(taken, 2);
}

#[tokio::test(start_paused = true)]
async fn nonsense_is_taken_as_the_next_best_sense() {
    for per_second in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let pace = Pace::new(Pacing { per_second, burst: 0 });
        assert_eq!(pace.take(), Ok(()), "{per_second}");
        assert!(pace.take().is_err(), "{per_second}");
    }
}
