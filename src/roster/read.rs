//! One reading of a sheet, from its tabs to the roster: never a failure, never silently wrong.

use super::changes::{self, Changes};
use super::contacts::{self, People};
use super::conventions::{Conventions, SheetZone};
use super::coverage::{self, Outlook, is_held, vacancies};
use super::findings::{Findings, Words, plural};
use super::legend;
use super::slots;
use super::tabs::{self, RotaTab, Tabs};
use super::timeline::{self, Change, Shift};
use super::trouble_words::without_phone;
use super::who::{OwnNumber, Reader, report_spellings};
use super::{Code, Diagnostic, Responder, Roster, Settings, Severity, leave, swaps};
use crate::roster::cells::names::Found;
use crate::roster::cells::phones::{self, Fault};
use crate::roster::cells::words::{listed, quote};
use crate::roster::layouts::header::COLUMNS_AT_MOST;
use crate::roster::layouts::overlaps;
use crate::roster::layouts::weekly;
use crate::roster::layouts::{self, Rota};
use chrono::{DateTime, Utc};
use providers::{Cell, Sheet, Tab};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads a sheet. `given` wins over the sheet's own Settings tab; `now` anchors dates without a year and tells what
/// is soon. What cannot be read costs only what it touches, and is among the findings.
#[must_use]
pub fn read(sheet: &Sheet, given: &Settings, now: DateTime<Utc>) -> (Roster, Vec<Diagnostic>) {
    read_again(sheet, given, now, now)
}

/// Reads a version of a sheet that was read first at `first_read`, as of `now`: what repeats itself is written out from there,
/// and the findings are those of today; but dates without a year keep the year that they were given at first.
#[must_use]
pub fn read_again(sheet: &Sheet, given: &Settings, first_read: DateTime<Utc>, now: DateTime<Utc>) -> (Roster, Vec<Diagnostic>) {
    read_watched(sheet, given, first_read, now, |_, _| ())
}

/// As [`read_again`]; `watch` sees what the rota and the changes say before they are laid into one line.
pub(super) fn read_watched(
    sheet: &Sheet,
    given: &Settings,
    first_read: DateTime<Utc>,
    now: DateTime<Utc>,
    watch: impl FnOnce(&[Shift], &[Change]),
) -> (Roster, Vec<Diagnostic>) {
    let mut findings = Findings::new(first_read, now);
    for remark in &sheet.remarks {
        findings.tell(Code::SourceRemark, Severity::Note, None, Words::new(remark.clone(), "", ""));
    }
    let mut tabs = tabs::by_name(sheet);
    let mut conventions = Conventions::read(&tabs.settings, given, &SheetZone::of(sheet), &mut findings);
    for tab in &tabs.legends {
        legend::take_tab(tab, &mut conventions.terms, &mut findings);
    }
    tabs.take_named(&conventions, &mut findings);
    tabs.find_contacts(&conventions);
    let people = contacts::read(&tabs.contacts, &tabs.not_contacts(), &conventions, &mut findings);
    tabs.find_rota(&conventions, &people, &mut findings);
    let mut reader = Reader::new(&people, &conventions);
    let mut rota = read_rota(&tabs, &conventions, &mut reader, &mut findings);
    let laid = read_changes(&tabs, &conventions, &mut rota, &mut reader, &mut findings);
    if rota.horizon.is_some() {
        weekly::holidays::report(sheet, &mut findings);
    }
    if !rota.shifts.is_empty() {
        let tabs: Vec<&Tab> = tabs.rota.iter().map(|rota| rota.tab).collect();
        conventions.report_unused(&tabs, &mut findings);
    }
    report_drift(&reader, &mut findings);
    report_shared(&reader, &mut findings);
    report_spellings(&reader, &mut findings);
    report_unused(&people, &mut findings);
    overlaps::report_too_many(&rota.shifts, &conventions.zone, &mut findings);
    watch(&rota.shifts, &laid.changes);
    let line = timeline::lay(&rota.shifts, &laid.swaps, &laid.changes);
    swaps::report_idle(&laid.swaps, &line.applied, &conventions.zone, &mut findings);
    leave::report_conflicts(&rota.absences, &line.duties, &conventions.zone, &mut findings);
    contacts::report_on_call(&people, &line.duties, &conventions.zone, &mut findings);
    let last_resort = last_resort(&conventions, &people, &mut findings);
    let name = last_resort.as_ref().map(|responder| responder.name.clone());
    let outlook = Outlook {
        shifts: &rota.shifts,
        duties: &line.duties,
        horizon: rota.horizon,
        last_resort: name.as_deref(),
    };
    coverage::report(&outlook, &conventions, &mut findings);
    report_nobody_at_all(&tabs, &rota.shifts, &mut findings);
    let contacts = people.list.iter().filter_map(|contact| contact.responder.as_ref().ok());
    let contacts: Vec<Arc<Responder>> = contacts.chain(&reader.newcomers).cloned().collect();
    let mut roster = Roster::new(conventions.zone.name(), contacts, last_resort, line.duties);
    roster.ends = rota.shifts.iter().filter(|shift| is_held(shift)).map(|shift| shift.until).max();
    roster.vacancies = vacancies(&rota.shifts, now);
    roster.unreachable = line.unreachable;
    roster.absences = rota.absences;
    roster.away = contacts::by_number(&people);
    roster.tabs_read = rota.tabs_read;
    roster.horizon = rota.horizon;
    for shift in &rota.shifts {
        findings.is_about(shift.from, shift.until);
    }
    roster.about = findings.about();
    roster.country = conventions.country.map(|country| country.as_ref().to_owned());
    roster.coverage = conventions.coverage.as_deref().map(Arc::from);
    (roster, findings.finish(&conventions.zone, name.as_deref()))
}

