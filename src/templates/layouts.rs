//! The shapes of a rota that there are templates for, with an example in each.

use super::HANDOVER;
use super::book::{Column, InForce, Kind, Tab, Value};
use super::tabs::{Contact, NAME_NOTE, Setting, changes, contacts, settings};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

/// Which shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `From | 1st | 2nd | 3rd`: a row holds until the next one.
    Handover,
    /// `Date | Day | Evening | Night`.
    Shifts,
    /// Names down, dates across, codes in the cells.
    Matrix,
    /// `Day | From | Until | 1st | 2nd`: the same every week.
    Week,
}

/// What is to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The first day of the rota.
    pub from: NaiveDate,
    /// How many weeks.
    pub weeks: u32,
    /// Who takes turns; invented people where it is empty.
    pub people: Vec<String>,
    /// The zone in which the rota is written.
    pub time_zone: String,
    /// Whose telephone numbers may be written without their country.
    pub country: String,
}

/// Invented people; the numbers are set aside for fiction by the Australian authority (ACMA).
const INVENTED: [[&str; 5]; 4] = [
    ["Ana Diaz", "+61 491 570 006", "", "AD", ""],
    ["Bill Osei", "+61 491 570 156", "", "BO", ""],
    ["Cy Marsh", "+61 491 570 157", "", "CM", ""],
    [LAST_RESORT, "+61 491 570 110", "", "", "always answered"],
];
const LAST_RESORT: &str = "Duty manager";
const POSITIONS: [&str; 3] = ["1st", "2nd", "3rd"];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const SHIFTS: [(&str, &str); 3] = [("Day", "08:00-16:00"), ("Evening", "16:00-22:00"), ("Night", "22:00-08:00")];
const EVENING: NaiveTime = NaiveTime::from_hms_opt(18, 0, 0).unwrap();

/// All tabs of a layout.
pub(super) fn layout(layout: Layout, wish: &Wish) -> Vec<Tab> {
    let people = people(wish);
    let (rota, more) = match layout {
        Layout::Handover => (handover(wish, &people), Vec::new()),
        Layout::Shifts => (
            shifts(wish, &people),
            SHIFTS.map(|(name, hours)| setting(&format!("Shift: {name}"), hours)).to_vec(),
        ),
        Layout::Matrix => (matrix(wish, &people), codes(&people)),
        Layout::Week => (week(&people), Vec::new()),
    };
    let mut said = vec![
        setting("Time zone", &wish.time_zone),
        setting("Handover time", &HANDOVER.format("%H:%M").to_string()),
        setting("Country for phone numbers", &wish.country),
        setting("Date order", "day first"),
        setting("If nobody answers or the rota runs out, ring", LAST_RESORT),
    ];
    said.extend(more);
    vec![contacts(&contact_rows(wish)), rota, changes(&[example(wish)]), settings(&said)]
}

/// `From | 1st | 2nd | 3rd | Notes`, with so many positions (three at most).
#[must_use]
pub fn handover_list(rows: Vec<(NaiveDateTime, Vec<String>)>, positions: usize) -> Tab {
    let from = "From this moment on, until the row below begins. A date alone begins at the handover time of Settings.";
    let mut columns = vec![Column::new("From", 24.0, Kind::DateTime, from)];
    columns.extend(
        POSITIONS
            .iter()
            .take(positions)
            .map(|title| Column::new(title, 20.0, Kind::Name, NAME_NOTE)),
    );
    columns.push(Column::new("Notes", 30.0, Kind::Text, "For people; not read."));
    let row = |(from, names): (NaiveDateTime, Vec<String>)| {
        let mut row = vec![Value::DateTime(from)];
        row.extend(names.iter().map(|name| Value::text(name)));
        row
    };
    rota(columns, rows.into_iter().map(row).collect(), InForce::UntilNextRow)
}

fn handover(wish: &Wish, people: &[String]) -> Tab {
    let positions = people.len().min(POSITIONS.len());
    let week = |week: u32| {
        let names = (0..positions).map(|position| turn(people, week, position)).collect();
        (day(wish, 7 * week).and_time(HANDOVER), names)
    };
    handover_list((0..wish.weeks).map(week).collect(), positions)
}

fn shifts(wish: &Wish, people: &[String]) -> Tab {
    let mut columns = vec![Column::new(
        "Date",
        18.0,
        Kind::Date,
        "A night belongs to the date on which it begins.",
    )];
    let note = "Who is on call in this shift; its hours stand in Settings. Two people joined by / ring together. \
        Write nobody where nobody is meant: a blank counts as forgotten.";
    columns.extend(SHIFTS.map(|(title, _)| Column::new(title, 20.0, Kind::Name, note)));
    let row = |ahead: u32| {
        let mut row = vec![Value::Date(day(wish, ahead))];
        row.extend((0..SHIFTS.len()).map(|shift| Value::Text(turn(people, ahead, shift))));
        row
    };
    rota(columns, (0..7 * wish.weeks).map(row).collect(), InForce::Today)
}

