//! `who` and `check` as they are typed: from files to answers and exit statuses.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Two names and two numbers in a cell, dates without a year, no hours: a rota as people keep it.
const SHIFTS: &str = "\
Date,Morning,MorningPhone,Evening,EveningPhone,Night,NightPhone
30-Jun,Ana Diaz / Bo Lund,491570006 / 491570156,Cy Marsh / Dee Kerr,491570157 / 491570158,Ed Frost / Flo Webb,491570159 / 491570110
1-Jul,Ed Frost / Flo Webb,491570159 / 491570110,Ana Diaz / Bo Lund,491570006 / 491570156,Cy Marsh / Dee Kerr,491570157 / 491570158
2-Jul,Cy Marsh / Dee Kerr,491570157 / 491570158,Ed Frost / Flo Webb,491570159 / 491570110,Ana Diaz / Bo Lund,491570006 / 491570156
";

const HOURS: &str = "\
time_zone = \"Australia/Melbourne\"
country = \"AU\"
\"Shift: Morning\" = \"06:00-14:00\"
\"Shift: Evening\" = \"14:00-22:00\"
\"Shift: Night\" = \"22:00-06:00\"
";

const OVERNIGHT: &str = concat!(
    "  Night  Cy Marsh  +61491570157  rota.csv line 3, column 6\n",
    "  with   Dee Kerr  +61491570158  rota.csv line 3, column 6\n",
);

pub(super) struct Said {
    pub(super) status: i32,
    pub(super) out: String,
    pub(super) err: String,
}

pub(super) fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sample-rota.xlsx")
}

/// Types a command in a folder, with nothing of ours in the environment.
pub(super) fn typed(folder: &Path, arguments: &[&str]) -> Said {
    typed_with(folder, arguments, &[])
}

/// As [`typed`], with these in the environment.
pub(super) fn typed_with<A: AsRef<OsStr>>(folder: &Path, arguments: &[A], env: &[(&str, &str)]) -> Said {
    let ours = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROTALINE_"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_rotaline"));
    for (name, _) in ours {
        command.env_remove(name);
    }
    let output = command
        .args(arguments)
        .current_dir(folder)
        .envs(env.iter().copied())
        .output()
        .unwrap();
    Said {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(super) fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn the_sample_rota_answers_as_its_guide_says() {
    let sample = sample();
    let said = typed(
        Path::new("."),
        &["who", "--rota", sample.to_str().unwrap(), "--at", "2026-03-07 18:00", "--numbers"],
    );
    assert_eq!(
        said.out,
        "\
sample-rota.xlsx, times of Australia/Melbourne, read just now

At Sat 7 Mar 2026 18:00 (UTC+11:00), until Sun 8 Mar 18:00:
  1st   Tom Okafor      +61491570157  Changes!C2 (change)
  2nd   Lab duty phone  +61491570110  Changes!D2 (change)
  3rd   Dr Wei Zhang    +61491570158  Rota!D4
  then  Lab duty phone  +61491570110  last resort
  Why:
    The row of Rota!B4 holds from Mon 2 Mar 08:00 to Mon 9 Mar 08:00.
    First: the change in Changes!C2, Sat 7 Mar 18:00 to Sun 8 Mar 18:00, beats Rota!B4, which names Priya Nair.
    Second: the change in Changes!D2, Sat 7 Mar 18:00 to Sun 8 Mar 18:00, beats Rota!C4, which names Tom Okafor.

From Sun 8 Mar 18:00, until Mon 9 Mar 08:00:
  1st   Priya Nair      +61491570156  Rota!B4
  2nd   Tom Okafor      +61491570157  Rota!C4
  3rd   Dr Wei Zhang    +61491570158  Rota!D4
  then  Lab duty phone  +61491570110  last resort
",
        "{}",
        said.err
    );
    assert_eq!(said.status, 0);
}

#[test]
fn the_sample_rota_has_nothing_to_find() {
    let sample = sample();
    let said = typed(
        Path::new("."),
        &["check", "--rota", sample.to_str().unwrap(), "--at", "2026-03-02 08:00", "--json"],
    );
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["severity"] == "note"), "{findings:#?}");
    assert_eq!(report["coverage"]["gaps"], serde_json::json!([]));
    assert_eq!(said.status, 0);
}

