//! Where the records of a text table begin and end. The `csv` crate takes quoted cells apart; finding the
//! records is ours, because it neither shows blank lines nor says when a quotation mark is never closed,
//! and then all rows below would vanish into one cell.

/// Cells and lines longer than this are not meant: a quotation mark is missing. (Excel keeps 32 767 characters.)
const RECORD_BYTES: usize = 256 << 10;
/// After so many lines with open quotation marks they are no quotation marks in this file.
const FAULTS: usize = 100;

/// One row of the table as it stands in the text, without its line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record<'t> {
    /// On which it begins, from 1.
    pub(super) line: u32,
    pub(super) text: &'t str,
    pub(super) is_well_quoted: bool,
    /// Whether something else than a delimiter follows a closing quotation mark.
    pub(super) is_loose: bool,
    has_quotes: bool,
}

/// All records of a text, blank lines included.
#[derive(Debug)]
pub(super) struct Records<'t> {
    rest: &'t str,
    delimiter: u8,
    line: u32,
    faults: usize,
}

impl<'t> Records<'t> {
    pub(super) const fn new(text: &'t str, delimiter: u8) -> Self {
        Self {
            rest: text,
            delimiter,
            line: 1,
            faults: 0,
        }
    }
}

impl<'t> Iterator for Records<'t> {
    type Item = Record<'t>;

    fn next(&mut self) -> Option<Record<'t>> {
        if self.rest.is_empty() {
            return None;
        }
        let quoted = if self.faults < FAULTS {
            quoted_extent(self.rest, self.delimiter)
        } else {
            None
        };
        let is_well_quoted = quoted.is_some() || self.faults >= FAULTS;
        let extent = quoted.unwrap_or_else(|| first_line(self.rest));
        if !is_well_quoted {
            self.faults += 1;
        }
        let (text, after) = self.rest.split_at_checked(extent.end).unwrap_or((self.rest, ""));
        let record = Record {
            line: self.line,
            text,
            is_well_quoted,
            is_loose: extent.is_loose,
            has_quotes: quoted.is_some() && text.contains('"'),
        };
        self.rest = after
            .strip_prefix("\r\n")
            .or_else(|| after.strip_prefix(['\r', '\n']))
            .unwrap_or(after);
        self.line = self.line.saturating_add(extent.lines);
        Some(record)
    }
}

impl Record<'_> {
    /// The cells, without their quotation marks; one empty cell of a blank line.
    pub(super) fn fields(&self, delimiter: u8) -> Vec<String> {
        if !self.has_quotes {
            let count = self.text.bytes().filter(|byte| *byte == delimiter).count() + 1;
            let mut fields = Vec::with_capacity(count);
            fields.extend(self.text.split(char::from(delimiter)).map(str::to_owned));
            return fields;
        }
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(delimiter)
            .from_reader(self.text.as_bytes());
        let mut fields = csv::StringRecord::new();
        match reader.read_record(&mut fields) {
            Ok(true) => fields.iter().map(str::to_owned).collect(),
            Ok(false) | Err(_) => vec![self.text.to_owned()],
        }
    }
}

/// How far a record reaches, and over how many lines.
#[derive(Clone, Copy, Debug)]
struct Extent {
    end: usize,
    lines: u32,
    is_loose: bool,
}

fn first_line(text: &str) -> Extent {
    Extent {
        end: text.find(['\r', '\n']).unwrap_or(text.len()),
        lines: 1,
        is_loose: true,
    }
}

#[derive(Clone, Copy)]
enum Place {
    CellStart,
    Plain,
    Quoted,
    /// After a quotation mark inside a quoted cell: its end, or the first of a doubled pair.
    Closing,
}

/// The record at the start of the text, where quoted cells may hold line ends. `None` when a quotation mark
/// is not closed, or is closed by one that belongs to a later line.
fn quoted_extent(text: &str, delimiter: u8) -> Option<Extent> {
    let mut place = Place::CellStart;
    let mut lines = 1;
    let mut is_loose = false;
    let mut previous = 0;
    for (at, byte) in text.bytes().enumerate() {
        let is_line_end = byte == b'\n' || byte == b'\r';
        place = match place {
            Place::CellStart | Place::Plain | Place::Closing if is_line_end => {
                return Some(Extent { end: at, lines, is_loose });
            }
            Place::CellStart | Place::Plain | Place::Closing if byte == delimiter => Place::CellStart,
            Place::CellStart | Place::Closing if byte == b'"' => Place::Quoted,
            Place::CellStart | Place::Plain => Place::Plain,
            Place::Closing if lines > 1 && byte != b' ' => return None,
            Place::Closing => {
                is_loose = true;
                Place::Plain
            }
            Place::Quoted if byte == b'"' => Place::Closing,
            Place::Quoted => Place::Quoted,
        };
        // `\r\n` is one line end.
        if is_line_end && !(byte == b'\n' && previous == b'\r') {
            lines += 1;
        }
        if lines > 1 && at > RECORD_BYTES {
            return None;
        }
        previous = byte;
    }
    match place {
        Place::Quoted => None,
        Place::CellStart | Place::Plain | Place::Closing => Some(Extent {
            end: text.len(),
            lines,
            is_loose,
        }),
    }
}
