//! Items of a list into a tab: headings, then one row for each item in the order of their numbers.

use super::columns::{Column, Kind};
use super::site_zone::Dates;
use super::values::{self, Unreadable};
use crate::graph::text;
use crate::limits::{Budget, first_few};
use crate::{AddressStyle, Cell, SourceError, Tab};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A list as it was read.
#[derive(Debug)]
pub(super) struct List {
    pub(super) name: String,
    /// Where a browser shows it.
    pub(super) link: Option<String>,
    pub(super) columns: Vec<Column>,
    pub(super) items: Items,
}

/// What items hold, by their numbers.
pub(super) type Items = BTreeMap<u32, Map<String, Value>>;

/// Takes the items of one question into those of the ones before.
///
/// # Errors
/// `Malformed` for an item without a number; `Transient` where the questions were answered with other items.
pub(super) fn merge(items: &mut Items, found: Vec<Map<String, Value>>, is_first: bool) -> Result<(), SourceError> {
    let mut of_now = Items::new();
    for mut item in found {
        let number = text(&item, "id").and_then(|id| id.parse().ok());
        let Some(number) = number.filter(|number| *number > 0) else {
            return Err(SourceError::Malformed("Graph answered with an item that has no number".into()));
        };
        let fields = match item.remove("fields") {
            Some(Value::Object(fields)) => fields,
            Some(_) | None => {
                return Err(SourceError::Malformed(format!(
                    "Graph answered with item {number} without its fields"
                )));
            }
        };
        of_now.insert(number, fields);
    }
    if is_first {
        *items = of_now;
        return Ok(());
    }
    if !of_now.keys().eq(items.keys()) {
        return Err(SourceError::Transient("the list was changed while it was read".into()));
    }
    for (number, fields) in of_now {
        items.entry(number).or_default().extend(fields);
    }
    Ok(())
}

impl List {
    /// All days in it, as instants: they tell the site's zone.
    pub(super) fn days(&self) -> Vec<DateTime<Utc>> {
        let columns = self.columns.iter().filter(|column| column.kind == Kind::Day);
        columns
            .flat_map(|column| self.items.values().filter_map(|fields| values::of(fields, column)))
            .filter_map(values::instant)
            .collect()
    }

    /// # Errors
    /// `Malformed` where a time cannot be told for want of a zone, or the list is too large.
    pub(super) fn tab(mut self, dates: &Dates, budget: &mut Budget, remarks: &mut Vec<String>) -> Result<Tab, SourceError> {
        self.leave_out_unused_title();
        let mut rows: Vec<Vec<Cell>> = vec![Vec::new()];
        for (place, column) in self.columns.iter().enumerate() {
            budget.put(&self.name, &mut rows, (0, place), Cell::Text(column.heading.clone()))?;
        }
        let mut nameless = Vec::new();
        let mut strange = Vec::new();
        for (row, (number, fields)) in (1..).zip(&self.items) {
            for (place, column) in self.columns.iter().enumerate() {
                let here = || format!("item {number}, \"{}\"", column.heading);
                let cell = match values::cell(fields, column, dates) {
                    Ok(cell) => cell,
                    Err(Unreadable::NoZone) => return Err(no_zone(&self.name, column)),
                    Err(Unreadable::NoName) => {
                        nameless.push(here());
                        Cell::Empty
                    }
                    Err(Unreadable::Strange) => {
                        strange.push(here());
                        Cell::Empty
                    }
                };
                budget.put(&self.name, &mut rows, (row, place), cell)?;
            }
        }
        rows.resize_with(self.items.len() + 1, Vec::new);
        let mut remark = |places: &[String], why: &str| {
            if !places.is_empty() {
                remarks.push(format!("{}: {why}: {}", self.name, first_few(places)));
            }
        };
        remark(
            &nameless,
            "read as empty, because SharePoint does not give the name of whom it points to",
        );
        remark(&strange, "read as empty, because it is no text, number, date, choice or person");
        Ok(Tab {
            link: self.link.as_deref().map(item_link),
            lines: std::iter::once(0).chain(self.items.keys().copied()).collect(),
            name: self.name,
            file: None,
            style: AddressStyle::Items,
            rows,
            merges: Vec::new(),
            formatted: Vec::new(),
        })
    }

    /// Each list has a title whether it is used or not.
    fn leave_out_unused_title(&mut self) {
        let is_filled = |column: &Column| self.items.values().any(|fields| values::of(fields, column).is_some());
        let is_unused = self
            .columns
            .first()
            .is_some_and(|column| column.name == "Title" && !is_filled(column));
        if is_unused && !self.items.is_empty() {
            self.columns.remove(0);
        }
    }
}

/// The form in which a browser shows one item.
fn item_link(list: &str) -> Arc<str> {
    // Some lists are named by their default view.
    let folder = match list.rsplit_once('/') {
        Some((folder, page)) if page.to_ascii_lowercase().ends_with(".aspx") => folder,
        Some(_) | None => list,
    };
    format!("{}/DispForm.aspx?ID={{row}}", folder.trim_end_matches('/')).into()
}

fn no_zone(list: &str, column: &Column) -> SourceError {
    SourceError::Malformed(format!(
        "the column \"{}\" of the list \"{list}\" holds times of day, and Microsoft Graph does not say in which time zone the \
         site is. Set the hotline's time_zone in the configuration",
        column.heading
    ))
}
