use super::*;
use crate::roster::Duty;
use proptest::prelude::*;
use providers::{AddressStyle, CellAddress};
use std::sync::Arc;

/// Wall-clock time in Melbourne, eleven hours ahead of UTC until 5 April 2026.
fn local(text: &str) -> DateTime<Utc> {
    let wall = chrono::NaiveDateTime::parse_from_str(&format!("2026-{text}"), "%Y-%m-%d %H:%M").unwrap();
    (wall - chrono::TimeDelta::hours(11)).and_utc()
}

fn person(name: &str, last: u8) -> Arc<Responder> {
    Arc::new(Responder {
        name: name.to_owned(),
        phone: Phone::from_e164(&format!("+614915701{last:02}")).unwrap(),
        then: None,
    })
}

fn cell() -> CellAddress {
    CellAddress::new("Rota", AddressStyle::Grid, 2, 2)
}

/// The levels in order; names of one level separated by `+`.
fn duty(from: &str, until: &str, levels: &[&str]) -> Duty {
    let level = |names: &&str| Level {
        label: "on call".into(),
        responders: names
            .split('+')
            .map(|name| person(name, u8::try_from(name.len()).unwrap()))
            .collect(),
        source: cell(),
        is_change: false,
    };
    Duty {
        from: local(from),
        until: local(until),
        nobody: levels.is_empty().then(cell),
        levels: levels.iter().map(level).collect(),
    }
}

fn roster(duties: Vec<Duty>) -> Roster {
    Roster::new(chrono_tz::Australia::Melbourne, Vec::new(), None, duties)
}

/// The sentences for what is different from Monday 2 March 2026, 09:10 in Melbourne, on.
fn said(before: &Roster, after: &Roster) -> Vec<String> {
    let all = differences(before, after, local("03-02 09:10"), DateTime::<Utc>::MAX_UTC);
    all.iter().map(ToString::to_string).collect()
}

const WEEK: (&str, &str) = ("03-02 08:00", "03-09 08:00");

#[test]
fn who_left_and_who_came_is_told_with_place_and_time() {
    let before = roster(vec![
        duty("03-02 08:00", "03-03 18:00", &["Priya Nair", "Maria Lopez"]),
        duty("03-03 18:00", "03-04 08:00", &["Priya Nair", "Maria Lopez"]),
        duty("03-04 08:00", "03-09 08:00", &["Tom Okafor"]),
    ]);
    let after = roster(vec![
        duty("03-02 08:00", "03-03 18:00", &["Priya Nair", "Maria Lopez"]),
        duty("03-03 18:00", "03-04 08:00", &["Priya Nair"]),
        duty("03-04 08:00", "03-09 08:00", &["Wei Chen"]),
    ]);
    assert_eq!(
        said(&before, &after),
        [
            "Maria Lopez no longer second on Tue 3 Mar 18:00–Wed 4 Mar 08:00; nobody instead",
            "Wei Chen now first on Wed 4 Mar 08:00–Mon 9 Mar 08:00, in place of Tom Okafor",
        ]
    );
    assert_eq!(said(&after, &after), [""; 0]);
}

