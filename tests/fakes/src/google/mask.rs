//! Field masks (`fields=sheets(properties(title),data.rowData.values.effectiveValue)`): only what a mask selects comes back.
//! Source: developers.google.com/workspace/sheets/api/guides/field-masks and .../drive/api/guides/fields-parameter.

use super::description::Service;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The fields selected of an object, and what of each. Without any, all of them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Mask {
    fields: BTreeMap<String, Mask>,
}

impl Mask {
    /// `None` where it cannot be read.
    pub(super) fn parse(text: &str) -> Option<Mask> {
        let (mask, rest) = list(text)?;
        rest.is_empty().then_some(mask)
    }

    /// Whether a path such as `["sheets", "data"]` is selected, or a part of it.
    pub(super) fn selects(&self, path: &[&str]) -> bool {
        let Some((first, rest)) = path.split_first() else {
            return true;
        };
        let below = [self.fields.get(*first), self.fields.get("*")];
        self.fields.is_empty() || below.into_iter().flatten().any(|mask| mask.selects(rest))
    }

    /// The first path that an object of this name does not have.
    pub(super) fn unknown(&self, service: Service, object: &str) -> Option<String> {
        self.fields.iter().find_map(|(name, below)| match service.field(object, name) {
            _ if name == "*" => None,
            Err(()) => Some(name.clone()),
            Ok(Some(object)) => below.unknown(service, object).map(|path| format!("{name}.{path}")),
            // Objects that the excerpt leaves out are empty in every answer of the fake.
            Ok(None) => None,
        })
    }

    /// What is selected of an answer.
    pub(super) fn apply(&self, answer: Value) -> Value {
        if self.fields.is_empty() {
            return answer;
        }
        match answer {
            Value::Array(items) => items.into_iter().map(|item| self.apply(item)).collect(),
            Value::Object(fields) => {
                let selected = fields.into_iter().filter_map(|(name, value)| {
                    let below = self.fields.get(&name).or(self.fields.get("*"))?;
                    Some((name, below.apply(value)))
                });
                Value::Object(selected.collect::<Map<_, _>>())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => answer,
        }
    }

    /// Adds a path that leads to a mask. What is selected as a whole stays so.
    fn add(&mut self, path: &[&str], end: Mask) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        if let Some(known) = self.fields.get_mut(*first) {
            let becomes_whole = rest.is_empty() && end.fields.is_empty();
            match (known.fields.is_empty(), becomes_whole, rest.is_empty()) {
                (true, _, _) => {}
                (false, true, _) => *known = Mask::default(),
                (false, false, true) => end.fields.into_iter().for_each(|(name, mask)| known.add(&[&name], mask)),
                (false, false, false) => known.add(rest, end),
            }
            return;
        }
        let mut below = Mask::default();
        if rest.is_empty() {
            below = end;
        } else {
            below.add(rest, end);
        }
        self.fields.insert((*first).to_owned(), below);
    }
}

/// `a,b/c(d,e)`: items up to the end or to a closing parenthesis, and the rest.
fn list(text: &str) -> Option<(Mask, &str)> {
    let mut mask = Mask::default();
    let mut rest = text;
    loop {
        let end = rest.find([',', '(', ')']).unwrap_or(rest.len());
        let path: Vec<&str> = rest[..end].split(['.', '/']).map(str::trim).collect();
        if path.iter().any(|name| name.is_empty()) {
            return None;
        }
        rest = &rest[end..];
        let mut below = Mask::default();
        if let Some(inner) = rest.strip_prefix('(') {
            let (selected, after) = list(inner)?;
            (below, rest) = (selected, after.strip_prefix(')')?);
        }
        mask.add(&path, below);
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Some((mask, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The examples of the two guides, and their neighbours.
    #[test]
    fn a_mask_selects_what_it_names_and_nothing_else() {
        let answer = json!({
            "id": "1", "properties": { "title": "T", "locale": "en" },
            "sheets": [{ "properties": { "sheetId": 0, "title": "A" }, "merges": [] }, { "properties": { "sheetId": 7 } }],
        });
        let titles = json!({ "properties": { "title": "T" }, "sheets": [{ "properties": { "title": "A" } }, { "properties": {} }] });
        for mask in [
            "properties.title,sheets.properties.title",
            "properties(title),sheets(properties(title))",
            "sheets/properties/title,properties/title",
            "sheets.properties(title),properties(title)",
        ] {
            assert_eq!(Mask::parse(mask).unwrap().apply(answer.clone()), titles, "{mask}");
        }
        let whole = Mask::parse("sheets.properties.title,sheets,sheets.merges").unwrap();
        assert_eq!(whole.apply(answer.clone()), json!({ "sheets": answer["sheets"] }));
        assert_eq!(Mask::parse("*").unwrap().apply(answer.clone()), answer);
        let both = Mask::parse("sheets(merges),sheets(properties.sheetId)").unwrap();
        let two = json!({ "sheets": [{ "properties": { "sheetId": 0 }, "merges": [] }, { "properties": { "sheetId": 7 } }] });
        assert_eq!(both.apply(answer), two);
        for broken in ["a(", "a(b", "a)b", "a,,b", "", "a..b"] {
            assert_eq!(Mask::parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_field_that_the_api_does_not_have_is_named() {
        let unknown = |mask: &str| Mask::parse(mask).unwrap().unknown(Service::Sheets, "Spreadsheet");
        assert_eq!(
            unknown("properties(title,locale),sheets.data.rowData.values(effectiveValue,note)"),
            None
        );
        assert_eq!(unknown("sheets.charts.chartId,*"), None);
        assert_eq!(unknown("sheets(data(rows))").as_deref(), Some("sheets.data.rows"));
        let unknown = |mask: &str| Mask::parse(mask).unwrap().unknown(Service::Drive, "File");
        assert_eq!((unknown("version,modifiedTime"), unknown("etag").as_deref()), (None, Some("etag")));
    }

    #[test]
    fn selected_data_are_seen() {
        let selects = |mask: &str| Mask::parse(mask).unwrap().selects(&["sheets", "data"]);
        assert!(selects("sheets") && selects("*") && selects("sheets(data.rowData)") && selects("sheets/*"));
        assert!(!selects("sheets.properties") && !selects("properties"));
    }
}
