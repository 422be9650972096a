//! A rota at a fake Google or Microsoft, a hotline that rings by it: somebody edits a cell, and the next call rings the
//! new person.

use super::stage::{PACE, PATIENCE};
use chrono::{NaiveDate, TimeDelta};
use fakes::Fault;
use fakes::google::{Cell, Google, Route, Spreadsheet, Tab};
use fakes::graph::{Graph, Kind, List, ListKey, SiteKey, Value};
use rotaline::app::{Accounts, Extras, Service, Setting, Stage};
use rotaline::call::HotlineName;
use rotaline::clock::Clock;
use rotaline::config::{self, Config, MicrosoftCredential, Secrets, Source};
use rotaline::roster::{OnCall, Settings};
use rotaline::simulator::{CallerHabit, Delay, Habit};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

pub(super) const SITE: &str = "https://contoso.sharepoint.com/sites/ops";
/// As long as real ones are.
pub(super) const SHEET: &str = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCd";

/// From three days ago on Ana first and Bo second, later the other way round: none of it changes while a test runs.
pub(super) fn weeks(today: NaiveDate) -> Vec<[String; 3]> {
    let row = |days: i64, first: &str, second: &str| [(today + TimeDelta::days(days)).to_string(), first.to_owned(), second.to_owned()];
    vec![
        row(-3, "Ana Diaz", "Bo Lund"),
        row(11, "Bo Lund", "Ana Diaz"),
        row(18, "Ana Diaz", "Bo Lund"),
        row(25, "Bo Lund", "Ana Diaz"),
    ]
}

/// As an admin types it into Google Sheets.
pub(super) fn google_rota(today: NaiveDate) -> Spreadsheet {
    let contacts = [
        ["Name", "Phone"],
        ["Ana Diaz", "+61 491 570 156"],
        ["Bo Lund", "+61 491 570 157"],
        ["Cy Marsh", "+61 491 570 158"],
    ];
    let contacts = contacts.iter().fold(Tab::new("Contacts"), |tab, cells| typed(tab, cells));
    google_rota_alone(today).tab(contacts)
}

/// The same without anybody's number.
pub(super) fn google_rota_alone(today: NaiveDate) -> Spreadsheet {
    let heading = typed(Tab::new("Rota"), &["From", "1st", "2nd"]);
    let rows = weeks(today);
    let rota = rows
        .iter()
        .fold(heading, |tab, [from, first, second]| typed(tab, &[from, first, second]));
    Spreadsheet::new("Lab rota").zone("Australia/Melbourne").tab(rota)
}

fn typed(tab: Tab, cells: &[&str]) -> Tab {
    tab.row(cells.iter().map(|cell| Cell::typed(cell)))
}

/// As an admin makes lists in SharePoint; `site` is where.
pub(super) fn graph_rota(graph: &Graph, site: &SiteKey, today: NaiveDate) -> ListKey {
    let contacts = List::new("Contacts")
        .column_named("Name", "Title", Kind::Text)
        .column("Phone", Kind::Text);
    let contacts = contacts
        .item(["Ana Diaz".into(), "+61 491 570 156".into()])
        .item(["Bo Lund".into(), "+61 491 570 157".into()])
        .item(["Cy Marsh".into(), "+61 491 570 158".into()]);
    graph.add_list(site, contacts);
    let rota = List::new("Rota")
        .column("From", Kind::DateTime)
        .column("1st", Kind::Text)
        .column("2nd", Kind::Text);
    // Eight in the evening of the day before, by UTC: a summer's and a winter's morning in Melbourne, which the site keeps.
    let rota = weeks(today).into_iter().fold(rota, |list, [from, first, second]| {
        let from = from.parse::<NaiveDate>().unwrap().pred_opt().unwrap();
        list.item([
            Value::moment(&format!("{from}T20:00:00Z")),
            first.as_str().into(),
            second.as_str().into(),
        ])
    });
    graph.add_list(site, rota)
}

/// Where the command line takes its time from.
pub(super) fn today() -> NaiveDate {
    Clock::system().now().date_naive()
}

const ANA: &str = "+61491570156";
const CY: &str = "+61491570158";
/// Where sources believe us to be; the fakes deliver to the stage in its place.
const BELL: &str = "https://hotline.example.org";
/// So much later than the edit the new person must be rung, where the source knocks.
const PROMPT: Duration = Duration::from_secs(2);

/// How the stage learns of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Push,
    Poll,
}

