//! Lists of a site: what is read of them, and when.

use crate::stage::{SITE, Stage, read, read_since, rows};
use fakes::Fault;
use fakes::graph::{Change, Route};
use fakes::graph::{Entry, Kind, List, Value};
use providers::{Fetched, SharePointLists, SheetSource, Site, SiteZone, SourceError};

#[tokio::test]
async fn a_list_is_a_tab_of_items() {
    let stage = Stage::new().await;
    stage.add_rota();
    let source = stage.lists();
    assert_eq!(source.describe(), format!("the lists of {SITE}"));
    let sheet = read(&source).await;
    assert_eq!(sheet.time_zone.as_deref(), Some("Australia/Melbourne"));
    assert_eq!(sheet.remarks, Vec::<String>::new());
    assert!(sheet.link.as_deref().unwrap().starts_with(SITE));
    let tab = &sheet.tabs[0];
    assert_eq!((tab.name.as_str(), tab.lines.as_slice()), ("Rota", &[0, 1, 2][..]));
    // Melbourne is 11 h ahead of UTC in March, 10 h in July.
    assert_eq!(
        rows(&sheet, 0),
        [
            vec!["Date", "From", "1st", "2nd"],
            vec!["2026-03-02 00:00", "2026-03-02 18:00", "Ana Diaz", "Ben Osei"],
            vec!["2026-07-02 00:00", "2026-07-02 18:00", "Cleo Park"],
        ]
    );
    let address = tab.address(2, 3);
    assert_eq!(address.to_string(), "Rota item 2, \"2nd\"");
    assert_eq!(address.link().unwrap(), format!("{SITE}/Lists/Rota/DispForm.aspx?ID=2"));
}

#[tokio::test]
async fn every_kind_of_column_reads_as_people_see_it() {
    let stage = Stage::new().await;
    stage.graph.add_list(
        &stage.site,
        List::new("Contacts").column_named("Name", "Title", Kind::Text).item(["Ana".into()]),
    );
    let other = || ("Contacts".to_owned(), "Title".to_owned());
    let ((list, column), (lists, columns)) = (other(), other());
    let kinds = List::new("Rota")
        .column("Team", Kind::Choice(vec!["A".into(), "B".into()]))
        .column("Days", Kind::Choices(vec!["Mon".into(), "Tue".into()]))
        .column("Who", Kind::People)
        .column("Cover", Kind::Lookup { list, column })
        .column(
            "Covers",
            Kind::Lookups {
                list: lists,
                column: columns,
            },
        )
        .column("Page", Kind::Hyperlink)
        .column("Hours", Kind::Number)
        .column("Cost", Kind::Currency)
        .column("Away", Kind::Boolean)
        .column("Sum", Kind::Calculated)
        .column("Notes", Kind::Note);
    let entry = |id, name: &str| Entry {
        id,
        name: name.into(),
        email: None,
    };
    let kinds = kinds.item([
        "B".into(),
        Value::Choices(vec!["Mon".into(), "Tue".into()]),
        Value::Entries(vec![entry(6, "Ana Diaz"), entry(7, "Ben Osei")]),
        Value::lookup(1, "Ana"),
        Value::Entries(vec![entry(1, "Ana"), entry(2, "Ben")]),
        Value::link("https://wiki.example/", "Handbook"),
        1.5.into(),
        20.0.into(),
        true.into(),
        "Monday".into(),
        "one\ntwo".into(),
    ]);
    stage.graph.add_list(&stage.site, kinds);
    let sheet = read(&stage.lists_of(stage.account(), &["Rota"])).await;
    assert_eq!(
        rows(&sheet, 0)[1],
        [
            "B",
            "Mon / Tue",
            "Ana Diaz / Ben Osei",
            "Ana",
            "Ana / Ben",
            "Handbook",
            "1.5",
            "20",
            "true",
            "Monday",
            "one\ntwo"
        ]
    );
}

#[tokio::test]
async fn thirteen_people_in_a_row_are_all_named() {
    let stage = Stage::new().await;
    let mut list = List::new("Rota");
    let mut people = Vec::new();
    for nth in 1..=13 {
        list = list.column(&format!("P{nth}"), Kind::Person);
        people.push(Value::person(nth, &format!("Person {nth}"), "p@contoso.com"));
    }
    list.items.push(people);
    stage.graph.add_list(&stage.site, list);
    let sheet = read(&stage.lists()).await;
    let names: Vec<String> = (1..=13).map(|nth| format!("Person {nth}")).collect();
    assert_eq!(rows(&sheet, 0)[1], names);
    assert_eq!(stage.count("/items"), 2);
}

