//! Lists as a test describes them: columns as an admin names them, values as an admin enters them. How Graph shows either is not said here.

use chrono::{DateTime, Utc};

/// A list to be added to a site.
#[derive(Clone, Debug)]
pub struct List {
    /// As an admin sees it: "Rota".
    pub display_name: String,
    /// In their order. Without one whose internal name is `Title`, the list's own column of that name stays there, unused.
    pub columns: Vec<Column>,
    /// A row per item: a value per column, in the order of the columns. They get the numbers 1, 2, 3 …
    pub items: Vec<Vec<Value>>,
}

impl List {
    /// An empty list without columns.
    pub fn new(display_name: &str) -> List {
        List {
            display_name: display_name.to_owned(),
            columns: Vec::new(),
            items: Vec::new(),
        }
    }

    /// With one more column.
    #[must_use]
    pub fn column(mut self, display_name: &str, kind: Kind) -> List {
        self.columns.push(Column::new(display_name, kind));
        self
    }

    /// With one more column whose internal name is not made of its display name: an import from Excel makes `field_1`, and a list's first
    /// column is `Title` whatever it is called.
    #[must_use]
    pub fn column_named(mut self, display_name: &str, name: &str, kind: Kind) -> List {
        let name = name.to_owned();
        self.columns.push(Column {
            name,
            ..Column::new(display_name, kind)
        });
        self
    }

    /// With one more item.
    #[must_use]
    pub fn item<const N: usize>(mut self, values: [Value; N]) -> List {
        self.items.push(values.into());
        self
    }
}

/// A column of a list.
#[derive(Clone, Debug)]
pub struct Column {
    /// As an admin sees it; can be changed.
    pub display_name: String,
    /// The internal name, which stays as it was made.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Not shown to people, and not in what Graph gives unless asked for.
    pub hidden: bool,
}

impl Column {
    /// A column whose internal name is made of its display name, as SharePoint does it.
    pub fn new(display_name: &str, kind: Kind) -> Column {
        Column {
            display_name: display_name.to_owned(),
            name: internal_name(display_name),
            kind,
            hidden: false,
        }
    }
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// Several lines of text.
    Note,
    /// One of these.
    Choice(Vec<String>),
    /// Any of these.
    Choices(Vec<String>),
    /// Date and time of day.
    DateTime,
    /// A date: its values are the instants of midnight in the site's zone.
    Date,
    /// A number.
    Number,
    /// An amount of money.
    Currency,
    /// Yes or no.
    Boolean,
    /// A person or a group.
    Person,
    /// Persons or groups.
    People,
    /// An item of another list of the site, shown by this column of it.
    Lookup {
        /// The other list's display name.
        list: String,
        /// The other list's column, by its internal name.
        column: String,
    },
    /// As [`Kind::Lookup`], but any number of items.
    Lookups {
        /// The other list's display name.
        list: String,
        /// The other list's column, by its internal name.
        column: String,
    },
    /// A web address with words.
    Hyperlink,
    /// Worked out by SharePoint from other columns; a test says what came of it.
    Calculated,
}

impl Kind {
    /// Whether Graph leaves its value out unless asked for it, and counts it against the twelve of a query.
    pub(super) fn is_lookup(&self) -> bool {
        match self {
            Kind::Person | Kind::People | Kind::Lookup { .. } | Kind::Lookups { .. } => true,
            Kind::Text | Kind::Note | Kind::Choice(_) | Kind::Choices(_) | Kind::DateTime | Kind::Date => false,
            Kind::Number | Kind::Currency | Kind::Boolean | Kind::Hyperlink | Kind::Calculated => false,
        }
    }