async fn set(rota: Source, accounts: Accounts, by: By, at: SocketAddr) -> Stage {
    let setting = Setting {
        rota: vec![rota],
        accounts,
        given: Settings(vec![("Time zone".to_owned(), "Australia/Melbourne".to_owned())]),
        listen: at,
        pace: PACE,
        front: None,
        seed: 1,
        // Whoever waits for the next look waits for ever, or for a second.
        refresh: if by == By::Push {
            Duration::from_secs(86_400)
        } else {
            Duration::from_secs(1)
        },
        push: by == By::Push,
        reception: rotaline::reception::Reception::default(),
        words: rotaline::call::OwnWords::default(),
        recordings: rotaline::app::Recordings::default(),
        rules: |rules| rules,
        menus: Vec::new(),
        incident_token: None,
        bring_in_key: false,
        with_test_line: false,
        extras: Extras {
            bell: (by == By::Push).then(|| BELL.to_owned()),
            ..Extras::default()
        },
    };
    Stage::set(setting, Clock::system()).await.unwrap()
}

/// An address that nobody has.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Looks again and again until it is so.
async fn until(what: &str, limit: Duration, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(limit, waiting).await.is_ok(), "not within {limit:?}: {what}");
}

async fn first_on_call(stage: &Stage) -> String {
    stage.rehearsal().on_call().await.unwrap()[0].phone.address().to_owned()
}

/// Places a call that the first person takes; who that was.
async fn rung(stage: &Stage) -> String {
    let simulator = stage.rehearsal().simulator();
    let before = simulator.look(|network| network.dialled().len());
    let accepts = Habit::Accepts {
        after: Delay::seconds(2),
        talk: None,
    };
    let habits = stage
        .rehearsal()
        .on_call()
        .await
        .unwrap()
        .into_iter()
        .map(|who| (who, accepts))
        .collect();
    let caller = CallerHabit {
        talk: Some(Delay::seconds(5)),
        ..CallerHabit::default()
    };
    stage.rehearsal().ring(habits, caller).await.unwrap();
    let over = simulator.until(|network| network.dialled().len() > before && network.leftovers().is_empty());
    tokio::time::timeout(PATIENCE, over).await.unwrap();
    simulator.look(|network| network.dialled()[before].to_owned())
}

/// Calls, edits, waits for the edit to arrive, and calls again.
async fn an_edit_is_rung(stage: Stage, by: By, edit: impl FnOnce()) {
    assert_eq!(rung(&stage).await, ANA);
    edit();
    let limit = match by {
        By::Push => PROMPT,
        // An interval, a tenth more of it by chance, and the reading.
        By::Poll => Duration::from_secs(2),
    };
    until("the new person is on call", limit, async || first_on_call(&stage).await == CY).await;
    assert_eq!(rung(&stage).await, CY);
    stage.strike().await;
}

fn at_google(google: &Google) -> (Source, Accounts) {
    let account = config::Google {
        key_place: "the test".to_owned(),
        key: Ok(google.key_json().into()),
        sheets_base: google.url().parse().unwrap(),
        drive_base: google.url().parse().unwrap(),
        token_uri: None,
    };
    let accounts = Accounts {
        google: Some(account),
        microsoft: None,
        oidc: None,
    };
    (Source::GoogleSheet(SHEET.to_owned()), accounts)
}