#[test]
fn each_way_to_be_another_duty_has_its_sentence() {
    let cases: [(&[&str], &[&str], &str); 8] = [
        (&["Ana"], &["Ana", "Ben"], "Ben now second on W, where nobody was"),
        (&["Ana"], &["Ana+Ben"], "Ben now first on W, together with Ana"),
        (&["Ana+Ben"], &["Ben"], "Ana no longer first on W; still Ben"),
        (
            &["Ana+Ben"],
            &["Ben+Cara"],
            "Cara now first on W, in place of Ana, together with Ben",
        ),
        (
            &["Ana+Ben", "Cara"],
            &[],
            "Ana and Ben no longer first, Cara no longer second on W; nobody is on call then, on purpose",
        ),
        (&[], &["Ana"], "Ana now first on W, where nobody was"),
        (
            &["Ana", "Ben"],
            &["Ben", "Ana"],
            "Ben now first on W, in place of Ana|Ana now second on W, in place of Ben",
        ),
        (
            &["Ana", "Ben", "Cara"],
            &["Ana"],
            "Ben no longer second, Cara no longer third on W; nobody instead",
        ),
    ];
    for (before, after, expected) in cases {
        let expected = expected.replace('W', "Mon 2 Mar 09:10–Mon 9 Mar 08:00");
        let of = |levels: &[&str]| roster(vec![duty(WEEK.0, WEEK.1, levels)]);
        assert_eq!(said(&of(before), &of(after)).join("|"), expected);
    }
    // Rows at the end keep the end of the rota where it is.
    let last = || duty("03-09 08:00", "03-10 08:00", &["Ana"]);
    let gap = roster(vec![last()]);
    let of = |levels: &[&str]| roster(vec![duty("03-03 12:00", "03-03 14:30", levels), last()]);
    for (before, after, expected) in [
        (
            &of(&["Ana", "Ben"]),
            &gap,
            "Ana no longer first, Ben no longer second on Tue 3 Mar 12:00–14:30; nobody is on call then",
        ),
        (&gap, &of(&["Ana"]), "Ana now first on Tue 3 Mar 12:00–14:30, where nobody was"),
        (&gap, &of(&[]), "Nobody on call on Tue 3 Mar 12:00–14:30, as before; now on purpose"),
        (
            &of(&[]),
            &gap,
            "Nobody on call on Tue 3 Mar 12:00–14:30, as before; no longer on purpose",
        ),
    ] {
        assert_eq!(said(before, after), [expected]);
    }
}

#[test]
fn adjoining_duties_with_the_same_difference_are_one_also_where_others_change() {
    let before = roster(vec![
        duty("03-03 08:00", "03-04 08:00", &["Ana", "Ben"]),
        duty("03-04 08:00", "03-05 08:00", &["Ana", "Cara"]),
    ]);
    let after = roster(vec![duty("03-03 08:00", "03-05 08:00", &["Dee", "Cara"])]);
    assert_eq!(
        said(&before, &after),
        [
            "Dee now first on Tue 3 Mar 08:00–Thu 5 Mar 08:00, in place of Ana",
            "Cara now second on Tue 3 Mar 08:00–Wed 4 Mar 08:00, in place of Ben",
        ]
    );
}

#[test]
fn what_holds_at_any_time_comes_first() {
    let mut before = roster(vec![duty(WEEK.0, WEEK.1, &["Ana"])]);
    before.contacts = vec![person("Ana", 56), person("Ben", 57), person("Gone", 58)];
    before.last_resort = Some(person("Desk", 10));
    let mut after = roster(vec![duty(WEEK.0, "03-16 08:00", &["Ana"])]);
    after.contacts = vec![person("Ana", 56), person("Ben", 67), person("New", 59)];
    after.last_resort = Some(person("Manager", 11));
    after.time_zone = chrono_tz::Europe::London;
    assert_eq!(
        said(&before, &after),
        [
            "The rota is now read in the time of Europe/London, no longer in that of Australia/Melbourne",
            "The last resort is now Manager (+61…111), in place of Desk (+61…110)",
            "Ben has another telephone number: +61…167, before +61…157",
            "The rota now ends Sun 15 Mar 21:00, later than before (Sun 8 Mar 21:00)",
            "Ana now first on Sun 8 Mar 21:00–Sun 15 Mar 21:00, where nobody was",
        ]
    );
    after.last_resort = Some(person("Desk", 99));
    assert!(said(&before, &after).contains(&"Desk has another telephone number: +61…199, before +61…110".to_owned()));
    after.last_resort = None;
    assert!(said(&before, &after).contains(&"The rota names no last resort any more; it was Desk (+61…110)".to_owned()));
    let before = roster(vec![duty(WEEK.0, WEEK.1, &["Ana"])]);
    let empty = roster(vec![]);
    assert_eq!(
        said(&before, &empty),
        [
            "Ana no longer first on Mon 2 Mar 09:10–Mon 9 Mar 08:00; nobody is on call then",
            "The rota has no row any more; it went on until Mon 9 Mar 08:00",
        ]
    );
}

#[test]
fn two_numbers_that_look_the_same_are_told_apart() {
    let with = |digits: &str| {
        let mut roster = roster(vec![]);
        roster.contacts = vec![Arc::new(Responder {
            name: "Ana".to_owned(),
            phone: Phone::from_e164(digits).unwrap(),
            then: None,
        })];
        roster
    };
    assert_eq!(
        said(&with("+61491570156"), &with("+61499999156")),
        ["Ana has another telephone number, which ends as before (+61…156)"]
    );
}

