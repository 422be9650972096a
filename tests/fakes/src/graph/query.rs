//! The options of a query as OData writes them: `$expand=fields($select=A,B)`, `$top=200`. Graph takes them with and without the dollar.

use super::reply::Failure;
use crate::journal::Request;

/// Which fields of an item are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fields {
    None,
    All,
    These(Vec<String>),
}

/// The options of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) fields: Fields,
    /// Columns of a list are to come with it.
    pub(super) with_columns: bool,
    pub(super) select: Option<Vec<String>>,
    pub(super) top: Option<usize>,
    pub(super) skip_token: Option<String>,
    /// Of a delta.
    pub(super) token: Option<String>,
}

impl Query {
    pub(super) fn of(request: &Request) -> Result<Query, Failure> {
        let mut query = Query {
            fields: Fields::None,
            with_columns: false,
            select: None,
            top: None,
            skip_token: None,
            token: None,
        };
        for (name, value) in request.pairs() {
            match name.strip_prefix('$').unwrap_or(&name) {
                "expand" => query.expand(&value)?,
                "select" => query.select = Some(names(&value)),
                "top" => {
                    let top = value.parse().ok().filter(|top| *top > 0);
                    query.top = Some(top.ok_or_else(|| Failure::invalid(format!("Invalid value '{value}' for $top query option found.")))?);
                }
                "skiptoken" => query.skip_token = Some(value),
                "token" => query.token = Some(value),
                other if name.starts_with('$') => {
                    return Err(Failure::new(
                        400,
                        "notSupported",
                        format!("Query option '{other}' is not supported here"),
                    ));
                }
                // OData ignores what it does not know.
                _ => {}
            }
        }
        Ok(query)
    }

    fn expand(&mut self, value: &str) -> Result<(), Failure> {
        for term in terms(value) {
            let (name, inner) = match term.split_once('(') {
                Some((name, inner)) => (name, inner.strip_suffix(')')),
                None => (term, Some("")),
            };
            let select = match inner {
                Some("") => None,
                Some(inner) => inner.strip_prefix("$select=").or_else(|| inner.strip_prefix("select=")),
                None => None,
            };
            match (name, inner, select) {
                ("fields", Some(""), _) => self.fields = Fields::All,
                ("fields", Some(_), Some(select)) => self.fields = Fields::These(names(select)),
                ("columns", Some(""), _) => self.with_columns = true,
                _ => {
                    let message =
                        format!("Parsing OData Select and Expand failed: Term '{term}' is not valid in a $select or $expand expression.");
                    return Err(Failure::new(400, "BadRequest", message));
                }
            }
        }
        Ok(())
    }

    /// Only the selected properties of a resource, what was expanded, and what OData adds.
    pub(super) fn selected(&self, mut resource: serde_json::Value) -> serde_json::Value {
        if let (Some(select), Some(shape)) = (&self.select, resource.as_object_mut()) {
            let stays = |name: &str| name.starts_with('@') || name == "fields" || name == "columns" || name == "deleted";
            shape.retain(|name, _| stays(name) || select.iter().any(|selected| selected == name));
        }
        resource
    }
}

fn names(list: &str) -> Vec<String> {
    list.split(',').map(|name| name.trim().to_owned()).collect()
}

/// The terms between those commas that stand in no brackets.
fn terms(value: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let parts = value.split(|letter: char| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        letter == ',' && depth == 0
    });
    parts.map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::{Fields, Query};
    use crate::journal::Request;

    fn query(text: &str) -> Option<Query> {
        let request = Request {
            query: text.to_owned(),
            ..Request::default()
        };
        Query::of(&request).ok()
    }

    #[test]
    fn options_are_read_as_odata_writes_them() {
        let these = |names: &[&str]| Fields::These(names.iter().map(|name| (*name).to_owned()).collect());
        for (text, fields) in [
            ("$expand=fields($select=Title,Team)&$top=200", these(&["Title", "Team"])),
            ("%24expand=fields(%24select%3DTitle%2CTeam)", these(&["Title", "Team"])),
            ("expand=fields(select=Title)", these(&["Title"])),
            ("$expand=fields", Fields::All),
            ("", Fields::None),
        ] {
            assert_eq!(query(text).unwrap().fields, fields, "{text}");
        }
        assert!(query("$expand=columns,fields($select=A,B)").unwrap().with_columns);
        for wrong in [
            "$expand=fields($select=A) fields",
            "$expand=fields($filter=A)",
            "$top=0",
            "$filter=fields/A eq 1",
        ] {
            assert_eq!(query(wrong), None, "{wrong}");
        }
    }
}