#[test]
fn a_rota_that_is_over_is_judged_as_of_its_own_time() {
    // Of 2020; 1 March was a Sunday. Dee has no number.
    let rota = "Date,1st,Phone\n2020-03-01,Ana Diaz,+61491570156\n2020-03-02,Dee Kerr,\n2020-03-03,Ana Diaz,+61491570156\n";
    let folder = folder_with(&[("rota.csv", rota)]);
    let settings = ["--set", "Time zone | UTC", "--set", "Handover time | 08:00"];
    let said = typed(folder.path(), &[&["check", "--rota", "rota.csv"][..], &settings].concat());
    let (ended, rest) = said
        .out
        .split_once("\nThis rota is over since Wed 4 Mar 2020 08:00. ")
        .unwrap_or_else(|| panic!("{}{}", said.out, said.err));
    assert!(ended.contains("The rota ended Wed 4 Mar 2020 08:00. [rota-ended]"), "{ended}");
    assert!(rest.starts_with("Everything below is judged as of Sun 1 Mar 2020 08:00"), "{rest}");
    assert!(rest.contains("--at \"2020-03-01 08:00\""), "{rest}");
    assert!(rest.contains("Nobody is on call from Mon 2 Mar 08:00 to Tue 3 Mar 08:00"), "{rest}");
    assert!(rest.contains("Coverage from Sun 1 Mar 2020 08:00"), "{rest}");
    assert_eq!(said.status, 1);

    // Whoever asks about a time gets the answer for that time.
    let asked = typed(
        folder.path(),
        &[&["check", "--rota", "rota.csv", "--at", "2020-06-01 08:00"][..], &settings].concat(),
    );
    assert!(!asked.out.contains("judged as of"), "{}", asked.out);
    let json = typed(folder.path(), &[&["check", "--rota", "rota.csv", "--json"][..], &settings].concat());
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(report["judged_as_of"], "2020-03-01T08:00:00Z");
    assert_eq!(report["findings"][0]["code"], "rota-ended");
}

#[test]
fn hours_come_from_a_file_beside_the_rota_and_it_is_said() {
    let folder = folder_with(&[("rota.csv", SHIFTS), ("rota.toml", HOURS)]);
    // Inside the night that began on Wed 1 Jul at 22:00.
    let said = typed(
        folder.path(),
        &["who", "--rota", "rota.csv", "--at", "2026-07-02 02:00", "--numbers"],
    );
    assert!(said.out.contains("(settings from rota.toml)\n"), "{}{}", said.out, said.err);
    let expected = format!("\nAt Thu 2 Jul 2026 02:00 (UTC+10:00), until Thu 2 Jul 06:00:\n{OVERNIGHT}");
    assert!(said.out.contains(&expected), "{}", said.out);
    assert_eq!(said.status, 0);

    // 05:59:59 is still that night, 06:00 is the morning of the next row.
    let last = typed(
        folder.path(),
        &["who", "--rota", "rota.csv", "--at", "2026-07-02T05:59:59", "--numbers"],
    );
    assert!(last.out.contains(OVERNIGHT), "{}", last.out);
    let first = typed(
        folder.path(),
        &["who", "--rota", "rota.csv", "--at", "2026-07-01T20:00:00Z", "--json", "--numbers"],
    );
    let report: serde_json::Value = serde_json::from_str(&first.out).unwrap();
    let level = &report["on_call"]["levels"][0];
    assert_eq!(
        (&level["label"], &level["source"]),
        (&"Morning".into(), &"rota.csv line 4, column 2".into())
    );
    assert_eq!(level["responders"][0]["phone"], "+61491570157");
    assert_eq!(level["responders"][1]["name"], "Dee Kerr");
}

#[test]
fn hours_come_from_the_command_line_and_win() {
    let folder = folder_with(&[("rota.csv", SHIFTS), ("other.toml", HOURS)]);
    let who = |more: &[&str]| {
        typed(
            folder.path(),
            &[&["who", "--rota", "rota.csv", "--at", "2026-07-02 02:00", "--numbers"], more].concat(),
        )
    };
    let given = who(&[
        "--set",
        "time_zone=Australia/Melbourne",
        "--set",
        "Country for phone numbers=AU",
        "--set",
        "Shift: Morning=06:00-14:00",
        "--set",
        "Shift: Evening=14:00-22:00",
        "--set",
        "Shift: Night=22:00-06:00",
    ]);
    assert!(given.out.contains(OVERNIGHT), "{}{}", given.out, given.err);
    // The night now ends at one: two o'clock is a gap.
    let shortened = who(&["--settings", "other.toml", "--set", "Shift: Night=22:00-01:00"]);
    assert!(shortened.out.contains("(settings from other.toml)\n"), "{}", shortened.out);
    assert!(shortened.out.contains("NOBODY: the rota has a gap here"), "{}", shortened.out);
    assert_eq!(shortened.status, 1);
}

