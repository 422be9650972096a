//! What goes out to other programs, as it is typed and asked for: tables, calendars, templates.

use super::cli::{Said, folder_with, typed_with};
use std::path::Path;

fn typed(folder: &Path, arguments: &[&str]) -> Said {
    typed_with(folder, arguments, &[])
}

fn sample() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sample-rota.xlsx");
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_duties_of_a_rota_as_a_table() {
    let arguments = ["export", "--rota", &sample(), "--from", "2026-03-07 18:00", "--until", "2026-03-09"];
    let said = typed(Path::new("."), &arguments);
    // Sat 7 Mar 18:00 to Sun 8 Mar 18:00 is the change; after it the week goes on until Mon 9 Mar 08:00.
    let change = r#""2026-03-07T18:00:00+11:00","2026-03-08T18:00:00+11:00","2026-03-07T07:00:00Z","2026-03-08T07:00:00Z","on_call""#;
    let week = r#""2026-03-08T18:00:00+11:00","2026-03-09T08:00:00+11:00","2026-03-08T07:00:00Z","2026-03-08T21:00:00Z","on_call""#;
    let expected = [
        r#""from","until","from_utc","until_utc","state","level","label","person","number","cell","is_change""#.to_owned(),
        format!(r#"{change},"1","1st","Tom Okafor","'+61…157","Changes!C2","true""#),
        format!(r#"{change},"2","2nd","Lab duty phone","'+61…110","Changes!D2","true""#),
        format!(r#"{change},"3","3rd","Dr Wei Zhang","'+61…158","Rota!D4","false""#),
        format!(r#"{week},"1","1st","Priya Nair","'+61…156","Rota!B4","false""#),
        format!(r#"{week},"2","2nd","Tom Okafor","'+61…157","Rota!C4","false""#),
        format!(r#"{week},"3","3rd","Dr Wei Zhang","'+61…158","Rota!D4","false""#),
    ];
    assert_eq!(said.out.split_terminator("\r\n").collect::<Vec<_>>(), expected, "{}", said.err);
    assert_eq!(said.status, 0);

    let shown = typed(Path::new("."), &[&arguments[..], &["--numbers", "--format", "json"]].concat());
    let report: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(report["duties"][0]["number"], "+61491570157");
    assert_eq!(report["until"], "2026-03-09T00:00:00+11:00");
    assert_eq!(report["duties"].as_array().unwrap().len(), 6);
}

#[test]
fn the_duties_of_a_rota_as_a_calendar() {
    let said = typed(
        Path::new("."),
        &[
            "export",
            "--rota",
            &sample(),
            "--from",
            "2026-03-02",
            "--until",
            "2026-03-07",
            "--format",
            "ical",
        ],
    );
    let lines: Vec<&str> = said.out.split_terminator("\r\n").collect();
    assert_eq!(
        (lines[0], *lines.last().unwrap()),
        ("BEGIN:VCALENDAR", "END:VCALENDAR"),
        "{}",
        said.err
    );
    assert!(lines.iter().all(|line| line.len() <= 75), "{}", said.out);
    let summaries: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("SUMMARY:")).collect();
    assert_eq!(summaries.len(), 6, "the end of the week before, and this one: {}", said.out);
    assert_eq!(summaries[3], "sample-rota.xlsx: Priya Nair\\, first on call");
    assert!(!said.out.contains("570"), "{}", said.out);
}

#[test]
fn odd_questions_are_answered_in_words() {
    let cases = [
        (&["--from", "soon"][..], "--from \"soon\" is not a time"),
        (&["--from", "2026-03-09", "--until", "2026-03-09"], "--until is not after --from"),
        (&["--until", "2026-02-30 10:00"], "--until \"2026-02-30 10:00\" is not a time"),
    ];
    for (arguments, words) in cases {
        let said = typed(Path::new("."), &[&["export", "--rota", &sample()], arguments].concat());
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{arguments:?}");
        assert!(said.err.contains(words), "{}", said.err);
    }
}

#[test]
fn a_template_has_nothing_to_find_and_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    for (layout, out) in [
        ("handover", "rota.xlsx"),
        ("shifts", "shifts.xlsx"),
        ("handover", "rota"),
        ("shifts", "new/shifts"),
    ] {
        let write = ["template", "--layout", layout, "--out", out, "--from", "2026-03-02", "--weeks", "6"];
        let said = typed(folder.path(), &write);
        assert_eq!(said.status, 0, "{}", said.err);
        assert!(said.out.contains(&format!("rotaline check --rota {out}")), "{}", said.out);
        let check = typed(folder.path(), &["check", "--rota", out, "--at", "2026-03-03 12:00", "--json"]);
        let report: serde_json::Value = serde_json::from_str(&check.out).unwrap();
        assert_eq!((check.status, &report["findings"]), (0, &serde_json::json!([])), "{out}");
        let again = typed(folder.path(), &write);
        assert_eq!(again.status, 2, "{}", again.out);
        assert!(again.err.contains("is there already, and nothing is written over"), "{}", again.err);
    }
    let said = typed(folder.path(), &["template", "--layout", "week", "--out", "rota.csv"]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("name a folder"), "{}", said.err);
}

/// A rota without numbers: what is missing is written, numbers are filled in, and everybody is reached.
#[test]
fn the_contacts_that_a_rota_lacks() {
    let rota = "From,1st,2nd\n2026-03-02 08:00,Ana Diaz,Bo Lund\n2026-03-09 08:00,Bo Lund,\"=Cy\"\n2026-03-16 08:00,ana diaz,\"Ng, Zoë / Bo Lund\"\n";
    let folder = folder_with(&[("rota.csv", rota)]);
    let said = typed(folder.path(), &["template", "--contacts-for", "rota.csv", "--set", "Time zone=UTC"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(
        said.out.starts_with("Written: contacts.csv\n4 names without a number."),
        "{}",
        said.out
    );
    let written = std::fs::read_to_string(folder.path().join("contacts.csv")).unwrap();
    assert_eq!(
        written,
        "Name,Phone,Second phone,Also known as,Notes\r\nAna Diaz,,,,\r\nBo Lund,,,,\r\n'=Cy,,,,\r\n\"Ng, Zoë\",,,,\r\n"
    );
    let filled = written
        .replace("Ana Diaz,", "Ana Diaz,+61 491 570 006")
        .replace("Bo Lund,", "Bo Lund,+61 491 570 156");
    std::fs::write(folder.path().join("contacts.csv"), filled).unwrap();
    let who = typed(
        folder.path(),
        &[
            "who",
            "--rota",
            ".",
            "--at",
            "2026-03-03T00:00Z",
            "--set",
            "Time zone=UTC",
            "--numbers",
        ],
    );
    assert!(who.out.contains("Ana Diaz  +61491570006"), "{}{}", who.out, who.err);
    assert!(who.out.contains("Bo Lund   +61491570156"), "{}", who.out);

    let whole = typed(folder.path(), &["template", "--contacts-for", &sample(), "--out", "none.csv"]);
    assert_eq!(whole.status, 2);
    assert!(whole.err.contains("names nobody who cannot be rung"), "{}", whole.err);
    assert!(!folder.path().join("none.csv").exists());
}

#[test]
fn the_addresses_of_calendars_last() {
    let config = "[server]\npublic_url = \"https://rota.example.org\"\n[store]\npath = \"rotaline.sqlite\"\n[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\n\
        [[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\nrota = { file = \"rota.xlsx\" }\n";
    let folder = folder_with(&[("rotaline.toml", config)]);
    let said = typed(folder.path(), &["feeds"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let address = said.out.lines().nth(1).unwrap().trim().to_owned();
    let word = address
        .strip_prefix("https://rota.example.org/feeds/")
        .unwrap()
        .strip_suffix("/lab.ics")
        .unwrap();
    assert!(word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit()), "{address}");
    assert!(said.out.contains("no rota has been read"), "{}", said.out);
    let again = typed(folder.path(), &["feeds", "--hotline", "lab", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(report["hotlines"][0]["all"], address.as_str());
    assert_eq!(typed(folder.path(), &["feeds", "--hotline", "other"]).status, 2);
}

#[tokio::test]
async fn the_calls_that_are_kept_as_text_json_and_table() {
    use rotaline::call::{Call, CallId, HotlineName, LineId, Plan, Rules};
    use rotaline::roster::Phone;
    let config = "[store]\npath = \"rotaline.sqlite\"\n[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\n\
        [[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\nrota = { file = \"rota.xlsx\" }\n";
    let folder = folder_with(&[("rotaline.toml", config)]);
    let none = typed(folder.path(), &["calls"]);
    assert_eq!(none.status, 2, "{}", none.err);
    assert!(none.err.contains("there is no store yet"), "{}", none.err);
    assert!(!folder.path().join("rotaline.sqlite").exists(), "a question makes none");

    let store = rotaline::store::Store::open(&folder.path().join("rotaline.sqlite")).await.unwrap();
    for (n, at) in [(1_u128, "2026-03-01T22:00:00Z"), (2, "2026-03-02T22:00:00Z")] {
        let line = LineId(format!("line-{n}"));
        let plan = Plan {
            hotline: HotlineName("lab".into()),
            levels: vec![],
            last_resort: None,
            left_out: vec![],
            welcome: rotaline::call::Welcome::Open,
            spoke_at: None,
            arrives: None,
            rules: Rules::default(),
        };
        let from = Phone::from_e164("+61491570158").ok();
        let begun = store.begin(&line, at.parse().unwrap(), None, |world| {
            Call::arrive(CallId(format!("{n:032x}").parse().unwrap()), plan, from, line.clone(), world)
        });
        begun.await.unwrap();
    }
    store.close().await;
    let text = typed(folder.path(), &["calls", "--from", "2026-03-02"]);
    assert_eq!(text.status, 0, "{}", text.err);
    assert_eq!(
        text.out,
        "2026-03-02T22:00:00+00:00 hotline lab, 00000000-0000-0000-0000-000000000002\n  \
         2026-03-02T22:00:00+00:00  A call for hotline lab from +61…158.\n  \
         2026-03-02T22:00:00+00:00  Nobody is on call now.\n  \
         2026-03-02T22:00:00+00:00  The caller is asked for a message. Nobody is on call now.\n\n"
    );
    let report = |arguments: &[&str]| -> serde_json::Value {
        let said = typed(folder.path(), arguments);
        serde_json::from_str(&said.out).unwrap_or_else(|fault| panic!("{fault}: {}{}", said.out, said.err))
    };
    let all = report(&["calls", "--json", "--hotline", "lab"]);
    assert_eq!(all["calls"].as_array().unwrap().len(), 2);
    assert_eq!(all["calls"][1]["story"][1]["fact"], "plan_exhausted");
    assert_eq!(
        report(&["calls", "--json", "--until", "2026-01-01"])["calls"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    let table = typed(folder.path(), &["calls", "--csv"]);
    assert_eq!(table.out.lines().count(), 1 + 2 * 3, "{}", table.out);
    for wrong in [
        &["calls", "--from", "soon"][..],
        &["calls", "--hotline", "other"],
        &["calls", "--json", "--csv"],
    ] {
        assert_eq!(typed(folder.path(), wrong).status, 2, "{wrong:?}");
    }
}

#[tokio::test]
async fn the_store_is_copied_and_nothing_is_written_over() {
    let config = "[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\n\
        [[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\nrota = { file = \"rota.xlsx\" }\n";
    let folder = folder_with(&[("rotaline.toml", config)]);
    let none = typed(folder.path(), &["backup", "copy.sqlite"]);
    assert_eq!(none.status, 2, "{}", none.out);
    assert!(none.err.contains("there is no store at"), "{}", none.err);
    assert!(!folder.path().join("copy.sqlite").exists());

    let store = rotaline::store::Store::open(&folder.path().join("rotaline.sqlite")).await.unwrap();
    let written = typed(folder.path(), &["backup", "copy.sqlite"]);
    assert_eq!(written.status, 0, "{}", written.err);
    assert!(written.out.contains("To go back to it: stop rotaline"), "{}", written.out);
    let again = typed(folder.path(), &["backup", "copy.sqlite"]);
    assert_eq!(again.status, 2, "{}", again.out);
    assert!(again.err.contains("is there already"), "{}", again.err);
    store.close().await;
    let copy = rotaline::store::Store::open(&folder.path().join("copy.sqlite")).await.unwrap();
    copy.healthy().await.unwrap();
}
