//! A spreadsheet as a person made it, tab by tab.

use super::a1::{Area, position};
use super::cell::Cell;
use std::path::Path;

/// A spreadsheet. Without more it is empty, of the locale `en_GB` in Europe/London.
#[derive(Clone, Debug, PartialEq)]
pub struct Spreadsheet {
    pub(super) title: String,
    pub(super) locale: String,
    pub(super) zone: String,
    pub(super) tabs: Vec<Tab>,
    pub(super) on_shared_drive: bool,
}

impl Spreadsheet {
    /// A spreadsheet of this name.
    pub fn new(title: &str) -> Spreadsheet {
        Spreadsheet {
            title: title.to_owned(),
            locale: "en_GB".to_owned(),
            zone: "Europe/London".to_owned(),
            tabs: Vec::new(),
            on_shared_drive: false,
        }
    }

    /// Each `.csv` of a folder as a tab, in the order of names, cells as [`Cell::typed`]. An error says which file is wrong.
    pub fn from_folder(folder: &Path) -> Result<Spreadsheet, String> {
        let title = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
        paths.sort();
        if paths.is_empty() {
            return Err(format!("{}: no file in it ends in .csv", folder.display()));
        }
        let mut sheet = Spreadsheet::new(&title);
        for path in paths {
            sheet = sheet.tab(Tab::from_file(&path).map_err(|error| format!("{}: {error}", path.display()))?);
        }
        Ok(sheet)
    }

    /// With one more tab behind the others. The first gets the sheet id 0, as in Sheets, the others what they say or a number of their own.
    #[must_use]
    pub fn tab(mut self, mut tab: Tab) -> Spreadsheet {
        let place = i32::try_from(self.tabs.len()).expect("not that many tabs");
        tab.id = Some(tab.id.unwrap_or(place * 1_000_003));
        self.tabs.push(tab);
        self
    }

    /// In this zone: a name such as `Europe/Berlin`, or `GMT-07:00`.
    #[must_use]
    pub fn zone(mut self, zone: &str) -> Spreadsheet {
        zone.clone_into(&mut self.zone);
        self
    }

    /// Of this locale: `en_US`, `de_DE`, `fil`.
    #[must_use]
    pub fn locale(mut self, locale: &str) -> Spreadsheet {
        locale.clone_into(&mut self.locale);
        self
    }

    /// On a shared drive: there is no such file for a Drive request without `supportsAllDrives=true`.
    #[must_use]
    pub fn on_shared_drive(mut self) -> Spreadsheet {
        self.on_shared_drive = true;
        self
    }

    /// The tab of this title. Panics when there is none: the test names its own tabs.
    pub fn tab_mut(&mut self, title: &str) -> &mut Tab {
        let tab = self.tabs.iter_mut().find(|tab| tab.title == title);
        tab.unwrap_or_else(|| panic!("the spreadsheet has no tab {title}"))
    }
}

/// One tab. Without more it is an empty grid of 1000 rows and 26 columns, as Sheets makes them.
#[derive(Clone, Debug, PartialEq)]
pub struct Tab {
    pub(super) title: String,
    pub(super) id: Option<i32>,
    pub(super) hidden: bool,
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) merges: Vec<Area>,
    /// From zero.
    pub(super) hidden_rows: Vec<usize>,
    /// Rows and columns; `None` is a tab without cells (a chart).
    pub(super) grid: Option<(usize, usize)>,
}

impl Tab {
    /// A grid of this title.
    pub fn new(title: &str) -> Tab {
        Tab {
            title: title.to_owned(),
            id: None,
            hidden: false,
            rows: Vec::new(),
            merges: Vec::new(),
            hidden_rows: Vec::new(),
            grid: Some((1000, 26)),
        }
    }

    /// The rows of a CSV file, under the file's name.
    fn from_file(path: &Path) -> Result<Tab, csv::Error> {
        let mut tab = Tab::new(&path.file_stem().unwrap_or_default().to_string_lossy());
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path)?;
        for record in reader.records() {
            tab = tab.row(record?.iter().map(Cell::typed));
        }
        Ok(tab)
    }

    /// A tab that holds a chart and no cells.
    pub fn chart(title: &str) -> Tab {
        Tab {
            grid: None,
            ..Tab::new(title)
        }
    }

    /// With this sheet id (`gid` in the browser's address).
    #[must_use]
    pub fn id(mut self, id: i32) -> Tab {
        self.id = Some(id);
        self
    }

    /// Hidden from people.
    #[must_use]
    pub fn hidden(mut self) -> Tab {
        self.hidden = true;
        self
    }

    /// With one more row below the others.
    #[must_use]
    pub fn row<C: Into<Cell>>(mut self, cells: impl IntoIterator<Item = C>) -> Tab {
        self.rows.push(cells.into_iter().map(Into::into).collect());
        self.fit();
        self
    }

    /// With these rows of texts below the others.
    #[must_use]
    pub fn rows<const N: usize>(self, rows: &[[&str; N]]) -> Tab {
        rows.iter().fold(self, |tab, row| tab.row(row.iter().copied()))
    }

    /// With a cell at an address such as `B2`.
    #[must_use]
    pub fn with(mut self, address: &str, cell: impl Into<Cell>) -> Tab {
        self.set(address, cell);
        self
    }

    /// Puts a cell to an address such as `B2`.
    pub fn set(&mut self, address: &str, cell: impl Into<Cell>) {
        let (row, column) = position(address).unwrap_or_else(|| panic!("{address} is no cell's address"));
        if self.rows.len() <= row {
            self.rows.resize(row + 1, Vec::new());
        }
        let cells = &mut self.rows[row];
        if cells.len() <= column {
            cells.resize(column + 1, Cell::empty());
        }
        cells[column] = cell.into();
        self.fit();
    }

    /// Takes a row out, the ones below move up: `2` is the second.
    pub fn delete_row(&mut self, number: usize) {
        self.rows.remove(number - 1);
    }

    /// With an area merged into its first cell: `A1:B1`.
    #[must_use]
    pub fn merge(mut self, area: &str) -> Tab {
        let area = Area::parse(area).unwrap_or_else(|| panic!("{area} is no area"));
        self.merges.push(area);
        self
    }

    /// With a row hidden by a person: `2` is the second.
    #[must_use]
    pub fn hide_row(mut self, number: usize) -> Tab {
        self.hidden_rows.push(number - 1);
        self
    }

    /// With a grid of so many rows and columns, or as many as its cells need.
    #[must_use]
    pub fn size(mut self, rows: usize, columns: usize) -> Tab {
        self.grid = Some((rows, columns));
        self.fit();
        self
    }

    /// The grid holds all cells.
    fn fit(&mut self) {
        let (rows, columns) = self.grid.unwrap_or_else(|| panic!("{} is a chart, it has no cells", self.title));
        let widest = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        self.grid = Some((rows.max(self.rows.len()), columns.max(widest)));
    }
}
