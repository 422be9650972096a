//! A process that goes on running while a newer one has brought the database up to its own version.

use super::*;

on_every_database!(an_older_process_goes_on_beside_what_a_newer_one_has_added);

/// What the next version may do: `tests/it/house.rs` holds migrations to that.
const ADDED: &str = "ALTER TABLE calls ADD COLUMN later TEXT NOT NULL DEFAULT 'x';
    ALTER TABLE outbox ADD COLUMN later INTEGER;
    ALTER TABLE texts ADD COLUMN later INTEGER;
    CREATE TABLE later (id INTEGER NOT NULL PRIMARY KEY, call TEXT)";

async fn an_older_process_goes_on_beside_what_a_newer_one_has_added(home: Home) {
    let older = home.open().await;
    // All statements have been used, and are remembered by the connections.
    work(&older, 1).await;
    let newer = home.open().await;
    let mut connection = newer.writer.acquire().await.unwrap();
    sqlx::raw_sql(ADDED).execute(&mut connection).await.unwrap();
    drop(connection);
    work(&older, 2).await;
    work(&newer, 3).await;
    assert_eq!(older.calls(9).await.unwrap().len(), 3);
}

/// A call from its arrival to its end, with an order that is carried out.
async fn work(store: &Store, n: u128) {
    arrive(store, n, at(0), None).await;
    let claimed = store.claim(&hand("worker", at(30)), at(0), 9, 9).await.unwrap();
    assert_eq!(dials(&claimed).len(), 1);
    store.done(&claimed[0]).await.unwrap();
    update(store, n, caller_hangs_up(), at(1)).await;
    for command in store.claim(&hand("worker", at(30)), at(1), 9, 9).await.unwrap() {
        store.done(&command).await.unwrap();
    }
    // His phone is free again.
    let over = Event::Ended {
        leg: LegId(1),
        how: crate::call::Ending::Completed,
    };
    update(store, n, over, at(2)).await;
    assert!(!store.log(id(n)).await.unwrap().is_empty());
    assert!(store.call(id(n)).await.unwrap().is_some());
}
