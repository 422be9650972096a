//! What `examine` tells whoever sets it up.

use crate::stage::{SITE, Stage, noon};
use chrono::{DateTime, TimeDelta, Utc};
use fakes::graph::{Kind, List};
use providers::{Check, CheckOutcome, Credential, Drive, ExcelOnline, MicrosoftAccount, SharePointLists, SheetSource, Site, SiteZone};

/// `+` fine, `!` advice, `-` missing; what was seen.
fn told(checks: &[Check]) -> Vec<String> {
    let tell = |check: &Check| match &check.outcome {
        CheckOutcome::Fine { seen } => format!("+ {}: {seen}", check.what),
        CheckOutcome::Advice { seen, .. } => format!("! {}: {seen}", check.what),
        CheckOutcome::Missing { seen, .. } => format!("- {}: {seen}", check.what),
    };
    checks.iter().map(tell).collect()
}

fn remedy(check: &Check) -> &str {
    match &check.outcome {
        CheckOutcome::Fine { .. } => "",
        CheckOutcome::Advice { remedy, .. } | CheckOutcome::Missing { remedy, .. } => remedy,
    }
}

#[tokio::test]
async fn all_is_well() {
    let stage = Stage::new().await;
    stage.add_rota();
    let checks = stage.lists().examine(noon()).await;
    let told = told(&checks);
    assert_eq!(told.len(), 5, "{told:#?}");
    assert_eq!(
        told[0],
        format!(
            "+ sign-in of the application {}: signed in with a client secret",
            stage.graph.client_id()
        )
    );
    assert!(told[1].starts_with(&format!("+ the site {SITE}: ")), "{}", told[1]);
    assert_eq!(told[2], "+ its lists: \"Rota\"");
    assert_eq!(
        told[3],
        "+ the list \"Rota\": 2 items, columns \"Date\", \"From\", \"1st\", \"2nd\""
    );
    assert_eq!(told[4], "+ dates and times: read as a browser shows them in Australia/Melbourne");
}

#[tokio::test]
async fn a_site_that_is_not_granted_is_told_with_the_permission_to_give() {
    let stage = Stage::new().await;
    stage.add_rota();
    stage.graph.revoke(&stage.site);
    let checks = stage.lists().examine(noon()).await;
    assert_eq!(checks.len(), 2, "{:#?}", told(&checks));
    let remedy = remedy(&checks[1]);
    assert!(
        remedy.contains("Sites.Selected") && remedy.contains(stage.graph.client_id()),
        "{remedy}"
    );
    assert!(remedy.contains("/sites/contoso.sharepoint.com:/sites/ops:/permissions"), "{remedy}");
    stage.graph.put_file(&stage.site, "Rota.csv", "1st\nAna\n");
    let file = ExcelOnline::new(stage.account(), Drive::Site(Site::parse(SITE).unwrap()), "Rota.csv".into());
    let of_file = file.examine(noon()).await;
    assert_eq!(self::remedy(&of_file[1]), remedy);
    let person = ExcelOnline::new(stage.account(), Drive::User("anna@contoso.com".into()), "Rota.csv".into());
    stage.graph.put_file("anna@contoso.com", "Rota.csv", "1st\nAna\n");
    stage.graph.revoke("anna@contoso.com");
    let of_person = person.examine(noon()).await;
    assert!(self::remedy(&of_person[1]).contains("Files.Read.All"), "{:#?}", told(&of_person));
}

#[tokio::test]
async fn wrong_names_a_wrong_zone_and_a_wrong_secret_are_told() {
    let stage = Stage::new().await;
    stage.add_rota();
    let checks = stage.lists_of(stage.account(), &["Dienstplan"]).examine(noon()).await;
    assert!(
        told(&checks)[2].contains("has no list \"Dienstplan\"; it has \"Rota\""),
        "{:#?}",
        told(&checks)
    );

    let zone = SiteZone::parse("Europe/Berlin").unwrap();
    let source = SharePointLists::new(stage.account(), Site::parse(SITE).unwrap(), Vec::new(), Some(zone));
    let checks = source.examine(noon()).await;
    assert!(
        told(&checks)[4].starts_with("! dates and times: the dates of the lists begin at midnight of UTC+1"),
        "{:#?}",
        told(&checks)
    );

    stage.graph.expire_secret();
    let checks = stage.lists().examine(noon()).await;
    assert_eq!(checks.len(), 1, "nothing more can be seen without signing in");
    assert!(
        told(&checks)[0].contains("the client secret has expired. Make a new one"),
        "{:#?}",
        told(&checks)
    );
}

#[tokio::test]
async fn a_certificate_is_spoken_of_before_it_ends() {
    let stage = Stage::new().await;
    stage.graph.add_list(&stage.site, List::new("Rota").column("1st", Kind::Text));
    let mut access = stage.access();
    access.credential = Credential::Certificate(stage.graph.certificate_pem().into());
    let source = stage.lists_of(MicrosoftAccount::new(access, noon).unwrap(), &["Rota"]);
    let fine = told(&source.examine(noon()).await).remove(0);
    let (_, day) = fine.split_once("signed in with a certificate that ends on ").expect("its end");
    let ends: DateTime<Utc> = chrono::NaiveDate::parse_from_str(day, "%d %b %Y")
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap()
        .and_utc();
    let soon = told(&source.examine(ends - TimeDelta::days(20)).await).remove(0);
    assert!(
        soon.starts_with('!') && soon.ends_with(&format!("the certificate ends on {day}")),
        "{soon}"
    );

    let mut access = stage.access();
    access.credential = Credential::Certificate(stage.graph.expired_certificate_pem().into());
    let source = stage.lists_of(MicrosoftAccount::new(access, noon).unwrap(), &["Rota"]);
    let ended = told(&source.examine(noon()).await).remove(0);
    assert!(
        ended.starts_with('-') && ended.contains("the certificate ended on 1 Jan 2025"),
        "{ended}"
    );
}

#[tokio::test]
async fn a_workbook_that_is_found_is_named_with_its_tabs() {
    let stage = Stage::new().await;
    stage.graph.put_file(&stage.site, "Rotas/Rota.csv", "1st\nAna\n");
    let site = || Drive::Site(Site::parse(SITE).unwrap());
    let checks = ExcelOnline::new(stage.account(), site(), "Rotas/Rota.csv".into())
        .examine(noon())
        .await;
    assert_eq!(
        told(&checks)[1],
        format!("+ Rotas/Rota.csv in the documents of {SITE}: \"Rota.csv\", tabs: \"Rota\"")
    );
    let checks = ExcelOnline::new(stage.account(), site(), "Rota.csv".into()).examine(noon()).await;
    assert!(told(&checks)[1].starts_with("- Rota.csv in the documents"), "{:#?}", told(&checks));
}
