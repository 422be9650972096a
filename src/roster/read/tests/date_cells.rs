//! What stands in single cells of a column of dates, and above it: worked out by hand. 2 March 2026 is a Monday.

use super::{Asked, Code, Diagnostic, ask, cells, tab};

const SETTINGS: &str = "Time zone=UTC\nCountry=AU\nHandover time=08:00";
const STAFF: &str = "Name | Phone | Initials
Al Boyd | 0491 570 156 | AB
Ben Osei | 0491 570 157 | BO
Cy Stone | 0491 570 158 | CS
Dee Fox | 0491 570 159 | DF
Eve Hill | 0491 570 110 | EH
Flo Ray | 0491 570 313 | FR";

fn read(rota: &str) -> Asked {
    ask(vec![tab("Contacts", STAFF), tab("Rota", rota)], SETTINGS, "2026-02-20 00:00")
}

/// `ab` is German for from; here it is Al Boyd, and no row of people is taken for a header.
#[test]
fn initials_are_no_words_of_a_header() {
    let asked = read("Dates | Call\n2/3/2026-8/3/2026 | AB\n9/3/2026-15/3/2026 | BO");
    let finding = asked.one(Code::LayoutUnknown);
    assert_eq!(cells(finding), ["Rota!A1"]);
    assert!(finding.seen.starts_with("\"Dates\" holds dates"), "{finding}");
    // Above dates it is the word.
    let asked = read("AB | 1st\n2 Mar 2026 | BO\n9 Mar 2026 | AB");
    assert_eq!(asked.who("2026-03-03 12:00"), "Ben Osei");
}

/// Day and month are proved by the weekdays, as in any column of dates; a shift past midnight ends on the next day.
#[test]
fn dates_with_hours_in_the_same_cell() {
    let text = "
Date | 1st | 2nd
Domingo 01/03/2026 18:30 - 20:30 | Al | Ben
Quarta 04/03/2026 19:30 - 21:00 | Cy | Dee
Sexta 06/03/2026 22:00 - 02:00 | Eve | Flo
";
    let asked = read(text);
    for (at, who) in [
        ("2026-03-01 18:29", "gap"),
        ("2026-03-01 18:30", "Al Boyd, Ben Osei"),
        ("2026-03-01 20:29", "Al Boyd, Ben Osei"),
        ("2026-03-01 20:30", "gap"),
        ("2026-03-04 20:59", "Cy Stone, Dee Fox"),
        ("2026-03-04 21:00", "gap"),
        ("2026-03-06 22:00", "Eve Hill, Flo Ray"),
        ("2026-03-07 01:59", "Eve Hill, Flo Ray"),
        ("2026-03-07 02:00", "gap"),
    ] {
        assert_eq!(asked.who(at), who, "{at}");
    }
    assert_eq!(asked.of(Code::DateUnreadable), Vec::<&Diagnostic>::new());
    // Nothing settles which is the month; an end of its own may be another one.
    let open = "From | 1st
01/03/2026 18:30 - 20:30 | Al
04/06/2026 18:30 - 20:30 | Ben";
    assert_eq!(cells(read(open).one(Code::DateAmbiguous)), ["Rota!A2", "Rota!A3"]);
    let twice = "From | Until | 1st
1 Mar 2026 18:30 - 20:30 | 2 Mar 2026 | Al
3 Mar 2026 | 4 Mar 2026 | Ben";
    assert_eq!(cells(read(twice).one(Code::DateUnreadable)), ["Rota!A2"]);
}
