//! Names as rotas write them: whom a person would take them for.

use super::*;

fn names() -> Names {
    let mut names = Names::default();
    let contacts: &[(&str, &[&str])] = &[
        ("Priya Nair", &["PN"]),
        ("Tom Okafor", &["TO", "Tommy"]),
        ("Dr Wei Zhang", &["WZ"]),
        ("Ed Stone", &[]),
        ("Ed Winter", &[]),
        ("Singh, Preet (DBA)", &[]),
        ("Lab duty phone", &[]),
        ("Renée van der Berg", &[]),
        ("R&D desk", &[]),
        ("Jo Rossi", &["ED"]),
    ];
    for (index, (name, aliases)) in contacts.iter().enumerate() {
        let aliases: Vec<String> = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        names.add(index, name, &aliases);
    }
    names
}

#[test]
fn the_ladder() {
    let names = names();
    let cases = [
        ("Priya Nair", Found::One(0)),
        ("  priya\u{a0} NAIR ", Found::One(0)),
        ("PN", Found::One(0)),
        ("tommy", Found::One(1)),
        ("Wei Zhang", Found::One(2)),
        ("Prof. Wei Zhang (on site)", Found::One(2)),
        ("Nair, Priya", Found::One(0)),
        ("Okafor, Mr Tom", Found::One(1)),
        ("Preet Singh", Found::One(5)),
        ("Singh, Preet", Found::One(5)),
        ("Renee van der Berg", Found::One(7)),
        // Fragments that fit one contact only.
        ("Priya", Found::One(0)),
        ("Okafor", Found::One(1)),
        ("T. Okafor", Found::One(1)),
        ("T.Okafor", Found::One(1)),
        ("Okafor T", Found::One(1)),
        ("Tom O", Found::One(1)),
        ("van der Berg", Found::One(7)),
        ("Zhang, W", Found::One(2)),
        ("E Stone", Found::One(3)),
        // An alias comes before a fragment.
        ("Ed", Found::One(9)),
        ("J Smth", Found::Unknown),
        ("P", Found::Unknown),
        ("Dr", Found::Unknown),
        ("", Found::Unknown),
        ("Priya Okafor", Found::Unknown),
    ];
    for (text, expected) in cases {
        assert_eq!(names.find(text), expected, "{text}");
    }
    let mut without_alias = Names::default();
    without_alias.add(0, "Ed Stone", &[]);
    without_alias.add(1, "Ed Winter", &[]);
    assert_eq!(without_alias.find("Ed"), Found::Several(vec![0, 1]));
    assert_eq!(names.joined("R&D Desk"), Found::One(8));
    assert_eq!(names.joined("Priya/Tom"), Found::Unknown);
}

#[test]
fn a_hint_is_near_or_none() {
    assert_eq!(names().nearest("Pria Nair"), Some(0));
    assert_eq!(names().nearest("Xavier Quux"), None);
}

#[test]
fn names_as_rotas_write_them() {
    let mut names = Names::default();
    let contacts: &[(&str, &[&str])] = &[
        ("Anna Robertson", &["anna.robertson@example.com"]),
        ("Ben Robles", &[]),
        ("Carl Daiso", &[]),
        ("Tom Hiovin", &[]),
        ("Mia Hall Junior", &[]),
        ("Agency desk", &[]),
        ("Rupert (Bob) Quill", &[]),
        ("Dana Frost", &["d.frost@example.com"]),
        ("Dan Frost", &["d.frost@example.org"]),
        ("Marie-Claire Petit", &["W2"]),
        ("Lena Team", &[]),
    ];
    for (index, (name, aliases)) in contacts.iter().enumerate() {
        let aliases: Vec<String> = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        names.add(index, name, &aliases);
    }
    for (text, expected) in [
        // Cut with a dot: one contact, or more than one.
        ("ROBER.", Found::One(0)),
        ("Daiso.", Found::One(2)),
        ("ROB.", Found::Several(vec![0, 1])),
        ("RO.", Found::Unknown),
        ("Mr.", Found::Unknown),
        // Titles and three spellings of one man.
        ("Ir Daiso", Found::One(2)),
        ("DAISO", Found::One(2)),
        ("C Daiso", Found::One(2)),
        ("Daiso C.", Found::One(2)),
        // Ranks are no names, and no other person's either.
        ("Hiovin-Senior", Found::One(3)),
        ("Hall Senior", Found::Unknown),
        ("Mia Hall Junior", Found::One(4)),
        ("Senior", Found::Unknown),
        // Qualifiers.
        ("(A320) Tom Hiovin", Found::One(3)),
        ("Tom Hiovin (Uro) [Female]", Found::One(3)),
        ("Tom Hiovin (continues from Sun night)", Found::One(3)),
        ("Rupert Quill", Found::One(6)),
        ("(Tom Hiovin", Found::One(3)),
        // E-mail addresses and the account names in them.
        ("anna.robertson@example.com", Found::One(0)),
        ("anna.robertson", Found::One(0)),
        ("d.frost", Found::Several(vec![7, 8])),
        ("d.frost@example.com", Found::One(7)),
        ("m.petit@example.com", Found::Unknown),
        // Groups are nobody's name by half.
        ("Agency", Found::Unknown),
        ("Team", Found::Unknown),
        ("Agency desk", Found::One(5)),
        ("Locum", Found::Unknown),
        ("W2", Found::One(9)),
        ("Petit, Marie-Claire", Found::One(9)),
    ] {
        assert_eq!(names.find(text), expected, "{text}");
    }
}
