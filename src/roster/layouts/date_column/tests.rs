//! What a column proves, and what stays open: weekdays and distances are worked out with a calendar.

use super::*;
use crate::roster::cells::dates::read;
use providers::Cell;

fn column(texts: &[&str]) -> Vec<Written> {
    texts.iter().map(|text| read(&Cell::Text((*text).to_owned())).unwrap()).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn settled(texts: &[&str], order: Option<DateOrder>, year: Option<i32>, today: &str) -> Vec<Option<String>> {
    let column = column(texts);
    let order = order.or_else(|| proved_order([column.as_slice()]));
    let found = settle(&column, order, year, day(today));
    found.into_iter().map(|one| one.ok().map(|one| one.date.to_string())).collect()
}

fn dates(texts: &[&str], today: &str) -> Vec<Option<String>> {
    settled(texts, None, None, today)
}

fn some(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}

#[test]
fn an_order_is_proved() {
    let proof = |texts: &[&str]| proved_order([column(texts).as_slice()]);
    // A part above 12.
    assert_eq!(proof(&["03/04/2026", "13/04/2026"]), Some(DateOrder::DayFirst));
    assert_eq!(proof(&["03/04/2026", "04/13/2026"]), Some(DateOrder::MonthFirst));
    // 2 March 2026 is a Monday, 3 February 2026 a Tuesday.
    assert_eq!(proof(&["Mon 02/03/2026"]), Some(DateOrder::DayFirst));
    assert_eq!(proof(&["Tue 02/03/2026"]), Some(DateOrder::MonthFirst));
    // Steps of a day or of a week.
    assert_eq!(proof(&["01/03/2026", "02/03/2026"]), Some(DateOrder::DayFirst));
    assert_eq!(proof(&["03/01/2026", "03/02/2026"]), Some(DateOrder::MonthFirst));
    assert_eq!(proof(&["02/03/2026", "09/03/2026"]), Some(DateOrder::DayFirst));
    // Nothing proves anything.
    assert_eq!(proof(&["03/04/2026"]), None);
    assert_eq!(proof(&["03/04/2026", "06/04/2026"]), None);
    assert_eq!(proof(&["03/03/2026", "04/04/2026"]), None);
    // A column that contradicts itself proves nothing.
    assert_eq!(proof(&["13/04/2026", "04/13/2026"]), None);
}

#[test]
fn what_is_open_is_refused() {
    assert_eq!(dates(&["03/04/2026"], "2026-03-01"), [None]);
    assert_eq!(
        settled(&["03/04/2026"], Some(DateOrder::DayFirst), None, "2026-03-01"),
        some(&["2026-04-03"])
    );
    assert_eq!(
        settled(&["03/04/2026"], Some(DateOrder::MonthFirst), None, "2026-03-01"),
        some(&["2026-03-04"])
    );
    // In a column that contradicts itself each date speaks for itself.
    assert_eq!(
        dates(&["13/04/2026", "04/13/2026", "03/04/2026", "05/05/2026"], "2026-03-01"),
        [
            Some("2026-04-13".into()),
            Some("2026-04-13".into()),
            None,
            Some("2026-05-05".into())
        ]
    );
    // The set order does not fit: not turned round silently.
    assert_eq!(settled(&["04/13/2026"], Some(DateOrder::DayFirst), None, "2026-03-01"), [None]);
    // 3 August 2026 is a Monday, 8 March 2026 a Sunday: the weekday contradicts the set order.
    assert_eq!(settled(&["Sun 03/08/2026"], Some(DateOrder::DayFirst), None, "2026-03-01"), [None]);
}

#[test]
fn weekdays_that_fit_nothing_are_reported() {
    let found = settle(&column(&["Tue 2 Mar 2026"]), None, None, day("2026-03-01"));
    let expected = Settled {
        date: day("2026-03-02"),
        year_chosen: false,
        weekday_differs: true,
    };
    assert_eq!(found, [Ok(expected)]);
}

#[test]
fn years_that_are_not_written() {
    let july = ["1-Jul", "2-Jul", "31-Jul"];
    // 21 November 2026 is 113 days after July 2026 and 222 before July 2027.
    assert_eq!(dates(&july, "2026-11-21"), some(&["2026-07-01", "2026-07-02", "2026-07-31"]));
    // 1 February 2026 is 185 days after July 2025 and 150 before July 2026.
    assert_eq!(dates(&july, "2026-02-01"), some(&["2026-07-01", "2026-07-02", "2026-07-31"]));
    assert_eq!(
        settled(&july, None, Some(2024), "2026-11-21"),
        some(&["2024-07-01", "2024-07-02", "2024-07-31"])
    );
    // Over the turn of the year, the range around today.
    let winter = ["22-Dec", "29-Dec", "5-Jan", "12-Jan"];
    let expected = some(&["2026-12-22", "2026-12-29", "2027-01-05", "2027-01-12"]);
    assert_eq!(dates(&winter, "2026-11-21"), expected);
    assert_eq!(dates(&winter, "2027-01-08"), expected);
    assert_eq!(settled(&winter, None, Some(2026), "2030-06-01"), expected);
    // 1 March is a Sunday in 2026, a Monday in 2027.
    assert_eq!(
        dates(&["Sun 1 Mar", "Mon 2 Mar"], "2027-01-20"),
        some(&["2026-03-01", "2026-03-02"])
    );
    assert_eq!(dates(&["Mon 1 Mar", "2 Mar"], "2026-03-20"), some(&["2027-03-01", "2027-03-02"]));
    // One row has the year.
    assert_eq!(
        dates(&["22/12", "29/12/2025", "5/1", "12/1"], "2026-11-21"),
        some(&["2025-12-22", "2025-12-29", "2026-01-05", "2026-01-12"])
    );
    // 29 February exists in 2028 only.
    assert_eq!(dates(&["28-Feb", "29-Feb"], "2027-12-01"), some(&["2028-02-28", "2028-02-29"]));
}

#[test]
fn an_end_follows_its_beginning() {
    let end =
        |text: &str, begins: &str| settle_end(&column(&[text])[0], Some(DateOrder::DayFirst), day(begins)).map(|end| end.date.to_string());
    assert_eq!(end("5 Jan", "2026-12-29"), Ok("2027-01-05".to_owned()));
    assert_eq!(end("29 Dec", "2026-12-29"), Ok("2026-12-29".to_owned()));
    assert_eq!(end("5 Jan 2026", "2026-12-29"), Ok("2026-01-05".to_owned()));
    assert_eq!(end("05/01", "2026-12-29"), Ok("2027-01-05".to_owned()));
}

#[test]
fn a_title_says_the_year() {
    let hint = |title: &str| Hint {
        year: None,
        banner: dates_banner(title),
    };
    let within = |texts: &[&str], title: &str| -> Vec<String> {
        let found = settle_within(&column(texts), Some(DateOrder::DayFirst), hint(title), day("2026-11-21"));
        found.into_iter().map(|one| one.unwrap().date.to_string()).collect()
    };
    assert_eq!(
        within(&["1-Oct", "17-Dec"], "Oct-Dec 2017 English Service Roster"),
        ["2017-10-01", "2017-12-17"]
    );
    assert_eq!(
        within(&["29-Dec", "5-Jan", "5-Feb"], "December 2025 - January 2026"),
        ["2025-12-29", "2026-01-05", "2026-02-05"]
    );
    // 1 October was a Sunday in 2017 and in 2023: the title decides, not the nearest one.
    let found = settle_within(&column(&["Sun 1-Oct"]), None, hint("Oct-Dec 2017"), day("2024-01-01"));
    assert_eq!(found.iter().map(|one| one.unwrap().date).collect::<Vec<_>>(), [day("2017-10-01")]);
    // What is set counts before the title, and a weekday that disagrees with it is said.
    let set = Hint {
        year: Some(2018),
        ..hint("Oct-Dec 2017")
    };
    let found = settle_within(&column(&["Sun 1-Oct"]), None, set, day("2024-01-01"));
    assert_eq!(found.iter().map(|one| one.unwrap().date).collect::<Vec<_>>(), [day("2018-10-01")]);
    assert!(found[0].unwrap().weekday_differs);
}

fn dates_banner(title: &str) -> Option<Banner> {
    crate::roster::cells::dates::month_banner(title)
}

#[test]
fn ranges_lend_each_other_their_years() {
    let ranges = |texts: &[&str], order, today: &str| -> Vec<String> {
        let column: Vec<(Written, Option<Written>)> = texts
            .iter()
            .map(|text| {
                crate::roster::cells::dates::read_range(&Cell::Text((*text).to_owned())).unwrap_or_else(|why| panic!("{text}: {why:?}"))
            })
            .collect();
        let found = settle_ranges(&column, order, Hint::default(), day(today));
        let show = |one: Result<Span, Open>| match one {
            Ok((first, last)) => format!("{} {}", first.date, last.map_or_else(String::new, |last| last.date.to_string())),
            Err(why) => format!("{why:?}"),
        };
        found.into_iter().map(show).collect()
    };
    let weeks = ["12/15-12/19", "12/22-12/26", "12/29-1/2/26", "1/5- 1/9"];
    assert_eq!(
        ranges(&weeks, Some(DateOrder::MonthFirst), "2026-11-21"),
        [
            "2025-12-15 2025-12-19",
            "2025-12-22 2025-12-26",
            "2025-12-29 2026-01-02",
            "2026-01-05 2026-01-09"
        ]
    );
    assert_eq!(ranges(&["30 Dec - 5 Jan 2027"], None, "2026-01-01"), ["2026-12-30 2027-01-05"]);
    assert_eq!(ranges(&["30 Dec 2025 - 5 Jan"], None, "2026-01-01"), ["2025-12-30 2026-01-05"]);
    // The order of the column decides both ends; an open one opens the range.
    assert_eq!(
        ranges(&["01/04/2024-07/04/2024"], Some(DateOrder::DayFirst), "2024-01-01"),
        ["2024-04-01 2024-04-07"]
    );
    assert!(ranges(&["01/04/2024-07/04/2024"], None, "2024-01-01")[0].starts_with("Ambiguous"));
}
