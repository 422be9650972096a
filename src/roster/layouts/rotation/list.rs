//! Where the names of a rotation stand: a table with an order, or one line of names. It must not know turns.

use crate::roster::cells::words::{absent, fold, quote, shown};
use crate::roster::conventions::Conventions;
use crate::roster::layouts::Refusal;
use crate::roster::layouts::header::{self, Field, HEADER_WITHIN};
use crate::roster::layouts::rungs::PeopleColumn;
use crate::roster::layouts::table::{is_date, is_weekday, mostly};
use crate::roster::layouts::teams::Team;
use providers::{CellAddress, Tab};
use std::sync::Arc;

/// More names take no turns.
const NAMES_AT_MOST: usize = 500;
/// Names of tabs that are rotations.
const TABS: &[&str] = &[
    "rotation",
    "rotations",
    "rota rotation",
    "on call rotation",
    "oncall rotation",
    "turns",
    "rotationsplan",
    "rotacion",
    "turnus",
    "roulement",
    "rotazione",
    "rodizio",
];
/// Headers that say that the rows are in the order of their turns.
const ORDER: &[&str] = &["rotation order", "turn", "turn no", "turn order", "rotation", "rotation position"];
/// Headers that count rows.
const COUNT: &[&str] = &[
    "",
    "order",
    "no",
    "nr",
    "position",
    "pos",
    "sequence",
    "seq",
    "number",
    "ordre",
    "reihenfolge",
    "orden",
];

/// Lists of names that take turns.
pub(crate) struct Rotation<'t> {
    pub(super) tab: &'t Tab,
    /// The first row of the table; lines of settings may stand above it.
    pub(super) first_row: usize,
    pub(super) cell: CellAddress,
    /// One for each level, each a list of its own.
    pub(super) columns: Vec<Column>,
}

/// The names of one level.
pub(super) struct Column {
    pub(super) people: PeopleColumn,
    /// The rows in which names stand.
    pub(super) rows: Vec<usize>,
}

impl Column {
    /// The names of one team.
    pub(super) fn of_team(&self, tab: &Tab, team: &Team) -> Self {
        Self {
            people: self.people.clone(),
            rows: self.rows.iter().copied().filter(|row| team.holds(tab, *row)).collect(),
        }
    }
}

impl Rotation<'_> {
    /// The lines of two cells above the table, the first one folded.
    pub(super) fn lines(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.tab.rows.iter().take(self.first_row).filter_map(|cells| {
            let mut filled = cells.iter().filter(|cell| !cell.is_blank());
            Some((fold(&shown(filled.next()?)), shown(filled.next()?)))
        })
    }
}

/// The rotation of a tab; nothing where it is not certain to be one.
pub(crate) fn recognise<'t>(tab: &'t Tab, conventions: &Conventions) -> Option<Result<Rotation<'t>, Refusal>> {
    let is_named = TABS.contains(&fold(&tab.name).as_str());
    let is_set = conventions.turn_days.is_some() && conventions.anchor.is_some();
    (0..tab.rows.len().min(HEADER_WITHIN)).find_map(|row| table(tab, row, is_named || is_set))
}

fn table(tab: &Tab, row: usize, is_said: bool) -> Option<Result<Rotation<'_>, Refusal>> {
    let columns = header::columns(tab, row);
    let says_order = columns.iter().any(|column| ORDER.contains(&column.words.as_str()));
    let has_no_time = columns.iter().all(|column| {
        let is_blank = (row + 1..tab.rows.len())
            .take(1_000)
            .all(|row| tab.cell(row, column.place).is_blank());
        is_blank || !(mostly(tab, row, column.place, is_date) || mostly(tab, row, column.place, is_weekday))
    });
    if !has_no_time || !(is_said || says_order) {
        return None;
    }
    let is_level = |field: Option<Field>| matches!(field, Some(Field::Level(_) | Field::LastLevel));
    let mut people: Vec<&header::Column> = columns
        .iter()
        .filter(|column| is_level(column.field) && !COUNT.contains(&column.words.as_str()))
        .collect();
    if people.is_empty() {
        people = columns
            .iter()
            .filter(|column| column.field == Some(Field::Person))
            .take(1)
            .collect();
    }
    people.sort_by_key(|column| (column.field, column.place));
    if people.is_empty() {
        return None;
    }
    let phone = |place: usize| {
        let next = columns
            .iter()
            .filter(|column| column.place > place)
            .min_by_key(|column| column.place);
        next.filter(|column| column.field == Some(Field::Phone)).map(|column| column.place)
    };
    let mut lists = Vec::new();
    for column in people {
        let filled = |row: &usize| !shown(tab.cell(*row, column.place)).trim().is_empty();
        let rows: Vec<usize> = (row + 1..tab.rows.len()).filter(filled).take(NAMES_AT_MOST + 1).collect();
        if let Some(refusal) = refusal(tab, column, &rows) {
            return Some(Err(refusal));
        }
        lists.push(Column {
            people: PeopleColumn {
                place: column.place,
                phone: phone(column.place),
                label: Arc::from(column.text.as_str()),
            },
            rows,
        });
    }
    lists.retain(|list| !list.rows.is_empty());
    let first = lists.first()?;
    Some(Ok(Rotation {
        tab,
        first_row: row,
        cell: tab.address(row, first.people.place),
        columns: lists,
    }))
}

/// A list that cannot be turned: with a hole or a word for nobody it would be anybody's guess who follows whom.
fn refusal(tab: &Tab, column: &header::Column, rows: &[usize]) -> Option<Refusal> {
    let hole = rows.windows(2).find(|two| two[1] != two[0] + 1).map(|two| two[0] + 1);
    let remedy = "Keep one name in each row, without blank rows between them; other tables belong into tabs of their own.".to_owned();
    if let Some(hole) = hole {
        return Some(Refusal {
            cell: tab.address(hole, column.place),
            seen: format!(
                "The list {} has a blank row, so who follows whom cannot be told",
                quote(&column.text)
            ),
            remedy,
        });
    }
    if rows.len() > NAMES_AT_MOST {
        return Some(Refusal {
            cell: tab.address(rows[NAMES_AT_MOST], column.place),
            seen: format!("The list {} has more than {NAMES_AT_MOST} names", quote(&column.text)),
            remedy,
        });
    }
    let nobody = rows.iter().find(|row| absent(&shown(tab.cell(**row, column.place))).is_some());
    nobody.map(|row| Refusal {
        cell: tab.address(*row, column.place),
        seen: format!(
            "{} stands in a list of names that take turns, and names nobody",
            quote(&shown(tab.cell(*row, column.place)))
        ),
        remedy,
    })
}
