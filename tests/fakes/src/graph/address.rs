//! Which resource an address means. Whether it is there is said elsewhere.

use crate::faults;
use crate::journal::Request;

/// The requests of Graph and of the sign-in, by what they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Any of those below but [`Route::Download`].
    Any,
    /// Any of Graph's own: not the sign-in, not the download.
    Api,
    /// The sign-in.
    Token,
    /// A site, found by host and path or by its id.
    Site,
    /// The lists of a site.
    Lists,
    /// One list.
    List,
    /// A list's columns.
    Columns,
    /// A list's items, a page of them or one.
    Items,
    /// What changed in a list.
    Delta,
    /// A drive.
    Drive,
    /// What Graph knows of a file.
    File,
    /// Where a file's bytes are.
    Content,
    /// A file's bytes, on the other host.
    Download,
    /// Subscriptions: one is made, shown, renewed, ended.
    Subscriptions,
    /// Something that Graph does not have.
    Unknown,
}

impl faults::Route for Route {
    fn covers(self, request: Route) -> bool {
        match self {
            Route::Any => request != Route::Download,
            Route::Api => ![Route::Token, Route::Download].contains(&request),
            Route::Token | Route::Site | Route::Lists | Route::List | Route::Columns | Route::Items | Route::Delta => self == request,
            Route::Drive | Route::File | Route::Content | Route::Download | Route::Subscriptions | Route::Unknown => self == request,
        }
    }
}

/// What a request is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    Token(String),
    Site(SiteAddress),
    Lists(SiteAddress),
    InList(SiteAddress, String, InList),
    Drive(DriveAddress),
    File(DriveAddress, FileAddress),
    Content(DriveAddress, FileAddress),
    Subscriptions,
    Subscription(String),
    /// The first segment that Graph does not have.
    Unknown(String),
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum InList {
    Itself,
    Columns,
    Items,
    Item(String),
    Delta,
}

/// A site, as addressed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum SiteAddress {
    Id(String),
    /// Host, and path without a slash in front.
    Path(String, String),
}

/// A drive, as addressed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum DriveAddress {
    OfSite(SiteAddress),
    OfUser(String),
    Id(String),
}

/// A file of a drive, as addressed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum FileAddress {
    /// Without a slash in front.
    Path(String),
    Id(String),
}

impl Target {
    pub(super) fn of(request: &Request) -> Target {
        let segments = request.segments();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            [tenant, "oauth2", "v2.0", "token"] => Target::Token((*tenant).to_owned()),
            ["v1.0", rest @ ..] => resource(rest),
            other => unknown(other),
        }
    }

    pub(super) fn route(&self) -> Route {
        match self {
            Target::Token(_) => Route::Token,
            Target::Site(_) => Route::Site,
            Target::Lists(_) => Route::Lists,
            Target::InList(_, _, InList::Itself) => Route::List,
            Target::InList(_, _, InList::Columns) => Route::Columns,
            Target::InList(_, _, InList::Items | InList::Item(_)) => Route::Items,
            Target::InList(_, _, InList::Delta) => Route::Delta,
            Target::Drive(_) => Route::Drive,
            Target::File(..) => Route::File,
            Target::Content(..) => Route::Content,
            Target::Subscriptions | Target::Subscription(_) => Route::Subscriptions,
            Target::Unknown(_) => Route::Unknown,
        }
    }
}

fn unknown(rest: &[&str]) -> Target {
    Target::Unknown(rest.first().copied().unwrap_or_default().to_owned())
}

fn resource(segments: &[&str]) -> Target {
    match segments {
        ["sites", site, rest @ ..] => {
            let (site, rest) = site_address(site, rest);
            of_site(site, &rest)
        }
        ["users", user, "drive", rest @ ..] => of_drive(DriveAddress::OfUser((*user).to_owned()), rest),
        ["drives", id, rest @ ..] => of_drive(DriveAddress::Id((*id).to_owned()), rest),
        ["subscriptions"] => Target::Subscriptions,
        ["subscriptions", id] => Target::Subscription((*id).to_owned()),
        other => unknown(other),
    }
}

