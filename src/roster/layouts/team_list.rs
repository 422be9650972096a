//! Teams, roles and people without dates (`Team | Role | Name | Phone`): who is called now, always in force. It is written
//! out as one duty up to a horizon. It must not know other layouts.

use crate::roster::cells::words::{quote, shown};
use crate::roster::contacts::People;
use crate::roster::conventions::Conventions;
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::header::{self, Column, Field};
use crate::roster::layouts::lone_rows::{self, LoneRow};
use crate::roster::layouts::person_columns::{self, PersonColumn};
use crate::roster::layouts::roles::{self, Role, Roles};
use crate::roster::layouts::rungs::Span;
use crate::roster::layouts::table::{ROWS_AT_MOST, is_date, mostly};
use crate::roster::layouts::teams::Team;
use crate::roster::layouts::{Refusal, Rota};
use crate::roster::slots::Order;
use crate::roster::terms::{Meaning, Term};
use crate::roster::who::Reader;
use crate::roster::{Code, Severity, TabRead};
use chrono::TimeDelta;
use providers::Tab;
use std::sync::Arc;

/// Written out from this long before now …
const BEFORE: TimeDelta = TimeDelta::days(35);
/// … to this long after.
const AFTER: TimeDelta = TimeDelta::days(400);

/// Rows that tell whether there are levels.
const SAMPLE: usize = 5_000;

/// A table of people in force.
pub(crate) struct TeamList<'t> {
    tab: &'t Tab,
    header_row: usize,
    person: PersonColumn,
    role: Option<usize>,
    team: Team,
}

/// A team list, or a refusal of one; nothing where the tab is something else. A list of people without roles is one only
/// where the settings name a team.
pub(crate) fn recognise<'t>(tab: &'t Tab, conventions: &Conventions, people: &People) -> Option<Result<TeamList<'t>, Refusal>> {
    let (row, columns) = header::find(tab, score)?;
    if columns.iter().any(|column| mostly(tab, row, column.place, is_date)) {
        return None;
    }
    let role = columns.iter().find(|column| is_role(column)).map(|column| column.place);
    let has_team = columns.iter().any(|column| column.field == Some(Field::Team));
    let by_settings = conventions.unordered.is_some() || (has_team && conventions.team.is_some());
    // Job titles beside names and numbers make a list of contacts, not one of who is called.
    let by_role = role.is_some_and(|place| names_a_level(tab, row, place, conventions));
    let is_mine = by_role || (by_settings && (role.is_some() || has_team));
    if !is_mine {
        return None;
    }
    let open: Vec<&Column> = columns.iter().filter(|column| Some(column.place) != role).collect();
    let mut found = person_columns::of(tab, row, &open, people).into_iter();
    let (Some(person), None) = (found.next(), found.next()) else {
        return None;
    };
    let team = Team::pick(tab, row, &columns, conventions);
    Some(team.map(|team| TeamList {
        tab,
        header_row: row,
        person,
        role,
        team,
    }))
}

fn names_a_level(tab: &Tab, header_row: usize, place: usize, conventions: &Conventions) -> bool {
    let texts = (header_row + 1..tab.rows.len()).take(SAMPLE).map(|row| shown(tab.cell(row, place)));
    texts.filter(|text| !text.trim().is_empty()).any(|text| {
        let meaning = conventions.terms.label(&text);
        matches!(meaning, Some(Meaning::Rings(Term { level: Some(_), .. })))
    })
}

/// Whether a tab looks like one by itself: with teams, or with how people are reached. Names and roles alone are a statistic.
pub(crate) fn looks_like_it(tab: &Tab, conventions: &Conventions) -> bool {
    match recognise(tab, conventions, &People::default()) {
        Some(Ok(list)) => list.team.name.is_some() || list.person.phone.is_some(),
        Some(Err(_)) => true,
        None => false,
    }
}

/// People, and how they are reached or in which role; nothing of dates, weekdays, hours or shifts.
fn score(columns: &[Column]) -> Option<usize> {
    let is_timed = |column: &Column| match column.field {
        Some(
            Field::From | Field::Until | Field::Day | Field::Weekday | Field::Time | Field::Shift | Field::Level(_) | Field::LastLevel,
        ) => !is_role(column),
        Some(
            Field::Person
            | Field::GivenName
            | Field::FamilyName
            | Field::Phone
            | Field::SecondPhone
            | Field::Alias
            | Field::Team
            | Field::NotRung
            | Field::Notes,
        )
        | None => false,
    };
    let is_person =
        |column: &Column| matches!(column.field, Some(Field::Person | Field::GivenName | Field::FamilyName)) && !is_role(column);
    let fits = columns.iter().any(is_person) && !columns.iter().any(is_timed);
    fits.then(|| header::named(columns) + columns.iter().filter(|column| is_role(column)).count())
}

fn is_role(column: &Column) -> bool {
    roles::is_header(&column.words)
}

/// Reads the rows of the team.
pub(crate) fn read(list: &TeamList<'_>, conventions: &Conventions, reader: &mut Reader<'_>, findings: &mut Findings) -> Rota {
    let tab = list.tab;
    let mut rota = Rota::of(conventions);
    rota.tabs_read.push(list.in_words());
    let text = |row: usize| list.role.map_or_else(String::new, |place| shown(tab.cell(row, place)));
    let end = tab.rows.len().min(list.header_row + 1 + ROWS_AT_MOST);
    let rows: Vec<usize> = (list.header_row + 1..end)
        .filter(|row| list.team.holds(tab, *row))
        .filter(|row| !text(*row).trim().is_empty() || !list.person.name(tab, *row).is_blank())
        .collect();
    let texts = rows.iter().map(|row| text(*row)).filter(|text| !text.trim().is_empty());
    let roles = Roles::of(texts, conventions);
    let now = findings.now();
    let span = Span {
        from: now - BEFORE,
        until: now + AFTER,
    };
    let mut held = Vec::with_capacity(rows.len());
    for row in rows {
        let role = text(row);
        let order = match roles.place(&role) {
            Role::Silent | Role::Away => continue,
            Role::Rings(Order::Listed) => roles.unordered(conventions),
            Role::Rings(order) => order,
        };
        let label = if role.trim().is_empty() { &*list.person.label } else { role.trim() };
        held.push(LoneRow {
            span,
            order,
            label: Arc::from(label),
            name: list.person.name(tab, row),
            source: list.person.address(tab, row),
            aliases: list.person.alias_cells(tab, row),
            phone: list
                .person
                .phone
                .map(|place| (tab.cell(row, place).clone(), tab.address(row, place))),
        });
    }
    rota.slots = lone_rows::slots(&held, conventions, reader, findings);
    rota.horizon = Some(span.until);
    if let Some(role) = list.role {
        roles.report(tab.address(list.header_row, role), findings);
    }
    let words = Words::new(
        "This list has no dates.",
        "It is always in force: whoever stands in it is rung at any time.",
        "Check it whenever people change.",
    );
    findings.tell(Code::NoDates, Severity::Note, Some(tab.address(list.header_row, 0)), words);
    rota
}

impl TeamList<'_> {
    fn in_words(&self) -> TabRead {
        let header = |place: usize| quote(shown(self.tab.cell(self.header_row, place)).trim());
        let order = self
            .role
            .map_or_else(String::new, |role| format!(", in the order of {}", header(role)));
        let team = self.team.in_words();
        let place = self.person.places.first().copied().unwrap_or(0);
        TabRead {
            tab: self.tab.name.clone(),
            shape: format!("a list without dates, always in force: {} is rung{order}{team}", header(place)),
            header: Some(self.tab.address(self.header_row, place)),
        }
    }
}
