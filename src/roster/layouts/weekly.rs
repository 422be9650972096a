//! A fixed week, or a cycle of weeks, that repeats itself for ever: weekdays down or across, and no dates. Written out
//! around the instant of reading. It must not know what dated rows are.

mod across;
mod days;
mod down;
mod duty_cell;
pub(crate) mod holidays;
mod names_in_cells;
mod people_down;
mod titles;
mod written_out;

use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::times::{Clock, DayHours, Hours};
use crate::roster::cells::words::quote;
use crate::roster::contacts::People;
use crate::roster::conventions::Conventions;
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::anchor;
use crate::roster::layouts::header;
use crate::roster::layouts::horizon::{Cycle, Window, week_of};
use crate::roster::layouts::rungs::PeopleColumn;
use crate::roster::layouts::table::Merged;
use crate::roster::layouts::teams::Team;
use crate::roster::layouts::{Refusal, Rota};
use crate::roster::slots::Order;
use crate::roster::terms::{Meaning, Place, Term};
use crate::roster::who::Reader;
use crate::roster::{Code, Severity, TabRead};
use across::Across;
use chrono::Weekday;
use down::Down;
use providers::{CellAddress, Tab};

/// More than these people and hours of one cycle are not a rota.
const PARTS_AT_MOST: usize = 5_000;
/// No cycle has more weeks.
const WEEKS_AT_MOST: u32 = 52;

/// A template that is read.
pub(crate) enum Weekly<'t> {
    /// `Day | 1st | 2nd`, `Day | From | Until | 1st`, `Day | Morning | Night`
    Down(Down<'t>),
    /// `Name | Mon | Tue …` with hours, or `Shift | Mon | Tue …` with names.
    Across(Across<'t>),
}

/// What a template comes to before it is written out.
#[derive(Default)]
struct Template {
    parts: Vec<Part>,
    /// How many weeks the sheet names.
    weeks: u32,
    /// The day with which the weeks of the sheet begin.
    begins: Option<Weekday>,
    /// A cell in which the template can be shown.
    cell: Option<CellAddress>,
}

/// People of one row who share some hours of the week.
struct Part {
    row: usize,
    columns: Vec<PeopleColumn>,
    /// One for each column.
    orders: Vec<Order>,
    /// Of the cycle, from 0; nothing where it is the same in all of them.
    week: Option<u32>,
    /// On which the hours begin.
    days: Weekdays,
    hours: Hours,
    /// The cell with the hours, where that is another than the one that names people.
    hours_cell: Option<CellAddress>,
}

/// The template of a tab; nothing where it does not look like one.
pub(crate) fn recognise<'t>(tab: &'t Tab, conventions: &Conventions, people: &People) -> Option<Result<Weekly<'t>, Refusal>> {
    let found = match across::recognise(tab, conventions, people) {
        Some(across) => across.map(Weekly::Across),
        None => down::recognise(tab, conventions)?.map(Weekly::Down),
    };
    Some(found.and_then(|weekly| match titles::dated(tab, weekly.header_row()) {
        Some(refusal) => Err(refusal),
        None => Ok(weekly),
    }))
}

/// Reads the template and writes it out.
pub(crate) fn read(
    weekly: &Weekly<'_>,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Rota {
    let mut rota = Rota::of(conventions);
    let tab = weekly.tab();
    let team = match weekly.team(conventions, findings) {
        Ok(team) => team,
        Err(refusal) => {
            refusal.report("Nobody of this tab is on call.", findings);
            return rota;
        }
    };
    let mut template = match weekly {
        Weekly::Down(down) => down.template(conventions, &team, merged, findings),
        Weekly::Across(across) => across.template(conventions, &team, merged, findings),
    };
    team.report_unnamed(tab, weekly.header_row(), findings);
    if template.parts.len() > PARTS_AT_MOST {
        report_too_many(tab, &template, findings);
        template.parts.truncate(PARTS_AT_MOST);
    }
    let window = Window::around(findings.now(), &conventions.zone);
    let written = anchor::written(tab, weekly.header_row(), conventions);
    let cycle = cycle(tab, &template, written.as_ref(), window, conventions, findings);
    rota.tabs_read.push(TabRead {
        tab: tab.name.clone(),
        shape: format!("{}{}; {}", weekly.in_words(), team.in_words(), repeats(cycle, window)),
        header: Some(tab.address(weekly.header_row(), weekly.header_place())),
    });
    let Some(cycle) = cycle else { return rota };
    rota.slots = written_out::slots(tab, &template, cycle, window, conventions, merged, reader, findings);
    rota.horizon = Some(window.horizon(&conventions.zone));
    rota.known.levels = weekly.levels();
    if let Some(handover) = conventions.handover.or_else(|| first_start(&template)) {
        rota.known.handover = handover;
    }
    rota
}

