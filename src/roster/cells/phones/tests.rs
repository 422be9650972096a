//! Numbers are fictional: Ofcom's drama numbers (07700 900xxx, 020 7946 0xxx), the ACMA's (0491 57x xxx), 555-01xx.

use super::*;

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn read_text(cell: &str, country: Id) -> (Result<String, Fault>, Option<Remark>) {
    let reading = read(&text(cell), Some(country));
    (reading.number.map(|number| number.address().to_owned()), reading.remark)
}

#[test]
fn numbers_that_can_be_dialled() {
    use Remark::{Repaired, Unassigned};
    let cases = [
        ("0491 570 156", Id::AU, "+61491570156", None),
        ("+61 491 570 157", Id::AU, "+61491570157", None),
        ("+61 491 570 157", Id::GB, "+61491570157", None),
        ("491570156", Id::AU, "+61491570156", Some(Repaired)),
        ("61491570156", Id::AU, "+61491570156", Some(Repaired)),
        ("0061 491 570 156", Id::AU, "+61491570156", None),
        ("\t0491\u{a0}570\u{a0}156 ", Id::AU, "+61491570156", None),
        ("'0491570156", Id::AU, "+61491570156", None),
        ("0491–570–156", Id::AU, "+61491570156", None),
        ("0491.570.156", Id::AU, "+61491570156", None),
        ("Mobile: 0491 570 156", Id::AU, "+61491570156", None),
        ("mobile：0491 570 156", Id::AU, "+61491570156", None),
        ("tel. 0491 570 156 (home)", Id::AU, "+61491570156", None),
        ("０４９１ ５７０ １５６", Id::AU, "+61491570156", None),
        ("(02) 5550 1234", Id::AU, "+61255501234", None),
        // Drama numbers of Britain: the length is right, nobody has them.
        ("07700 900123", Id::GB, "+447700900123", Some(Unassigned)),
        ("7700900123", Id::GB, "+447700900123", Some(Unassigned)),
        ("447700900123", Id::GB, "+447700900123", Some(Unassigned)),
        ("+44 (0)7700 900123", Id::GB, "+447700900123", Some(Unassigned)),
        ("+44 (0)7700 900123", Id::AU, "+447700900123", Some(Unassigned)),
        ("020 7946 0000", Id::GB, "+442079460000", None),
        // No trunk zero in these countries.
        ("(202) 555-0123", Id::US, "+12025550123", None),
        ("1 202 555 0123", Id::US, "+12025550123", None),
        ("06 12 34 56 78", Id::FR, "+33612345678", None),
        ("612345678", Id::FR, "+33612345678", Some(Repaired)),
        ("612 34 56 78", Id::ES, "+34612345678", None),
        ("030/12345678", Id::DE, "+493012345678", None),
        ("0171 2345678", Id::DE, "+491712345678", None),
        ("06 1234 5678", Id::IT, "+390612345678", None),
    ];
    for (cell, country, expected, remark) in cases {
        assert_eq!(read_text(cell, country), (Ok(expected.to_owned()), remark), "{cell} in {country:?}");
    }
}