#[test]
fn many_differences_are_counted_and_odd_names_are_cut() {
    let shift = |names: &dyn Fn(i64) -> String| {
        let one = |n: i64| Duty {
            from: local("03-02 10:00") + chrono::TimeDelta::hours(2 * n),
            until: local("03-02 11:00") + chrono::TimeDelta::hours(2 * n),
            ..duty(WEEK.0, WEEK.1, &[&names(n)])
        };
        roster((0..300).map(one).collect())
    };
    let (before, after) = (shift(&|n| format!("A{n}")), shift(&|n| format!("B{n}")));
    let all = differences(&before, &after, local("03-02 09:10"), DateTime::<Utc>::MAX_UTC);
    assert_eq!(all.len(), 201);
    assert_eq!(all[200].to_string(), "And 100 more differences");
    let few = told(&all, 2);
    assert_eq!(few[1], "B1 now first on Mon 2 Mar 12:00–13:00, in place of A1");
    assert_eq!(few[2], "And 298 more differences");
    assert_eq!(told(&all[..3], 2)[2], "And 1 more difference");
    let odd = roster(vec![duty(WEEK.0, WEEK.1, &[&format!("x\n{}", "y".repeat(50))])]);
    let sentence = &said(&roster(vec![]), &odd)[0];
    assert!(sentence.starts_with(&format!("x {}… now first", "y".repeat(38))), "{sentence}");
}

/// Rosters of a day of hours: each hour has a choice of duty.
fn any_roster() -> impl Strategy<Value = Roster> {
    const CHOICES: [Option<&[&str]>; 9] = [
        None,
        Some(&[]),
        Some(&["A"]),
        Some(&["BB"]),
        Some(&["A", "BB"]),
        Some(&["BB", "A"]),
        Some(&["A+CCC", "BB"]),
        Some(&["CCC"]),
        Some(&["A", "BB", "CCC+D"]),
    ];
    proptest::collection::vec((0..CHOICES.len(), 1_i64..5), 1..12).prop_map(|shifts| {
        let mut reached = local("03-02 00:00");
        let mut duties = Vec::new();
        for (choice, hours) in shifts {
            let from = reached;
            reached += chrono::TimeDelta::hours(hours);
            if let Some(levels) = CHOICES[choice] {
                duties.push(Duty {
                    from,
                    until: reached,
                    ..duty(WEEK.0, WEEK.1, levels)
                });
            }
        }
        roster(duties)
    })
}

/// The names in each place at an instant, found by looking through all duties; and whether nobody is meant.
fn sample(roster: &Roster, at: DateTime<Utc>) -> (Vec<BTreeSet<String>>, bool) {
    let duty = roster.duties().iter().find(|duty| duty.from <= at && at < duty.until);
    let levels = duty.map_or(&[] as &[Level], |duty| &duty.levels);
    let names = |level: &Level| level.responders.iter().map(|responder| responder.name.clone()).collect();
    (levels.iter().map(names).collect(), duty.is_some_and(|duty| duty.levels.is_empty()))
}

/// Does to the places what the change says, and holds the rest of what it says against the facts.
fn apply(places: &mut Vec<BTreeSet<String>>, change: &Change, now: &(Vec<BTreeSet<String>>, bool)) {
    let set = |names: &[String]| names.iter().cloned().collect::<BTreeSet<String>>();
    let (place, come, gone, stays) = match change {
        Change::Left { place, gone, rest } => {
            let stays = match rest {
                Rest::Same(stay) => set(stay),
                Rest::Others | Rest::Meant | Rest::Nobody => BTreeSet::new(),
            };
            let all_gone = now.0.is_empty();
            match rest {
                Rest::Same(_) | Rest::Others => assert!(!all_gone),
                Rest::Meant => assert!(all_gone && now.1),
                Rest::Nobody => assert!(all_gone && !now.1),
            }
            (*place, BTreeSet::new(), set(gone), stays)
        }
        Change::Came { place, come, gone, stay } => (*place, set(come), set(gone), set(stay)),
        Change::NowMeant => return assert!(now.0.is_empty() && now.1),
        Change::NoLongerMeant => return assert!(now.0.is_empty() && !now.1),
    };
    if places.len() <= place {
        places.resize(place + 1, BTreeSet::new());
    }
    assert!(gone.is_subset(&places[place]), "who left was there");
    places[place] = places[place].difference(&gone).cloned().collect();
    assert_eq!(places[place], stays, "who stays is told");
    places[place].extend(come);
}

