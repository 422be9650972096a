//! Files of drives: what Graph knows of one (resource driveItem), the 302 to its bytes, and the other host that has them.

use super::Tenant;
use super::address::{DriveAddress, FileAddress, Route};
use super::query::Query;
use super::reply::{Failure, Trace, fresh_guid, guid, instant};
use super::state::{Drive, File, State};
use crate::journal::Request;
use crate::server::{Answer, Api};
use percent::encoded;
use serde_json::{Value, json};
use std::sync::Arc;

/// What a client of the other host brings along instead of a token.
const PASS: &str = "tempauth";

/// A drive.
pub(super) fn drive(state: &State, address: &DriveAddress, base: &str) -> Result<Value, Failure> {
    let drive = state.drive(address)?;
    let kind = if matches!(address, DriveAddress::OfUser(_)) {
        "business"
    } else {
        "documentLibrary"
    };
    Ok(json!({
        "@odata.context": format!("{base}/v1.0/$metadata#drives/$entity"),
        "createdDateTime": instant(drive.made),
        "description": "",
        "id": drive.id,
        "lastModifiedDateTime": instant(drive.made),
        "name": "Documents",
        "webUrl": drive.address,
        "driveType": kind,
    }))
}

/// What Graph knows of a file. `unless`: the client has that state of it already.
pub(super) fn file(
    state: &mut State,
    (address, file): (&DriveAddress, &FileAddress),
    query: &Query,
    other_host: &str,
) -> Result<Value, Failure> {
    let drive = state.drive(address)?;
    if let Some(folder) = folder(drive, file) {
        return Ok(query.selected(folder));
    }
    let found = drive.file(file).ok_or_else(Failure::not_found)?;
    let mut shape = shape(drive, found);
    let (drive, file) = (drive.id.clone(), found.id.clone());
    shape["@microsoft.graph.downloadUrl"] = download_address(state, &drive, &file, other_host).into();
    Ok(query.selected(shape))
}

/// The state of a file that a client may have already.
pub(super) fn tags(state: &State, address: &DriveAddress, file: &FileAddress) -> Option<[String; 2]> {
    let file = state.drive(address).ok()?.file(file)?;
    Some([file.etag(), file.ctag()])
}

/// Where the bytes of a file are for the next few minutes.
pub(super) fn content(state: &mut State, address: &DriveAddress, file: &FileAddress, other_host: &str) -> Result<String, Failure> {
    let drive = state.drive(address)?;
    if folder(drive, file).is_some() {
        return Err(Failure::invalid("The item is a folder and has no content"));
    }
    let found = drive.file(file).ok_or_else(Failure::not_found)?;
    let (drive, file) = (drive.id.clone(), found.id.clone());
    Ok(download_address(state, &drive, &file, other_host))
}

fn download_address(state: &mut State, drive: &str, file: &str, other_host: &str) -> String {
    let pass = format!("v1.{}", fresh_guid().replace('-', ""));
    state.passes.insert(pass.clone(), format!("{drive}/{file}"));
    format!(
        "{other_host}/_layouts/15/download.aspx?UniqueId={}&Translate=false&{PASS}={pass}&ApiVersion=2.0",
        guid(file)
    )
}

fn shape(drive: &Drive, file: &File) -> Value {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    json!({
        "createdDateTime": instant(file.made),
        "eTag": file.etag(),
        "id": file.id,
        "lastModifiedDateTime": instant(file.modified),
        "name": name,
        "webUrl": format!("{}/{}", drive.address, encoded(&file.path)),
        "cTag": file.ctag(),
        "size": file.bytes.len(),
        "createdBy": { "user": { "email": "admin@contoso.com", "id": guid("user admin@contoso.com"), "displayName": "Ada Admin" } },
        "lastModifiedBy": { "user": { "email": "admin@contoso.com", "id": guid("user admin@contoso.com"), "displayName": "Ada Admin" } },
        "parentReference": parent(drive, &file.path),
        "file": { "mimeType": mime_type(name), "hashes": { "quickXorHash": "" } },
        "fileSystemInfo": { "createdDateTime": instant(file.made), "lastModifiedDateTime": instant(file.modified) },
    })
}