#[test]
fn numbers_that_cannot() {
    let cases = [
        ("", Id::GB, Fault::Blank),
        ("ana@example.com", Id::GB, Fault::Email),
        ("4.47E+11", Id::GB, Fault::Exponent),
        ("4,47E+11", Id::GB, Fault::Exponent),
        ("020 7946 0000 ext twelve 1", Id::GB, Fault::Extension),
        ("020 7946 0000 ext 12345678901", Id::GB, Fault::Extension),
        ("020 7946 0000 ext", Id::GB, Fault::NotANumber),
        ("Bleep 1028", Id::GB, Fault::Short),
        ("ext 1028", Id::GB, Fault::Short),
        ("4,47E+11", Id::GB, Fault::Exponent),
        ("4.47e11", Id::GB, Fault::Exponent),
        ("٠٤٩١٥٧٠١٥٦", Id::AU, Fault::NotANumber),
        ("#1028", Id::GB, Fault::Short),
        ("4512", Id::GB, Fault::Short),
        ("999", Id::GB, Fault::Short),
        ("07700 90012", Id::GB, Fault::Length),
        ("+44 7700 9001234", Id::GB, Fault::Length),
        ("0491 570 1567", Id::AU, Fault::Length),
        ("2079460000", Id::GB, Fault::Doubtful),
        ("+999 123 456 789", Id::GB, Fault::Length),
        ("5550123", Id::US, Fault::Length),
        ("see notes", Id::GB, Fault::NotANumber),
        ("Ana 07700 9OO123", Id::GB, Fault::NotANumber),
        ("12345678901234567890", Id::GB, Fault::Length),
    ];
    for (cell, country, fault) in cases {
        assert_eq!(read_text(cell, country).0, Err(fault), "{cell}");
    }
    assert_eq!(read(&text("0491 570 156"), None).number, Err(Fault::NoCountry));
    assert_eq!(read(&text("491570156"), None).number, Err(Fault::NoCountry));
    assert_eq!(read(&Cell::Error("#N/A".into()), Some(Id::GB)).number, Err(Fault::FormulaError));
    assert_eq!(read(&Cell::Number(0.5), Some(Id::GB)).number, Err(Fault::NotANumber));
}

#[test]
fn number_cells_come_as_floats() {
    let reading = read(&Cell::Number(447_700_900_011.0), Some(Id::GB));
    assert_eq!(reading.number.unwrap().address(), "+447700900011");
    let reading = read(&Cell::Number(491_570_156.0), Some(Id::AU));
    assert_eq!(
        (reading.number.unwrap().address(), reading.remark),
        ("+61491570156", Some(Remark::Repaired))
    );
    assert_eq!(
        read(&text("447700900011.0"), Some(Id::GB)).number.unwrap().address(),
        "+447700900011"
    );
}

#[test]
fn of_several_numbers_the_first_counts() {
    let cases = [
        "0491 570 156 / 0491 570 157",
        "0491 570 156\n0491 570 157",
        "0491 570 156   0491 570 157",
        "0491 570 156; 0491 570 157",
        "0491 570 156, 0491 570 157",
    ];
    for cell in cases {
        let reading = read(&text(cell), Some(Id::AU));
        assert_eq!((reading.number.unwrap().address(), reading.count), ("+61491570156", 2), "{cell}");
    }
    for (cell, count) in [
        ("0491 570 156 or 0491 570 157", 2),
        ("ana@example.com\n0491 570 156", 1),
        ("mobile: 0491 570 156, home: 02 5550 1234", 2),
        ("0491 570 156\n1028", 2),
    ] {
        let reading = read(&text(cell), Some(Id::AU));
        assert_eq!(
            (reading.number.unwrap().address(), reading.count),
            ("+61491570156", count),
            "{cell}"
        );
    }
    assert_eq!(split("491570006 / 491570156"), ["491570006", "491570156"]);
    assert_eq!(split("030/12345678"), ["030/12345678"]);
}

#[test]
fn extensions_are_dialled_after_the_answer() {
    let cases = [
        ("020 7946 0000 ext 12", "12"),
        ("020 7946 0000 ext. 12", "12"),
        ("020 7946 0000 Extension 12", "12"),
        ("020 7946 0000 x12", "12"),
        ("020 7946 0000 #12", "12"),
        ("020 7946 0000,,12#", "12#"),
        ("020 7946 0000 (ext 12)", "12"),
        ("020 7946 0000; ext 12", "12"),
        ("020 7946 0000\next 12", "12"),
        ("+44 20 7946 0000;ext=12", "12"),
        ("+44 (0)20 7946 0000 x 4512", "4512"),
        ("020 7946 0000 DW 12", "12"),
        ("020 7946 0000 Durchwahl 12", "12"),
        ("020 7946 0000 poste 12", "12"),
        ("020 7946 0000 int. 12", "12"),
    ];
    for (cell, extension) in cases {
        let reading = read(&text(cell), Some(Id::GB));
        let number = reading.number.unwrap_or_else(|why| panic!("{cell}: {why:?}"));
        assert_eq!(
            (number.address(), number.extension(), reading.count),
            ("+442079460000", Some(extension), 1),
            "{cell}"
        );
    }
    assert_eq!(read(&text("020 7946 0000"), Some(Id::GB)).number.unwrap().extension(), None);
}

