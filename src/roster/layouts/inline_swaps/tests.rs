use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A name and the days, or why there are none.
type Read = (String, Result<String, Fault>);

/// Name and days of every swap in a row of 8 to 14 April 2024, read with the day first.
fn read(text: &str) -> Option<(String, Vec<Read>)> {
    let (base, swaps) = parse(text)?;
    let days = |swap: &Swap| {
        let days = swap.days(Some(DateOrder::DayFirst), day("2024-04-08"), day("2024-04-14"));
        days.map(|(first, last)| format!("{}-{}", first.format("%-d"), last.format("%-d %b")))
    };
    Some((base, swaps.iter().map(|swap| (swap.name.clone(), days(swap))).collect()))
}

#[test]
fn swaps_in_four_languages() {
    for text in [
        "Dev Eloper (Carl E on 09/04/2024, Jo C on 10/04/2024)",
        "Dev Eloper (Carl E le 9 avril, Jo C le 10 avril)",
        "Dev Eloper (Carl E am 9.4. und Jo C am 10.4.)",
        "Dev Eloper (Carl E el 9/4; Jo C el 10/4)",
        "Dev Eloper (Carl E on Tue 9 Apr and Jo C on Wed 10 Apr)",
    ] {
        let (base, swaps) = read(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(base, "Dev Eloper", "{text}");
        let expected = [("Carl E", "9-9 Apr"), ("Jo C", "10-10 Apr")];
        assert_eq!(swaps, expected.map(|(name, days)| (name.to_owned(), Ok(days.to_owned()))), "{text}");
    }
}

#[test]
fn several_days_and_slips() {
    let one = |text: &str| read(text).unwrap().1.into_iter().map(|(_, days)| days).collect::<Vec<_>>();
    assert_eq!(one("Ana (Ben on 9/4-11/4)"), [Ok("9-11 Apr".to_owned())]);
    assert_eq!(
        one("Ana (Ben on 9/4, 11/4)"),
        [Ok("9-9 Apr".to_owned()), Ok("11-11 Apr".to_owned())]
    );
    assert_eq!(one("Ana (Ben on 19/04/2024)"), [Err(Fault::Outside)]);
    assert_eq!(one("Ana (Ben on 32/04/2024)"), [Err(Fault::Unreadable)]);
    assert_eq!(
        one("Ana (Ben on 9/4, Cy instead)"),
        [Ok("9-9 Apr".to_owned()), Err(Fault::Unreadable)]
    );
}

#[test]
fn a_qualifier_stays() {
    for text in [
        "Ana (A320)",
        "Ana (Uro)",
        "Ana (continues from Sun night)",
        "Ana (on call on 3rd floor)",
        "Ana",
        "Ana (until 6pm)",
        "(Ben on 9/4)",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn the_row_tells_which_number_is_the_day() {
    let (_, swaps) = parse("Ana (Ben on 04/09/2024)").unwrap();
    let (first, last) = (day("2024-04-08"), day("2024-04-14"));
    assert_eq!(swaps[0].days(None, first, last), Ok((day("2024-04-09"), day("2024-04-09"))));
    assert_eq!(swaps[0].days(Some(DateOrder::DayFirst), first, last), Err(Fault::Outside));
}