/// `host:/a/path` and `host:/a/path:/…`, or an id.
fn site_address<'a>(site: &str, rest: &[&'a str]) -> (SiteAddress, Vec<&'a str>) {
    let Some(host) = site.strip_suffix(':') else {
        return (SiteAddress::Id(site.to_owned()), rest.to_vec());
    };
    let (path, after) = up_to_colon(rest);
    (SiteAddress::Path(host.to_owned(), path), after)
}

/// The path in front of the segment that ends in a colon, or all; and what comes after it.
fn up_to_colon<'a>(segments: &[&'a str]) -> (String, Vec<&'a str>) {
    let end = segments.iter().position(|segment| segment.ends_with(':'));
    let (path, after) = match end {
        Some(end) => (&segments[..=end], &segments[end + 1..]),
        None => (segments, &[][..]),
    };
    let path = path.join("/");
    (path.strip_suffix(':').unwrap_or(&path).to_owned(), after.to_vec())
}

fn of_site(site: SiteAddress, rest: &[&str]) -> Target {
    match rest {
        [] => Target::Site(site),
        ["lists"] => Target::Lists(site),
        ["lists", list, rest @ ..] => match in_list(rest) {
            Some(part) => Target::InList(site, (*list).to_owned(), part),
            None => unknown(rest),
        },
        ["drive", rest @ ..] => of_drive(DriveAddress::OfSite(site), rest),
        other => unknown(other),
    }
}

fn in_list(rest: &[&str]) -> Option<InList> {
    match rest {
        [] => Some(InList::Itself),
        ["columns"] => Some(InList::Columns),
        ["items"] => Some(InList::Items),
        ["items", "delta" | "delta()"] => Some(InList::Delta),
        ["items", item] => Some(InList::Item((*item).to_owned())),
        _ => None,
    }
}

fn of_drive(drive: DriveAddress, rest: &[&str]) -> Target {
    match rest {
        [] => Target::Drive(drive),
        ["items", id] => Target::File(drive, FileAddress::Id((*id).to_owned())),
        ["items", id, "content"] => Target::Content(drive, FileAddress::Id((*id).to_owned())),
        ["root:", path @ ..] => {
            let (path, after) = up_to_colon(path);
            match after.as_slice() {
                [] => Target::File(drive, FileAddress::Path(path)),
                ["content"] => Target::Content(drive, FileAddress::Path(path)),
                other => unknown(other),
            }
        }
        other => unknown(other),
    }
}

#[cfg(test)]
mod tests {
    use super::{DriveAddress, FileAddress, InList, SiteAddress, Target};
    use crate::journal::Request;

    fn target(path: &str) -> Target {
        Target::of(&Request {
            path: path.to_owned(),
            ..Request::default()
        })
    }

    #[test]
    fn addresses_mean_what_the_documentation_says() {
        let site = SiteAddress::Path("contoso.sharepoint.com".into(), "sites/ops".into());
        let id = || SiteAddress::Id("contoso.sharepoint.com,1,2".into());
        let file = || FileAddress::Path("Rotas/On call.xlsx".into());
        for (path, meant) in [
            ("/t/oauth2/v2.0/token", Target::Token("t".into())),
            ("/v1.0/sites/contoso.sharepoint.com:/sites/ops", Target::Site(site.clone())),
            ("/v1.0/sites/contoso.sharepoint.com:/sites/ops:/lists", Target::Lists(site.clone())),
            ("/v1.0/sites/contoso.sharepoint.com,1,2", Target::Site(id())),
            ("/v1.0/sites/contoso.sharepoint.com%2C1%2C2/lists", Target::Lists(id())),
            (
                "/v1.0/sites/contoso.sharepoint.com,1,2/lists/Rota/items/delta",
                Target::InList(id(), "Rota".into(), InList::Delta),
            ),
            (
                "/v1.0/sites/contoso.sharepoint.com,1,2/drive/root:/Rotas/On%20call.xlsx",
                Target::File(DriveAddress::OfSite(id()), file()),
            ),
            (
                "/v1.0/users/anna@contoso.com/drive/root:/Rotas/On%20call.xlsx:/content",
                Target::Content(DriveAddress::OfUser("anna@contoso.com".into()), file()),
            ),
            ("/v1.0/sites/contoso.sharepoint.com,1,2/nothing", Target::Unknown("nothing".into())),
            ("/beta/sites/x", Target::Unknown("beta".into())),
        ] {
            assert_eq!(target(path), meant, "{path}");
        }
    }
}
