//! `preview`, `diff` and `check` as an admin uses them on a rota of his own.

use super::cli::{folder_with, sample, typed};
use std::path::Path;

const SETTINGS: &str = "time_zone = \"Europe/London\"\ncountry = \"GB\"\nhandover = \"09:00\"\n";
const CONTACTS: &str = "Name,Phone\nMaya Stone,07700 900123\nOmar Reid,07700 900124\nDuty manager,07700 900125\n";
const ROTA: &str = "From,1st,2nd\n2026-03-23,Maya Stone,Omar Reid\n2026-03-30,Omar Reed,\"nobody\"\n2026-04-06,Maya Stone,Omar Reid\n";

/// A folder `rota` of text tables.
fn rota(text: &str) -> tempfile::TempDir {
    let folder = folder_with(&[("rota.toml", SETTINGS)]);
    add(folder.path(), "rota", text);
    folder
}

fn add(folder: &Path, name: &str, text: &str) {
    let tables = folder.join(name);
    std::fs::create_dir(&tables).unwrap();
    std::fs::write(tables.join("Contacts.csv"), CONTACTS).unwrap();
    std::fs::write(tables.join("Rota.csv"), text).unwrap();
}

#[test]
fn a_preview_tells_the_shape_and_the_days() {
    let folder = rota(ROTA);
    let arguments = [
        "preview",
        "--rota",
        "rota",
        "--at",
        "2026-03-27 12:00",
        "--days",
        "7",
        "--full-numbers",
    ];
    let said = typed(folder.path(), &arguments);
    let expected = "
From Fri 27 Mar 2026 12:00 to Fri 3 Apr 12:00:
  Mon 23 Mar 09:00 to Mon 30 Mar 09:00 (167 hours: the clocks go forward): first Maya Stone +44 7700 900123 (Rota.csv line 2, column 2), \
second Omar Reid +44 7700 900124 (Rota.csv line 2, column 3).
  Mon 30 Mar 09:00 to Mon 6 Apr 09:00 (7 days): NOBODY is on call, and the sheet does not say that this is meant; callers are asked to leave a \
message; \"Omar Reed\" (1st, Rota.csv line 3, column 2) cannot be rung: not in Contacts.

If nobody accepts a call, callers are asked to leave a message.
1 finding stops somebody from being reached: see `rotaline check`.
";
    assert!(said.out.ends_with(expected), "{}{}", said.out, said.err);
    let read = "\nHere is what I read: the tab \"Rota\" (its header is at Rota.csv line 1, column 1) as ";
    assert!(said.out.contains(read), "{}", said.out);
    assert_eq!(said.status, 1);

    let said = typed(folder.path(), &["preview", "--rota", "rota", "--at", "2026-03-27 12:00", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        (&json["stretches"][0]["state"], &json["stretches"][1]["state"]),
        (&"on_call".into(), &"gap".into())
    );
    assert_eq!(json["until_local"], "2026-04-10T12:00:00+01:00");
    assert!(!said.out.contains("900123"), "numbers are masked: {}", said.out);
    for days in ["0", "367", "x"] {
        let said = typed(folder.path(), &["preview", "--rota", "rota", "--days", days]);
        assert_eq!((said.out.as_str(), said.status), ("", 2), "{}", said.err);
    }
}

#[test]
fn two_versions_are_compared_in_who_is_rung() {
    let folder = rota(ROTA);
    add(folder.path(), "mended", &ROTA.replace("Omar Reed", "Omar Reid"));
    add(folder.path(), "said", &ROTA.replace("Omar Reed", "nobody"));
    let diff = |old: &str, new: &str| {
        let set = ["--settings", "rota.toml", "--at", "2026-03-27 12:00"];
        typed(folder.path(), &[&["diff", old, new], set.as_slice()].concat())
    };
    let mended = diff("rota", "mended");
    assert_eq!(
        mended.out,
        "\
rota and mended, from Fri 27 Mar 2026 12:00 to Fri 10 Apr 12:00 (Europe/London)
(settings from rota.toml)

Rung otherwise:
  Omar Reid now first on Mon 30 Mar 09:00–Mon 6 Apr 09:00, where nobody was.

1 difference, 1 of them in who is rung.
",
        "{}",
        mended.err
    );
    assert_eq!(mended.status, 1);
    let meant = diff("rota", "said");
    assert!(meant.out.ends_with("\n1 difference; the same people are rung.\n"), "{}", meant.out);
    assert_eq!(meant.status, 0);
    let same = diff("rota", "rota");
    assert!(
        same.out.ends_with("\nNothing that matters to calls is different.\n"),
        "{}",
        same.out
    );
    assert_eq!(same.status, 0);
    let none = diff("rota", "none");
    assert_eq!((none.err.as_str(), none.status), ("rotaline: not found: none\n", 2));
    assert_eq!(typed(folder.path(), &["diff", "rota"]).status, 2);
}

#[test]
fn without_a_copy_in_use_a_hotline_has_nothing_to_compare_with() {
    let config = format!(
        "[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\n[store]\npath = \"none.sqlite\"\n[[hotline]]\nname = \"lab\"\nnumbers = \
         [\"+61491570006\"]\nrota = {{ file = {:?} }}\n",
        sample().to_str().unwrap()
    );
    let folder = folder_with(&[("rotaline.toml", &config)]);
    let said = typed(folder.path(), &["diff"]);
    assert_eq!(
        said.err,
        "rotaline: there is no copy in use of the rota of \"lab\" to compare with: `rotaline serve` keeps one\n"
    );
    assert_eq!(said.status, 2);
    assert!(!folder.path().join("none.sqlite").exists(), "a question makes no store");
}

#[test]
fn findings_say_the_same_words_everywhere() {
    let folder = rota(ROTA);
    let check = |more: &[&str]| {
        typed(
            folder.path(),
            &[&["check", "--rota", "rota", "--at", "2026-03-27 12:00"], more].concat(),
        )
    };
    let text = check(&[]);
    let said = "\
STOP  Rota.csv line 3, column 2: \"Omar Reed\" is not in Contacts (nearest: \"Omar Reid\", Contacts.csv line 3, column 1). [name-unknown]
";
    assert!(text.out.starts_with(said), "{}", text.out);
    assert_eq!(text.status, 1);
    let json = check(&["--json"]);
    assert_eq!(check(&["--format", "json"]).out, json.out);
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let finding = &report["findings"][0];
    let part = |key: &str| finding[key].as_str().unwrap().to_owned();
    for part in ["seen", "consequence", "remedy"].map(part) {
        assert!(text.out.contains(&part), "{part}\n{}", text.out);
    }
    assert_eq!(
        (&finding["code"], &finding["links"]),
        (&"name-unknown".into(), &serde_json::json!([null]))
    );
    let github = check(&["--format", "github"]);
    let line = github.out.lines().next().unwrap();
    assert!(
        line.starts_with("::error file=rota/Rota.csv,line=3,col=12,title=name-unknown::STOP  Rota.csv line 3, "),
        "{line}"
    );
    assert!(
        line.contains(&part("consequence")) && line.contains(&format!("%0A      {}", part("remedy"))),
        "{line}"
    );
    assert_eq!(github.status, 1);
    assert_eq!(check(&["--format", "github", "--json"]).status, 2);
}

#[test]
fn a_code_is_explained() {
    let said = typed(Path::new("."), &["check", "--explain", "name-unknown"]);
    assert!(
        said.out
            .starts_with("name-unknown\n\nSTOP or NOTE: A name in the rota is not among the contacts.\n"),
        "{}",
        said.out
    );
    assert_eq!(said.status, 0);
    let said = typed(Path::new("."), &["check", "--explain", "name-unknwon"]);
    assert!(said.err.contains("The nearest is name-unknown"), "{}", said.err);
    assert_eq!(said.status, 2);
}