#[test]
fn a_folder_of_text_tables_is_a_rota_too() {
    let folder = folder_with(&[(
        "lab.toml",
        "time_zone = \"Europe/Vienna\"\ncountry = \"AT\"\nhandover = \"07:30\"\n",
    )]);
    let tabs = folder.path().join("lab");
    std::fs::create_dir(&tabs).unwrap();
    std::fs::write(
        tabs.join("Contacts.csv"),
        "Name;Phone\nGrüber;0664 1234567\nSchmölz;+43 664 7654321\n",
    )
    .unwrap();
    std::fs::write(
        tabs.join("Rota.csv"),
        "From;1st;2nd\n2026-03-23;Grüber;Schmölz\n2026-03-30;Schmölz;nobody\n",
    )
    .unwrap();
    // Sun 29 Mar 2026, a minute before and at the change to summer time (02:00 becomes 03:00): the week goes on.
    for (when, shown) in [("2026-03-29T01:59", "01:59 (UTC+01:00)"), ("2026-03-29T03:00", "03:00 (UTC+02:00)")] {
        let said = typed(folder.path(), &["who", "--rota", "lab", "--at", when, "--numbers"]);
        let expected = format!(
            "\
lab, times of Europe/Vienna, read just now
(settings from lab.toml)

At Sun 29 Mar 2026 {shown}, until Mon 30 Mar 07:30:
  1st  Grüber   +436641234567  Rota.csv line 2, column 2
  2nd  Schmölz  +436647654321  Rota.csv line 2, column 3
  then nobody: no last resort is set, callers are asked for a message
"
        );
        assert!(said.out.starts_with(&expected), "{}{}", said.out, said.err);
    }
}

#[test]
fn a_configured_hotline_needs_no_secret_to_be_asked_about() {
    let sample = sample();
    let config = format!(
        "[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\n[[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\nrota = {{ file = {:?} }}\nlast_resort = \"+61491570313\"\n",
        sample.to_str().unwrap()
    );
    let folder = folder_with(&[("rotaline.toml", &config)]);
    let said = typed(folder.path(), &["who", "--at", "2026-03-02 08:00", "--numbers"]);
    assert!(said.out.starts_with("Hotline lab: sample-rota.xlsx, "), "{}{}", said.out, said.err);
    assert!(
        said.out.contains("  then  Last resort   +61491570313  last resort\n"),
        "the configuration wins: {}",
        said.out
    );
    let other = typed(folder.path(), &["check", "--hotline", "ward"]);
    assert_eq!(other.err, "rotaline: there is no hotline \"ward\". rotaline.toml has: lab\n");
    assert_eq!(other.status, 2);
}

#[test]
fn what_cannot_be_read_is_status_2_and_says_why() {
    let folder = folder_with(&[
        ("rota.csv", SHIFTS),
        ("rota.toml", "time_zone = \"Australia/Melborne\"\n[server]\n"),
        ("rotaline.toml", "[server]\nlisten = 8080\n"),
    ]);
    let cases: [(&[&str], &str); 5] = [
        (&["who", "--rota", "none.csv"], "rotaline: not found: none.csv\n"),
        (
            &["who", "--rota", "rota.csv"],
            "rotaline: rota.toml: 2 faults\n  line 1: time_zone: saw \"Australia/Melborne\". Did you mean \"Australia/Melbourne\"?\n  line 2: \"server\": saw a table of keys. Write the setting and its value in quotes: \"Shift: Night\" = \"20:00-08:00\".\n",
        ),
        (
            &["check"],
            "rotaline: rotaline.toml: 3 faults\n  line 2: server.listen: saw 8080. Write it in quotes.\n  twilio.account_sid: missing. It stands on the first page of Twilio's console: \"AC\" and 32 characters.\n  hotline: missing. Write a block [[hotline]] with name, numbers and rota for each public line.\n",
        ),
        (
            &["who", "--config", "none.toml"],
            "rotaline: which rota? Name one by --rota FILE, or write a configuration: there is no none.toml\n",
        ),
        (
            &["who", "--rota", "rota.csv", "--settings", "none.toml", "--config", "rota.toml"],
            "rotaline: none.toml is not readable: No such file or directory (os error 2)\n",
        ),
    ];
    for (arguments, expected) in cases {
        let said = typed(folder.path(), arguments);
        assert_eq!(said.err, expected);
        assert_eq!((said.out.as_str(), said.status), ("", 2), "{arguments:?}");
    }
    assert_eq!(typed(folder.path(), &["whom"]).status, 2);
    assert_eq!(typed(folder.path(), &["--help"]).status, 0);
}

#[test]
fn the_manual_can_be_printed_and_used() {
    let folder = folder_with(&[]);
    let said = typed(folder.path(), &["serve", "--print-config"]);
    assert_eq!(said.status, 0);
    std::fs::write(folder.path().join("rotaline.toml"), &said.out).unwrap();
    let who = typed(folder.path(), &["who"]);
    assert_eq!(who.err, "rotaline: not found: rota.xlsx\n", "the manual is a valid configuration");
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rotaline"))
        .args(["serve", "--print-config"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}
