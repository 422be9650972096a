//! Several cells named together, as a person would: the tab once, and rows of one column as a list.

use super::{AddressStyle, CellAddress};

/// `Rota!C14, C21 and Contacts!B6`; `rota.csv lines 2, 9 and 10, column 7`; with a count of cells that are not
/// among `cells`, `Rota!C14, C21 and 6 more`. Nothing for no cells.
#[must_use]
pub fn places(cells: &[CellAddress], more: usize) -> String {
    places_shown(cells, more, |_, words| words)
}

/// As [`places`]; `show` is given the words for each cell of a grid or a list, and can make a link of them.
#[must_use]
pub fn places_shown(cells: &[CellAddress], more: usize, show: impl Fn(&CellAddress, String) -> String) -> String {
    let of_style = |style: AddressStyle| cells.iter().filter(move |cell| cell.style() == style);
    let grid = each_in_its_tab(of_style(AddressStyle::Grid), &show);
    let lines = of_lines(of_style(AddressStyle::Lines));
    let items = each_in_its_tab(of_style(AddressStyle::Items), &show);
    let events = each_in_its_tab(of_style(AddressStyle::Events), &show);
    let is_list = !lines.is_empty() || !items.is_empty() || !events.is_empty();
    let named: Vec<String> = [grid, lines, items, events].concat();
    match (named.as_slice(), more) {
        ([], _) => String::new(),
        (_, 0) if is_list => named.join("; "),
        (_, 0) => enumerated(&named),
        (_, more) if is_list => format!("{}; and {more} more", named.join("; ")),
        (_, more) => format!("{} and {more} more", named.join(", ")),
    }
}

/// The tab only where it is another one than before.
fn each_in_its_tab<'c>(cells: impl Iterator<Item = &'c CellAddress>, show: impl Fn(&CellAddress, String) -> String) -> Vec<String> {
    let mut before = None;
    let mut named = Vec::new();
    for cell in cells {
        let is_same = before.replace(cell.tab()) == Some(cell.tab());
        named.push(show(cell, if is_same { cell.in_tab() } else { cell.to_string() }));
    }
    named
}

/// The lines of one column together; then the columns of which the same lines are meant; the file once.
fn of_lines<'c>(cells: impl Iterator<Item = &'c CellAddress>) -> Vec<String> {
    let mut columns: Vec<(&str, u32, Vec<u32>)> = Vec::new();
    for cell in cells {
        let is_here = |(tab, column, _): &&mut (&str, u32, Vec<u32>)| *tab == cell.tab() && *column == cell.column();
        match columns.iter_mut().find(is_here) {
            Some((_, _, rows)) => rows.push(cell.row()),
            None => columns.push((cell.tab(), cell.column(), vec![cell.row()])),
        }
    }
    let mut blocks: Vec<(&str, Vec<u32>, Vec<u32>)> = Vec::new();
    for (tab, column, rows) in columns {
        match blocks.iter_mut().find(|(other, _, same)| *other == tab && *same == rows) {
            Some((_, columns, _)) => columns.push(column),
            None => blocks.push((tab, vec![column], rows)),
        }
    }
    let mut before = None;
    let mut named = Vec::new();
    for (tab, columns, rows) in blocks {
        let place = format!("{}, {}", counted("line", &rows), counted("column", &columns));
        let is_same = before.replace(tab) == Some(tab);
        named.push(if is_same { place } else { format!("{tab} {place}") });
    }
    named
}

/// `line 2`, `lines 2 and 9`.
fn counted(noun: &str, numbers: &[u32]) -> String {
    let plural = if numbers.len() == 1 { "" } else { "s" };
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("{noun}{plural} {}", enumerated(&numbers))
}

/// `A`, `A and B`, `A, B and C`.
fn enumerated(parts: &[String]) -> String {
    match parts {
        [front @ .., last] if !front.is_empty() => format!("{} and {last}", front.join(", ")),
        parts => parts.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells as tab, row and column; how many more; the words.
    type Case = (&'static [(&'static str, u32, u32)], usize, &'static str);

    fn cells(style: AddressStyle, places: &[(&str, u32, u32)]) -> Vec<CellAddress> {
        let cell = |(tab, row, column): &(&str, u32, u32)| CellAddress::new(tab, style, *row, *column);
        places.iter().map(cell).collect()
    }

    #[test]
    fn a_tab_is_named_once() {
        let cases: [Case; 7] = [
            (&[], 0, ""),
            (&[("Rota", 14, 3)], 0, "Rota!C14"),
            (&[("Rota", 14, 3), ("Rota", 21, 3)], 0, "Rota!C14 and C21"),
            (&[("Rota", 14, 3), ("Rota", 21, 3), ("Rota", 28, 4)], 0, "Rota!C14, C21 and D28"),
            (
                &[("March 2026", 14, 3), ("March 2026", 21, 3)],
                6,
                "'March 2026'!C14, C21 and 6 more",
            ),
            (
                &[("Rota", 14, 3), ("Contacts", 6, 2), ("Contacts", 7, 2)],
                0,
                "Rota!C14, Contacts!B6 and B7",
            ),
            (&[("July", 1, 1), ("August", 1, 1)], 0, "July!A1 and August!A1"),
        ];
        for (places_of, more, expected) in cases {
            assert_eq!(places(&cells(AddressStyle::Grid, places_of), more), expected);
        }
    }

    #[test]
    fn lines_of_one_column_are_a_list() {
        const FILE: &str = "rota.csv";
        let cases: [Case; 7] = [
            (&[(FILE, 2, 7)], 0, "rota.csv line 2, column 7"),
            (
                &[(FILE, 2, 7), (FILE, 9, 7), (FILE, 10, 7)],
                0,
                "rota.csv lines 2, 9 and 10, column 7",
            ),
            (&[(FILE, 2, 7), (FILE, 9, 7)], 17, "rota.csv lines 2 and 9, column 7; and 17 more"),
            (
                &[(FILE, 2, 3), (FILE, 3, 5), (FILE, 9, 3)],
                0,
                "rota.csv lines 2 and 9, column 3; line 3, column 5",
            ),
            (
                &[(FILE, 2, 3), (FILE, 2, 5), (FILE, 2, 7)],
                0,
                "rota.csv line 2, columns 3, 5 and 7",
            ),
            (
                &[(FILE, 2, 3), ("contacts.csv", 4, 2)],
                0,
                "rota.csv line 2, column 3; contacts.csv line 4, column 2",
            ),
            (&[(FILE, 2, 1)], 1, "rota.csv line 2, column 1; and 1 more"),
        ];
        for (places_of, more, expected) in cases {
            assert_eq!(places(&cells(AddressStyle::Lines, places_of), more), expected);
        }
    }
}
