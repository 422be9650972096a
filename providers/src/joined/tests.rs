//! Two sources that count what they are asked, joined.

use super::*;
use crate::{AddressStyle, Cell, CheckOutcome, Tab};
use std::sync::Mutex as Plain;
use std::time::Duration;

/// A source of one tab, in whatever state the test puts it.
struct Part {
    name: &'static str,
    state: Plain<State>,
}

struct State {
    has: Result<String, SourceError>,
    asked: Vec<Option<String>>,
    watches: Result<Option<Watch>, SourceError>,
    befores: Vec<Option<Vec<String>>>,
    unwatched: Vec<Watch>,
}

impl Part {
    fn new(name: &'static str, text: &str) -> Arc<Self> {
        let state = State {
            has: Ok(text.into()),
            asked: vec![],
            watches: Ok(None),
            befores: vec![],
            unwatched: vec![],
        };
        Arc::new(Self {
            name,
            state: Plain::new(state),
        })
    }

    fn is(&self, has: Result<&str, SourceError>) {
        self.state.lock().unwrap().has = has.map(str::to_owned);
    }

    /// About which revisions it was asked since the last look.
    fn asked(&self) -> Vec<Option<String>> {
        std::mem::take(&mut self.state.lock().unwrap().asked)
    }
}

#[async_trait::async_trait]
impl SheetSource for Part {
    fn describe(&self) -> String {
        self.name.into()
    }

    async fn fetch(&self, since: Option<&Revision>) -> Result<Fetched, SourceError> {
        let mut state = self.state.lock().unwrap();
        state.asked.push(since.map(|since| since.0.clone()));
        let text = state.has.clone()?;
        if since.is_some_and(|since| since.0 == text) {
            return Ok(Fetched::Unchanged);
        }
        let tab = Tab {
            name: format!("Tab of {}", self.name),
            file: None,
            style: AddressStyle::Grid,
            rows: vec![vec![Cell::Text(text.clone())]],
            lines: vec![],
            merges: vec![],
            formatted: vec![],
            link: None,
        };
        Ok(Fetched::Sheet(Box::new(Sheet {
            title: self.name.into(),
            revision: Revision(text),
            time_zone: (self.name == "b").then(|| "Europe/Paris".into()),
            tabs: vec![tab],
            remarks: vec!["seen".into()],
            link: Some(format!("https://{}.example", self.name)),
        })))
    }

    async fn watch(&self, _bell: &Bell, before: Option<&Watch>) -> Result<Option<Watch>, SourceError> {
        let mut state = self.state.lock().unwrap();
        state.befores.push(before.map(|watch| watch.names.clone()));
        state.watches.clone()
    }

    async fn unwatch(&self, watch: &Watch) {
        self.state.lock().unwrap().unwatched.push(watch.clone());
    }
}

fn two() -> (Arc<Part>, Arc<Part>, Joined) {
    let (a, b) = (Part::new("a", "a1"), Part::new("b", "b1"));
    let joined = Joined::new(vec![Arc::clone(&a) as Arc<dyn SheetSource>, Arc::clone(&b) as Arc<dyn SheetSource>]);
    (a, b, joined)
}

async fn read(joined: &Joined, since: Option<&Revision>) -> Sheet {
    match joined.fetch(since).await.unwrap() {
        Fetched::Sheet(sheet) => *sheet,
        Fetched::Unchanged => panic!("unchanged"),
    }
}

fn texts(sheet: &Sheet) -> Vec<String> {
    let text = |tab: &Tab| {
        let Cell::Text(text) = tab.cell(0, 0) else { panic!("{tab:?}") };
        text.clone()
    };
    sheet.tabs.iter().map(text).collect()
}

#[tokio::test]
async fn tabs_come_in_order_and_remarks_name_their_source() {
    let (_, _, joined) = two();
    let sheet = read(&joined, None).await;
    assert_eq!((sheet.title.as_str(), joined.describe().as_str()), ("a + b", "a + b"));
    assert_eq!(texts(&sheet), ["a1", "b1"]);
    assert_eq!(sheet.remarks, ["a: seen", "b: seen"]);
    assert_eq!(sheet.time_zone.as_deref(), Some("Europe/Paris"));
    assert_eq!(sheet.link, None);
    let one = Joined::new(vec![Part::new("a", "a1")]);
    let sheet = read(&one, None).await;
    assert_eq!(
        (sheet.remarks, sheet.link.as_deref()),
        (vec!["seen".to_owned()], Some("https://a.example"))
    );
}

#[tokio::test]
async fn it_is_unchanged_only_when_all_are_and_only_what_changed_is_read() {
    let (a, b, joined) = two();
    let first = read(&joined, None).await.revision;
    assert_eq!((a.asked(), b.asked()), (vec![None], vec![None]));
    assert_eq!(joined.fetch(Some(&first)).await, Ok(Fetched::Unchanged));
    assert_eq!((a.asked(), b.asked()), (vec![Some("a1".into())], vec![Some("b1".into())]));
    b.is(Ok("b2"));
    let second = read(&joined, Some(&first)).await;
    assert_eq!(texts(&second), ["a1", "b2"]);
    assert_ne!(second.revision, first);
    assert_eq!((a.asked(), b.asked()), (vec![Some("a1".into())], vec![Some("b1".into())]));
    // Another asks about an older version: nothing is read again for that.
    assert_eq!(texts(&read(&joined, Some(&first)).await), ["a1", "b2"]);
    b.is(Ok("b1"));
    assert_eq!(joined.fetch(Some(&first)).await, Ok(Fetched::Unchanged), "as it was before");
    // After a restart nothing is at hand: all is read, and found to be the version asked about.
    let again = Joined::new(joined.parts.clone());
    a.asked();
    assert_eq!(again.fetch(Some(&first)).await, Ok(Fetched::Unchanged));
    assert_eq!(a.asked(), [None]);
    // Without a revision everything is read, whatever is at hand.
    read(&again, None).await;
    assert_eq!(a.asked(), [None]);
}

