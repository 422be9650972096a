//! docs/security.md promises tests by name: each is there, and each line has one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder.
fn sources(folder: &Path, into: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            into.push(fs::read_to_string(&path).unwrap());
        }
    }
}

/// The names of functions that the test harness runs: by an attribute, or in a list that is run on every store or database.
fn tests_in(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut is_test, mut in_list) = (false, false);
    for line in source.lines().map(str::trim) {
        let begins = line.starts_with("on_every_");
        if let Some((_, named)) = line.strip_suffix(");").filter(|_| begins).and_then(|line| line.split_once("!(")) {
            found.extend(named.split(',').map(|name| name.trim().to_owned()));
            continue;
        }
        in_list = (in_list || begins) && line != ");";
        let name = |line: &str| -> Option<String> {
            let (before, rest) = line.split_once("fn ")?;
            let is_head = before.split_whitespace().all(|word| ["async", "pub", "pub(super)"].contains(&word));
            is_head.then(|| rest.split(['(', '<']).next().unwrap_or_default().to_owned())
        };
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some(name) = name(line) {
            if is_test {
                found.insert(name);
            }
            is_test = false;
        } else if in_list && line.ends_with(',') {
            found.insert(line.trim_end_matches(',').to_owned());
        }
    }
    found
}

/// What stands in a cell between backticks, with the word before it.
fn quoted(cell: &str) -> Vec<(bool, String)> {
    let pieces: Vec<&str> = cell.split('`').collect();
    let quoted = pieces.iter().enumerate().skip(1).step_by(2);
    quoted
        .map(|(at, name)| (pieces[at - 1].trim_end().ends_with("fuzz"), (*name).to_owned()))
        .collect()
}

fn rows(document: &str) -> Vec<Vec<String>> {
    let tables = document.lines().filter(|line| line.starts_with('|') && !line.starts_with("|--"));
    let cells = tables.map(|line| {
        line.trim_matches('|')
            .split(" | ")
            .map(|cell| cell.trim().to_owned())
            .collect::<Vec<_>>()
    });
    cells.filter(|cells| cells.last().is_some_and(|last| last != "tests")).collect()
}

#[test]
fn each_line_about_a_threat_names_tests_that_there_are() {
    let document = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let mut texts = Vec::new();
    for folder in ["src", "tests", "providers"] {
        sources(&root().join(folder), &mut texts);
    }
    let known: BTreeSet<String> = texts.iter().flat_map(|text| tests_in(text)).collect();
    assert!(known.len() > 1_000, "only {} tests are found", known.len());
    let rows = rows(&document);
    assert!(rows.len() >= 25, "{} lines", rows.len());
    let mut offences = Vec::new();
    for row in &rows {
        let (threat, named) = (&row[0], quoted(row.last().unwrap()));
        if !named.iter().any(|(is_fuzz, _)| !is_fuzz) {
            offences.push(format!("{threat}: no test"));
        }
        for (is_fuzz, name) in named {
            let is_there = if is_fuzz {
                root().join(format!("fuzz/fuzz_targets/{name}.rs")).exists()
            } else {
                known.contains(&name)
            };
            if !is_there {
                offences.push(format!("{threat}: there is no {name}"));
            }
        }
    }
    assert!(offences.is_empty(), "\n{}", offences.join("\n"));
    for threat in [
        "caller",
        "responder",
        "admin",
        "neighbour",
        "network",
        "stolen database",
        "stolen laptop",
        "supply chain",
    ] {
        let is_told = document
            .lines()
            .any(|line| line.starts_with("## ") && line.to_lowercase().contains(threat));
        assert!(is_told, "nothing is said of: {threat}");
    }
}
