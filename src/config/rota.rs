//! Where a rota comes from: `rota` and `fallback` of a hotline, and which accounts reading them takes.

use super::checks;
use super::section::Section;
use super::{Drive, Source};
use std::path::Path;

/// More sources than these make no rota that a person oversees.
const MOST_SOURCES: usize = 10;
/// A rota has four tabs; a list more or less does no harm.
const MOST_LISTS: usize = 20;

/// The first place from which an account is needed.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    pub(super) google: Option<Need>,
    pub(super) microsoft: Option<Need>,
}

/// Where a source stands that cannot be read without an account.
#[derive(Clone, Debug)]
pub(super) struct Need {
    pub(super) line: Option<usize>,
    /// The path of its key.
    pub(super) key: String,
}

/// What holds for all sources of a hotline.
pub(super) struct Around<'a> {
    /// Relative paths begin here.
    pub(super) folder: &'a Path,
    /// The zone that the hotline names.
    pub(super) zone: Option<&'a str>,
    pub(super) needs: &'a mut Needs,
}

/// The sources at `key`, in order; none where a fault was reported or the key is left out.
pub(super) fn sources(section: &mut Section<'_, '_>, key: &'static str, around: &mut Around<'_>) -> Option<Vec<Source>> {
    const REMEDY: &str = "Say where the rota is: { file = \"rota.xlsx\" }, { google_sheet = \"…\" }, { sharepoint_site = \"…\" } or { excel_online = \"…\" }";
    if key == "rota" {
        section.missing(key, REMEDY);
    }
    let tables = section.tables(key, REMEDY);
    if section.has_empty_list(key) {
        section.fault(key, "saw an empty list", REMEDY);
    }
    if tables.len() > MOST_SOURCES {
        section.fault(
            key,
            format!("saw {} sources", tables.len()),
            &format!("Allowed: {MOST_SOURCES} at most"),
        );
    }
    let read: Vec<Option<Source>> = tables
        .into_iter()
        .take(MOST_SOURCES)
        .map(|table| {
            if table.is_empty() {
                section.fault(key, "saw no source in it", REMEDY);
            }
            source(table, around)
        })
        .collect();
    let mut sources: Vec<Source> = Vec::new();
    for source in read {
        let source = source?;
        if sources.contains(&source) {
            section.fault(key, "saw the same source twice", "Name each source once");
        }
        sources.push(source);
    }
    (!sources.is_empty()).then_some(sources)
}

fn source(mut table: Section<'_, '_>, around: &mut Around<'_>) -> Option<Source> {
    const KINDS: [&str; 4] = ["file", "google_sheet", "sharepoint_site", "excel_online"];
    let kinds: Vec<&'static str> = KINDS.into_iter().filter(|kind| table.has(kind)).collect();
    if let [_, second, ..] = kinds.as_slice() {
        table.fault(
            second,
            "a second source in one place",
            "To join several, write a list: rota = [{ … }, { … }]",
        );
        return None;
    }
    let source = match kinds.first().copied() {
        Some("file") => table.text("file", checks::path).map(|path| Source::File(around.folder.join(path))),
        Some("google_sheet") => {
            around.needs.google.get_or_insert_with(|| need(&table, "google_sheet"));
            table.text("google_sheet", checks::google_sheet).map(Source::GoogleSheet)
        }
        Some("sharepoint_site") => {
            around.needs.microsoft.get_or_insert_with(|| need(&table, "sharepoint_site"));
            sharepoint_lists(&mut table, around.zone)
        }
        Some("excel_online") => {
            around.needs.microsoft.get_or_insert_with(|| need(&table, "excel_online"));
            excel_online(&mut table)
        }
        Some(_) | None => None,
    };
    table.finish();
    source
}

fn need(table: &Section<'_, '_>, key: &str) -> Need {
    let place = table.make_fault(key, "", "");
    Need {
        line: place.line,
        key: place.key,
    }
}

fn sharepoint_lists(table: &mut Section<'_, '_>, zone: Option<&str>) -> Option<Source> {
    let site = table.text("sharepoint_site", checks::site);
    let lists = table.list("lists", MOST_LISTS, checks::list_name);
    let own_zone = table.text("time_zone", checks::time_zone);
    Some(Source::SharePointLists {
        site: site?,
        lists: lists.into_iter().map(|(name, _)| name).collect(),
        time_zone: own_zone.map(|zone| zone.name()).or(zone).map(str::to_owned),
    })
}

fn excel_online(table: &mut Section<'_, '_>) -> Option<Source> {
    let path = table.text("excel_online", checks::drive_path);
    let site = table.text("site", checks::site);
    let user = table.text("user", checks::user);
    let drive = match (table.has("site"), table.has("user")) {
        (true, false) => site.map(Drive::Site),
        (false, true) => user.map(Drive::User),
        (true, true) => {
            table.fault("user", "said beside site", "Keep one: the site, or the person whose OneDrive it is");
            None
        }
        (false, false) => {
            table.fault(
                "excel_online",
                "whose drive it is in is not said",
                "Add site = \"https://contoso.sharepoint.com/sites/ops\", or user = \"anna@contoso.com\" for a OneDrive",
            );
            None
        }
    };
    Some(Source::ExcelOnline {
        drive: drive?,
        path: path?,
    })
}