/// Reads every tab of the rota; where their people stand in slots these are laid side by side.
fn read_rota(tabs: &Tabs<'_>, conventions: &Conventions, reader: &mut Reader<'_>, findings: &mut Findings) -> Rota {
    let mut rota: Option<Rota> = None;
    for RotaTab { tab, year } in &tabs.rota {
        // Dates across may well take a column for each day of a year.
        if !layouts::is_across(tab) {
            report_wide(tab, findings);
        }
        let further = layouts::read(tab, &conventions.of_year(*year), reader, findings);
        rota = Some(match rota {
            None => further,
            Some(rota) => rota.and(further),
        });
    }
    let mut rota = rota.unwrap_or_else(|| Rota::of(conventions));
    rota.shifts.extend(slots::shifts(&rota.slots));
    rota
}

/// What the rota says itself, then the tabs of changes and of leave.
fn read_changes(tabs: &Tabs<'_>, conventions: &Conventions, rota: &mut Rota, reader: &mut Reader<'_>, findings: &mut Findings) -> Changes {
    let mut all = Changes {
        changes: std::mem::take(&mut rota.changes),
        swaps: Vec::new(),
    };
    for tab in &tabs.leave {
        let leave = leave::read(tab, conventions, &rota.known, reader, findings);
        all.swaps.extend(leave.swaps);
        rota.absences.extend(leave.absences);
    }
    for tab in &tabs.changes {
        let changes = changes::read(tab, conventions, &rota.known, reader, findings);
        all.changes.extend(changes.changes);
        all.swaps.extend(changes.swaps);
    }
    changes::report_overlaps(&all.changes, findings);
    rota.absences.sort_by_key(|absence| absence.from);
    all
}

/// Whoever is rung when the plan is exhausted: a contact, or a number.
fn last_resort(conventions: &Conventions, people: &People, findings: &mut Findings) -> Option<Arc<Responder>> {
    let (text, cell) = conventions.last_resort.as_ref()?;
    let mut refused = None;
    let found = match people.names.find(text) {
        Found::One(contact) => people.list.get(contact).and_then(|contact| contact.responder.clone().ok()),
        Found::Several(_) => None,
        Found::Unknown => {
            let reading = phones::read(&Cell::Text(text.clone()), conventions.dialling());
            refused = reading
                .number
                .as_ref()
                .err()
                .copied()
                .filter(|fault| fault.code() == Code::PhoneNotAllowed);
            reading.number.ok().map(|phone| {
                Arc::new(Responder {
                    name: "Last resort".to_owned(),
                    phone,
                    then: None,
                })
            })
        }
    };
    if found.is_none() {
        let (what, remedy) = refused.map_or(
            (
                "is neither one contact with a number nor a number",
                "Write the name as it stands in Contacts, or a phone number.",
            ),
            |fault| (fault.words(), fault.remedy()),
        );
        let words = Words::new(
            format!("{}, the last resort, {what}.", quote(&contacts::masked(text))),
            "When nobody answers, or the rota runs out, nobody else is rung.",
            remedy,
        );
        let now = findings.now();
        findings
            .tell(
                refused.map_or(Code::LastResortUnknown, Fault::code),
                Severity::Stop,
                cell.clone(),
                words,
            )
            .affects(now);
    }
    found
}