#[tokio::test]
async fn pages_are_followed_to_the_end() {
    let stage = Stage::new().await;
    let mut list = List::new("Rota").column("1st", Kind::Text);
    list.items = (1..=25).map(|nth| vec![Value::from(format!("N{nth}").as_str())]).collect();
    let key = stage.graph.add_list(&stage.site, list);
    stage.graph.page_size(10);
    stage.graph.between_pages(&key, Change::Remove(3));
    let source = stage.lists();
    let sheet = read(&source).await;
    assert_eq!(sheet.tabs[0].lines.last(), Some(&25));
    assert_eq!(stage.count("/items"), 3);
    // What happened between the pages is seen the next time.
    let newer = read_since(&source, &sheet.revision).await.unwrap();
    assert_eq!(newer.tabs[0].lines[..4], [0, 1, 2, 4]);
}

#[tokio::test]
async fn an_unchanged_list_costs_one_question_and_a_change_is_seen_at_once() {
    let stage = Stage::new().await;
    let rota = stage.add_rota();
    let source = stage.lists();
    let sheet = read(&source).await;
    stage.graph.clear_journal();
    assert_eq!(read_since(&source, &sheet.revision).await, None);
    let asked: Vec<String> = stage.graph.journal().into_iter().map(|request| request.path).collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].ends_with("/items/delta"), "{asked:?}");

    stage.graph.edit(&rota, 1, "2nd", "Cleo Park");
    let edited = read_since(&source, &sheet.revision).await.unwrap();
    assert_eq!(rows(&edited, 0)[1][3], "Cleo Park");
    stage.graph.remove_item(&rota, 1);
    let shorter = read_since(&source, &edited.revision).await.unwrap();
    assert_eq!(shorter.tabs[0].lines, [0, 2]);
    assert_eq!(shorter.tabs[0].address(1, 2).to_string(), "Rota item 2, \"1st\"");
    // Changed and changed back: Graph reports it, and it is the same sheet.
    stage.graph.edit(&rota, 2, "2nd", "Ben Osei");
    stage.graph.edit(&rota, 2, "2nd", Value::Empty);
    assert_eq!(read_since(&source, &shorter.revision).await, None);
}

#[tokio::test]
async fn another_start_knows_the_sheet_by_its_revision() {
    let stage = Stage::new().await;
    stage.add_rota();
    let before = read(&stage.lists()).await;
    assert_eq!(read_since(&stage.lists(), &before.revision).await, None);
}

#[tokio::test]
async fn what_graph_does_not_report_is_found_within_ten_questions() {
    let stage = Stage::new().await;
    let rota = stage.add_rota();
    let source = stage.lists();
    let sheet = read(&source).await;
    stage.graph.rename_column(&rota, "2nd", "Backup");
    let mut renamed = None;
    for _ in 0..10 {
        renamed = renamed.or(read_since(&source, &sheet.revision).await);
    }
    let renamed = renamed.expect("a full read");
    assert_eq!(rows(&renamed, 0)[0], ["Date", "From", "1st", "Backup"]);
    assert_eq!(rows(&renamed, 0)[1][3], "Ben Osei");
    assert_eq!(renamed.tabs[0].address(1, 3).to_string(), "Rota item 1, \"Backup\"");
}

#[tokio::test]
async fn a_delta_token_that_is_too_old_means_a_full_read() {
    let stage = Stage::new().await;
    let rota = stage.add_rota();
    let source = stage.lists();
    let sheet = read(&source).await;
    stage.graph.expire_delta_tokens();
    assert_eq!(read_since(&source, &sheet.revision).await, None);
    stage.graph.edit(&rota, 2, "2nd", "Ana Diaz");
    assert!(read_since(&source, &sheet.revision).await.is_some());
}

#[tokio::test]
async fn a_cloud_without_delta_is_read_each_time() {
    let stage = Stage::new().await;
    let rota = stage.add_rota();
    let gone = || Fault::Status {
        code: 400,
        retry_after: None,
        body: None,
    };
    stage.graph.fail(Route::Delta, gone(), None);
    let source = stage.lists();
    let sheet = read(&source).await;
    assert_eq!(read_since(&source, &sheet.revision).await, None);
    assert_eq!(stage.count("/items"), 2);
    stage.graph.edit(&rota, 2, "2nd", "Ana Diaz");
    assert!(read_since(&source, &sheet.revision).await.is_some());
}