impl<'t> Weekly<'t> {
    const fn tab(&self) -> &'t Tab {
        match self {
            Self::Down(down) => down.tab,
            Self::Across(across) => across.tab,
        }
    }

    fn header_row(&self) -> usize {
        match self {
            Self::Down(down) => down.header_row,
            Self::Across(across) => across.header_row(),
        }
    }

    fn header_place(&self) -> usize {
        match self {
            Self::Down(down) => down.day,
            Self::Across(across) => across.header_place(),
        }
    }

    /// Whether each row is of a person.
    fn is_of_people(&self) -> bool {
        match self {
            Self::Down(_) => false,
            Self::Across(across) => across.holds == across::Holds::Hours,
        }
    }

    /// The team whose rows count.
    fn team(&self, conventions: &Conventions, findings: &mut Findings) -> Result<Team, Refusal> {
        let (tab, row) = (self.tab(), self.header_row());
        let columns = header::columns(tab, row);
        if self.is_of_people() {
            Team::pick_of_people(tab, row, &columns, conventions, findings)
        } else {
            Team::pick(tab, row, &columns, conventions)
        }
    }

    /// The headers of the levels, folded, by position.
    fn levels(&self) -> Vec<String> {
        match self {
            Self::Down(down) => down.levels(),
            Self::Across(_) => Vec::new(),
        }
    }

    fn in_words(&self) -> String {
        match self {
            Self::Down(down) => down.in_words(),
            Self::Across(across) => across.in_words(),
        }
    }
}

fn repeats(cycle: Option<Cycle>, window: Window) -> String {
    match cycle {
        Some(Cycle { weeks: 1, .. }) => "it repeats every week".to_owned(),
        Some(cycle) => format!(
            "it repeats every {} weeks, and {} lies in week {}",
            cycle.weeks,
            window.today.format("%a %-d %b %Y"),
            cycle.week(window.today) + 1
        ),
        None => "it repeats in a cycle of weeks".to_owned(),
    }
}

/// Where a day of the rota begins.
fn first_start(template: &Template) -> Option<Clock> {
    template.parts.iter().map(|part| part.hours.start).min()
}

/// The place of a level in the order; what has none is rung as listed, or with the others of its shift.
fn order(level: Option<Place>, conventions: &Conventions) -> Order {
    use crate::roster::conventions::Unordered;
    match (level, conventions.unordered) {
        (Some(place), _) => place.into(),
        (None, Some(Unordered::Together)) => Order::Level(0),
        (None, Some(Unordered::AsListed) | None) => Order::Listed,
    }
}

/// What a header or the label of a row means. Hours may stand anywhere in it; a time that is no part of hours makes it
/// mean nothing, rather than the whole day.
fn meaning(text: &str, conventions: &Conventions) -> Option<Meaning> {
    let found = conventions.terms.label(text);
    let is_timeless = match &found {
        Some(Meaning::Silent) => false,
        Some(Meaning::Rings(term)) => term.when.is_empty(),
        None => true,
    };
    if !is_timeless || !text.contains([':', '-', '–', '—']) {
        return found;
    }
    let Some(hours) = hours_among_words(text) else {
        return found.filter(|_| !text.contains(':'));
    };
    let level = match found {
        Some(Meaning::Rings(term)) => term.level,
        Some(Meaning::Silent) | None => None,
    };
    let when = vec![DayHours {
        hours,
        days: Weekdays::ALL,
    }];
    Some(Meaning::Rings(Term { level, when }))
}

/// Hours anywhere between other words, `18:00-20:00 2nd`: a label of a row holds no dates that look like them.
fn hours_among_words(text: &str) -> Option<Hours> {
    const WORDS_AT_MOST: usize = 12;
    let words: Vec<&str> = text.split_whitespace().take(WORDS_AT_MOST).collect();
    (0..words.len()).find_map(|first| {
        (first + 1..=words.len())
            .rev()
            .find_map(|end| Hours::parse(&words[first..end].join(" ")))
    })
}