fn report_wide(tab: &Tab, findings: &mut Findings) {
    let wide = tab
        .rows
        .iter()
        .position(|cells| cells.len() > COLUMNS_AT_MOST && cells[COLUMNS_AT_MOST..].iter().any(|cell| !cell.is_blank()));
    if let Some(row) = wide {
        let words = Words::new(
            format!("The tab has more than {COLUMNS_AT_MOST} columns."),
            "Columns from here on are not read.",
            "Move them to another tab.",
        );
        findings.tell(Code::TooLarge, Severity::Warn, Some(tab.address(row, COLUMNS_AT_MOST)), words);
    }
}

/// One person, several numbers: which of them is right cannot be told from the sheet.
fn report_drift(reader: &Reader<'_>, findings: &mut Findings) {
    for numbers in reader.own_numbers().filter(|numbers| numbers.len() > 1) {
        let Some(name) = numbers.first().map(|number| &number.responder.name) else {
            continue;
        };
        let shown: Vec<String> = numbers
            .iter()
            .take(4)
            .map(|number| format!("{} ({})", number.responder.phone, plural(number.count, "cell")))
            .collect();
        let words = Words::new(
            format!(
                "{} has {} phone numbers in this rota: {}.",
                quote(name),
                numbers.len(),
                shown.join(", ")
            ),
            "Each cell rings the number beside it.",
            "Give each person one number; a Contacts tab keeps it in one place.",
        );
        let cause = findings.tell(Code::PhoneDrifts, Severity::Warn, None, words);
        // The rarest number first: it is the likelier slip.
        let mut rarest: Vec<_> = numbers.iter().collect();
        rarest.sort_by_key(|number| number.count);
        for cell in rarest.into_iter().flat_map(|number| &number.cells) {
            cause.at(cell.clone());
        }
    }
}

/// Several people of the rota with one number: perhaps one took over from the other and the number stayed behind.
fn report_shared(reader: &Reader<'_>, findings: &mut Findings) {
    let mut by_number: BTreeMap<&super::Phone, Vec<&OwnNumber>> = BTreeMap::new();
    for number in reader.own_numbers().flatten() {
        by_number.entry(&number.responder.phone).or_default().push(number);
    }
    for mut sharing in by_number.into_values().filter(|sharing| sharing.len() > 1) {
        let number = sharing[0].responder.phone.to_string();
        sharing.sort_by_key(|number| number.count);
        let name = |number: &&OwnNumber| format!("{} ({})", quote(&number.responder.name), plural(number.count, "cell"));
        let names: Vec<String> = sharing.iter().map(name).collect();
        let words = Words::new(
            format!("Same number {number} for {}.", listed(&names)),
            "Whoever holds that phone is rung for all of them.",
            "If it is not a phone that they share, correct the number of the one who has another.",
        );
        let cause = findings.tell(Code::PhoneShared, Severity::Warn, None, words);
        for cell in sharing.into_iter().flat_map(|number| &number.cells) {
            cause.at(cell.clone());
        }
    }
}

/// Contacts that cannot be rung and are not needed so far.
fn report_unused(people: &People, findings: &mut Findings) {
    for (index, contact) in people.list.iter().enumerate() {
        let Err(fault) = contact.responder else { continue };
        let is_told = findings.knows(fault.code(), &index.to_string());
        if is_told || (fault == Fault::Blank && findings.knows(Code::ContactsMissing, "")) {
            continue;
        }
        let words = || {
            let one = without_phone(index, people);
            Words::new(one.seen, "Nobody of the rota needs this number so far.", one.remedy).of_one_cell()
        };
        findings
            .cause(fault.code(), Severity::Warn, &format!("unused {fault:?}"))
            .at(contact.phone_cell.clone())
            .say(words);
    }
}

/// A rota without rows never goes without a Stop, whatever changes are laid over it.
fn report_nobody_at_all(tabs: &Tabs<'_>, shifts: &[Shift], findings: &mut Findings) {
    if shifts.iter().any(is_held) || findings.has_stop() {
        return;
    }
    let now = findings.now();
    let words = Words::new("The rota holds no shift.", "Nobody is on call.", "Add rows with dates and names.");
    let cell = tabs.rota.first().map(|rota| rota.tab.address(0, 0));
    findings.tell(Code::RotaEmpty, Severity::Stop, cell, words).affects(now);
}

#[cfg(test)]
mod tests;
