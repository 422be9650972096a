//! Sites and lists as Graph shows them: resources site and list, and one item of a list.

use super::address::SiteAddress;
use super::columns::columns;
use super::items;
use super::query::Query;
use super::reply::{Failure, guid, instant};
use super::state::{ListState, Site, State};
use serde_json::{Value, json};

/// A site. There is no time zone in it, nor anywhere else in Graph v1.0 (msgraph-metadata, f54f11b6: only the tenant's default for new sites).
pub(super) fn site(state: &State, address: &SiteAddress, query: &Query, base: &str) -> Result<Value, Failure> {
    let site = state.site(address)?;
    let mut shape = json!({
        "@odata.context": format!("{base}/v1.0/$metadata#sites/$entity"),
        "createdDateTime": instant(site.made),
        "description": "",
        "id": site.id,
        "lastModifiedDateTime": instant(site.made),
        "name": site.path.rsplit('/').next().unwrap_or_default(),
        "webUrl": items::site_address(site),
        "displayName": site.display_name,
        "siteCollection": { "hostname": site.host },
    });
    if site.path.is_empty() {
        shape["root"] = json!({});
    }
    Ok(query.selected(shape))
}

/// A page of the lists of a site, in the order in which they were added.
pub(super) fn lists(state: &State, address: &SiteAddress, query: &Query, base: &str) -> Result<Value, Failure> {
    let site = state.site(address)?;
    let first = match &query.skip_token {
        None => 0,
        Some(token) => token.parse().map_err(|_| Failure::invalid("The skip token is invalid"))?,
    };
    let most = query.top.unwrap_or(usize::MAX).min(state.page_size.unwrap_or(200));
    let shown = site.lists.iter().skip(first).take(most);
    let page: Vec<Value> = shown.map(|list| query.selected(shape(site, list, query.with_columns))).collect();
    let mut answer = json!({
        "@odata.context": format!("{base}/v1.0/$metadata#sites('{}')/lists", site.id),
        "value": page,
    });
    if site.lists.len() > first.saturating_add(most) {
        let next = format!("{base}/v1.0/sites/{}/lists?$skiptoken={}", site.id, first + most);
        answer["@odata.nextLink"] = next.into();
    }
    Ok(answer)
}

/// One list.
pub(super) fn list(state: &State, address: &SiteAddress, list: &str, query: &Query, base: &str) -> Result<Value, Failure> {
    let (site, list) = state.list(address, list)?;
    let mut shape = shape(site, list, query.with_columns);
    shape["@odata.context"] = format!("{base}/v1.0/$metadata#sites('{}')/lists/$entity", site.id).into();
    Ok(query.selected(shape))
}

/// The columns of a list.
pub(super) fn columns_of(state: &State, address: &SiteAddress, list: &str, query: &Query, base: &str) -> Result<Value, Failure> {
    let (site, list) = state.list(address, list)?;
    let hidden_too = query.select.as_ref().is_some_and(|names| names.iter().any(|name| name == "hidden"));
    let all: Vec<Value> = columns(site, list, hidden_too)
        .into_iter()
        .map(|column| query.selected(column))
        .collect();
    Ok(json!({
        "@odata.context": format!("{base}/v1.0/$metadata#sites('{}')/lists('{}')/columns", site.id, list.id),
        "value": all,
    }))
}

/// One item of a list.
pub(super) fn item(state: &State, address: &SiteAddress, list: &str, item: &str, query: &Query) -> Result<Value, Failure> {
    let (site, list) = state.list(address, list)?;
    items::check(list, &query.fields)?;
    let number = item.parse().map_err(|_| Failure::invalid("The id of an item is a number"))?;
    let found = list.items.get(&number).ok_or_else(Failure::not_found)?;
    Ok(query.selected(items::item(site, list, number, found, &query.fields)))
}

fn shape(site: &Site, list: &ListState, with_columns: bool) -> Value {
    let mut shape = json!({
        "@odata.etag": format!("\"{},{}\"", list.id, list.changes.len()),
        "createdDateTime": instant(list.made),
        "description": "",
        "eTag": format!("\"{},{}\"", list.id, list.changes.len()),
        "id": list.id,
        "lastModifiedDateTime": instant(list.modified),
        "name": list.name,
        "webUrl": items::address(site, list),
        "displayName": list.display_name,
        "createdBy": { "user": { "email": "admin@contoso.com", "id": guid("user admin@contoso.com"), "displayName": "Ada Admin" } },
        "parentReference": { "siteId": site.id },
        "list": { "contentTypesEnabled": false, "hidden": false, "template": "genericList" },
    });
    if with_columns {
        shape["columns"] = columns(site, list, false).into();
    }
    shape
}
