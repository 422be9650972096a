//! A site for trying rotaline out: lists as an admin may have made them, a workbook, and edits in words as a person types them.

use super::{Graph, Kind, List, ListKey, SiteKey, Value};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use std::fmt::Write;

/// Where the site is.
pub const SITE: &str = "https://contoso.sharepoint.com/sites/ops";
/// The workbook in the site's library.
pub const WORKBOOK: &str = "Rotas/Rota.xlsx";

/// Weeks in the rota, the first of them last week.
const WEEKS: u64 = 9;
/// Clocks in the site's zone are so many hours ahead of UTC all year round.
const ZONE: (&str, i64) = ("Australia/Brisbane", 10);
const HANDOVER_HOUR: u32 = 8;

/// Invented people; the numbers are set aside for fiction by the Australian authority (ACMA).
const CONTACTS: [[&str; 2]; 3] = [
    ["Priya Nair", "0491 570 156"],
    ["Tom Okafor", "+61 491 570 157"],
    ["Dr Wei Zhang", "0491 570 158"],
];

/// A fake with a sample site.
#[derive(Debug)]
pub struct Sample {
    /// The fake.
    pub graph: Graph,
    /// The site.
    pub site: SiteKey,
    lists: Vec<(ListKey, List)>,
}

impl Sample {
    /// A site with the lists Contacts, Rota, Changes and Settings, in which somebody is on duty `now`, and with this workbook.
    pub fn fill(graph: Graph, workbook: Vec<u8>, now: DateTime<Utc>) -> Sample {
        let site = graph.add_site(SITE);
        let monday = (now + TimeDelta::hours(ZONE.1)).date_naive().week(Weekday::Mon).first_day();
        let lists = [contacts(), rota(monday), changes(monday), settings()];
        let lists = lists.map(|list| (graph.add_list(&site, list.clone()), list)).into();
        graph.put_file(&site, WORKBOOK, workbook);
        Sample { graph, site, lists }
    }

    /// What a user writes into the configuration, the secret being in a file.
    pub fn configuration(&self, secret_file: &str) -> String {
        let Graph { tenant, .. } = &self.graph;
        let mut text = String::new();
        let url = self.graph.url();
        writeln!(
            text,
            "# A fake Microsoft Graph listens on {url}; its other host is {}.",
            tenant.other_host()
        )
        .unwrap();
        writeln!(
            text,
            "[microsoft]\ntenant = \"{}\"\nclient_id = \"{}\"",
            self.graph.tenant(),
            self.graph.client_id()
        )
        .unwrap();
        writeln!(
            text,
            "client_secret_file = \"{secret_file}\"\ngraph_base = \"{url}\"\nlogin_base = \"{}\"",
            self.graph.login_url()
        )
        .unwrap();
        writeln!(text, "\n# In the hotline, one of:\nrota = {{ sharepoint_site = \"{SITE}\" }}").unwrap();
        write!(text, "rota = {{ excel_online = \"{WORKBOOK}\", site = \"{SITE}\" }}").unwrap();
        text
    }

    /// Carries out an edit in the form `Rota 2, 1st = Tom Okafor`: list, number of the item, column, and what stands there then. Gives back
    /// what was done, or what is wrong with the words.
    pub fn edit(&self, words: &str) -> Result<String, String> {
        let form = "write an edit as: Rota 2, 1st = Tom Okafor";
        let (place, text) = words.split_once('=').ok_or(form)?;
        let (item, column) = place.split_once(',').ok_or(form)?;
        let (list, number) = item.trim().rsplit_once(' ').ok_or(form)?;
        let (number, column, text): (u32, _, _) = (number.parse().map_err(|_| form)?, column.trim(), text.trim());
        let known = self.lists.iter().find(|(_, known)| known.display_name == list.trim());
        let (key, list) = known.ok_or("the lists are Contacts, Rota, Changes and Settings")?;
        let kind = list
            .columns
            .iter()
            .find(|known| known.display_name == column)
            .map(|known| &known.kind);
        let value = match kind {
            None => return Err(format!("{} has no column {column}", list.display_name)),
            Some(_) if text.is_empty() => Value::Empty,
            Some(Kind::Lookup { .. }) => contact(text).ok_or_else(|| format!("{text} is not one of the contacts"))?,
            Some(Kind::DateTime) => Value::Moment(moment(text)?),
            Some(_) => text.into(),
        };
        if !self.graph.has_item(key, number) {
            return Err(format!("{} has no item {number}", list.display_name));
        }
        self.graph.edit(key, number, column, value);
        Ok(format!("{} item {number}, {column} is now {text:?}", list.display_name))
    }
}

fn contacts() -> List {
    let list = List::new("Contacts")
        .column_named("Name", "Title", Kind::Text)
        .column("Phone", Kind::Text);
    CONTACTS.iter().fold(list, |list, contact| list.item(contact.map(Value::from)))
}

fn rota(monday: NaiveDate) -> List {
    let list = List::new("Rota")
        .column("From", Kind::DateTime)
        .column("1st", of_contacts())
        .column("2nd", of_contacts())
        .column("Notes", Kind::Note);
    (0..WEEKS).fold(list, |list, week| {
        let from = (monday - Days::new(7) + Days::new(7 * week)).and_hms_opt(HANDOVER_HOUR, 0, 0);
        let turn = if week % 2 == 0 { [0, 1] } else { [1, 2] };
        let [first, second] = turn.map(|place| contact(CONTACTS[place][0]).unwrap_or(Value::Empty));
        list.item([Value::Moment(in_utc(from.expect("an hour of a day"))), first, second])
    })
}

fn changes(monday: NaiveDate) -> List {
    let list = List::new("Changes")
        .column_named("Why", "Title", Kind::Text)
        .column("From", Kind::DateTime)
        .column("Until", Kind::DateTime)
        .column("1st", of_contacts());
    let saturday = monday + Days::new(5);
    let [from, until] = [saturday, saturday + Days::new(1)].map(|day| day.and_hms_opt(18, 0, 0).expect("an hour of a day"));
    list.item([
        "wedding".into(),
        Value::Moment(in_utc(from)),
        Value::Moment(in_utc(until)),
        contact(CONTACTS[2][0]).unwrap_or(Value::Empty),
    ])
}

fn settings() -> List {
    List::new("Settings")
        .column_named("Setting", "Title", Kind::Text)
        .column("Value", Kind::Text)
        .item(["Time zone".into(), ZONE.0.into()])
        .item(["Country for phone numbers".into(), "AU".into()])
        .item(["Date order".into(), "day first".into()])
}

fn of_contacts() -> Kind {
    Kind::Lookup {
        list: "Contacts".into(),
        column: "Title".into(),
    }
}

fn contact(name: &str) -> Option<Value> {
    let place = CONTACTS.iter().position(|contact| contact[0] == name)?;
    Some(Value::lookup(u32::try_from(place).ok()? + 1, name))
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let read = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M");
    read.map(in_utc)
        .map_err(|_| format!("{text}: write 2026-03-02 08:00, in the zone {}", ZONE.0))
}

fn in_utc(wall_clock: NaiveDateTime) -> DateTime<Utc> {
    wall_clock.and_utc() - TimeDelta::hours(ZONE.1)
}
