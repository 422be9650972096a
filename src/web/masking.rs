//! Everything that goes out to eyes that are not signed in passes here: text, and links that a page shows.

pub(super) use crate::roster::masked;

/// The link, where it leads to a place that a browser opens without doing anything else.
pub(super) fn safe(link: Option<&str>) -> Option<&str> {
    link.filter(|link| link.starts_with("https://"))
}