#[tokio::test]
async fn what_one_part_brought_while_another_failed_is_not_lost() {
    let (a, b, joined) = two();
    let first = read(&joined, None).await.revision;
    a.is(Ok("a2"));
    b.is(Err(SourceError::Transient("locked".into())));
    let failed = joined.fetch(Some(&first)).await;
    assert_eq!(failed, Err(SourceError::Transient("b: locked".into())));
    b.is(Ok("b1"));
    a.asked();
    assert_eq!(texts(&read(&joined, Some(&first)).await), ["a2", "b1"]);
    assert_eq!(a.asked(), [Some("a2".into())]);
}

#[tokio::test]
async fn the_first_error_wins_and_names_its_source() {
    let (a, b, joined) = two();
    b.is(Err(SourceError::NotFound("no such list".into())));
    assert_eq!(joined.fetch(None).await, Err(SourceError::NotFound("b: no such list".into())));
    a.is(Err(SourceError::Auth("a: expired".into())));
    assert_eq!(
        joined.fetch(None).await,
        Err(SourceError::Auth("a: expired".into())),
        "it names itself"
    );
    let retry_after = Duration::from_secs(17);
    a.is(Err(SourceError::Throttled { retry_after }));
    assert_eq!(joined.fetch(None).await, Err(SourceError::Throttled { retry_after }));
    let checks = joined.examine("2026-03-01T00:00:00Z".parse().unwrap()).await;
    assert_eq!(checks.iter().map(|check| check.what.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(checks.iter().all(|check| matches!(check.outcome, CheckOutcome::Missing { .. })));
}

#[test]
fn revisions_do_not_run_into_each_other_and_clashes_are_remarked() {
    let sheet = |title: &str, revision: &str, zone: &str| Sheet {
        title: title.into(),
        revision: Revision(revision.into()),
        time_zone: Some(zone.into()),
        tabs: vec![Tab {
            name: "Rota".into(),
            file: None,
            style: AddressStyle::Grid,
            rows: vec![],
            lines: vec![],
            merges: vec![],
            formatted: vec![],
            link: None,
        }],
        remarks: vec![],
        link: None,
    };
    let (ab_c, a_bc) = (
        [sheet("x", "ab", "A"), sheet("y", "c", "B")],
        [sheet("x", "a", "A"), sheet("y", "bc", "B")],
    );
    let revision_of = |sheets: &[Sheet]| revision(&sheets.iter().collect::<Vec<_>>());
    assert_ne!(revision_of(&ab_c), revision_of(&a_bc));
    let both: Vec<&Sheet> = ab_c.iter().collect();
    assert_eq!(
        joined(&both, Revision("r".into())).remarks,
        [
            "\"x\" is in the time zone A and \"y\" in B; A counts for both. Set the same zone in both",
            "\"x\" and \"y\" both have a tab \"Rota\". Give one of them another name",
        ]
    );
}

fn watch(names: &[&str], until: &str) -> Watch {
    Watch {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        until: until.parse().unwrap(),
    }
}

#[tokio::test]
async fn each_part_knocks_under_its_own_name() {
    let (a, b, joined) = two();
    let bell = Bell {
        address: "https://hotline.example/nudge/lab/google".into(),
        password: "p".into(),
        now: "2026-03-01T00:00:00Z".parse().unwrap(),
    };
    assert_eq!(joined.watch(&bell, None).await, Ok(None), "neither can");
    let (of_a, of_b) = (
        watch(&["channel", "x:y"], "2026-03-02T00:00:00Z"),
        watch(&["list"], "2026-03-20T00:00:00Z"),
    );
    a.state.lock().unwrap().watches = Ok(Some(of_a.clone()));
    b.state.lock().unwrap().watches = Ok(Some(of_b));
    let both = watch(&["0:channel", "0:x:y", "1:list"], "2026-03-02T00:00:00Z");
    assert_eq!(joined.watch(&bell, None).await, Ok(Some(both.clone())));
    joined.watch(&bell, Some(&both)).await.unwrap();
    let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    assert_eq!(a.state.lock().unwrap().befores.last().unwrap(), &names(&["channel", "x:y"]));
    assert_eq!(b.state.lock().unwrap().befores.last().unwrap(), &names(&["list"]));
    // One fails: the other does not go on knocking for nobody.
    b.state.lock().unwrap().watches = Err(SourceError::Forbidden("no".into()));
    assert_eq!(joined.watch(&bell, None).await, Err(SourceError::Forbidden("b: no".into())));
    assert_eq!(a.state.lock().unwrap().unwatched, [of_a]);
    joined.unwatch(&both).await;
    assert_eq!(b.state.lock().unwrap().unwatched, [watch(&["list"], "2026-03-02T00:00:00Z")]);
}
