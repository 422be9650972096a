//! What is so on PostgreSQL only: other databases than ours, several processes, a server that goes away.

use super::*;
use fakes::Postgres;
use std::collections::BTreeSet;
use std::time::Duration;

fn unavailable(result: Result<Store, StoreError>) -> String {
    match result {
        Err(StoreError::Unavailable(why)) => why,
        other => panic!("{other:?}"),
    }
}

async fn opened(address: &str) -> Result<Store, StoreError> {
    Store::open_postgres(&address.parse().unwrap(), None).await
}

fn name_of(address: &str) -> &str {
    address.split(['/', '?']).nth(3).unwrap()
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_to_be_so() {
    let why = unavailable(opened("postgres://rotaline@127.0.0.1:1/rotaline").await);
    assert!(why.starts_with("PostgreSQL at 127.0.0.1, database rotaline: "), "{why}");
    assert!(why.contains("refused"), "{why}");
    let address = Postgres::shared().database().replace("test_", "missing_");
    let why = unavailable(opened(&address).await);
    assert!(why.contains("does not exist"), "{why}");
}

#[tokio::test]
async fn a_database_of_another_program_is_left_alone() {
    let address = Postgres::shared().database();
    Postgres::shared().psql(name_of(&address), "CREATE TABLE customers (id BIGINT)");
    let Err(StoreError::Corrupt { what }) = opened(&address).await else {
        panic!("a database of others")
    };
    assert!(what.contains("1 tables of another program"), "{what}");
    let tables = Postgres::shared().psql(name_of(&address), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");
    assert_eq!(tables, "1");
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let address = Postgres::shared().database();
    opened(&address).await.unwrap().close().await;
    let newer = "INSERT INTO _sqlx_migrations VALUES (9999, 'later', now(), true, ''::bytea, 0)";
    Postgres::shared().psql(name_of(&address), newer);
    assert!(is_corrupt(opened(&address).await));
}

#[tokio::test]
async fn two_that_start_at_once_migrate_once() {
    let address = Postgres::shared().database();
    let all = futures_util::future::join_all((0..4).map(|_| opened(&address))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    arrive(all[0].as_ref().unwrap(), 1, at(0), None).await;
    assert_eq!(all[3].as_ref().unwrap().calls(9).await.unwrap().len(), 1);
}

/// Each table with its columns, and each index, in words that are the same for both.
#[tokio::test]
async fn both_databases_have_the_same_tables_columns_and_indices() {
    let sqlite = Store::in_memory().await.unwrap();
    let of_sqlite: Vec<(String,)> = sqlx::query_as(
        "SELECT m.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'bigint' ELSE lower(c.type) END
                || CASE c.\"notnull\" WHEN 1 THEN ' not null' ELSE '' END || coalesce(' ' || c.dflt_value, '')
         FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\\_%' ESCAPE '\\'
           AND m.name NOT LIKE 'sqlite%'
         UNION ALL SELECT 'index ' || name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite%'
         UNION ALL SELECT 'trigger ' || name FROM sqlite_master WHERE type = 'trigger'",
    )
    .fetch_all(&sqlite.readers)
    .await
    .unwrap();
    let postgres = on_postgres().await;
    let of_postgres: Vec<(String,)> = sqlx::query_as(
        "SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
                || coalesce(' ' || replace(column_default, '::text', ''), '')
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_%' AND table_name <> 'leases'
         UNION ALL SELECT 'index ' || indexname FROM pg_indexes
         WHERE schemaname = 'public' AND indexname NOT LIKE '%\\_key' AND indexname NOT LIKE '%\\_pkey'
         UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
           AND tgname NOT LIKE '%\\_told' AND tgname NOT LIKE '%\\_truncated'",
    )
    .fetch_all(&postgres.readers)
    .await
    .unwrap();
    let [sqlite, postgres] = [of_sqlite, of_postgres].map(|rows| rows.into_iter().map(|(row,)| row).collect::<BTreeSet<_>>());
    assert!(
        sqlite.contains("calls.arrived_at bigint not null") && sqlite.contains("index facts_by_call"),
        "{sqlite:?}"
    );
    assert_eq!(sqlite, postgres);
}

#[tokio::test]
async fn each_process_is_told_every_entry_of_all_in_order() {
    let address = Postgres::shared().database();
    let stores = futures_util::future::join_all((0..3).map(|_| also_on_postgres(&address))).await;
    let mut subscribers: Vec<_> = stores.iter().map(Store::subscribe).collect();
    let mut all = tokio::task::JoinSet::new();
    for n in 0..30_u128 {
        let store = stores[usize::try_from(n % 3).unwrap()].clone();
        all.spawn(async move { arrive(&store, n, at(0), None).await.entries.len() });
    }
    let number = all.join_all().await.into_iter().sum();
    let expected = stores[0].entries_after(0, 10_000).await.unwrap();
    assert_eq!(expected.len(), number);
    for subscriber in &mut subscribers {
        assert_eq!(heard(subscriber, number).await, expected);
    }
}

/// As a newer process may write it while processes are replaced one after the other.
#[tokio::test]
async fn an_entry_that_cannot_be_read_does_not_hinder_the_others() {
    let store = on_postgres().await;
    let mut subscriber = store.subscribe();
    let first = arrive(&store, 1, at(0), None).await;
    assert_eq!(heard(&mut subscriber, first.entries.len()).await, first.entries);
    let strange = sqlx::query("INSERT INTO facts (call, seq, at, fact) VALUES ($1, 1, 0, '{\"fact\":\"teleported\"}')");
    strange.bind(id(1).0.to_string()).execute(&store.writer).await.unwrap();
    let second = arrive(&store, 2, at(1), None).await;
    assert_eq!(heard(&mut subscriber, second.entries.len()).await, second.entries);
}

#[tokio::test]
async fn two_presses_that_race_make_one_talk() {
    let address = Postgres::shared().database();
    let (one, other) = (also_on_postgres(&address).await, also_on_postgres(&address).await);
    arrive(&one, 1, at(0), None).await;
    update(&one, 1, placed(1, line("ann")), at(1)).await;
    let answered = Event::Answered {
        leg: LegId(1),
        line: line("ann"),
        voice: None,
    };
    update(&other, 1, answered, at(2)).await;
    // Ann presses 1 while her time runs out, each told to another process.
    let key = Event::Key { leg: LegId(1), key: '1' };
    let (pressed, ticked) = tokio::join!(update(&one, 1, key, at(3)), update(&other, 1, Event::Tick, at(3)));
    assert_eq!(one.call(id(1)).await.unwrap(), other.call(id(1)).await.unwrap());
    assert_eq!(one.log(id(1)).await.unwrap().len(), 5);
    drop((pressed, ticked));
}

/// Ann and Bob ring together, and each presses 1 while the other does, each told to another process.
#[tokio::test]
async fn of_two_who_accept_at_once_one_gets_the_caller() {
    let address = Postgres::shared().database();
    let stores = [also_on_postgres(&address).await, also_on_postgres(&address).await];
    for n in 0..8_u128 {
        let caller_line = line(&format!("caller-{n}"));
        let begun = stores[0].begin(&caller_line, at(0), None, |world| {
            let mut plan = ann_then_bob();
            let second = plan.levels.remove(1);
            plan.levels[0].responders.extend(second.responders);
            // Those of the calls before talk yet.
            let nobody = BTreeSet::new();
            let free = crate::call::World::new(world.now, &nobody, world.away());
            Call::arrive(id(n), plan, Some(number(CALLER_NUMBER)), caller_line.clone(), &free)
        });
        begun.await.unwrap();
        for (leg, name) in [(1, "ann"), (2, "bob")] {
            let own = line(&format!("{name}-{n}"));
            update(&stores[0], n, placed(leg, own.clone()), at(1)).await;
            let answered = Event::Answered {
                leg: LegId(leg),
                line: own,
                voice: None,
            };
            update(&stores[1], n, answered, at(2)).await;
        }
        let key = |leg| Event::Key { leg: LegId(leg), key: '1' };
        let (_, _) = tokio::join!(update(&stores[0], n, key(1), at(3)), update(&stores[1], n, key(2), at(3)));
        let told = told(&stores[0], n).await;
        let accepted: Vec<_> = told.iter().filter(|line| line.ends_with("has accepted the call.")).collect();
        assert_eq!(accepted.len(), 1, "{told:#?}");
    }
}

/// As behind something that lets no such words through: it is looked all the same.
#[tokio::test]
async fn what_nobody_tells_is_found_soon() {
    let address = Postgres::shared().database();
    let (one, other) = (also_on_postgres(&address).await, also_on_postgres(&address).await);
    Postgres::shared().psql(name_of(&address), "DROP TRIGGER facts_are_told ON facts");
    let mut subscriber = other.subscribe();
    let change = arrive(&one, 1, at(0), None).await;
    assert_eq!(heard(&mut subscriber, change.entries.len()).await, change.entries);
}

/// A process that stands still in the middle of a transaction holds the lock, but not for long.
#[tokio::test]
async fn a_process_that_stands_still_is_passed_by() {
    let address = Postgres::shared().database();
    let (stopped, other) = (also_on_postgres(&address).await, also_on_postgres(&address).await);
    let mut transaction = stopped.changes.begin().await.unwrap();
    sqlx::query("INSERT INTO remembered (key, value) VALUES ('half', 'done')")
        .execute(&mut *transaction)
        .await
        .unwrap();
    let began = crate::clock::Clock::monotonic();
    arrive(&other, 1, at(0), None).await;
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert!(transaction.commit(&[]).await.is_err(), "it has lost its transaction");
    assert_eq!(other.recall("half").await.unwrap(), None);
    arrive(&stopped, 2, at(0), None).await;
}

#[tokio::test]
async fn a_transaction_that_has_failed_in_part_is_not_kept() {
    let store = on_postgres().await;
    let mut transaction = store.changes.begin().await.unwrap();
    sqlx::query("INSERT INTO remembered (key, value) VALUES ('a', 'b')")
        .execute(&mut *transaction)
        .await
        .unwrap();
    let failed = sqlx::query("INSERT INTO remembered (key, value) VALUES ('a', 'c')")
        .execute(&mut *transaction)
        .await;
    assert!(failed.is_err());
    assert!(transaction.commit(&[]).await.is_err(), "a commit would look like a success");
    assert_eq!(store.recall("a").await.unwrap(), None);
}

#[tokio::test]
async fn work_that_is_given_up_in_the_middle_leaves_nothing_behind() {
    let store = on_postgres().await;
    for patience in 0..40 {
        let line = line(&format!("caller-{patience}"));
        let begun = store.begin(&line, at(0), None, |world| {
            Call::arrive(id(patience), ann_then_bob(), None, line.clone(), world)
        });
        let _ = tokio::time::timeout(Duration::from_micros(u64::try_from(patience).unwrap() * 100), begun).await;
    }
    arrive(&store, 99, at(0), None).await;
    let calls = store.calls(100).await.unwrap();
    for call in &calls {
        assert!(!store.story(call.id).await.unwrap().is_empty(), "a call is kept whole");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_on_after_the_server_was_restarted() {
    let server = Postgres::start();
    let store = also_on_postgres(&server.database()).await;
    let mut subscriber = store.subscribe();
    let before = arrive(&store, 1, at(0), None).await;
    assert_eq!(heard(&mut subscriber, before.entries.len()).await, before.entries);
    tokio::task::block_in_place(|| server.restart());
    let after = arrive(&store, 2, at(1), None).await;
    assert_eq!(heard(&mut subscriber, after.entries.len()).await, after.entries);
    assert_eq!(store.calls(9).await.unwrap().len(), 2);
    store.healthy().await.unwrap();
}

/// What stands between us and the server, and forgets the connections that it has: not a word comes through them any more,
/// and nobody says so.
async fn a_way_that_can_be_lost(server: &Postgres) -> (std::net::SocketAddr, tokio::sync::watch::Sender<u32>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, socket) = (listener.local_addr().unwrap(), server.socket());
    let (lost, _) = tokio::sync::watch::channel(0);
    let losing = lost.clone();
    tokio::spawn(async move {
        while let Ok((mut ours, _)) = listener.accept().await {
            let (socket, mut lost) = (socket.clone(), losing.subscribe());
            tokio::spawn(async move {
                let mut theirs = tokio::net::UnixStream::connect(socket).await.unwrap();
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut ours, &mut theirs) => {}
                    // Nobody hears that it is over.
                    _ = lost.changed() => std::future::pending().await,
                }
            });
        }
    });
    (address, lost)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_hang_are_given_up() {
    let server = Postgres::shared();
    let (way, lost) = a_way_that_can_be_lost(server).await;
    let database = server.database();
    let store = also_on_postgres(&format!("postgres://rotaline@{way}/{}?sslmode=disable", name_of(&database))).await;
    let mut subscriber = store.subscribe();
    let first = arrive(&store, 1, at(0), None).await;
    assert_eq!(heard(&mut subscriber, first.entries.len()).await, first.entries);
    lost.send_modify(|times| *times += 1);
    let began = crate::clock::Clock::monotonic();
    // The carrier is answered before it gives up after 15 s, and asks again.
    let mut tries = 0;
    let taken = loop {
        let caller_line = line("caller-2");
        let begun = store.begin(&caller_line, at(1), None, |world| {
            Call::arrive(id(2), ann_then_bob(), Some(number(CALLER_NUMBER)), caller_line.clone(), world)
        });
        match begun.await {
            Ok(begun) => break begun,
            Err(error) => assert!(matches!(error, StoreError::Unavailable(_) | StoreError::Busy), "{error:?}"),
        }
        tries += 1;
        assert!(began.elapsed() < Duration::from_secs(30), "after {tries} tries");
    };
    assert!(matches!(taken, Begun::New(_)));
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    let direct = also_on_postgres(&database).await;
    assert_eq!(direct.calls(9).await.unwrap().len(), 2);
    // What was not heard meanwhile is told, too.
    let second = direct.story(id(2)).await.unwrap();
    assert_eq!(heard(&mut subscriber, second.len()).await, second);
}

#[tokio::test]
async fn one_of_two_keeps_house_and_the_other_takes_over() {
    let address = Postgres::shared().database();
    let (one, other) = (also_on_postgres(&address).await, also_on_postgres(&address).await);
    assert_eq!((one.keeps_house(), other.keeps_house()), (true, false));
    other.look_after_the_house().await.unwrap();
    assert!(!other.keeps_house(), "the lease has not run out");
    Postgres::shared().psql(name_of(&address), "UPDATE leases SET until = 0");
    other.look_after_the_house().await.unwrap();
    one.look_after_the_house().await.unwrap();
    assert_eq!((one.keeps_house(), other.keeps_house()), (false, true));
    other.close().await;
    assert!(!other.keeps_house());
    one.look_after_the_house().await.unwrap();
    assert!(one.keeps_house(), "who goes leaves the house at once");
    assert!(Store::in_memory().await.unwrap().keeps_house(), "who has a file has it alone");
}

#[tokio::test]
async fn all_go_by_the_clock_of_the_database() {
    use crate::clock::Clock;
    let store = on_postgres().await;
    let late = Clock::anchored_at(Clock::system().now() - TimeDelta::hours(1));
    // Both are on one machine: the database's clock is the machine's.
    let put_right = store.put_right(late).now() - Clock::system().now() + TimeDelta::hours(1);
    assert!(put_right.abs() < seconds(2), "{put_right}");
    let ahead = store.house.as_ref().unwrap();
    ahead.is_an_hour_late();
    store.look_after_the_house().await.unwrap();
    let put_right = store.put_right(Clock::system()).now() - Clock::system().now();
    assert!(put_right.abs() < seconds(2), "measured again: {put_right}");
}

#[tokio::test]
async fn a_rota_that_another_process_has_kept_is_at_hand_soon() {
    let address = Postgres::shared().database();
    let (one, other) = (also_on_postgres(&address).await, also_on_postgres(&address).await);
    let lab = HotlineName("lab".to_owned());
    one.keep_rota(&lab, rotas::sheet("1"), rotas::given(), at(0)).await.unwrap();
    assert_eq!(other.rota(&lab).await.unwrap().unwrap().revision.0, "1");
    one.keep_rota(&lab, rotas::sheet("2"), rotas::given(), at(60)).await.unwrap();
    one.rota_checked(&lab, at(120)).await.unwrap();
    for _ in 0..1_000 {
        let rota = other.rota_at_hand(&lab).await.expect("it is never away");
        if (&*rota.revision.0, rota.checked_at) == ("2", at(120)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the other process still has the old rota at hand");
}
