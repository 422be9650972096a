//! The rules of the house, held over the source text: who may use whom, what a room must not contain, how files look.
//! Every rule is shown a small offence first, so that a rule that sees nothing cannot pass for a kept one.

mod source;

use source::{Named, Source, documents, files, rust_files};

/// What every room but the pure ones may use.
const COMMON: [&str; 3] = ["clock", "metrics", "config"];

/// The rooms without clock, IO, async and hash maps.
const PURE: [&str; 5] = ["roster", "call", "phrases", "reception", "texts"];

/// Which rooms each room may use, beside [`COMMON`]. A room that is not listed is an offence itself.
const ROOMS: [(&str, &[&str]); 25] = [
    ("roster", &[]),
    ("phrases", &["roster"]),
    ("call", &["roster", "phrases"]),
    ("reception", &["call", "roster", "phrases"]),
    ("texts", &["roster", "phrases"]),
    ("clock", &[]),
    ("metrics", &[]),
    ("access", &["peer", "store"]),
    ("peer", &[]),
    ("config", &["access", "call", "roster", "phrases", "reception"]),
    ("store", &["call", "roster"]),
    ("switchboard", &["call", "roster", "store", "reception", "texts"]),
    ("twilio", &["switchboard", "call", "phrases", "reception", "peer"]),
    ("incidents", &["switchboard", "call"]),
    ("simulator", &["twilio", "call", "roster", "phrases"]),
    ("sheet_sync", &["roster", "store", "notices"]),
    ("notices", &[]),
    ("occasions", &["call", "roster", "store", "notices"]),
    ("exports", &["roster"]),
    ("web", &["access", "store", "roster", "exports", "peer"]),
    ("templates", &[]),
    ("sample", &["templates"]),
    ("sources", &[]),
    ("cli", &["access", "call", "roster", "sources", "exports", "templates"]),
    ("app", &["*"]),
];

/// Names of things, which every door lets through: they say nothing of how a room works.
const NAMES: [&[&str]; 9] = [
    &["crate", "call", "CallId"],
    &["crate", "call", "HotlineName"],
    &["crate", "call", "Away"],
    &["crate", "call", "ToldBy"],
    &["crate", "call", "Fact"],
    &["crate", "call", "Outcome"],
    &["crate", "roster", "Phone"],
    &["crate", "roster", "PhoneKind"],
    &["providers", "CellAddress"],
];

/// Crates that only these rooms may name.
const CRATES: [(&str, &[&str]); 13] = [
    ("argon2", &["access"]),
    ("openidconnect", &["access"]),
    ("tower_sessions", &["web"]),
    ("rpassword", &["app"]),
    ("lettre", &["notices"]),
    ("providers", &["roster", "sheet_sync", "store", "config", "sources", "cli", "app"]),
    ("sqlx", &["store"]),
    ("quick_xml", &["twilio", "simulator"]),
    ("clap", &["cli"]),
    ("rust_xlsxwriter", &["templates"]),
    ("calcard", &["exports"]),
    ("csv", &["exports", "templates"]),
    (
        "axum",
        &["twilio", "simulator", "web", "sheet_sync", "incidents", "metrics", "peer", "app"],
    ),
];

/// A broken rule, as a person reads it: `src/web.rs:12: …`.
type Offence = String;
type Rule = fn(&Source) -> Vec<Offence>;

