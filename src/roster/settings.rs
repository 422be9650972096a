//! The few lines that a rota needs beside it: from its Settings tab, a TOML file, or the command line.
//! Here they are only words; `conventions` says what they come to.

use serde::{Deserialize, Serialize};

/// `Setting | Value` pairs in the words of the Settings tab ("Time zone", "Shift: Night"), in their order;
/// where a setting comes twice the later one counts. Those given here win over the sheet's own tab.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings(pub Vec<(String, String)>);

/// A line is not `setting = value`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// No `=` in it.
    #[error("line {line}: {text:?} is not of the form: setting = value")]
    NotAPair {
        /// From 1.
        line: usize,
        /// The line.
        text: String,
    },
    /// A value that is a list, or a table within a table.
    #[error("setting {key:?} holds a list or a table; a plain value is needed")]
    NotPlain {
        /// Its name.
        key: String,
    },
}

impl Settings {
    /// Reads lines of the form `setting = value`; blank lines and those that begin with `#` are left out.
    /// The first `=` parts the two.
    ///
    /// # Errors
    /// [`BadSettings::NotAPair`] for the first line of another form.
    pub fn from_lines(text: &str) -> Result<Self, BadSettings> {
        let mut pairs = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = line.split_once('=').ok_or_else(|| BadSettings::NotAPair {
                line: index + 1,
                text: line.to_owned(),
            })?;
            pairs.push((key.trim().to_owned(), value.trim().to_owned()));
        }
        Ok(Self(pairs))
    }

    /// Reads a TOML table: `time_zone = "Europe/London"`, `"Shift: Night" = "20:00-08:00"`, or the shifts as a table
    /// of their own, `[shifts]` with `Night = "20:00-08:00"`.
    ///
    /// # Errors
    /// [`BadSettings::NotPlain`] for a list, or a table that is not `shift` or `shifts`.
    pub fn from_toml(table: &toml::Table) -> Result<Self, BadSettings> {
        let mut pairs = Vec::new();
        for (key, value) in table {
            if let (toml::Value::Table(shifts), "shift" | "shifts") = (value, key.to_lowercase().as_str()) {
                for (name, hours) in shifts {
                    let hours = plain(hours).ok_or_else(|| BadSettings::NotPlain {
                        key: format!("{key}.{name}"),
                    })?;
                    pairs.push((format!("Shift: {name}"), hours));
                }
                continue;
            }
            let value = plain(value).ok_or_else(|| BadSettings::NotPlain { key: key.clone() })?;
            pairs.push((key.clone(), value));
        }
        Ok(Self(pairs))
    }

    /// These settings with `other` after them, so that `other` wins.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(yes) => Some(yes.to_string()),
        toml::Value::Datetime(moment) => Some(moment.to_string()),
        toml::Value::Array(_) | toml::Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(settings: &Settings) -> Vec<(&str, &str)> {
        settings.0.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
    }

    #[test]
    fn lines() {
        let settings = Settings::from_lines("# ours\n\nTime zone = Europe/London\nShift: Night=20:00-08:00\n").unwrap();
        assert_eq!(pairs(&settings), [("Time zone", "Europe/London"), ("Shift: Night", "20:00-08:00")]);
        let error = Settings::from_lines("Time zone = UTC\nHandover").unwrap_err();
        assert_eq!(error.to_string(), "line 2: \"Handover\" is not of the form: setting = value");
    }

    #[test]
    fn toml() {
        let table = "time_zone = \"UTC\"\nyear = 2026\nhandover = 08:00:00\n[shifts]\nNight = \"20:00-08:00\""
            .parse()
            .unwrap();
        let settings = Settings::from_toml(&table).unwrap();
        let mut found = pairs(&settings);
        found.sort_unstable();
        let expected = [
            ("Shift: Night", "20:00-08:00"),
            ("handover", "08:00:00"),
            ("time_zone", "UTC"),
            ("year", "2026"),
        ];
        assert_eq!(found, expected);
        let error = Settings::from_toml(&"year = [1]".parse().unwrap()).unwrap_err();
        assert_eq!(error, BadSettings::NotPlain { key: "year".into() });
    }
}