/// The folder at a path: the root, or what stands in front of a file's name.
fn folder(drive: &Drive, address: &FileAddress) -> Option<Value> {
    let FileAddress::Path(path) = address else {
        return None;
    };
    let inside = format!("{}/", path.to_lowercase());
    let is_inside = |file: &&File| path.is_empty() || file.path.to_lowercase().starts_with(&inside);
    let count = drive.files.iter().filter(is_inside).count();
    if count == 0 && !path.is_empty() {
        return None;
    }
    Some(json!({
        "createdDateTime": instant(drive.made),
        "id": format!("01{}", guid(&format!("folder {} {path}", drive.id)).replace('-', "").to_uppercase()),
        "lastModifiedDateTime": instant(drive.made),
        "name": if path.is_empty() { "root" } else { path.rsplit('/').next().unwrap_or_default() },
        "webUrl": format!("{}/{}", drive.address, encoded(path)),
        "size": 0,
        "parentReference": parent(drive, path),
        "folder": { "childCount": count },
    }))
}

fn parent(drive: &Drive, path: &str) -> Value {
    let above = path.rsplit_once('/').map_or("", |(above, _)| above);
    let mark = if above.is_empty() { "" } else { "/" };
    json!({
        "driveType": "documentLibrary",
        "driveId": drive.id,
        "id": format!("01{}", guid(&format!("folder {} {above}", drive.id)).replace('-', "").to_uppercase()),
        "path": format!("/drives/{}/root:{mark}{}", drive.id, encoded(above)),
    })
}

fn mime_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsm" => "application/vnd.ms-excel.sheet.macroEnabled.12",
        "csv" => "text/csv",
        _ => "application/octet-stream",
    }
}

/// The host that has the files' bytes. Whoever has a pass gets them; a bearer token has no business here.
#[derive(Debug)]
pub(super) struct OtherHost(pub(super) Arc<Tenant>);

impl Api for OtherHost {
    type Route = Route;

    fn route(&self, _: &Request) -> Option<Route> {
        Some(Route::Download)
    }

    async fn answer(&self, request: &Request) -> Answer {
        let trace = Trace::new(Some(request), self.0.clock.now());
        let mut state = self.0.state();
        if let Some(authorization) = &request.authorization {
            // A pre-authenticated address refuses whoever shows a token (documentation of upload sessions: "may result in an HTTP 401").
            state.leaked.push(authorization.clone());
            return trace.failure(&Failure::of_status(401));
        }
        if !request.path.ends_with("/download.aspx") {
            return trace.failure(&Failure::of_status(401));
        }
        let place = request.parameter(PASS).and_then(|pass| state.passes.get(&pass).cloned());
        let Some((drive, file)) = place.as_deref().and_then(|place| place.split_once('/')) else {
            return trace.failure(&Failure::new(401, "unauthenticated", "The pre-authenticated address has expired."));
        };
        let file = state
            .any_drive(drive)
            .and_then(|drive| drive.file(&FileAddress::Id(file.to_owned())));
        match file {
            Some(file) => Answer::bytes(200, mime_type(&file.path), file.bytes.clone()).header("etag", &file.etag()),
            None => trace.failure(&Failure::not_found()),
        }
    }

    fn error(&self, _: Route, code: u16) -> Value {
        Trace::new(None, self.0.clock.now()).error(&Failure::of_status(code))
    }
}

/// Paths in addresses.
mod percent {
    /// Percent-encoded, but for the slashes.
    pub(super) fn encoded(path: &str) -> String {
        let mut url = url::Url::parse("http://fake").expect("an address");
        url.set_path(path);
        url.path().trim_start_matches('/').to_owned()
    }
}