/// The rules over the shipped code, each with an offence that it must see: path, text, and the line of the offence.
const RULES: [(Rule, &str, &str, usize); 27] = [
    (
        cells_alone,
        "src/roster/cells/dates.rs",
        "//! x\nuse crate::roster::layouts::table::Merged;\n",
        2,
    ),
    (edges, "src/web.rs", "//! x\nuse crate::switchboard::Switchboard;\n", 2),
    (edges, "src/web/page.rs", "//! x\nuse crate::{store::Store, twilio};\n", 2),
    (
        edges,
        "src/call/plan.rs",
        "//! x\nfn f() {\n    let s = g(crate::store::Store::new());\n}\n",
        3,
    ),
    (edges, "src/call/plan.rs", "//! x\nuse super::super::store;\n", 2),
    (edges, "src/call.rs", "//! x\nmod a { use super::super::clock::Clock; }\n", 2),
    (edges, "src/roster.rs", "//! x\nuse crate::clock::Clock;\n", 2),
    (edges, "src/web.rs", "//! x\nfn f() { html! { p { (crate::call::words()) } } }\n", 2),
    (edges, "src/cellar.rs", "//! x\n", 1),
    (edges, "src/web.rs", "//! x\nuse rotaline::twilio;\n", 2),
    (nouns_only, "src/call.rs", "//! x\nuse crate::roster::{Phone, read};\n", 2),
    (
        foreign,
        "src/switchboard.rs",
        "//! x\nasync fn f() { sqlx::query(\"\").await }\n",
        2,
    ),
    (foreign, "src/call.rs", "//! x\nuse providers::Sheet;\n", 2),
    (sql, "src/web.rs", "//! x\nconst Q: &str = \"SELECT name FROM calls\";\n", 2),
    (
        sql,
        "src/web.rs",
        "//! x\nconst Q: &str = r#\"\n  UPDATE calls SET state = 1\"#;\n",
        2,
    ),
    (
        carrier_words,
        "src/switchboard.rs",
        "//! x\nconst T: &str = \"<Response></Response>\";\n",
        2,
    ),
    (carrier_words, "src/store.rs", "//! x\nstruct Row { call_sid: String }\n", 2),
    (carrier_words, "src/call.rs", "//! x\nstruct CallSid;\n", 2),
    (purity, "src/call.rs", "//! x\nuse std::collections::{BTreeMap, HashMap};\n", 2),
    (purity, "src/roster/read.rs", "//! x\nasync fn read() {}\n", 2),
    (purity, "src/roster/read.rs", "//! x\nuse std::{fmt, fs};\n", 2),
    (purity, "src/roster/read.rs", "//! x\nfn f() { std::env::var(\"X\").ok(); }\n", 2),
    (time, "src/store.rs", "//! x\nfn f() { chrono::Utc::now(); }\n", 2),
    (time, "src/web.rs", "//! x\n#[allow(clippy::disallowed_methods)]\nfn f() {}\n", 2),
    (opening, "src/web.rs", "use std::fmt;\n", 1),
    (words, "src/web.rs", "//! x\n/// The on-call person.\nfn f() {}\n", 2),
    (words, "src/web.rs", "//! x\n// TODO: later\n", 2),
];

#[test]
fn each_rule_sees_an_offence() {
    for (rule, path, text, line) in RULES {
        let offences = rule(&Source::parse(path, text));
        assert_eq!(offences.len(), 1, "{text}{offences:?}");
        assert!(offences[0].starts_with(&format!("{path}:{line}: ")), "{text}{offences:?}");
    }
    let long = "//! x\n".to_owned() + &"//\n".repeat(600);
    assert_eq!(size(&Source::parse("src/web.rs", long)).len(), 1);
    assert_eq!(bad_packages("name = \"ring\"\nname = \"openssl-sys\"\n"), ["openssl-sys"]);
}

