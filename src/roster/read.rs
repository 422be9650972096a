//! One reading of a sheet, from its tabs to the roster: never a failure, never silently wrong.

use super::changes;
use super::contacts::{self, People};
use super::conventions::Conventions;
use super::findings::{Findings, Words, fallback, moment, plural, span};
use super::header::COLUMNS_AT_MOST;
use super::held::Vacancy;
use super::layout::{self, Known, Rota};
use super::names::Found;
use super::phones;
use super::slots;
use super::tabs::{self, Tabs};
use super::timeline::{self, Change, Shift, Who};
use super::trouble_words::without_phone;
use super::who::{OwnNumber, Reader, report_spellings};
use super::words::{listed, quote};
use super::{Code, Diagnostic, Duty, Responder, Roster, Settings, Severity, overlaps};
use chrono::{DateTime, TimeDelta, Utc};
use providers::{Cell, Sheet, Tab};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Warned about from this long before the rota ends.
const ENDS_SOON: TimeDelta = TimeDelta::days(14);

/// Reads a sheet. `given` wins over the sheet's own Settings tab; `now` anchors dates without a year and tells what
/// is soon. What cannot be read costs only what it touches, and is among the findings.
#[must_use]
pub fn read(sheet: &Sheet, given: &Settings, now: DateTime<Utc>) -> (Roster, Vec<Diagnostic>) {
    let mut findings = Findings::new(now);
    for remark in &sheet.remarks {
        findings.tell(Code::SourceRemark, Severity::Note, None, Words::new(remark.clone(), "", ""));
    }
    let mut tabs = tabs::by_name(sheet);
    let conventions = Conventions::read(tabs.settings, given, sheet.time_zone.as_deref(), &mut findings);
    tabs.by_content(&conventions, &mut findings);
    let people = tabs
        .contacts
        .map_or_else(People::default, |tab| contacts::read(tab, &conventions, &mut findings));
    let mut reader = Reader::new(&people, &conventions);
    let mut rota = read_rota(&tabs, &conventions, &mut reader, &mut findings);
    let mut changes = std::mem::take(&mut rota.changes);
    changes.extend(read_changes(&tabs, &conventions, &rota.known, &mut reader, &mut findings));
    report_drift(&reader, &mut findings);
    report_shared(&reader, &mut findings);
    report_spellings(&reader, &mut findings);
    report_unused(&people, &mut findings);
    overlaps::report_too_many(&rota.shifts, &conventions.zone, &mut findings);
    let line = timeline::lay(&rota.shifts, &changes);
    let last_resort = last_resort(&conventions, &people, &mut findings);
    let name = last_resort.as_ref().map(|responder| responder.name.clone());
    report_end(&rota.shifts, &conventions, name.as_deref(), &mut findings);
    report_gaps(&line.duties, &conventions, name.as_deref(), &mut findings);
    report_nobody_at_all(&tabs, &rota.shifts, &mut findings);
    let contacts = people.list.iter().filter_map(|contact| contact.responder.as_ref().ok());
    let contacts: Vec<Arc<Responder>> = contacts.chain(&reader.newcomers).cloned().collect();
    let mut roster = Roster::new(conventions.zone.name(), contacts, last_resort, line.duties);
    roster.ends = rota.shifts.iter().filter(|shift| is_held(shift)).map(|shift| shift.until).max();
    roster.vacancies = vacancies(&rota.shifts, now);
    roster.unreachable = line.unreachable;
    roster.tabs_read = rota.tabs_read;
    roster.horizon = rota.horizon;
    (roster, findings.finish(&conventions.zone, name.as_deref()))
}

/// Reads every tab of the rota; where their people stand in slots these are laid side by side.
fn read_rota(tabs: &Tabs<'_>, conventions: &Conventions, reader: &mut Reader<'_>, findings: &mut Findings) -> Rota {
    let mut rota: Option<Rota> = None;
    for tab in &tabs.rota {
        report_wide(tab, findings);
        let further = layout::read(tab, conventions, reader, findings);
        rota = Some(match rota {
            None => further,
            Some(rota) => rota.and(further),
        });
    }
    let mut rota = rota.unwrap_or_else(|| Rota::of(conventions));
    rota.shifts.extend(slots::shifts(&rota.slots));
    rota
}

