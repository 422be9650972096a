//! A cell as a person made it: its value, its number format and what it shows.

use super::pattern;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::{Value, json};

/// One cell. Texts become cells as they are: `"+44 20 7946 0018".into()` is a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    content: Content,
    /// The formula that gives the content.
    formula: Option<String>,
    format: Option<Format>,
    /// What it shows, where that is not what its content and format say.
    shown: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
enum Content {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    Bool(bool),
    Error(Wrong),
}

#[derive(Clone, Debug, PartialEq)]
struct Format {
    kind: &'static str,
    pattern: String,
}

/// What is wrong in a cell: the API's `ErrorValue.type`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wrong {
    /// `#ERROR!`: a formula that cannot be read.
    Error,
    /// `#NULL!`
    NullValue,
    /// `#DIV/0!`
    DivideByZero,
    /// `#VALUE!`
    Value,
    /// `#REF!`
    Ref,
    /// `#NAME?`
    Name,
    /// `#NUM!`
    Num,
    /// `#N/A`
    NotAvailable,
    /// `Loading...`
    Loading,
}

impl Wrong {
    /// Type, what the cell shows, and a message.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Wrong::Error => ("ERROR", "#ERROR!", "Formula parse error."),
            Wrong::NullValue => ("NULL_VALUE", "#NULL!", "Intersection of ranges is empty."),
            Wrong::DivideByZero => ("DIVIDE_BY_ZERO", "#DIV/0!", "Function DIVIDE parameter 2 cannot be zero."),
            Wrong::Value => (
                "VALUE",
                "#VALUE!",
                "Function ADD parameter 1 expects number values. But 'x' is a text and cannot be coerced to a number.",
            ),
            Wrong::Ref => ("REF", "#REF!", "Reference does not exist."),
            Wrong::Name => ("NAME", "#NAME?", "Unknown range name: 'X'."),
            Wrong::Num => ("NUM", "#NUM!", "Number is out of range."),
            Wrong::NotAvailable => ("N_A", "#N/A", "Did not find value 'x' in VLOOKUP evaluation."),
            Wrong::Loading => ("LOADING", "Loading...", "Loading..."),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::text(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::text(&text)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Cell {
        Cell::number(number)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Cell {
        Cell::bool(value)
    }
}

impl Cell {
    /// Nothing.
    pub fn empty() -> Cell {
        Cell::default()
    }

    /// A text; an empty one is an empty cell.
    pub fn text(text: &str) -> Cell {
        let content = if text.is_empty() {
            Content::Empty
        } else {
            Content::Text(text.to_owned())
        };
        Cell {
            content,
            ..Cell::default()
        }
    }

    /// A number in the automatic format.
    pub fn number(number: f64) -> Cell {
        Cell {
            content: Content::Number(number),
            ..Cell::default()
        }
    }

    /// A number with a pattern of its own: `"0000000000"` for telephone numbers, `"0.00"`, `"#,##0"`.
    pub fn custom(number: f64, pattern: &str) -> Cell {
        Cell::number(number).format("NUMBER", pattern)
    }

    /// A tick box or `TRUE`.
    pub fn bool(value: bool) -> Cell {
        Cell {
            content: Content::Bool(value),
            ..Cell::default()
        }
    }

    /// What a broken formula leaves.
    pub fn error(wrong: Wrong) -> Cell {
        Cell {
            content: Content::Error(wrong),
            ..Cell::default()
        }
    }

    /// A day, shown by a pattern of Sheets: `"yyyy-mm-dd"`, `"ddd d mmm"`.
    pub fn date(day: NaiveDate, pattern: &str) -> Cell {
        Cell::number(serial(day.and_time(NaiveTime::MIN))).format("DATE", pattern)
    }

    /// A day and a time: `"dd/mm/yyyy hh:mm"`.
    pub fn date_time(at: NaiveDateTime, pattern: &str) -> Cell {
        Cell::number(serial(at)).format("DATE_TIME", pattern)
    }

    /// A time of day: `"hh:mm"`, `"h:mm am/pm"`.
    pub fn time(time: NaiveTime, pattern: &str) -> Cell {
        Cell::number(serial(day_zero().and_time(time))).format("TIME", pattern)
    }

    /// With this number format: a kind of the API (`NUMBER`, `PERCENT`, `DATE`, `TEXT` …) and a pattern.
    #[must_use]
    pub fn format(mut self, kind: &'static str, pattern: &str) -> Cell {
        let pattern = pattern.to_owned();
        self.format = Some(Format { kind, pattern });
        self
    }

    /// Showing this text, whatever its content and format say.
    #[must_use]
    pub fn shown(mut self, text: &str) -> Cell {
        self.shown = Some(text.to_owned());
        self
    }

    /// As the result of a formula: `"=TODAY()"`.
    #[must_use]
    pub fn formula(mut self, formula: &str) -> Cell {
        self.formula = Some(formula.to_owned());
        self
    }

    /// A cell as Sheets would take what a person types: days, times, ticks and plain numbers become such, anything else is a text.
    pub fn typed(text: &str) -> Cell {
        let text = text.trim();
        let is_plain = text.len() <= 9 && (text == "0" || !text.starts_with('0')) && text.bytes().all(|byte| byte.is_ascii_digit());
        if let Ok(at) = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M") {
            return Cell::date_time(at, "yyyy-mm-dd hh:mm");
        }
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Cell::date(day, "yyyy-mm-dd");
        }
        if let Ok(time) = NaiveTime::parse_from_str(text, "%H:%M") {
            return Cell::time(time, "hh:mm");
        }
        match text.parse() {
            Ok(number) if is_plain => Cell::number(number),
            Ok(_) | Err(_) if text.eq_ignore_ascii_case("true") => Cell::bool(true),
            Ok(_) | Err(_) if text.eq_ignore_ascii_case("false") => Cell::bool(false),
            Ok(_) | Err(_) => Cell::text(text),
        }
    }