#[test]
fn what_is_allowed_offends_no_rule() {
    let innocent = [
        // Comments, texts and tests are no code; sums of paths within a room are free.
        (
            "src/call/plan.rs",
            "//! Not crate::store.\nuse super::Call;\nuse crate::roster::{Phone, Responder};\n/* crate::web */\npub(crate) fn f(x: &str) { g(\"crate::web\"); }\n#[cfg(test)]\nmod tests { use crate::store::Store; use std::collections::HashMap; }\n",
        ),
        (
            "src/call.rs",
            "//! x\n#[cfg(test)]\nuse crate::{store, web};\nmod inner { use super::Call; }\nstruct Inside; // a sid\n",
        ),
        (
            "src/store.rs",
            "//! x\nuse crate::clock::Clock;\nuse crate::call::Call;\nfn f() { sqlx::query(\"SELECT 1\"); }\n",
        ),
        (
            "src/web.rs",
            "//! x\nconst WORDS: &str = \"Select a rota\";\nuse crate::{config, metrics, roster::Roster, store::Store};\n",
        ),
        ("src/twilio.rs", "//! x\nuse crate::roster::Phone;\n"),
        (
            "src/web.rs",
            "//! x\nuse crate::call::{Fact, Outcome};\nfn f(cell: &providers::CellAddress) { crate::call::Outcome::Served; }\n",
        ),
        ("src/app.rs", "//! x\nuse crate::{twilio, switchboard};\n"),
        (
            "src/clock.rs",
            "//! x\n#[allow(clippy::disallowed_methods)]\nfn f() { chrono::Utc::now(); }\n",
        ),
    ];
    for (path, text) in innocent {
        let source = Source::parse(path, text);
        for rule in [edges, nouns_only, foreign, sql, carrier_words, purity, time, opening, words, size] {
            assert_eq!(rule(&source), Vec::<Offence>::new(), "{text}");
        }
    }
}

#[test]
fn rooms_keep_to_their_edges() {
    hold(&[edges, nouns_only, foreign]);
}

#[test]
fn only_the_store_has_sql_and_only_the_carrier_has_its_words() {
    hold(&[sql, carrier_words]);
}

#[test]
fn pure_rooms_are_pure_and_only_the_clock_knows_the_time() {
    hold(&[purity, time]);
}

#[test]
fn files_are_short_and_open_with_their_purpose() {
    let sources = rust_files(&["src", "providers/src", "tests"]);
    let offences: Vec<Offence> = sources.iter().flat_map(|source| [size(source), opening(source)].concat()).collect();
    assert!(offences.is_empty(), "\n{}", offences.join("\n"));
}

#[test]
fn one_word_for_one_thing() {
    let mut offences: Vec<Offence> = rust_files(&["src", "providers/src", "tests"])
        .iter()
        .filter(|source| source.path != "tests/it/house.rs")
        .flat_map(words)
        .collect();
    for (path, text) in [documents(), files(&["src"], "toml")].concat() {
        offences.extend(wrong_words(&path, &text));
    }
    assert!(offences.is_empty(), "\n{}", offences.join("\n"));
}

#[test]
fn one_kind_of_cryptography() {
    let lock = files(&["Cargo.lock"], "lock").remove(0).1;
    assert_eq!(bad_packages(&lock), Vec::<String>::new());
}

#[test]
fn each_migration_stands_for_both_databases() {
    let [sqlite, postgres] = ["migrations/sqlite", "migrations/postgres"].map(|folder| {
        let names = files(&[folder], "sql").into_iter().map(|(path, _)| path.replace(folder, ""));
        names.collect::<Vec<_>>()
    });
    assert!(sqlite.len() >= 10, "{sqlite:?}");
    assert_eq!(lonely(&sqlite, &postgres), Vec::<String>::new());
    let [one, two, other] = ["/0001_calls.sql", "/0002_texts.sql", "/0002_rotas.sql"].map(str::to_owned);
    assert_eq!(
        lonely(&[one.clone(), two.clone()], &[one.clone(), two.clone()]),
        Vec::<String>::new()
    );
    assert_eq!(lonely(&[one.clone(), two.clone()], std::slice::from_ref(&one)), ["/0002_texts.sql"]);
    assert_eq!(lonely(&[one.clone(), two.clone()], &[one, two, other]), ["/0002_rotas.sql"]);
}