fn read_changes(
    tabs: &Tabs<'_>,
    conventions: &Conventions,
    known: &Known,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Vec<Change> {
    let tabs = tabs.changes.iter();
    tabs.flat_map(|tab| changes::read(tab, conventions, known, reader, findings))
        .collect()
}

/// Whoever is rung when the plan is exhausted: a contact, or a number.
fn last_resort(conventions: &Conventions, people: &People, findings: &mut Findings) -> Option<Arc<Responder>> {
    let (text, cell) = conventions.last_resort.as_ref()?;
    let found = match people.names.find(text) {
        Found::One(contact) => people.list.get(contact).and_then(|contact| contact.responder.clone().ok()),
        Found::Several(_) => None,
        Found::Unknown => {
            let reading = phones::read(&Cell::Text(text.clone()), conventions.country);
            reading.number.ok().map(|phone| {
                Arc::new(Responder {
                    name: "Last resort".to_owned(),
                    phone,
                })
            })
        }
    };
    if found.is_none() {
        let words = Words::new(
            format!(
                "{}, the last resort, is neither one contact with a number nor a number.",
                quote(&contacts::masked(text))
            ),
            "When nobody answers, or the rota runs out, nobody else is rung.",
            "Write the name as it stands in Contacts, or a phone number.",
        );
        let now = findings.now();
        findings
            .tell(Code::LastResortUnknown, Severity::Stop, cell.clone(), words)
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
    let mut by_number: BTreeMap<&super::PhoneNumber, Vec<&OwnNumber>> = BTreeMap::new();
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
        if findings.knows(Code::PhoneUnusable, &index.to_string()) {
            continue;
        }
        let words = || {
            let one = without_phone(index, people);
            Words::new(one.seen, "Nobody of the rota needs this number so far.", one.remedy).of_one_cell()
        };
        findings
            .cause(Code::PhoneUnusable, Severity::Warn, &format!("unused {fault:?}"))
            .at(contact.phone_cell.clone())
            .say(words);
    }
}

fn report_end(shifts: &[Shift], conventions: &Conventions, last_resort: Option<&str>, findings: &mut Findings) {
    let Some(last) = shifts.iter().max_by_key(|shift| shift.until) else {
        return;
    };
    let (now, zone) = (findings.now(), &conventions.zone);
    let cell = last.rungs.first().map(|rung| rung.source.clone());
    let when = moment(zone, last.until, now);
    if last.until <= now {
        let words = Words::new(
            format!("The rota ended {when}."),
            format!("Nobody is on call; {}.", fallback(last_resort)),
            "Add rows for the time from now on.",
        );
        findings.tell(Code::RotaEnded, Severity::Stop, cell, words).affects(now);
    } else if last.until - now <= ENDS_SOON {
        let days = (last.until - now).num_days();
        let words = Words::new(
            match usize::try_from(days) {
                Ok(0) | Err(_) => format!("The rota ends {when}, in less than a day."),
                Ok(days) => format!("The rota ends {when}, in {}.", plural(days, "day")),
            },
            format!("After that {}.", fallback(last_resort)),
            "Add rows for the time after it.",
        );
        findings.tell(Code::RotaEnds, Severity::Warn, cell, words).affects(last.until);
    }
}

/// The rows to come that do neither.
fn vacancies(shifts: &[Shift], now: DateTime<Utc>) -> Vec<Vacancy> {
    let vacant = shifts.iter().filter(|shift| shift.until > now && !is_held(shift));
    let vacancy = |shift: &Shift| {
        Some(Vacancy {
            from: shift.from,
            until: shift.until,
            cell: shift.rungs.first()?.source.clone(),
        })
    };
    vacant.filter_map(vacancy).collect()
}

/// Whether a row puts somebody on call, or says that nobody is meant.
fn is_held(shift: &Shift) -> bool {
    shift.rungs.iter().any(|rung| matches!(rung.who, Who::People(_) | Who::Nobody))
}

/// A rota without rows never goes without a Stop, whatever changes are laid over it.
fn report_nobody_at_all(tabs: &Tabs<'_>, shifts: &[Shift], findings: &mut Findings) {
    if shifts.iter().any(is_held) || findings.has_stop() {
        return;
    }
    let now = findings.now();
    let words = Words::new("The rota holds no shift.", "Nobody is on call.", "Add rows with dates and names.");
    let cell = tabs.rota.first().map(|tab| tab.address(0, 0));
    findings.tell(Code::RotaEmpty, Severity::Stop, cell, words).affects(now);
}

/// Time without anybody within the next two weeks, up to where the rota ends.
fn report_gaps(duties: &[Duty], conventions: &Conventions, last_resort: Option<&str>, findings: &mut Findings) {
    let (now, zone) = (findings.now(), &conventions.zone);
    let soon = now + ENDS_SOON;
    let gaps = duties
        .windows(2)
        .filter_map(|two| (two[0].until < two[1].from).then_some((&two[0], two[1].from)));
    let gaps: Vec<_> = gaps.filter(|(before, until)| *until > now && before.until < soon).collect();
    let Some((before, until)) = gaps.first() else { return };
    let more = match gaps.len() - 1 {
        0 => String::new(),
        more => format!(", and {} before {}", plural(more, "more gap"), moment(zone, soon, now)),
    };
    let words = Words::new(
        format!("Nobody is on call {}{more}.", span(zone, before.until, *until, now)),
        format!("Then {}.", fallback(last_resort)),
        "If that is meant, write nobody for that time.",
    );
    let cell = before
        .levels
        .first()
        .map(|level| level.source.clone())
        .or_else(|| before.nobody.clone());
    findings.tell(Code::CoverageGap, Severity::Note, cell, words).affects(before.until);
}

#[cfg(test)]
mod tests;
