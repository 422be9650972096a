//! Items of a list as Graph shows them: resources listItem and fieldValueSet.

use super::columns::is_own;
use super::list::{Column, Entry, Kind, Value};
use super::query::Fields;
use super::reply::{Failure, guid, instant};
use super::state::{Item, ListState, Site};
use serde_json::{Map, Value as Json, json};

/// The lookup columns that a query may ask for.
const MOST_LOOKUPS: usize = 12;

/// An item; its fields only where they are asked for.
pub(super) fn item(site: &Site, list: &ListState, number: u32, state: &Item, fields: &Fields) -> Json {
    let etag = format!("\"{},{}\"", state.guid, state.version);
    let mut shape = json!({
        "@odata.etag": etag,
        "createdDateTime": instant(state.made),
        "eTag": etag,
        "id": number.to_string(),
        "lastModifiedDateTime": instant(state.modified),
        "webUrl": format!("{}/{number}_.000", address(site, list)),
        "createdBy": { "user": nobody_in_particular() },
        "lastModifiedBy": { "user": nobody_in_particular() },
        "parentReference": { "id": guid(&format!("folder {}", list.id)), "siteId": site.id },
        "contentType": { "id": "0x0100A2B3C4D5E6F708192A3B4C5D6E7F80910001", "name": "Item" },
    });
    match fields {
        Fields::None => {}
        Fields::All => shape["fields"] = all_fields(list, number, state, &etag),
        Fields::These(names) => shape["fields"] = these_fields(list, number, state, &etag, names),
    }
    shape
}

/// What is left of an item that is gone.
pub(super) fn removed(site: &Site, number: u32) -> Json {
    json!({
        "id": number.to_string(),
        "parentReference": { "siteId": site.id },
        "contentType": { "id": "0x0100A2B3C4D5E6F708192A3B4C5D6E7F80910001", "name": "Item" },
        "deleted": { "state": "deleted" },
    })
}

/// Where a browser shows a list.
pub(super) fn address(site: &Site, list: &ListState) -> String {
    format!("{}/Lists/{}", site_address(site), list.name)
}

/// Where a browser shows a site.
pub(super) fn site_address(site: &Site) -> String {
    let path = if site.path.is_empty() {
        String::new()
    } else {
        format!("/{}", site.path)
    };
    format!("https://{}{path}", site.host)
}

fn nobody_in_particular() -> Json {
    json!({ "email": "admin@contoso.com", "id": guid("user admin@contoso.com"), "displayName": "Ada Admin" })
}

/// Refuses what cannot be asked for: a column that is not there, and more lookups than a query may join. (Documented is the number only; the
/// status and the words of the second are those of SharePoint's own interface.)
pub(super) fn check(list: &ListState, fields: &Fields) -> Result<(), Failure> {
    let Fields::These(names) = fields else {
        return Ok(());
    };
    let mut lookups = 0;
    for name in names {
        let base = name.strip_suffix("LookupId").unwrap_or(name);
        let known = list
            .columns
            .iter()
            .find(|column| column.name == *name || (column.kind.is_lookup() && column.name == base));
        match known {
            Some(column) => lookups += usize::from(column.kind.is_lookup()),
            None if is_own(name) || is_own(base) || name == "id" => {}
            None => return Err(Failure::invalid(format!("Field '{name}' is not recognized"))),
        }
    }
    if lookups > MOST_LOOKUPS {
        let message = "The query cannot be completed because the number of lookup columns it contains exceeds the lookup column threshold.";
        return Err(Failure::invalid(message));
    }
    Ok(())
}

/// The fields that are given without having been asked for by name: of a single person or lookup only the number, of the first twelve such
/// columns at most (msgraph-sdk-powershell#2711), and nothing of what is hidden.
fn all_fields(list: &ListState, number: u32, state: &Item, etag: &str) -> Json {
    let mut fields = Map::from_iter([("@odata.etag".to_owned(), etag.into())]);
    let mut lookups = 0;
    for column in list.columns.iter().filter(|column| !column.hidden) {
        lookups += usize::from(column.kind.is_lookup());
        if column.kind.is_lookup() && lookups > MOST_LOOKUPS {
            continue;
        }
        if let Some(value) = state.values.get(&column.name) {
            insert(&mut fields, column, value, false);
        }
    }
    for name in [
        "id",
        "ContentType",
        "Modified",
        "Created",
        "AuthorLookupId",
        "EditorLookupId",
        "_UIVersionString",
    ] {
        insert_own(&mut fields, name, number, state);
    }
    for name in [
        "Attachments",
        "Edit",
        "LinkTitleNoMenu",
        "LinkTitle",
        "ItemChildCount",
        "FolderChildCount",
    ] {
        insert_own(&mut fields, name, number, state);
    }
    fields.into()
}