/// The migrations of one database that the other does not have under the same number and name.
fn lonely(sqlite: &[String], postgres: &[String]) -> Vec<String> {
    let without = |all: &[String], others: &[String]| {
        let alone = all.iter().filter(|one| !others.contains(one)).cloned();
        alone.collect::<Vec<_>>()
    };
    [without(sqlite, postgres), without(postgres, sqlite)].concat()
}

/// A process of the version before may still run: it must not miss anything, nor leave out what must be there.
#[test]
fn migrations_only_add() {
    let offences: Vec<Offence> = files(&["migrations"], "sql")
        .iter()
        .flat_map(|(path, text)| takes_away(text).into_iter().map(move |statement| format!("{path}: {statement}")))
        .collect();
    assert!(offences.is_empty(), "\n{}", offences.join("\n"));
    let added = "-- DROP TABLE x\nALTER TABLE x ADD COLUMN a TEXT;\nALTER TABLE x ADD COLUMN b TEXT NOT NULL DEFAULT '';\nDROP TRIGGER t;";
    assert_eq!(takes_away(added), Vec::<String>::new());
    for wrong in [
        "DROP TABLE x",
        "alter table x drop column a",
        "ALTER TABLE x\n RENAME TO y",
        "ALTER TABLE x ADD COLUMN a TEXT NOT NULL",
        "ALTER TABLE x ALTER COLUMN a SET NOT NULL",
    ] {
        assert_eq!(takes_away(wrong).len(), 1, "{wrong}");
    }
}

/// The statements of a migration that a running process of the version before would stumble over.
fn takes_away(sql: &str) -> Vec<String> {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join(" ").to_uppercase();
    let statements = text
        .split(';')
        .map(|statement| statement.split_whitespace().collect::<Vec<_>>().join(" "));
    statements.filter(|statement| stumbles(statement)).collect()
}

fn stumbles(statement: &str) -> bool {
    let takes = ["DROP TABLE", "DROP COLUMN", " RENAME ", " ALTER COLUMN "];
    let must_be_given = statement.contains(" ADD COLUMN ") && statement.contains("NOT NULL") && !statement.contains("DEFAULT");
    takes.iter().any(|taken| statement.contains(taken)) || must_be_given
}

/// Applies rules to all shipped code.
fn hold(rules: &[Rule]) {
    let sources = rust_files(&["src"]);
    let shipped = sources.iter().filter(|source| !source.is_test);
    let offences: Vec<Offence> = shipped.flat_map(|source| rules.iter().flat_map(|rule| rule(source))).collect();
    assert!(offences.is_empty(), "\n{}", offences.join("\n"));
}

fn offence(source: &Source, line: usize, words: impl std::fmt::Display) -> Offence {
    format!("{}:{line}: {words}", source.path)
}

/// The room of a file that has to keep to edges; the crate's roots are the map, not a room.
fn room(source: &Source) -> Option<&str> {
    source.room().filter(|room| !["main", "lib"].contains(room))
}

/// The room that a path leads to, when it is written from the root of the crate, in whichever way.
fn destination<'n>(source: &Source, path: &'n Named) -> Option<&'n str> {
    let parts: Vec<&str> = path.parts.iter().map(String::as_str).skip_while(|part| *part == "self").collect();
    let ups = parts.iter().take_while(|part| **part == "super").count();
    match parts.first()? {
        &"crate" | &"rotaline" => parts.get(1).copied(),
        &"super" if ups >= source.depth() + path.inline_depth => parts.get(ups).copied(),
        _ => None,
    }
}

/// Whether the path is one of [`NAMES`], or something of it (`Outcome::Served`).
fn is_name(path: &Named) -> bool {
    let begins = |name: &[&str]| name.len() <= path.parts.len() && path.parts.iter().zip(name).all(|(part, name)| part == name);
    NAMES.iter().any(|name| begins(name))
}