    fn can_hold(&self, value: &Value) -> bool {
        match value {
            Value::Empty => true,
            Value::Text(_) => matches!(self, Kind::Text | Kind::Note | Kind::Choice(_) | Kind::Calculated),
            Value::Number(_) => matches!(self, Kind::Number | Kind::Currency | Kind::Calculated),
            Value::Bool(_) => matches!(self, Kind::Boolean | Kind::Calculated),
            Value::Moment(_) => matches!(self, Kind::DateTime | Kind::Date | Kind::Calculated),
            Value::Choices(_) => matches!(self, Kind::Choices(_)),
            Value::Entries(entries) => match self {
                Kind::Person | Kind::Lookup { .. } => entries.len() == 1,
                Kind::People | Kind::Lookups { .. } => true,
                Kind::Text | Kind::Note | Kind::Choice(_) | Kind::Choices(_) | Kind::DateTime | Kind::Date => false,
                Kind::Number | Kind::Currency | Kind::Boolean | Kind::Hyperlink | Kind::Calculated => false,
            },
            Value::Link { .. } => matches!(self, Kind::Hyperlink),
        }
    }
}

/// What stands in a column of an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Text, or the one choice.
    Text(String),
    /// A number or an amount.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// An instant. For a date, midnight in the site's zone.
    Moment(DateTime<Utc>),
    /// The choices made.
    Choices(Vec<String>),
    /// Persons, groups or items of another list.
    Entries(Vec<Entry>),
    /// A web address.
    Link {
        /// The address.
        url: String,
        /// The words shown for it.
        description: String,
    },
}

/// A person, a group or an item of another list, as a column of persons or a lookup refers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the other list; for persons in the site's list of users.
    pub id: u32,
    /// What is shown for it.
    pub name: String,
    /// Of persons.
    pub email: Option<String>,
}

impl Value {
    /// A person.
    pub fn person(id: u32, name: &str, email: &str) -> Value {
        Value::Entries(vec![Entry {
            id,
            name: name.to_owned(),
            email: Some(email.to_owned()),
        }])
    }

    /// An item of another list.
    pub fn lookup(id: u32, name: &str) -> Value {
        Value::Entries(vec![Entry {
            id,
            name: name.to_owned(),
            email: None,
        }])
    }

    /// An instant, as `2026-03-02T23:00:00Z`. Panics where it is none.
    pub fn moment(rfc3339: &str) -> Value {
        Value::Moment(rfc3339.parse().expect("an instant in RFC 3339"))
    }

    /// A web address with words.
    pub fn link(url: &str, description: &str) -> Value {
        Value::Link {
            url: url.to_owned(),
            description: description.to_owned(),
        }
    }

    /// Panics when a column cannot hold it.
    pub(super) fn must_fit(&self, column: &Column) {
        assert!(
            column.kind.can_hold(self),
            "the column {:?} ({:?}) cannot hold {self:?}",
            column.display_name,
            column.kind
        );
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        if text.is_empty() {
            Value::Empty
        } else {
            Value::Text(text.to_owned())
        }
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Number(number)
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Value {
        Value::Bool(bool)
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(moment: DateTime<Utc>) -> Value {
        Value::Moment(moment)
    }
}

/// The internal name that SharePoint makes of a display name: what is no letter, digit or underscore of ASCII is written by its UTF-16
/// code (`Start_x0020_time`), and so is a digit in front (`_x0031_st`); 32 characters at most.
fn internal_name(display_name: &str) -> String {
    let mut name = String::new();
    for (place, letter) in display_name.chars().enumerate() {
        let stays = letter == '_' || letter.is_ascii_alphabetic() || (letter.is_ascii_digit() && place > 0);
        if stays {
            name.push(letter);
            continue;
        }
        for code in letter.encode_utf16(&mut [0; 2]) {
            name += &format!("_x{code:04x}_");
        }
    }
    name.chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::internal_name;

    /// Names that SharePoint made (`Start_x0020_time`: documentation of columnDefinition; `item_x002d_links`: msgraph-sdk-go#640).
    #[test]
    fn internal_names_are_those_that_sharepoint_makes() {
        for (display, internal) in [
            ("Team", "Team"),
            ("Start time", "Start_x0020_time"),
            ("item-links", "item_x002d_links"),
            ("1st", "_x0031_st"),
            ("Straße", "Stra_x00df_e"),
            ("A heading of more than thirty-two letters", "A_x0020_heading_x0020_of_x0020_m"),
        ] {
            assert_eq!(internal_name(display), internal);
        }
    }
}
