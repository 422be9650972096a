//! Which numbers a hotline rings. What kind each number is stands in the numbering plans of its country.

use super::*;

fn phone(text: &str) -> Phone {
    Phone::parse(text).unwrap()
}

fn melbourne() -> Reach {
    Reach::new(None, &[phone("+61399990000")], BTreeSet::new(), &BTreeSet::new(), BTreeSet::new())
}

fn listed(beginnings: &[u32]) -> Reach {
    let beginnings = beginnings.iter().copied().collect();
    Reach::new(None, &[phone("+61399990000")], BTreeSet::new(), &BTreeSet::new(), beginnings)
}

/// A hotline in Melbourne of which nothing is listed.
#[test]
fn telephones_of_its_own_country_are_rung_and_what_costs_extra_is_not() {
    let reach = melbourne();
    for (number, refused) in [
        // A mobile number, a landline, one that is not given out, a free one, one behind a switchboard.
        ("+61491570156", None),
        ("+61399990000", None),
        ("+61491000999", None),
        ("+611800123456", None),
        ("+61399990000;ext=12", None),
        // ACMA: 190 premium-rate, 13 and 1300 shared cost.
        ("+611900654321", Some(OutOfReach::Premium)),
        ("+611902123456", Some(OutOfReach::Premium)),
        ("+611300123456", Some(OutOfReach::SharedCost)),
        ("+611900654321;ext=1", Some(OutOfReach::Premium)),
        // New Zealand, the United States, Cuba.
        ("+64211234567", Some(OutOfReach::Country)),
        ("+12125550100", Some(OutOfReach::Country)),
        ("+5352345678", Some(OutOfReach::Country)),
        // ITU: 881 satellites, 882 and 883 worldwide networks, 979 premium-rate worldwide.
        ("+881612345678", Some(OutOfReach::Satellite)),
        ("+88213123456", Some(OutOfReach::Satellite)),
        ("+870773111632", Some(OutOfReach::Satellite)),
        ("+979123456789", Some(OutOfReach::Premium)),
        // Who is on a softphone is nowhere.
        ("client:alice", None),
        ("sip:alice@pbx.example.org", None),
    ] {
        assert_eq!(reach.refusal(&phone(number)), refused, "{number}");
    }
}

/// Ofcom: 070 personal, 076 pagers, 03 companies, 084, 087 and 09 dearer, which the library calls premium-rate.
#[test]
fn what_costs_extra_is_rung_where_it_is_listed_and_premium_rate_never() {
    let country = listed(&[44]);
    let closely = listed(&[44, 443, 4484, 4470, 4476, 449]);
    for (number, by_country, by_beginning) in [
        ("+447400123456", None, None),
        ("+442079460000", None, None),
        ("+443001231234", Some(OutOfReach::Company), None),
        ("+447012345678", Some(OutOfReach::Personal), None),
        ("+447640123456", Some(OutOfReach::Pager), None),
        ("+449012345678", Some(OutOfReach::Premium), Some(OutOfReach::Premium)),
        ("+448451234567", Some(OutOfReach::Premium), Some(OutOfReach::Premium)),
        ("+61491570156", Some(OutOfReach::Country), Some(OutOfReach::Country)),
    ] {
        assert_eq!(country.refusal(&phone(number)), by_country, "{number}");
        assert_eq!(closely.refusal(&phone(number)), by_beginning, "{number}");
    }
    let desk = phone("+611300123456");
    assert_eq!(listed(&[61]).refusal(&desk), Some(OutOfReach::SharedCost));
    assert_eq!(listed(&[61, 611_300]).refusal(&desk), None);
    assert_eq!(listed(&[61, 881]).refusal(&phone("+881612345678")), None, "a ship that is on duty");
}

#[test]
fn islands_with_the_code_of_a_continent_are_other_countries() {
    let states = listed(&[1]);
    for number in ["+12125550100", "+16135550199", "+17875550123"] {
        assert_eq!(states.refusal(&phone(number)), None, "{number}: New York, Ottawa, Puerto Rico");
    }
    for number in ["+18765551234", "+18095551234", "+14735551234"] {
        let refused = Some(OutOfReach::Country);
        assert_eq!(states.refusal(&phone(number)), refused, "{number}: Jamaica, Santo Domingo, Grenada");
    }
    assert_eq!(listed(&[1, 1876]).refusal(&phone("+18765551234")), None);
    let kingston = Reach::new(None, &[phone("+18765550100")], BTreeSet::new(), &BTreeSet::new(), BTreeSet::new());
    assert_eq!(kingston.refusal(&phone("+18765551234")), None, "the hotline's own island");
}

#[test]
fn by_default_it_is_where_the_operator_has_numbers() {
    let named = BTreeSet::from([phone("+41446681800"), phone("client:desk"), phone("+611300123456")]);
    let reach = Reach::new(Some("DE"), &[phone("+61399990000")], named, &BTreeSet::from([64]), BTreeSet::new());
    assert_eq!(reach.beginnings, BTreeSet::from([41, 49, 61, 64]));
    assert_eq!(reach.home.as_deref(), Some("DE"));
    // What he has written himself is rung as it stands; its neighbour is not.
    assert_eq!(reach.refusal(&phone("+611300123456")), None);
    assert_eq!(reach.refusal(&phone("+611300123457")), Some(OutOfReach::SharedCost));
    // What is listed is all there is.
    let closed = Reach::new(
        Some("DE"),
        &[phone("+61399990000")],
        BTreeSet::new(),
        &BTreeSet::from([64]),
        BTreeSet::from([49]),
    );
    assert_eq!(closed.beginnings, BTreeSet::from([49]));
}

/// A hotline with a number abroad, whose people are where the sheet says. A list of the operator has no more added to it.
#[test]
fn the_country_of_the_sheet_counts_where_nothing_is_listed() {
    let swiss = phone("+41446681800");
    assert_eq!(melbourne().refusal(&swiss), Some(OutOfReach::Country));
    assert_eq!(melbourne().with_country_of_sheet(Some("CH")).refusal(&swiss), None);
    assert_eq!(
        listed(&[61]).with_country_of_sheet(Some("CH")).refusal(&swiss),
        Some(OutOfReach::Country)
    );
}

/// Calls of the build before go on: any country, and still nothing that costs extra.
#[test]
fn where_nothing_is_known_any_country_is_rung() {
    let any: Reach = serde_json::from_str("{}").unwrap();
    for number in ["+61491570156", "+64211234567", "+5352345678", "+18765551234"] {
        assert_eq!(any.refusal(&phone(number)), None, "{number}");
    }
    assert_eq!(any.refusal(&phone("+611900654321")), Some(OutOfReach::Premium));
    assert_eq!(any.refusal(&phone("+881612345678")), Some(OutOfReach::Satellite));
}