fn edges(source: &Source) -> Vec<Offence> {
    let Some(room) = room(source) else {
        return Vec::new();
    };
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![offence(
            source,
            1,
            format_args!("the room {room} is not in the table of tests/it/house.rs"),
        )];
    };
    let common: &[&str] = if PURE.contains(&room) { &[] } else { &COMMON };
    source
        .paths
        .iter()
        .filter(|path| !is_name(path) || PURE.contains(&room))
        .filter_map(|path| Some((path.line, destination(source, path)?)))
        .filter(|(_, to)| *to != room && *allowed != ["*"] && !allowed.contains(to) && !common.contains(to))
        .map(|(line, to)| offence(source, line, format_args!("{room} must not use {to}")))
        .collect()
}

/// What one cell says is read without knowing where it stands.
fn cells_alone(source: &Source) -> Vec<Offence> {
    if !source.path.starts_with("src/roster/cells") {
        return Vec::new();
    }
    let leaves = |path: &&Named| {
        let parts: Vec<&str> = path.parts.iter().map(String::as_str).collect();
        matches!(parts.as_slice(), ["crate", "roster", within, ..] if !["cells", "Phone"].contains(within))
    };
    let words = "cells must not know tables or tabs";
    let left = source.paths.iter().filter(leaves);
    left.map(|path| offence(source, path.line, words)).collect()
}

/// Calls know people and numbers; how a rota is read is not theirs.
fn nouns_only(source: &Source) -> Vec<Offence> {
    if room(source) != Some("call") {
        return Vec::new();
    }
    let reads = |path: &&Named| {
        let parts: Vec<&str> = path.parts.iter().map(String::as_str).collect();
        matches!(
            parts.as_slice(),
            ["crate", "roster", "read" | "wall_clock" | "Settings" | "Diagnostic", ..]
        )
    };
    let words = "call uses the nouns of roster only";
    source
        .paths
        .iter()
        .filter(reads)
        .map(|path| offence(source, path.line, words))
        .collect()
}

fn foreign(source: &Source) -> Vec<Offence> {
    let Some(room) = room(source) else {
        return Vec::new();
    };
    let mut offences = Vec::new();
    for path in source.paths.iter().filter(|path| path.parts.len() > 1) {
        if is_name(path) && !PURE.contains(&room) {
            continue;
        }
        let listed = CRATES.iter().find(|(name, _)| *name == path.parts[0]);
        if let Some((name, rooms)) = listed
            && !rooms.contains(&room)
        {
            offences.push(offence(source, path.line, format_args!("{room} must not use the crate {name}")));
        }
    }
    offences
}

fn sql(source: &Source) -> Vec<Offence> {
    const VERBS: [&str; 8] = [
        "SELECT ",
        "INSERT INTO ",
        "INSERT OR ",
        "UPDATE ",
        "DELETE FROM ",
        "CREATE TABLE ",
        "PRAGMA ",
        "BEGIN IMMEDIATE",
    ];
    if room(source) == Some("store") {
        return Vec::new();
    }
    let begins = |literal: &str| {
        let text = literal.trim_start_matches(|character: char| !character.is_alphabetic() || character == 'r');
        VERBS.iter().any(|verb| text.starts_with(verb))
    };
    let found = source.literals.iter().filter(|(literal, _)| begins(literal));
    found.map(|(_, line)| offence(source, *line, "SQL outside of store")).collect()
}

/// XML and the carrier's identifiers. The configuration names the account, and the application passes it on.
fn carrier_words(source: &Source) -> Vec<Offence> {
    const ELEMENTS: [&str; 6] = ["<Response", "<Dial", "<Gather", "<Say", "<Record", "<?xml"];
    if ["twilio", "simulator", "config", "app"].map(Some).contains(&room(source)) {
        return Vec::new();
    }
    let xml = source
        .literals
        .iter()
        .filter(|(literal, _)| ELEMENTS.iter().any(|element| literal.contains(element)));
    let mut offences: Vec<Offence> = xml.map(|(_, line)| offence(source, *line, "XML outside of twilio")).collect();
    for path in &source.paths {
        let is_sid = |part: &&String| part.ends_with("_sid") || part.ends_with("Sid") || *part == "sid";
        if let Some(part) = path.parts.iter().find(is_sid) {
            offences.push(offence(
                source,
                path.line,
                format_args!("{part}: a name of the carrier outside of twilio"),
            ));
        }
    }
    offences
}