#[tokio::test]
async fn the_usual_lists_are_found_and_named_ones_must_be_there() {
    let stage = Stage::new().await;
    for name in ["Settings", "Shopping", "rota"] {
        stage
            .graph
            .add_list(&stage.site, List::new(name).column("A", Kind::Text).item(["x".into()]));
    }
    let sheet = read(&stage.lists()).await;
    let names: Vec<&str> = sheet.tabs.iter().map(|tab| tab.name.as_str()).collect();
    assert_eq!(names, ["rota", "Settings"]);
    let named = stage.lists_of(stage.account(), &["Shopping", "Kontakte"]);
    assert_eq!(named.describe(), format!("the lists Shopping, Kontakte of {SITE}"));
    let fault = named.fetch(None).await.unwrap_err();
    assert!(matches!(fault, SourceError::NotFound(_)), "{fault}");
    let words = fault.to_string();
    assert!(
        words.contains("has no list \"Kontakte\"; it has \"") && words.contains("\"Shopping\""),
        "{words}"
    );
}

#[tokio::test]
async fn a_list_that_is_removed_is_missed() {
    let stage = Stage::new().await;
    let rota = stage.add_rota();
    let source = stage.lists();
    let sheet = read(&source).await;
    stage.graph.remove_list(&rota);
    let fault = source.fetch(Some(&sheet.revision)).await.unwrap_err();
    assert!(matches!(fault, SourceError::NotFound(_)), "{fault}");
}

#[tokio::test]
async fn a_hidden_column_is_not_read() {
    let stage = Stage::new().await;
    let rota = stage.add_rota();
    stage.graph.hide_column(&rota, "2nd");
    assert_eq!(rows(&read(&stage.lists()).await, 0)[0], ["Date", "From", "1st"]);
}

#[tokio::test]
async fn a_wrong_zone_is_said_and_days_are_right_even_so() {
    let stage = Stage::new().await;
    stage.add_rota();
    let site = || Site::parse(SITE).unwrap();
    let zone = SiteZone::parse("America/Los_Angeles").unwrap();
    let source = SharePointLists::new(stage.account(), site(), Vec::new(), Some(zone));
    let sheet = read(&source).await;
    assert!(
        sheet.remarks[0].contains("and that is not America/Los_Angeles"),
        "{:?}",
        sheet.remarks
    );
    assert_eq!(rows(&sheet, 0)[1][0], "2026-03-02 00:00");
    let unknown = SharePointLists::new(stage.account(), site(), Vec::new(), None);
    let fault = unknown.fetch(None).await.unwrap_err().to_string();
    assert!(
        fault.contains("the column \"From\" of the list \"Rota\" holds times of day"),
        "{fault}"
    );
}

#[tokio::test]
async fn a_site_without_permission_and_no_site_at_all_are_told_apart() {
    let stage = Stage::new().await;
    stage.add_rota();
    stage.graph.revoke(&stage.site);
    let fault = stage.lists().fetch(None).await.unwrap_err();
    assert!(matches!(&fault, SourceError::Forbidden(words) if words.contains(SITE)), "{fault}");
    let nowhere = Site::parse("https://contoso.sharepoint.com/sites/nowhere").unwrap();
    let source = SharePointLists::new(stage.account(), nowhere, Vec::new(), None);
    let fault = source.fetch(None).await.unwrap_err();
    assert!(
        matches!(&fault, SourceError::NotFound(words) if words.contains("there is no site")),
        "{fault}"
    );
}

#[tokio::test]
async fn fetching_without_a_revision_always_brings_the_sheet() {
    let stage = Stage::new().await;
    stage.add_rota();
    let source = stage.lists();
    for _ in 0..2 {
        assert!(matches!(source.fetch(None).await, Ok(Fetched::Sheet(_))));
    }
}

#[tokio::test]
async fn five_thousand_items_take_one_question() {
    let stage = Stage::new().await;
    let mut list = List::new("Rota").column("From", Kind::DateTime).column("1st", Kind::Text);
    let shift = || vec![Value::moment("2026-03-02T07:00:00Z"), Value::from("Ana Diaz")];
    list.items = (0..5_000).map(|_| shift()).collect();
    stage.graph.add_list(&stage.site, list);
    let sheet = read(&stage.lists()).await;
    assert_eq!(sheet.tabs[0].rows.len(), 5_001);
    assert_eq!(stage.count("/items"), 1);
    // Signing in, the site, its lists, the columns, where changes will be told, the items.
    assert_eq!(stage.graph.journal().len(), 6);
}

/// Otherwise dozens of questions are asked for what is not read in the end.
#[tokio::test]
async fn far_too_many_columns_are_not_asked_for() {
    let stage = Stage::new().await;
    let list = (0..2_001).fold(List::new("Rota"), |list, number| list.column(&format!("C{number}"), Kind::Text));
    stage.graph.add_list(&stage.site, list);
    match stage.lists().fetch(None).await {
        Err(SourceError::Malformed(words)) => assert!(words.contains("columns, of which at most 2000 are read"), "{words}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(stage.count("/items"), 0);
}
