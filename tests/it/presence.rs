//! Who is away by the sheet's column Status, and on the page, over real sockets.

use super::stage::{self, PATIENCE};
use super::texts::{call, on_call_json, texted};
use rotaline::access::Role;
use rotaline::app::Stage;
use rotaline::config::Source;
use std::path::Path;
use std::time::Duration;

const PRIYA: &str = "+61491570156";
const TOM: &str = "+61491570157";

/// Priya, then Tom, all of March; beside Priya stands this status.
fn write(folder: &Path, status: &str) {
    let contacts = format!("Name,Phone,Status\nPriya Nair,{PRIYA},{status}\nTom Okafor,{TOM},available\n");
    let rota = "From,Until,1st,2nd\n2026-03-01 00:00,2026-04-01 00:00,Priya Nair,Tom Okafor\n";
    let settings = "Setting,Value\nTime zone,Australia/Melbourne\n";
    for (name, text) in [("Contacts", contacts.as_str()), ("Rota", rota), ("Settings", settings)] {
        // In one step: a file half written is another version.
        let draft = folder.with_extension(name);
        std::fs::write(&draft, text).unwrap();
        std::fs::rename(draft, folder.join(name).with_extension("csv")).unwrap();
    }
}

async fn set(folder: &Path) -> Stage {
    let rota = folder.to_owned();
    stage::set_with(|setting| {
        setting.rota = vec![Source::File(rota)];
        setting.refresh = Duration::from_millis(200);
    })
    .await
}

async fn page(stage: &Stage) -> String {
    stage::signed_in(stage, Role::Admin).await.page("/").await
}

/// Until the JSON says of Priya what is expected.
async fn until_priya(stage: &Stage, expected: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
    let told = async {
        loop {
            let json = on_call_json(stage).await;
            let priya = &json["levels"][0]["responders"][0];
            if expected(priya) {
                return priya.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, told).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_away_by_the_sheet_is_not_rung_until_he_is_back() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "sick until Thu 5 Mar 2026");
    let stage = set(folder.path()).await;
    let json = on_call_json(&stage).await;
    let away = &json["levels"][0]["responders"][0]["away"];
    assert_eq!(
        (&away["until"], &away["by"], &away["cell"]),
        (
            &"2026-03-06T00:00:00+11:00".into(),
            &"sheet".into(),
            &"Contacts.csv line 2, column 3".into()
        ),
        "{json}"
    );
    assert_eq!(json["levels"][1]["responders"][0].get("away"), None, "{json}");
    assert!(page(&stage).await.contains("says Contacts.csv line 2, column 3"));

    let (rung, story) = call(&stage).await;
    assert_eq!(rung, [TOM], "the second at once");
    let told = "Priya Nair is not rung: away until 2026-03-06 00:00, says Contacts.csv line 2, column 3.";
    assert!(story.iter().any(|line| line == told), "{story:?}");

    let status = texted(&stage, PRIYA, "STATUS").await;
    assert!(
        status.ends_with(
            "You are away until 2026-03-06 00:00. So says the rota (Contacts.csv line 2, column 3). If that is no longer true, text BACK."
        ),
        "{status}"
    );
    let back = texted(&stage, PRIYA, "BACK").await;
    assert!(
        back.ends_with("The rota still says that you are away (Contacts.csv line 2, column 3): please have it corrected."),
        "{back}"
    );
    let (rung, _) = call(&stage).await;
    assert_eq!(rung, [PRIYA], "her own newer word counts");

    write(folder.path(), "on holiday");
    let priya = until_priya(&stage, |priya| priya.get("away").is_some()).await;
    assert_eq!(
        (priya["away"]["until"].is_null(), &priya["away"]["by"]),
        (true, &"sheet".into()),
        "{priya}"
    );
    let (rung, story) = call(&stage).await;
    assert_eq!(rung, [TOM], "the cell was changed after that");
    assert!(
        story.contains(&"Priya Nair is not rung: away, says Contacts.csv line 2, column 3.".to_owned()),
        "{story:?}"
    );
    write(folder.path(), "");
    until_priya(&stage, |priya| priya.get("away").is_none()).await;
    assert_eq!(stage.rehearsal().simulator().look(|network| network.faults().to_vec()), []);
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_on_the_page_passes_somebody_over_and_another_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "");
    let stage = set(folder.path()).await;
    let browser = stage::signed_in(&stage, Role::Admin).await;
    let front = browser.page("/").await;
    let path = front
        .split("action=\"")
        .find_map(|rest| rest.split('"').next().filter(|path| path.ends_with("/presence")));
    let press = async |choice: &str, origin: &str| {
        let form = format!("presence={choice}");
        browser.post_from(origin, path.unwrap(), &form).await.status().as_u16()
    };
    assert_eq!(press("4h", "http://evil.example").await, 403);
    assert_eq!(call(&stage).await.0, [PRIYA], "nothing has changed");
    assert_eq!(press("morning", &browser.base).await, 303);
    assert!(page(&stage).await.contains("told on the page"));
    let (rung, story) = call(&stage).await;
    assert_eq!(rung, [TOM]);
    let told = "Priya Nair is not rung: away until 2026-03-05 08:00, told on the page.";
    assert!(story.iter().any(|line| line == told), "{story:?}");
    let who = texted(&stage, TOM, "WHO").await;
    assert!(who.contains("1. Priya Nair (away until 2026-03-05 08:00), 2. Tom Okafor"), "{who}");
    assert_eq!(press("back", &browser.base).await, 303);
    assert_eq!(call(&stage).await.0, [PRIYA]);
    stage.strike().await;
}
