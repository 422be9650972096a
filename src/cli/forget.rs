//! What `rotaline forget` is told and what it says: what is gone, what is still to be deleted at the carrier, and what stays.

use clap::Args;
use serde::Serialize;
use std::fmt::Write as _;

/// Arguments of `forget`.
#[derive(Clone, Debug, Args)]
pub struct Forget {
    /// The number in international form: +61491570158.
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// Say what would be forgotten, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask whether it is meant.
    #[arg(long)]
    pub yes: bool,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

/// What has become of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ForgetReport {
    /// The number, masked.
    pub number: String,
    /// Whether nothing was changed.
    pub dry_run: bool,
    /// Calls that are gone, with their stories, texts and recordings.
    pub calls: u32,
    /// Of these the recordings, which are deleted at the carrier too.
    pub recordings: u32,
    /// Of these the callbacks that nobody had made yet.
    pub open_callbacks: u32,
    /// Other rows that are gone.
    pub rows: u32,
    /// Calls that are not over, and stay.
    pub live: u32,
    /// Calls of others in which somebody with this number was on call, and which stay.
    pub on_call_in: u32,
    /// Hotlines whose rota or configuration has the number.
    pub hotlines: Vec<String>,
    /// Records that the carrier is still to delete.
    pub left_at_carrier: u32,
    /// Whether the carrier is still to be asked what else it has.
    pub asks_carrier: bool,
    /// For how many days calls are kept; none, for ever.
    pub keep_days: Option<u32>,
}

impl ForgetReport {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut said = String::new();
        let mut line = |words: String| _ = writeln!(said, "{words}");
        let (verb, number) = (if self.dry_run { "would be forgotten" } else { "is forgotten" }, &self.number);
        line(format!(
            "{number} {verb}: {}, {} with {}, and {}.",
            plural(self.calls, "call"),
            plural(self.recordings, "recording"),
            plural(self.open_callbacks, "open callback"),
            plural(self.rows, "other entry"),
        ));
        if self.live > 0 {
            line(format!(
                "{} not over and stays as it is: ask again when it has ended.",
                are(self.live, "call")
            ));
        }
        if !self.hotlines.is_empty() {
            line(format!(
                "The rota or the configuration of {} has this number: whoever has it goes on being rung. Delete it there, in the sheet and in rotaline.toml.",
                self.hotlines.join(", ")
            ));
        }
        if self.on_call_in > 0 {
            let until = match self.keep_days {
                Some(days) => format!("until they are {days} days old (store.keep_days)"),
                None => "for ever, because store.keep_days is 0".to_owned(),
            };
            line(format!(
                "{} of others in which somebody with this number was on call: they stay {until}.",
                are(self.on_call_in, "call").replace(" is", "").replace(" are", "")
            ));
        }
        line(self.at_carrier());
        line(
            "What stays elsewhere: copies of the store (`rotaline backup`, pg_dump), tables that `rotaline calls` has written, and what people have in their telephones. Logs and metrics never had more of the number than its first and last digits."
                .to_owned(),
        );
        said
    }

    fn at_carrier(&self) -> String {
        if self.dry_run {
            return "At Twilio its recordings, and the records of its calls and texts with our numbers, would be deleted too.".to_owned();
        }
        let left = plural(self.left_at_carrier, "record");
        let asked = if self.asks_carrier {
            ", and it is still to be asked what else it has; until then the number itself is kept for that"
        } else {
            ""
        };
        if self.left_at_carrier == 0 && !self.asks_carrier {
            return "At Twilio nothing is left to be deleted.".to_owned();
        }
        format!(
            "At Twilio {left} of calls and texts wait to be deleted{asked}. `rotaline serve` does that, and tries until it is done; the same command says how many are left."
        )
    }
}

fn plural(count: u32, what: &str) -> String {
    match (count, what) {
        (1, _) => format!("1 {what}"),
        (_, "other entry") => format!("{count} other entries"),
        (_, _) => format!("{count} {what}s"),
    }
}

fn are(count: u32, what: &str) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", plural(count, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_is_gone_what_waits_and_what_stays() {
        let report = ForgetReport {
            number: "+61…158".to_owned(),
            calls: 2,
            recordings: 1,
            rows: 1,
            live: 1,
            on_call_in: 3,
            hotlines: vec!["lab".to_owned()],
            left_at_carrier: 4,
            asks_carrier: true,
            keep_days: Some(400),
            ..ForgetReport::default()
        };
        let said = report.text();
        for part in [
            "+61…158 is forgotten: 2 calls, 1 recording with 0 open callbacks, and 1 other entry.\n",
            "1 call is not over and stays as it is",
            "of lab has this number",
            "3 calls of others in which somebody with this number was on call: they stay until they are 400 days old",
            "4 records of calls and texts wait to be deleted, and it is still to be asked",
            "`rotaline backup`",
        ] {
            assert!(said.contains(part), "{part:?} in {said}");
        }
        let asked = ForgetReport { dry_run: true, ..report };
        assert!(asked.text().contains("would be forgotten") && asked.text().contains("would be deleted too"));
        let done = ForgetReport::default().text();
        assert!(done.contains("At Twilio nothing is left to be deleted."), "{done}");
    }
}
