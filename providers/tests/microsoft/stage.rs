//! What the tests stand on: a fake tenant with a site, and an account that may read it.

use chrono::{DateTime, Utc};
use fakes::graph::{Graph, Kind, List, ListKey, SiteKey, Value};
use providers::{
    Base, Cell, Credential, Fetched, MicrosoftAccess, MicrosoftAccount, Revision, SharePointLists, Sheet, SheetSource, Site, SiteZone,
};
use std::time::Duration;

pub(crate) const SITE: &str = "https://contoso.sharepoint.com/sites/ops";

/// Sat 21 Nov 2026, 12:00 UTC.
pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_262_400, 0).unwrap()
}

pub(crate) struct Stage {
    pub(crate) graph: Graph,
    pub(crate) site: SiteKey,
}

impl Stage {
    pub(crate) async fn new() -> Stage {
        let graph = Graph::start().await;
        graph.clock().follow(noon);
        let site = graph.add_site(SITE);
        Stage { graph, site }
    }

    pub(crate) fn access(&self) -> MicrosoftAccess {
        MicrosoftAccess {
            tenant: self.graph.tenant().into(),
            client_id: self.graph.client_id().into(),
            credential: Credential::Secret(self.graph.client_secret().into()),
            graph: Base::parse(&self.graph.url()).unwrap(),
            login: Base::parse(&self.graph.login_url()).unwrap(),
            patience: Duration::from_secs(10),
        }
    }

    pub(crate) fn account(&self) -> MicrosoftAccount {
        MicrosoftAccount::new(self.access(), noon).unwrap()
    }

    /// Melbourne's rota: two shifts, days and times.
    pub(crate) fn add_rota(&self) -> ListKey {
        let rota = List::new("Rota")
            .column("Date", Kind::Date)
            .column("From", Kind::DateTime)
            .column("1st", Kind::Person)
            .column("2nd", Kind::Text);
        let rota = rota
            .item([
                Value::moment("2026-03-01T13:00:00Z"),
                Value::moment("2026-03-02T07:00:00Z"),
                Value::person(6, "Ana Diaz", "ana@contoso.com"),
                "Ben Osei".into(),
            ])
            .item([
                Value::moment("2026-07-01T14:00:00Z"),
                Value::moment("2026-07-02T08:00:00Z"),
                Value::person(7, "Cleo Park", "cleo@contoso.com"),
                Value::Empty,
            ]);
        self.graph.add_list(&self.site, rota)
    }

    pub(crate) fn lists(&self) -> SharePointLists {
        self.lists_of(self.account(), &[])
    }

    pub(crate) fn lists_of(&self, account: MicrosoftAccount, names: &[&str]) -> SharePointLists {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let zone = SiteZone::parse("Australia/Melbourne").unwrap();
        SharePointLists::new(account, Site::parse(SITE).unwrap(), names, Some(zone))
    }

    /// How many requests went to paths that end so.
    pub(crate) fn count(&self, end: &str) -> usize {
        self.graph.journal().iter().filter(|request| request.path.ends_with(end)).count()
    }
}

pub(crate) async fn read(source: &dyn SheetSource) -> Sheet {
    match source.fetch(None).await.unwrap() {
        Fetched::Sheet(sheet) => *sheet,
        Fetched::Unchanged => panic!("asked for the sheet"),
    }
}

/// The sheet if it is another one.
pub(crate) async fn read_since(source: &dyn SheetSource, since: &Revision) -> Option<Sheet> {
    match source.fetch(Some(since)).await.unwrap() {
        Fetched::Sheet(sheet) => Some(*sheet),
        Fetched::Unchanged => None,
    }
}

/// Cells as a person would write them down.
pub(crate) fn shown(cells: &[Cell]) -> Vec<String> {
    let show = |cell: &Cell| match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::DateTime(wall) => wall.format("%Y-%m-%d %H:%M").to_string(),
        Cell::Time(time) => time.format("%H:%M").to_string(),
        Cell::Bool(ticked) => ticked.to_string(),
        Cell::Error(error) => error.clone(),
    };
    cells.iter().map(show).collect()
}

pub(crate) fn rows(sheet: &Sheet, tab: usize) -> Vec<Vec<String>> {
    sheet.tabs[tab].rows.iter().map(|row| shown(row)).collect()
}
