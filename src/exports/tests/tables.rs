//! Rows, read as a person reads them.

use super::*;

#[test]
fn a_row_for_each_level_and_person_and_for_nobody() {
    let Rows { rows, is_cut } = Rows::of(&lab(), window("2026-03-08 00:00", "2026-03-14 00:00"), Numbers::Masked, 100);
    let told: Vec<String> = rows
        .iter()
        .map(|row| {
            format!(
                "{} {} {:?} {:?} {:?} {:?} {}",
                row.from,
                row.until,
                row.state,
                row.level,
                row.person.as_deref().unwrap_or("-"),
                row.cell.as_deref().unwrap_or("-"),
                row.is_change
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "2026-03-02T08:00:00+11:00 2026-03-09T08:00:00+11:00 OnCall Some(1) \"Ana Diaz\" \"Rota!B2\" false",
            "2026-03-02T08:00:00+11:00 2026-03-09T08:00:00+11:00 OnCall Some(2) \"Bo Lund\" \"Rota!C2\" false",
            "2026-03-09T08:00:00+11:00 2026-03-11T08:00:00+11:00 OnCall Some(1) \"Bo Lund\" \"Changes!C2\" true",
            "2026-03-09T08:00:00+11:00 2026-03-11T08:00:00+11:00 OnCall Some(1) \"Cy Marsh\" \"Changes!C2\" true",
            "2026-03-09T08:00:00+11:00 2026-03-11T08:00:00+11:00 OnCall Some(2) \"Ana Diaz\" \"Rota!C3\" false",
            "2026-03-11T08:00:00+11:00 2026-03-12T08:00:00+11:00 Nobody None \"-\" \"Rota!B4\" false",
            "2026-03-12T08:00:00+11:00 2026-03-13T08:00:00+11:00 Gap None \"-\" \"-\" false",
            "2026-03-13T08:00:00+11:00 2026-03-14T08:00:00+11:00 OnCall Some(1) \"Cy Marsh\" \"Rota!B6\" false",
            // The rota ends at 21:00 UTC, the window at midnight UTC.
            "2026-03-14T08:00:00+11:00 2026-03-14T11:00:00+11:00 Gap None \"-\" \"-\" false",
        ]
    );
    assert!(!is_cut);
}

#[test]
fn a_table_for_spreadsheets() {
    let rows = Rows::of(&lab(), window("2026-03-12 21:00", "2026-03-13 21:00"), Numbers::InFull, 100).rows;
    assert_eq!(
        table(&rows).unwrap(),
        concat!(
            r#""from","until","from_utc","until_utc","state","level","label","person","number","cell","is_change""#,
            "\r\n",
            r#""2026-03-13T08:00:00+11:00","2026-03-14T08:00:00+11:00","2026-03-12T21:00:00Z","2026-03-13T21:00:00Z","on_call","1","1st","Cy Marsh","'+61491570157","Rota!B6","false""#,
            "\r\n",
        )
    );
}

#[test]
fn numbers_are_masked_unless_asked_for() {
    let ana = person("Ana 0491 570 006", "+61491570006");
    let duties = vec![duty(
        "2026-03-01 21:00",
        "2026-03-08 21:00",
        vec![level("1st", &[&ana], (2, 2), false)],
    )];
    let roster = Roster::new(Tz::UTC, vec![ana], None, duties);
    let asked = |numbers| {
        let rows = Rows::of(&roster, window("2026-03-02 00:00", "2026-03-03 00:00"), numbers, 100).rows;
        (rows[0].person.clone().unwrap(), rows[0].number.clone().unwrap())
    };
    let (name, number) = asked(Numbers::Masked);
    assert_eq!(number, "+61…006");
    assert!(!name.contains("570"), "{name}");
    assert_eq!(asked(Numbers::InFull), ("Ana 0491 570 006".to_owned(), "+61491570006".to_owned()));
}

#[test]
fn no_more_rows_than_asked_for() {
    let all = window("2026-03-01 00:00", "2026-04-01 00:00");
    let Rows { rows, is_cut } = Rows::of(&lab(), all, Numbers::Masked, 4);
    assert_eq!((rows.len(), is_cut), (4, true));
    let nothing = Rows::of(&lab(), window("2026-03-02 00:00", "2026-03-02 00:00"), Numbers::Masked, 4);
    assert_eq!((nothing.rows.len(), nothing.is_cut), (0, false));
}