fn purity(source: &Source) -> Vec<Offence> {
    const WORDS: [&str; 9] = [
        "async", "await", "HashMap", "HashSet", "tokio", "reqwest", "tracing", "println", "eprintln",
    ];
    const STD: [&str; 7] = ["fs", "net", "env", "io", "process", "thread", "os"];
    if !room(source).is_some_and(|room| PURE.contains(&room)) {
        return Vec::new();
    }
    let mut offences = Vec::new();
    for path in &source.paths {
        let word = path.parts.iter().find(|part| WORDS.contains(&part.as_str()));
        let std = match path.parts.as_slice() {
            [first, second, ..] if first == "std" && STD.contains(&second.as_str()) => Some(second),
            _ => None,
        };
        if let Some(part) = word.or(std) {
            offences.push(offence(source, path.line, format_args!("{part} in a pure room")));
        }
    }
    offences
}

fn time(source: &Source) -> Vec<Offence> {
    const CLOCKS: [&str; 4] = ["Utc", "Local", "SystemTime", "Instant"];
    if source.path.starts_with("src/clock") || source.path.starts_with("src/roster/wall_clock") {
        return Vec::new();
    }
    let mut offences = Vec::new();
    for path in &source.paths {
        let asks = path
            .parts
            .windows(2)
            .any(|pair| CLOCKS.contains(&pair[0].as_str()) && pair[1] == "now");
        if asks || path.parts.iter().any(|part| part == "disallowed_methods") {
            offences.push(offence(
                source,
                path.line,
                "only clock asks for the time, only roster::wall_clock turns it",
            ));
        }
    }
    offences
}

/// A module says what it is for. A module's own tests need not: their place says it already.
fn opening(source: &Source) -> Vec<Offence> {
    let are_tests_of_a_module = source.is_test && source.path.contains("src/");
    if source.text.starts_with("//! ") || are_tests_of_a_module {
        return Vec::new();
    }
    vec![offence(source, 1, "a module opens with //! and what it is for")]
}

fn size(source: &Source) -> Vec<Offence> {
    const MOST: usize = 600;
    let lines = source.text.lines().count();
    if lines <= MOST {
        return Vec::new();
    }
    vec![offence(source, lines, format_args!("more than {MOST} lines"))]
}

fn words(source: &Source) -> Vec<Offence> {
    wrong_words(&source.path, &source.text)
}

fn wrong_words(path: &str, text: &str) -> Vec<Offence> {
    const WRONG: [(&str, &str); 7] = [
        ("oncall person", "responder"),
        ("on-call person", "responder"),
        ("on call person", "responder"),
        ("operator rung", "responder"),
        ("escalation step", "level"),
        ("todo:", "an issue"),
        ("fixme", "an issue"),
    ];
    let mut offences = Vec::new();
    for (line, words) in (1..).zip(text.lines().map(str::to_lowercase)) {
        for (wrong, right) in WRONG {
            if words.contains(wrong) {
                offences.push(format!("{path}:{line}: \"{wrong}\": our word is {right}"));
            }
        }
    }
    offences
}

/// Packages that bring a second implementation of cryptography, or a C toolchain.
fn bad_packages(lock: &str) -> Vec<String> {
    const BAD: [&str; 5] = ["openssl", "openssl-sys", "native-tls", "aws-lc-rs", "aws-lc-sys"];
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \""));
    names
        .map(|name| name.trim_end_matches('"').to_owned())
        .filter(|name| BAD.contains(&name.as_str()))
        .collect()
}
