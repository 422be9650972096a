//! Dates above a table of weekdays: then it is one week, not every week. It must not know the table.

use crate::roster::cells::calendar_words::month_named;
use crate::roster::cells::dates;
use crate::roster::cells::words::{fold, quote, shown_at};
use crate::roster::layouts::Refusal;
use crate::roster::layouts::anchor;
use providers::{Cell, Tab};

/// What speaks against a template that repeats itself: a date in a title, or a tab named after a date.
pub(super) fn dated(tab: &Tab, header_row: usize) -> Option<Refusal> {
    let remedy = "If this week repeats for ever, keep dates out of the rows above the table and out of the tab's name. \
                  If it is only that week, keep a handover list, one row for each handover: From | 1st | 2nd | 3rd.";
    if names_a_date(&tab.name) {
        return Some(Refusal {
            cell: tab.address(header_row, 0),
            seen: format!(
                "The tab {} is named after a date, and its table has weekdays without dates",
                quote(&tab.name)
            ),
            remedy: remedy.to_owned(),
        });
    }
    for row in 0..header_row {
        let cells = tab.rows.get(row).map_or(&[] as &[Cell], Vec::as_slice);
        if anchor::is_key_row(cells) {
            continue;
        }
        let found = cells.iter().position(is_date);
        if let Some(place) = found {
            return Some(Refusal {
                cell: tab.address(row, place),
                seen: format!(
                    "{} stands above a table of weekdays without dates: whether it repeats for ever cannot be told",
                    quote(&shown_at(tab, row, place))
                ),
                remedy: remedy.to_owned(),
            });
        }
    }
    None
}

fn is_date(cell: &Cell) -> bool {
    match cell {
        Cell::DateTime(_) => true,
        Cell::Text(text) => names_a_date(text),
        Cell::Number(_) => dates::read(cell).is_ok(),
        Cell::Empty | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => false,
    }
}

/// A date anywhere in a text: numbers with marks between them, or a month beside a number.
fn names_a_date(text: &str) -> bool {
    let cut: String = text.chars().take(200).collect();
    let is_date = |word: &str| word.contains(['/', '.', '-']) && dates::read(&Cell::Text(word.to_owned())).is_ok();
    if cut
        .split_whitespace()
        .any(|word| is_date(word.trim_matches([',', ';', ':', '(', ')'])))
    {
        return true;
    }
    let folded = fold(&cut);
    let words: Vec<&str> = folded.split(' ').collect();
    let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let month_beside =
        |two: &[&str]| (month_named(two[0]).is_some() && is_number(&two[1])) || (is_number(&two[0]) && month_named(two[1]).is_some());
    words.windows(2).any(month_beside)
}