    /// Whether the API leaves it out at the end of a row.
    pub(super) fn is_empty(&self) -> bool {
        *self == Cell::default()
    }

    /// `CellData`: the fields that rotaline could want, all of them.
    pub(super) fn data(&self) -> Value {
        let mut data = serde_json::Map::new();
        if let Some(value) = self.effective() {
            let entered = self.formula.as_ref().map(|formula| json!({ "formulaValue": formula }));
            data.insert("userEnteredValue".into(), entered.unwrap_or_else(|| value.clone()));
            data.insert("effectiveValue".into(), value);
            data.insert("formattedValue".into(), self.formatted().into());
        }
        if let Some(format) = &self.format {
            let format = json!({ "numberFormat": { "type": format.kind, "pattern": format.pattern } });
            data.insert("userEnteredFormat".into(), format.clone());
            let mut effective = format;
            effective["verticalAlignment"] = "BOTTOM".into();
            effective["wrapStrategy"] = "OVERFLOW_CELL".into();
            data.insert("effectiveFormat".into(), effective);
        }
        Value::Object(data)
    }

    /// `ExtendedValue`.
    fn effective(&self) -> Option<Value> {
        match &self.content {
            Content::Empty => None,
            Content::Text(text) => Some(json!({ "stringValue": text })),
            Content::Number(number) => Some(json!({ "numberValue": plain(*number) })),
            Content::Bool(value) => Some(json!({ "boolValue": value })),
            Content::Error(wrong) => {
                let (kind, _, message) = wrong.words();
                Some(json!({ "errorValue": { "type": kind, "message": message } }))
            }
        }
    }

    /// What the cell shows.
    pub(super) fn formatted(&self) -> String {
        if let Some(shown) = &self.shown {
            return shown.clone();
        }
        match (&self.content, &self.format) {
            (Content::Empty, _) => String::new(),
            (Content::Text(text), _) => text.clone(),
            (Content::Number(number), Some(format)) => pattern::show(*number, format.kind, &format.pattern),
            (Content::Number(number), None) => plain(*number).to_string(),
            (Content::Bool(value), _) => value.to_string().to_uppercase(),
            (Content::Error(wrong), _) => wrong.words().1.to_owned(),
        }
    }

    /// With `UNFORMATTED_VALUE`; `dates` says whether days come as `SERIAL_NUMBER` or as `FORMATTED_STRING`.
    pub(super) fn unformatted(&self, dates_as_text: bool) -> Value {
        let is_date = self
            .format
            .as_ref()
            .is_some_and(|format| ["DATE", "TIME", "DATE_TIME"].contains(&format.kind));
        match &self.content {
            Content::Number(_) if is_date && dates_as_text => self.formatted().into(),
            Content::Number(number) => plain(*number),
            Content::Bool(value) => (*value).into(),
            Content::Empty | Content::Text(_) | Content::Error(_) => self.formatted().into(),
        }
    }

    /// With `FORMULA`.
    pub(super) fn formula_or(&self, dates_as_text: bool) -> Value {
        let formula = self.formula.clone().map(Value::from);
        formula.unwrap_or_else(|| self.unformatted(dates_as_text))
    }
}

/// The day that Sheets counts from (developers.google.com/sheets/reference/rest/v4/DateTimeRenderOption).
pub(super) fn day_zero() -> NaiveDate {
    NaiveDate::from_ymd_opt(1899, 12, 30).expect("a day of the calendar")
}

/// Days since 1899-12-30; the fraction is the time of day.
fn serial(at: NaiveDateTime) -> f64 {
    (at - day_zero().and_time(NaiveTime::MIN)).num_seconds() as f64 / 86_400.0
}

/// A number as JavaScript writes it: `46083`, not `46083.0`.
fn plain(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        Value::from(number as i64)
    } else {
        Value::from(number)
    }
}