/// How many weeks the cycle has and when it began; nothing where that is not certain.
fn cycle(
    tab: &Tab,
    template: &Template,
    written: Option<&(String, Option<CellAddress>)>,
    window: Window,
    conventions: &Conventions,
    findings: &mut Findings,
) -> Option<Cycle> {
    let named = template.weeks.max(1);
    let weeks = conventions.cycle_weeks.unwrap_or(named);
    let cell = template.cell.clone().unwrap_or_else(|| tab.address(0, 0));
    let now = findings.now();
    if weeks < named {
        let words = Words::new(
            format!("The sheet names {named} weeks, and the setting Cycle says {weeks}."),
            "Nobody is on call by this tab.",
            format!("Add to Settings: Cycle | {named} weeks, or take the other weeks out of the sheet."),
        );
        findings
            .tell(Code::CycleAnchorMissing, Severity::Stop, Some(cell), words)
            .affects(now);
        return None;
    }
    if weeks == 1 {
        return Some(Cycle::weekly(window));
    }
    let first = template.begins.unwrap_or(Weekday::Mon);
    let line = format!(
        "Add to Settings: Cycle starts | {} (the day with which a week 1 began).",
        week_of(window.today, first).format("%a %-d %b %Y")
    );
    let missing = || {
        let seen = format!("The rota repeats every {weeks} weeks, and nothing says when a week 1 began.");
        (cell.clone(), Words::new(seen, "Nobody is on call by this tab.", line.clone()))
    };
    let anchor = anchor::read(written, conventions, missing, &line, findings)?;
    let starts = week_of(anchor.date, first);
    if starts != anchor.date {
        let words = Words::new(
            format!(
                "The cycle starts on a {}, and the weeks of the sheet begin on a {}.",
                anchor.date.format("%A"),
                starts.format("%A")
            ),
            format!("Week 1 is taken to begin on {}.", starts.format("%a %-d %b %Y")),
            format!(
                "If that is meant, write into Settings: Cycle starts | {}.",
                starts.format("%a %-d %b %Y")
            ),
        );
        let cell = written.and_then(|(_, cell)| cell.clone());
        findings.tell(Code::CycleAnchorMissing, Severity::Warn, cell, words).affects(now);
    }
    Some(Cycle { weeks, starts })
}

fn report_too_many(tab: &Tab, template: &Template, findings: &mut Findings) {
    let row = template.parts.get(PARTS_AT_MOST).map_or(0, |part| part.row);
    let words = Words::new(
        format!("The tab holds more than {PARTS_AT_MOST} duties of a week."),
        "Those from here on are not rung.",
        "Keep only the people of this hotline in the rota.",
    );
    let now = findings.now();
    findings
        .tell(Code::TooLarge, Severity::Stop, Some(tab.address(row, 0)), words)
        .affects(now);
}

/// Says that hours can be read in two ways.
fn report_doubtful(cell: CellAddress, text: &str, hours: Hours, findings: &mut Findings) {
    let words = Words::new(
        format!("{} can be read in two ways.", quote(text)),
        format!("It is read as {hours}."),
        "Write times with 24 hours, such as 08:00, 12:00 and 20:00.",
    );
    let now = findings.now();
    findings.tell(Code::TimeDoubtful, Severity::Warn, Some(cell), words).affects(now);
}

/// Tells of hours from one time to the same one.
fn report_round_the_clock(cell: CellAddress, text: &str, findings: &mut Findings) {
    let words = || {
        Words::new(
            format!("{} begins and ends at the same time.", quote(text)),
            "It is read as 24 hours, up to that time of the next day.",
            "If that is meant, nothing is to be done; else correct the times, or leave both cells blank.",
        )
        .of_one_cell()
    };
    let now = findings.now();
    let cause = findings.cause(Code::TimeDoubtful, Severity::Warn, "round the clock").say(words);
    cause.at(cell).affects(now);
}

/// The remedy where two cells are no beginning and end.
const WRITE_BOTH: &str = "Write both times, such as 08:00 and 16:00 (00:00 and 24:00 for the whole day), or leave both cells blank.";

/// The whole of each day, from the handover to the next one.
fn whole_days(cell: CellAddress, conventions: &Conventions, findings: &mut Findings) -> Option<Hours> {
    let handover = conventions.handover.unwrap_or_else(|| {
        let words = || {
            Words::new(
                "Days have no time, and no handover time is set.",
                "Every duty changes at 00:00.",
                "Add to Settings: Handover time | 08:00 (the time at which the next person takes over).",
            )
        };
        findings.cause(Code::HandoverMissing, Severity::Warn, "weekly").at(cell).say(words);
        Clock::MIDNIGHT
    });
    Hours::lasting(handover, 24 * 60)
}
