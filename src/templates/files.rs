//! A rota to copy as text tables: a `.csv` file for each tab.

use super::book::{Book, Tab, Value};

impl Book {
    /// Names and contents of the files, in the order of the tabs.
    ///
    /// # Errors
    /// Never in practice: they are written into memory.
    pub fn files(&self) -> csv::Result<Vec<(String, String)>> {
        self.tabs
            .iter()
            .map(|tab| Ok((format!("{}.csv", tab.name.to_lowercase()), tab.csv()?)))
            .collect()
    }
}

impl Tab {
    fn csv(&self) -> csv::Result<String> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|column| column.title.words()))?;
        for row in &self.rows {
            // Every row is as long as the header, or spreadsheets complain.
            let cells = row.iter().map(Value::words).chain(std::iter::repeat_with(String::new));
            writer.write_record(cells.take(self.columns.len()))?;
        }
        let bytes = writer.into_inner().map_err(|fault| fault.into_error())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Value {
    /// Dates with the year first: nobody takes a day for a month.
    fn words(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(text) => text.clone(),
            Self::Date(date) => date.format("%Y-%m-%d").to_string(),
            Self::DateTime(at) => at.format("%Y-%m-%d %H:%M").to_string(),
        }
    }
}
