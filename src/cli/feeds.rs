//! The answer of `feeds`: the addresses of the calendars. They hold secrets; how these are made is not known here.

use serde::Serialize;
use std::fmt::Write as _;

/// Arguments of `feeds`.
#[derive(Clone, Debug, clap::Args)]
pub struct Feeds {
    /// A hotline of the configuration. All of them when left out.
    #[arg(long, value_name = "NAME")]
    pub hotline: Option<String>,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

/// The addresses of all calendars. Serializes to the JSON of `--json`; [`FeedsReport::text`] is the answer for people.
#[derive(Clone, Debug, Serialize)]
pub struct FeedsReport {
    /// Where the service is reached from outside, where that is known.
    pub base: Option<String>,
    /// Each hotline's.
    pub hotlines: Vec<HotlineFeeds>,
}

/// The calendars of a hotline.
#[derive(Clone, Debug, Serialize)]
pub struct HotlineFeeds {
    /// Its name.
    pub hotline: String,
    /// The calendar of everybody's duties.
    pub all: String,
    /// The name and the calendar of each person, in the order of the contacts.
    pub people: Vec<PersonFeed>,
    /// Whether a rota has been read yet: before that nobody is known.
    pub has_rota: bool,
}

/// The calendar of a person.
#[derive(Clone, Debug, Serialize)]
pub struct PersonFeed {
    /// As the contacts have it.
    pub name: String,
    /// Where it is.
    pub address: String,
}

impl FeedsReport {
    /// The answer for people, with a line end.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for hotline in &self.hotlines {
            let _ = writeln!(text, "Hotline {}, everybody's duties:\n  {}", hotline.hotline, hotline.all);
            for person in &hotline.people {
                let _ = writeln!(text, "{}:\n  {}", person.name, person.address);
            }
            if !hotline.has_rota {
                text.push_str("Nobody's own yet: no rota has been read. Start rotaline serve once.\n");
            }
            text.push('\n');
        }
        text.push_str(
            "Subscribe to an address in a calendar program (\"add calendar from URL\"). Whoever has an address sees these duties, and nothing else.\n",
        );
        if self.base.is_none() {
            text.push_str(
                "Our public address is not known yet: put https://<your host> before these, set server.public_url, or call the hotline once.\n",
            );
        }
        text
    }
}