#[test]
fn odd_number_cells_are_no_numbers() {
    for number in [f64::NAN, f64::INFINITY, -0.0, 0.0, 1e308, -447_700_900_011.0, 0.1] {
        assert!(read(&Cell::Number(number), Some(Id::GB)).number.is_err(), "{number}");
    }
}

#[test]
fn softphones_and_sip_addresses_of_allowed_domains() {
    let domains = ["pbx.example.org".to_owned(), "example.com".to_owned()];
    let dialling = Dialling {
        country: Some(Id::AU),
        sip_domains: &domains,
        reach: None,
    };
    let read = |cell: &str| read(&text(cell), dialling).number.map(|phone| phone.address().to_owned());
    for (cell, expected) in [
        (" client:alice_2 ", "client:alice_2"),
        ("Client:Alice", "client:Alice"),
        ("sip:alice@PBX.example.org", "sip:alice@pbx.example.org"),
        ("sip:alice@pbx.example.org;transport=tls", "sip:alice@pbx.example.org;transport=tls"),
        ("alice@example.com\nclient:alice", "client:alice"),
        ("'client:alice", "client:alice"),
    ] {
        assert_eq!(read(cell), Ok(expected.to_owned()), "{cell}");
    }
    for (cell, fault) in [
        ("alice@example.com", Fault::Email),
        ("mailto:alice@example.com", Fault::Email),
        ("client:", Fault::Softphone),
        ("client:alice park", Fault::Softphone),
        ("client:alice@example.com", Fault::Softphone),
        ("sip:alice", Fault::Sip),
        ("sip:alice@example.com:5060", Fault::Sip),
        ("sip:alice@example.com;transport=tls;lr", Fault::Sip),
        ("sip:alice@example.com?Subject=x", Fault::Sip),
        ("sip:alice@192.0.2.7", Fault::Sip),
        ("sip:alice@evil.example.com", Fault::SipDomain),
        ("sip:alice@example.org", Fault::SipDomain),
        ("sip:alice@example.com.evil.org", Fault::SipDomain),
    ] {
        assert_eq!(read(cell), Err(fault), "{cell}");
    }
    // Without the operator's word nothing is sent anywhere.
    let alone = super::read(&text("sip:alice@example.com"), Some(Id::AU)).number;
    assert_eq!(alone, Err(Fault::SipDomain));
}

#[test]
fn the_second_of_two_plain_numbers_is_kept() {
    let second = |cell: &str| read(&text(cell), Some(Id::AU)).second.map(|phone| phone.address().to_owned());
    for cell in [
        "0491 570 156 / 0491 570 157",
        "0491 570 156\n0491 570 157",
        "client:ana, 0491 570 157",
    ] {
        assert_eq!(second(cell).as_deref(), Some("+61491570157"), "{cell:?}");
    }
    assert_eq!(second("0491 570 156, client:ana").as_deref(), Some("client:ana"));
    for cell in [
        "0491 570 156",
        // The same twice, one that cannot be dialled, one that says where it stands, three.
        "0491 570 156 / +61 491 570 156",
        "0491 570 156\n1028",
        "mobile: 0491 570 156, home: 02 5550 1234",
        "0491 570 156; 0491 570 157; 0491 570 158",
        "ana@example.com\n0491 570 156",
    ] {
        assert_eq!(second(cell), None, "{cell:?}");
    }
}
