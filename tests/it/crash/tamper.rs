//! Faults planted between a kill and the next start: what a service that loses things would leave behind. Each must be
//! noticed.

use sqlx::{Connection as _, SqliteConnection};
use std::fs;
use std::path::Path;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tamper {
    /// The newest order to dial that is still to be done is not on the disk.
    LosesOrders,
    /// That orders to dial were done is not on the disk, nor that anybody had them in hand.
    ForgetsDials,
    /// The same of texts.
    ForgetsTexts,
    /// When something is to be looked at again is not on the disk.
    ForgetsDeadlines,
    /// The disk has only what it had at the start before: what was written since was never there.
    RollsBack,
}

impl Tamper {
    pub(super) const ALL: [Self; 5] = [
        Self::LosesOrders,
        Self::ForgetsDials,
        Self::ForgetsTexts,
        Self::ForgetsDeadlines,
        Self::RollsBack,
    ];

    /// What the broken promise says, in part.
    pub(super) const fn is_noticed_by(self) -> &'static str {
        match self {
            Self::LosesOrders => "the order to dial",
            Self::ForgetsDials => "was dialled",
            Self::ForgetsTexts => "sent 2 times",
            Self::ForgetsDeadlines => "nobody looks at it again",
            Self::RollsBack => "was acknowledged",
        }
    }

    /// How much was lost by it. Whoever was killed before he had written anything has nothing to lose.
    pub(super) async fn with(self, database: &Path) -> u64 {
        let statement = match self {
            Self::LosesOrders => {
                "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state = 'waiting' AND verb = 'dial' ORDER BY id DESC LIMIT 1)"
            }
            Self::ForgetsDials => "UPDATE outbox SET state = 'waiting', owner = NULL, abandoned = 0 WHERE verb = 'dial' AND state = 'done'",
            Self::ForgetsTexts => "UPDATE outbox SET state = 'waiting', owner = NULL, abandoned = 0 WHERE verb = 'text' AND state = 'done'",
            Self::ForgetsDeadlines => "UPDATE calls SET deadline = NULL WHERE live = 1",
            Self::RollsBack => return u64::from(roll_back(database)),
        };
        if !database.exists() {
            return 0;
        }
        let mut connection = SqliteConnection::connect(&format!("sqlite://{}", database.display()))
            .await
            .unwrap();
        let tables: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name IN ('calls', 'outbox')")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        if tables < 2 {
            return 0;
        }
        let lost = sqlx::query(statement).execute(&mut connection).await.unwrap().rows_affected();
        connection.close().await.unwrap();
        lost
    }
}

/// Puts the copy of the last time back, or makes the first one; whether it was put back.
fn roll_back(database: &Path) -> bool {
    let files = ["", "-wal"].map(|ending| format!("{}{ending}", database.display()));
    let first = !Path::new(&format!("{}.copy", files[0])).exists();
    for file in files {
        let copy = format!("{file}.copy");
        let (from, to) = if first { (&file, &copy) } else { (&copy, &file) };
        if Path::new(from).exists() {
            fs::copy(from, to).unwrap();
        } else {
            let _ = fs::remove_file(to);
        }
    }
    !first
}