fn these_fields(list: &ListState, number: u32, state: &Item, etag: &str, names: &[String]) -> Json {
    let mut fields = Map::from_iter([("@odata.etag".to_owned(), etag.into())]);
    for name in names {
        let named = list.columns.iter().find(|column| column.name == *name);
        let by_number = name.strip_suffix("LookupId");
        let numbered = list
            .columns
            .iter()
            .find(|column| column.kind.is_lookup() && Some(column.name.as_str()) == by_number);
        match (named, numbered) {
            (Some(column), _) => {
                if let Some(value) = state.values.get(&column.name) {
                    insert(&mut fields, column, value, true);
                }
            }
            (None, Some(column)) => {
                if let Some(value) = state.values.get(&column.name) {
                    insert(&mut fields, column, value, false);
                }
            }
            (None, None) => insert_own(&mut fields, name, number, state),
        }
    }
    fields.into()
}

/// A value under its column's internal name. `resolved`: a single person or lookup by what is shown for it, else by its number.
fn insert(fields: &mut Map<String, Json>, column: &Column, value: &Value, resolved: bool) {
    let name = &column.name;
    match value {
        Value::Empty => {}
        Value::Text(text) => drop(fields.insert(name.clone(), text.clone().into())),
        Value::Number(number) => drop(fields.insert(name.clone(), number_json(*number))),
        Value::Bool(bool) => drop(fields.insert(name.clone(), (*bool).into())),
        Value::Moment(moment) => drop(fields.insert(name.clone(), instant(*moment).into())),
        Value::Choices(choices) => {
            fields.insert(format!("{name}@odata.type"), "Collection(Edm.String)".into());
            fields.insert(name.clone(), choices.clone().into());
        }
        Value::Link { url, description } => drop(fields.insert(name.clone(), json!({ "Description": description, "Url": url }))),
        Value::Entries(entries) if matches!(column.kind, Kind::People | Kind::Lookups { .. }) => {
            fields.insert(name.clone(), entries.iter().map(entry).collect());
        }
        Value::Entries(entries) => {
            let entry = entries.first().expect("one entry in a column for one");
            if resolved {
                fields.insert(name.clone(), entry.name.clone().into());
            } else {
                fields.insert(format!("{name}LookupId"), entry.id.to_string().into());
            }
        }
    }
}

fn entry(entry: &Entry) -> Json {
    let mut shape = json!({ "LookupId": entry.id, "LookupValue": entry.name });
    if let Some(email) = &entry.email {
        shape["Email"] = email.clone().into();
    }
    shape
}

/// Whole numbers come without a fraction.
fn number_json(number: f64) -> Json {
    let text = format!("{number}");
    text.parse::<i64>().map_or_else(|_| number.into(), Json::from)
}

/// What every item has by itself.
fn insert_own(fields: &mut Map<String, Json>, name: &str, number: u32, state: &Item) {
    let value: Json = match name {
        "id" | "ID" => number.to_string().into(),
        "ContentType" => "Item".into(),
        "Modified" => instant(state.modified).into(),
        "Created" => instant(state.made).into(),
        "AuthorLookupId" | "EditorLookupId" => "6".into(),
        "Author" | "Editor" => "Ada Admin".into(),
        "_UIVersionString" => format!("{}.0", state.version).into(),
        "Attachments" => false.into(),
        "Edit" => "".into(),
        "ItemChildCount" | "FolderChildCount" => "0".into(),
        "LinkTitle" | "LinkTitleNoMenu" => match state.values.get("Title") {
            Some(Value::Text(title)) => title.clone().into(),
            Some(_) | None => return,
        },
        _ => return,
    };
    fields.insert(name.to_owned(), value);
}
