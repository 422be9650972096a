//! What reading the lists takes, looked at one thing after another, in words for whoever sets it up.

use super::SharePointLists;
use super::columns;
use crate::graph::{Place, Site, missing};
use crate::limits::first_few;
use crate::{Check, CheckOutcome, SourceError};
use chrono::{DateTime, Utc};

pub(super) async fn examine(source: &SharePointLists, now: DateTime<Utc>) -> Vec<Check> {
    let sign_in = source.account.examine(now).await;
    let is_in = !matches!(sign_in.outcome, CheckOutcome::Missing { .. });
    let mut checks = vec![sign_in];
    if is_in {
        look_around(source, &mut checks).await;
    }
    checks
}

async fn look_around(source: &SharePointLists, checks: &mut Vec<Check>) {
    let what = format!("the site {}", source.site);
    let found = async {
        let place = source.account.site(&source.site).await?;
        let named = source.named(&place).await?;
        Ok::<_, SourceError>((place, named))
    };
    let (place, named) = match found.await {
        Ok(found) => found,
        Err(fault) => {
            let outcome = refused(&source.site, source.account.client_id(), &fault);
            checks.push(Check { what, outcome });
            return;
        }
    };
    let seen = format!("\"{}\", readable", place.title);
    checks.push(fine(what, seen));
    let what = "its lists".to_owned();
    let wanted = match source.wanted(named) {
        Ok(wanted) => wanted,
        Err(fault) => {
            let remedy = "Correct the names of the lists in the configuration, or make the lists.".to_owned();
            let seen = fault.to_string();
            let outcome = CheckOutcome::Missing { seen, remedy };
            checks.push(Check { what, outcome });
            return;
        }
    };
    let names: Vec<String> = wanted.iter().map(|list| format!("\"{}\"", list.name)).collect();
    checks.push(fine(what, names.join(", ")));
    let mut lists = Vec::new();
    for list in wanted {
        let what = format!("the list \"{}\"", list.name);
        match source.list(&place, list).await {
            Ok(list) => {
                checks.push(fine(what, contents(&list.columns, list.items.len())));
                lists.push(list);
            }
            Err(fault) => checks.push(Check {
                what,
                outcome: missing(&fault),
            }),
        }
    }
    checks.push(dates(source, place, lists));
}

fn contents(columns: &[columns::Column], items: usize) -> String {
    let headings: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column.heading)).collect();
    let plural = if items == 1 { "" } else { "s" };
    format!("{items} item{plural}, columns {}", first_few(&headings))
}

/// Whether the zone fits what the lists hold, and what else was noticed.
fn dates(source: &SharePointLists, place: Place, lists: Vec<super::List>) -> Check {
    let what = "dates and times".to_owned();
    let outcome = match source.sheet(place, lists) {
        Ok(sheet) if sheet.remarks.is_empty() => CheckOutcome::Fine {
            seen: match sheet.time_zone {
                Some(zone) => format!("read as a browser shows them in {zone}"),
                None => "only dates, which need no time zone".into(),
            },
        },
        Ok(sheet) => CheckOutcome::Advice {
            seen: sheet.remarks.join("; "),
            remedy: "Correct the time zone in the configuration, or the items.".into(),
        },
        Err(fault @ SourceError::Malformed(_)) if source.zone.is_none() => CheckOutcome::Missing {
            seen: fault.to_string(),
            remedy: "Set time_zone in the hotline's block to the zone of the site (Settings > Site settings > Regional settings).".into(),
        },
        Err(fault) => missing(&fault),
    };
    Check { what, outcome }
}

/// The site is the place where permission is given, and the words for it are hard to find.
pub(crate) fn refused(site: &Site, client_id: &str, fault: &SourceError) -> CheckOutcome {
    let remedy = match fault {
        SourceError::Forbidden(_) | SourceError::Auth(_) => permission(site, client_id),
        SourceError::NotFound(_) => "Copy the site's address from the browser into the configuration.".into(),
        SourceError::Throttled { .. } | SourceError::Transient(_) | SourceError::Malformed(_) => fault.remedy().to_owned(),
    };
    CheckOutcome::Missing {
        seen: fault.to_string(),
        remedy,
    }
}

/// learn.microsoft.com/graph/permissions-selected-overview.
fn permission(site: &Site, client_id: &str) -> String {
    format!(
        "In the Entra admin center, App registrations > {client_id} > API permissions, add the application permission \
         Sites.Selected of Microsoft Graph and grant admin consent. Then let an administrator give it this one site: POST \
         https://graph.microsoft.com/v1.0/sites/{}/permissions with {{\"roles\":[\"read\"],\"grantedToIdentities\":\
         [{{\"application\":{{\"id\":\"{client_id}\",\"displayName\":\"rotaline\"}}}}]}} (or in PowerShell: \
         Grant-PnPAzureADAppSitePermission -AppId {client_id} -DisplayName rotaline -Site {site} -Permissions Read).",
        addressed(site)
    )
}

/// A site named by its path ends with a colon before what is asked of it; learn.microsoft.com/graph/api/site-getbypath.
fn addressed(site: &Site) -> String {
    let key = site.key();
    if key.contains(':') { key + ":" } else { key }
}

fn fine(what: String, seen: String) -> Check {
    Check {
        what,
        outcome: CheckOutcome::Fine { seen },
    }
}
