//! Which columns of a table hold people who stand alone in their rows, and how to find the person: by name, by its parts, by
//! e-mail or id. It must not know times.

use crate::roster::cells::names::Found;
use crate::roster::cells::words::{shown, tidy};
use crate::roster::contacts::People;
use crate::roster::layouts::header::{self, Column, Field};
use crate::roster::layouts::table::mostly;
use crate::roster::slots::Order;
use crate::roster::terms::Place;
use providers::{Cell, CellAddress, Tab};
use std::sync::Arc;

/// A column of people.
#[derive(Clone, Debug)]
pub(crate) struct PersonColumn {
    /// Given and family name may stand apart.
    pub(crate) places: Vec<usize>,
    /// E-mail, id: tried where the name is no contact.
    pub(crate) aliases: Vec<usize>,
    pub(crate) phone: Option<usize>,
    pub(crate) label: Arc<str>,
    /// Where the header says it.
    pub(crate) order: Option<Order>,
}

impl PersonColumn {
    /// The cells of the person's other names in a row.
    pub(crate) fn alias_cells(&self, tab: &Tab, row: usize) -> Vec<(Cell, CellAddress)> {
        let cells = self
            .aliases
            .iter()
            .map(|place| (tab.cell(row, *place).clone(), tab.address(row, *place)));
        cells.filter(|(cell, _)| !cell.is_blank()).collect()
    }

    /// Where the name stands in a row.
    pub(crate) fn address(&self, tab: &Tab, row: usize) -> CellAddress {
        tab.address(row, self.places.first().copied().unwrap_or(0))
    }

    /// The cell that names somebody; the parts of a name together.
    pub(crate) fn name(&self, tab: &Tab, row: usize) -> Cell {
        match self.places.as_slice() {
            [one] => tab.cell(row, *one).clone(),
            several => {
                let parts = several.iter().map(|place| tidy(&shown(tab.cell(row, *place))));
                let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
                if parts.is_empty() {
                    Cell::Empty
                } else {
                    Cell::Text(parts.join(" "))
                }
            }
        }
    }
}

/// The columns of people among those that hold nothing else.
pub(crate) fn of(tab: &Tab, header_row: usize, open: &[&Column], people: &People) -> Vec<PersonColumn> {
    let all = |wanted: Field| -> Vec<&Column> { open.iter().filter(|column| column.field == Some(wanted)).copied().collect() };
    let is_email = |column: &&Column| mostly(tab, header_row, column.place, |cell| shown(cell).contains('@'));
    let (emails, phones): (Vec<&Column>, Vec<&Column>) = all(Field::Phone).into_iter().partition(is_email);
    let aliases: Vec<usize> = all(Field::Alias).iter().chain(&emails).map(|column| column.place).collect();
    let one = |places: Vec<usize>, label: &str, order: Option<Order>, phone: Option<usize>| PersonColumn {
        places,
        aliases: if order.is_none() { aliases.clone() } else { Vec::new() },
        phone,
        label: Arc::from(label),
        order,
    };
    let levels: Vec<(&Column, Order)> = open.iter().filter_map(|column| Some((*column, order_of(column)?))).collect();
    let named = named(tab, header_row, &all(Field::Person), people);
    if !levels.is_empty() {
        // `Name | Backup`: the name is the first.
        let is_first_free = levels.iter().all(|(_, order)| *order != Order::Level(0));
        let first = named.filter(|_| is_first_free).map(|column| (column, Order::Level(0)));
        let phone_of = |column: &Column| {
            let stem = header::phone_stem(&column.words);
            let mut by_name = phones.iter().filter(|phone| header::phone_stem(&phone.words) == stem);
            by_name.next().map(|phone| phone.place)
        };
        let columns = first.into_iter().chain(levels.iter().copied());
        let column = |(column, order): (&Column, Order)| one(vec![column.place], &column.text, Some(order), phone_of(column));
        return columns.map(column).collect();
    }
    let phone = phones.first().map(|column| column.place);
    if let Some(column) = named {
        return vec![one(vec![column.place], &column.text, None, phone)];
    }
    let names: Vec<&Column> = [all(Field::GivenName), all(Field::FamilyName)].concat();
    if let Some(first) = names.first() {
        let places = names.iter().map(|column| column.place).collect();
        return vec![one(places, &first.text, None, phone)];
    }
    let alias = open.iter().find(|column| aliases.contains(&column.place));
    let column = alias.map(|column| one(vec![column.place], &column.text, None, phone));
    column.into_iter().collect()
}

/// The column of names; of several the one in which contacts stand.
fn named<'c>(tab: &Tab, header_row: usize, columns: &[&'c Column], people: &People) -> Option<&'c Column> {
    let is_contact = |cell: &Cell| matches!(people.names.find(&shown(cell)), Found::One(_));
    let by_content = columns.iter().find(|column| mostly(tab, header_row, column.place, is_contact));
    by_content.or_else(|| columns.first()).copied()
}

/// The place that a header of people names.
pub(crate) fn order_of(column: &Column) -> Option<Order> {
    Place::of(column.field?).map(Order::from)
}