fn at_microsoft(graph: &Graph) -> (Source, Accounts) {
    let account = config::Microsoft {
        tenant: graph.tenant().to_owned(),
        client_id: graph.client_id().to_owned(),
        credential: Ok(MicrosoftCredential::Secret(graph.client_secret().into())),
        client_secret_expires: None,
        graph_base: graph.url().parse().unwrap(),
        login_base: graph.login_url().parse().unwrap(),
    };
    let accounts = Accounts {
        google: None,
        microsoft: Some(account),
        oidc: None,
    };
    let lists = Source::SharePointLists {
        site: SITE.to_owned(),
        lists: Vec::new(),
        time_zone: Some("Australia/Melbourne".to_owned()),
    };
    (lists, accounts)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_in_google_sheets_is_rung_by_push_within_two_seconds() {
    let google = Google::start().await;
    google.put(SHEET, google_rota(today()));
    let (rota, accounts) = at_google(&google);
    let at = free();
    google.door(BELL, &format!("http://{at}"));
    let stage = set(rota, accounts, By::Push, at).await;
    until("Google is asked to knock", PATIENCE, async || !google.channels().is_empty()).await;
    an_edit_is_rung(stage, By::Push, || google.edit(SHEET, "Rota", "B2", "Cy Marsh")).await;
    assert!(
        google
            .deliveries()
            .iter()
            .all(|delivery| delivery.outcome.as_ref().is_ok_and(|status| (200..300).contains(status))),
        "{:?}",
        google.deliveries()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_in_google_sheets_is_rung_by_poll_within_an_interval() {
    let google = Google::start().await;
    google.put(SHEET, google_rota(today()));
    let (rota, accounts) = at_google(&google);
    let stage = set(rota, accounts, By::Poll, free()).await;
    an_edit_is_rung(stage, By::Poll, || google.edit(SHEET, "Rota", "B2", "Cy Marsh")).await;
    assert_eq!(google.channels(), [], "nobody was asked to knock");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_in_sharepoint_is_rung_by_push_within_two_seconds() {
    let graph = Graph::start().await;
    let rota = graph_rota(&graph, &graph.add_site(SITE), today());
    let (source, accounts) = at_microsoft(&graph);
    let at = free();
    graph.door(BELL, &format!("http://{at}"));
    let stage = set(source, accounts, By::Push, at).await;
    until("Graph is asked to knock", PATIENCE, async || graph.subscriptions().len() >= 2).await;
    an_edit_is_rung(stage, By::Push, || graph.edit(&rota, 1, "1st", "Cy Marsh")).await;
    assert_eq!(graph.leaked_tokens(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_in_sharepoint_is_rung_by_poll_within_an_interval() {
    let graph = Graph::start().await;
    let rota = graph_rota(&graph, &graph.add_site(SITE), today());
    let (source, accounts) = at_microsoft(&graph);
    let stage = set(source, accounts, By::Poll, free()).await;
    an_edit_is_rung(stage, By::Poll, || graph.edit(&rota, 1, "1st", "Cy Marsh")).await;
    assert_eq!(graph.subscriptions(), [], "nobody was asked to knock");
}

/// A service with one rota in the fake Google, as `rotaline serve` starts it.
struct Restarts {
    google: Google,
    folder: tempfile::TempDir,
}

impl Restarts {
    async fn new() -> Self {
        let google = Google::start().await;
        google.put(SHEET, google_rota(today()));
        let folder = tempfile::tempdir().unwrap();
        Self { google, folder }
    }

    async fn start(&self, secrets: Secrets, key: Option<String>) -> anyhow::Result<Service> {
        let url = self.google.url();
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\n[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\napi_base = \"{url}\"\n\
             [google]\nsheets_base = \"{url}\"\ndrive_base = \"{url}\"\n\
             [[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\nrota = {{ google_sheet = \"{SHEET}\" }}\n"
        );
        let token = (config::TOKEN_VARIABLE.to_owned(), "0123456789abcdef0123456789abcdef".to_owned());
        let key = key.map(|key| ("ROTALINE_GOOGLE_KEY".to_owned(), key));
        let env = std::iter::once(token).chain(key).collect();
        let config = Config::read(&text, "rotaline.toml", self.folder.path(), &env, secrets)?;
        Service::start(config, Clock::system(), Extras::default()).await
    }
}

async fn kept_first(service: &Service) -> String {
    let rota = service.store().rota(&HotlineName("lab".to_owned())).await.unwrap().unwrap();
    match rota.roster.on_call(Clock::system().now()) {
        OnCall::Duty(duty) => duty.levels[0].responders[0].phone.address().to_owned(),
        OnCall::Gap { .. } => panic!("nobody is on call"),
    }
}

/// Who calls after a restart does not wait for Google.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_while_google_hangs_serves_by_the_copy_from_before() {
    let service = Restarts::new().await;
    let key = || Some(service.google.key_json());
    service.start(Secrets::All, key()).await.unwrap().stop().await;
    service.google.fail(Route::Any, Fault::Hang, None);
    // A source may take half a minute; a start takes five seconds of that at most, and what this machine needs.
    let again = tokio::time::timeout(Duration::from_secs(20), service.start(Secrets::All, key())).await;
    let again = again.unwrap().unwrap();
    assert_eq!(kept_first(&again).await, ANA);
    again.stop().await;
}

/// A key that has gone overnight stops nobody from being rung; where there is no copy it stops the start.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_without_the_key_serves_by_the_copy_from_before_and_says_so() {
    let service = Restarts::new().await;
    for key in [None, Some("{}".to_owned())] {
        let words = match service.start(Secrets::OfCalls, key).await {
            Ok(_) => panic!("it has started without a rota"),
            Err(error) => format!("{error:#}"),
        };
        assert!(words.contains("the rota of hotline lab"), "{words}");
    }
    service
        .start(Secrets::All, Some(service.google.key_json()))
        .await
        .unwrap()
        .stop()
        .await;
    for key in [None, Some("{}".to_owned())] {
        let again = service.start(Secrets::OfCalls, key).await.unwrap();
        assert_eq!(kept_first(&again).await, ANA);
        let trouble = again.store().trouble(&HotlineName("lab".to_owned())).await.unwrap().unwrap();
        assert!(trouble.words.contains("then restart rotaline"), "{}", trouble.words);
        again.stop().await;
    }
}