proptest! {
    /// At each half hour of the window, doing to the version before what the differences say gives the version after;
    /// outside it there are none; and no two that adjoin could be one.
    #[test]
    fn the_differences_turn_one_version_into_the_other(before in any_roster(), after in any_roster(), first in 0_i64..30, hours in 1_i64..40) {
        let from = local("03-02 00:00") + chrono::TimeDelta::hours(first);
        let until = from + chrono::TimeDelta::hours(hours);
        let mut runs = Vec::new();
        for difference in differences(&before, &after, from, until) {
            if let What::Duty { from, until, changes } = difference.what {
                runs.extend(changes.into_iter().map(|change| (from, until, change)));
            }
        }
        for half in -4..160 {
            let at = local("03-02 00:15") + chrono::TimeDelta::minutes(30 * half);
            let (now, was) = (sample(&after, at), sample(&before, at));
            let here: Vec<_> = runs.iter().filter(|(from, until, _)| *from <= at && at < *until).collect();
            if at < from || at >= until {
                prop_assert!(here.is_empty());
                continue;
            }
            let mut places = was.0.clone();
            for (_, _, change) in &here {
                apply(&mut places, change, &now);
            }
            while places.last().is_some_and(BTreeSet::is_empty) {
                places.pop();
            }
            prop_assert_eq!(&places, &now.0);
            prop_assert_eq!(here.is_empty(), was == now);
        }
        for (_, until, change) in &runs {
            let continued = runs.iter().any(|(from, _, other)| from == until && other == change);
            prop_assert!(!continued, "two that adjoin are one: {:?}", change);
        }
    }
}

/// A week read on two days is written out up to two horizons; only what both say is compared.
#[test]
fn what_repeats_for_ever_ends_at_no_horizon() {
    use providers::{AddressStyle, Cell, Revision, Sheet, Tab};
    let tab = |name: &str, text: &str| Tab {
        name: name.into(),
        file: None,
        style: AddressStyle::Grid,
        rows: text
            .lines()
            .map(|line| line.split(',').map(|cell| Cell::Text(cell.into())).collect())
            .collect(),
        lines: vec![],
        merges: vec![],
        formatted: vec![],
        link: None,
    };
    let roster = |rota: &str, now: &str| {
        let sheet = Sheet {
            title: "rota".into(),
            revision: Revision("1".into()),
            time_zone: Some("UTC".into()),
            tabs: vec![
                tab("Contacts", "Name,Phone\nAna,+61 491 570 156\nBen,+61 491 570 157"),
                tab("Rota", rota),
            ],
            remarks: vec![],
            link: None,
        };
        let given = crate::roster::Settings(vec![("Handover".into(), "09:00".into())]);
        crate::roster::read(&sheet, &given, now.parse().unwrap()).0
    };
    let week = "Day,1st\nMon-Fri,Ana\nSat,Ben\nSun,Ben";
    let (first, second) = (roster(week, "2026-03-02T09:10:00Z"), roster(week, "2026-03-20T09:10:00Z"));
    assert!(first.horizon() < second.horizon());
    let between = |before: &Roster, after: &Roster| -> Vec<String> {
        let now = "2026-03-20T09:10:00Z".parse().unwrap();
        let found = differences(before, after, now, DateTime::<Utc>::MAX_UTC);
        found.iter().map(ToString::to_string).collect()
    };
    assert_eq!(between(&first, &second), Vec::<String>::new());
    assert_eq!(between(&second, &first), Vec::<String>::new());
    let list = roster("From,Until,1st\n2026-03-01 09:00,2026-03-21 09:00,Ana", "2026-03-20T09:10:00Z");
    assert_eq!(
        between(&list, &second)[0],
        "The rota now repeats itself for ever; before, it ended Sat 21 Mar 09:00"
    );
    assert_eq!(
        between(&second, &list)[0],
        "The rota no longer repeats itself for ever; it now ends Sat 21 Mar 09:00"
    );
}