/// Weeks turn about among the people: `OC1` is rung first, `OC2` second, the others are off.
fn matrix(wish: &Wish, people: &[String]) -> Tab {
    let days = 0..7 * wish.weeks;
    let name = "One row for each person, named as in Contacts.";
    let mut columns = vec![Column::new("Name", 22.0, Kind::Name, name)];
    columns.extend(days.clone().map(|ahead| Column {
        title: Value::Date(day(wish, ahead)),
        width: 10.0,
        note: "",
        kind: Kind::Code,
    }));
    let row = |name: &String| {
        let code = |ahead: u32| {
            let on_call = (0..matrix_positions(people)).find(|position| turn(people, ahead / 7, *position) == *name);
            Value::Text(on_call.map_or_else(|| "OFF".to_owned(), |position| format!("OC{}", position + 1)))
        };
        let mut row = vec![Value::text(name)];
        row.extend(days.clone().map(code));
        row
    };
    rota(columns, people.iter().map(row).collect(), InForce::TodaysColumn)
}

fn matrix_positions(people: &[String]) -> usize {
    people.len().min(2)
}

fn codes(people: &[String]) -> Vec<Setting> {
    let mut said: Vec<Setting> = POSITIONS[..matrix_positions(people)]
        .iter()
        .enumerate()
        .map(|(position, label)| setting(&format!("Code: OC{}", position + 1), &format!("{label}, 08:00-08:00")))
        .collect();
    said.push(setting("Ignore codes", "OFF, A/L"));
    said
}

fn week(people: &[String]) -> Tab {
    let positions = people.len().min(2);
    let mut columns = vec![
        Column::new(
            "Day",
            14.0,
            Kind::Text,
            "The weekday on which the duty begins. The same every week.",
        ),
        Column::new("From", 10.0, Kind::Text, ""),
        Column::new("Until", 10.0, Kind::Text, "Not after From: the next day."),
    ];
    columns.extend(
        POSITIONS[..positions]
            .iter()
            .map(|title| Column::new(title, 20.0, Kind::Name, NAME_NOTE)),
    );
    let mut rows = Vec::new();
    for (place, weekday) in (0..).zip(WEEKDAYS) {
        for (half, [from, until]) in (0..).zip([["08:00", "20:00"], ["20:00", "08:00"]]) {
            let mut row = vec![Value::text(weekday), Value::text(from), Value::text(until)];
            row.extend((0..positions).map(|position| Value::Text(turn(people, 2 * place + half, position))));
            rows.push(row);
        }
    }
    rota(columns, rows, InForce::Weekday)
}

fn rota(columns: Vec<Column>, rows: Vec<Vec<Value>>, in_force: InForce) -> Tab {
    Tab {
        name: "Rota",
        columns,
        rows,
        in_force,
        blanks_are_holes: true,
    }
}

/// On the first weekend somebody else is rung first, and everything else stays as it is.
fn example(wish: &Wish) -> (NaiveDateTime, NaiveDateTime, [&'static str; 3], &'static str) {
    (
        day(wish, 5).and_time(EVENING),
        day(wish, 6).and_time(EVENING),
        [LAST_RESORT, "", ""],
        "an example: stands in for a day",
    )
}

fn people(wish: &Wish) -> Vec<String> {
    if wish.people.is_empty() {
        INVENTED[..3].iter().map(|contact| contact[0].to_owned()).collect()
    } else {
        wish.people.clone()
    }
}

/// Where the people are given, their numbers are to be filled in.
fn contact_rows(wish: &Wish) -> Vec<Contact> {
    let mut rows: Vec<Contact> = INVENTED.iter().map(|row| row.map(ToOwned::to_owned)).collect();
    if !wish.people.is_empty() {
        let own = |name: &String| [name.clone(), String::new(), String::new(), String::new(), String::new()];
        rows = wish.people.iter().map(own).collect();
        if wish.people.iter().all(|name| name != LAST_RESORT) {
            rows.push(own(&LAST_RESORT.to_owned()));
        }
    }
    rows
}

/// Who has a position when it is the so-manieth turn: everybody moves up by one.
fn turn(people: &[String], turn: u32, position: usize) -> String {
    let place = (turn as usize + position) % people.len().max(1);
    people.get(place).cloned().unwrap_or_default()
}

/// So many days into the rota.
fn day(wish: &Wish, ahead: u32) -> NaiveDate {
    wish.from.checked_add_days(Days::new(u64::from(ahead))).unwrap_or(NaiveDate::MAX)
}

fn setting(name: &str, value: &str) -> Setting {
    [name.to_owned(), value.to_owned()]
}
