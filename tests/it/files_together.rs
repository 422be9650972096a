//! Several files by `--rota`: they are one rota, as if they lay in one folder.

use super::cli::{folder_with, sample, typed};
use std::fs;

const ROTA: &str = "Date,Night,Backup\n2026-03-02,Ana Diaz,Ben Osei\n2026-03-03,Ben Osei,Cleo Rossi\n2026-03-04,Cleo Rossi,Ana Diaz\n";
const CONTACTS: &str = "Name,Phone\nAna Diaz,+61491570156\nBen Osei,+61491570157\nCleo Rossi,+61491570158\n";
const SETTINGS: &str =
    "Setting,Value\nTime zone,Australia/Melbourne\nShift: Night,\"1st, 20:00-08:00\"\nShift: Backup,\"2nd, 20:00-08:00\"\n";
const ALL: [&str; 6] = ["--rota", "ward.csv", "--rota", "contacts.csv", "--rota", "settings.csv"];
/// From Mon 2 Mar 20:00: the row of the 2nd.
const NIGHT: &str = "\
At Tue 3 Mar 2026 02:00 (UTC+11:00), until Tue 3 Mar 08:00:
  Night   Ana Diaz  +61491570156  ward.csv line 2, column 2
  Backup  Ben Osei  +61491570157  ward.csv line 2, column 3
";

fn files() -> tempfile::TempDir {
    folder_with(&[("ward.csv", ROTA), ("contacts.csv", CONTACTS), ("settings.csv", SETTINGS)])
}

#[test]
fn a_rota_its_contacts_and_its_settings_are_one_rota() {
    let folder = files();
    let asked = ["--at", "2026-03-03 02:00", "--numbers"];
    let said = typed(folder.path(), &[&["who"][..], &ALL, &asked].concat());
    assert!(
        said.out
            .starts_with("ward.csv + contacts.csv + settings.csv, times of Australia/Melbourne"),
        "{}{}",
        said.out,
        said.err
    );
    assert!(said.out.contains(NIGHT), "{}", said.out);
    assert_eq!(said.status, 0);

    // The folder says the same, but for its name.
    let by_folder = typed(folder.path(), &[&["who", "--rota", "."][..], &asked].concat());
    let answer = |text: &str| text.split_once('\n').map(|(_, answer)| answer.to_owned());
    assert_eq!(answer(&said.out), answer(&by_folder.out));
}

#[test]
fn every_command_that_takes_a_rota_takes_several_files() {
    let folder = files();
    let checked = typed(
        folder.path(),
        &[&["check"][..], &ALL, &["--at", "2026-03-02 21:00", "--format", "github"]].concat(),
    );
    assert!(!checked.out.contains("::error"), "{}{}", checked.out, checked.err);
    let preview = typed(folder.path(), &[&["preview"][..], &ALL, &["--at", "2026-03-02 21:00"]].concat());
    assert!(preview.out.contains("Ana Diaz"), "{}{}", preview.out, preview.err);
    let export = typed(
        folder.path(),
        &[&["export"][..], &ALL, &["--from", "2026-03-02", "--until", "2026-03-05"]].concat(),
    );
    assert_eq!(
        export.out.lines().filter(|line| line.contains("Cleo Rossi")).count(),
        2,
        "{}{}",
        export.out,
        export.err
    );

    // One cell changed: Ben instead of Ana in the night of the 2nd. What is beside both versions is named once.
    fs::write(
        folder.path().join("newer.csv"),
        ROTA.replace("02,Ana Diaz,Ben Osei", "02,Ben Osei,Ana Diaz"),
    )
    .unwrap();
    let diff = [&["diff", "ward.csv", "newer.csv"][..], &ALL[2..], &["--at", "2026-03-02 09:00"]].concat();
    let diff = typed(folder.path(), &diff);
    assert_eq!(diff.status, 1, "{}{}", diff.out, diff.err);
    assert!(diff.out.contains("Ben Osei"), "{}", diff.out);
}

#[test]
fn a_workbook_takes_contacts_from_a_file_and_settings_of_both_count() {
    let folder = folder_with(&[("settings.csv", "Setting,Value\nTime zone,Europe/Paris\n")]);
    let sample = sample();
    let question = ["--rota", "settings.csv", "--at", "2026-03-02 09:00"];
    let said = typed(
        folder.path(),
        &[&["who", "--rota", sample.to_str().unwrap()][..], &question].concat(),
    );
    // The last resort is of the workbook's settings; the zone is the file's, which comes later.
    assert!(said.out.contains("times of Europe/Paris"), "{}{}", said.out, said.err);
    assert!(said.out.contains("  then  Lab duty phone  +61…110  last resort\n"), "{}", said.out);
    let check = typed(
        folder.path(),
        &[&["check", "--rota", sample.to_str().unwrap()][..], &question].concat(),
    );
    assert!(check.out.contains("is set twice"), "{}", check.out);
    assert!(
        check.out.contains("\"sample-rota.xlsx\" and \"settings.csv\" both have a tab"),
        "{}",
        check.out
    );
}

#[test]
fn files_of_one_name_are_told_apart_and_one_file_counts_once() {
    let folder = files();
    for ward in ["east", "west"] {
        fs::create_dir(folder.path().join(ward)).unwrap();
        fs::write(folder.path().join(ward).join("ward.csv"), ROTA).unwrap();
    }
    let two = [
        "check",
        "--rota",
        "east/ward.csv",
        "--rota",
        "west/ward.csv",
        "--at",
        "2026-03-02 21:00",
    ];
    let said = typed(folder.path(), &two);
    assert!(said.out.contains("Two files are called \"ward.csv\""), "{}{}", said.out, said.err);
    assert_eq!(said.status, 1, "which of them is the rota, nobody can say: {}", said.out);

    let twice = typed(folder.path(), &["who", "--rota", "ward.csv", "--rota", "./ward.csv"]);
    assert_eq!(
        twice.err,
        "rotaline: ./ward.csv is named twice, and all in it would count twice. Name each file once\n"
    );
    assert_eq!(twice.status, 2);
}

#[test]
fn contacts_are_written_for_several_files_and_can_be_given_at_once() {
    let folder = files();
    let files = [
        "--contacts-for",
        "ward.csv",
        "--contacts-for",
        "settings.csv",
        "--out",
        "numbers.csv",
    ];
    let said = typed(folder.path(), &[&["template"][..], &files].concat());
    assert!(said.out.contains("3 names without a number"), "{}{}", said.out, said.err);
    assert!(
        said.out
            .contains("\n  rotaline check --rota ward.csv --rota settings.csv --rota numbers.csv\n"),
        "{}",
        said.out
    );
}

#[test]
fn a_change_at_github_is_marked_in_the_file_that_it_is_in() {
    let folder = files();
    fs::write(folder.path().join("settings.csv"), format!("{SETTINGS}Colour,blue\n")).unwrap();
    let asked = ["--at", "2026-03-02 21:00", "--format", "github"];
    let said = typed(folder.path(), &[&["check"][..], &ALL, &asked].concat());
    assert!(said.out.contains("file=settings.csv,line=5,"), "{}{}", said.out, said.err);
    assert!(said.out.contains("file=ward.csv,line=2,"), "{}", said.out);
}
