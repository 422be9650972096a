//! What is wrong with a sheet, in which cell, what that does to calls, and what to do.
//! It must not know how the findings are made.

use chrono::{DateTime, Utc};
use providers::{CellAddress, places_shown};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use std::cmp::Ordering;
use std::fmt;

/// `Display` names this many cells, then counts.
const NAMED_CELLS: usize = 5;

/// One finding. One cause is one finding, however many cells it touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The stable name of this kind of finding.
    pub code: Code,
    /// Where; never empty unless the finding is about something that is missing altogether.
    pub cells: Vec<CellAddress>,
    /// How many more cells it touches than are listed.
    pub more_cells: usize,
    /// What we saw, with the cell quoted: `"J Smth" is not in Contacts (nearest: "J Smith", Contacts!A7).`
    pub seen: String,
    /// What happens to calls now, and from when.
    pub consequence: String,
    /// What the admin can do.
    pub remedy: String,
    /// When a call is first affected.
    pub affects: Option<DateTime<Utc>>,
}

/// How bad a finding is, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Somebody is not reached because of it.
    Stop,
    /// Somebody may not be reached, or not the one the admin means.
    Warn,
    /// Good to know.
    Note,
}

macro_rules! codes {
    ($($name:ident = $text:literal: $meaning:literal;)+) => {
        /// Stable names of findings, as people search for them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $meaning] $name,)+
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The name in text: `name-unknown`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// The code of that name.
            #[must_use]
            pub fn named(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }

            /// What it means, in one line.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning,)+
                }
            }
        }
    };
}

codes! {
    NameUnknown = "name-unknown": "A name in the rota is not among the contacts.";
    NameAmbiguous = "name-ambiguous": "A name in the rota fits more than one contact.";
    NameTwice = "name-twice": "Two contacts with different numbers have the same name.";
    NameSpellings = "name-spellings": "Names in the rota are spelled almost alike, and count as different people.";
    NameLabels = "name-labels": "A cell of names has labels inside, which are not read here.";
    NameTakenForDate = "name-taken-for-date": "A cell of names holds a date or a time, perhaps because the program took what was typed for one.";
    NameMissing = "name-missing": "A row has a number, or codes, and no name.";
    PhoneUnusable = "phone-unusable": "A phone number cannot be dialled, or is missing.";
    PhoneNotAllowed = "phone-not-allowed": "A phone number is in a country that the hotline may not ring, or of a kind that costs extra.";
    PhoneUnassigned = "phone-unassigned": "A phone number has the right length and looks unassigned; it is dialled all the same.";
    PhoneRepaired = "phone-repaired": "A phone number had lost its plus or its leading zero, which was put back.";
    PhoneExtension = "phone-extension": "A phone number has an extension, which is dialled after the answer.";
    PhoneSeveral = "phone-several": "Several phone numbers stand in one cell; the first one counts.";
    PhoneShared = "phone-shared": "Two contacts have the same phone number.";
    PhoneOurOwn = "phone-our-own": "A contact has a number of one of our own hotlines, which hotlines never ring.";
    PhoneDiffers = "phone-differs": "The rota gives another phone number than the contacts.";
    ContactsDisagree = "contacts-disagree": "Two tables of contacts give the same person different phone numbers.";
    StatusUnclear = "status-unclear": "A status of a contact is not understood; the person counts as available.";
    StatusAway = "status-away": "Somebody is away by the column Status, and on call.";
    PhoneDrifts = "phone-drifts": "The rota gives the same person different phone numbers in different rows.";
    PhoneCount = "phone-count": "A cell holds another count of phone numbers than of names.";
    LevelBlank = "level-blank": "A cell of the rota names nobody.";
    LevelPending = "level-pending": "A cell of the rota says that somebody is still to be found.";
    LevelsTooMany = "levels-too-many": "More people are on call at once than are rung one after another.";
    FormulaError = "formula-error": "A cell holds a formula error.";
    DateUnreadable = "date-unreadable": "A cell that should hold a date cannot be read as one.";
    DateAmbiguous = "date-ambiguous": "A date can be read with the day first or with the month first.";
    DateMissing = "date-missing": "A row names people and no date.";
    DateWeekday = "date-weekday": "A date and the weekday beside it do not agree.";
    DateJump = "date-jump": "A date lies far from those of the rows around it, which may be a slip in the year.";
    YearChosen = "year-chosen": "Dates without a year were given one.";
    FromTwice = "from-twice": "Two rows begin at the same time.";
    RowHoldsLong = "row-holds-long": "A row holds much longer than usual, because the next one begins so late.";
    ShiftsOverlap = "shifts-overlap": "Two rows overlap.";
    UntilUnreadable = "until-unreadable": "A row has an end that cannot be used.";
    ClockChange = "clock-change": "A shift begins or ends at a time that the clocks skip or show twice.";
    TimeDoubtful = "time-doubtful": "A time can be read in two ways, such as 12pm, or 9-5.";
    HandoverMissing = "handover-missing": "Dates without a time are used and no handover time is set.";
    CodeUnknown = "code-unknown": "A cell of the rota holds a code that nothing explains.";
    OrderUnstated = "order-unstated": "Several people are on call at once, and nothing says in which order they are rung.";
    MergedDays = "merged-days": "A cell that is merged over several days counts for each of them.";
    MonthMissing = "month-missing": "Days stand across the top, and nothing says of which month they are.";
    LevelShared = "level-shared": "Two duties have the same place at the same time.";
    TeamMissing = "team-missing": "A tab has several sections, and nothing says which one answers this line.";
    LegendRead = "legend-read": "A legend in the sheet explains codes.";
    LegendUnreadable = "legend-unreadable": "A line of a legend cannot be used.";
    ShiftHoursMissing = "shift-hours-missing": "A shift of the rota has no hours.";
    TimeUnreadable = "time-unreadable": "A cell that should hold a time of day cannot be read as one.";
    PersonMissing = "person-missing": "An event of a calendar is on call, and does not say who.";
    CycleAnchorMissing = "cycle-anchor-missing": "Nothing certain says when a cycle of weeks, or a rotation, begins.";
    TurnMissing = "turn-missing": "Nothing says how long a turn of a rotation lasts.";
    RotationTurns = "rotation-turns": "Whose turn it is, as worked out from a rotation.";
    TimeZoneMissing = "time-zone-missing": "Nothing says in which time zone the rota is written.";
    TimeZoneUnknown = "time-zone-unknown": "The time zone is not one that we know.";
    TimeZoneFixed = "time-zone-fixed": "The time zone never changes its clocks, which is seldom meant.";
    TimeZoneTaken = "time-zone-taken": "No setting names a time zone; that of a calendar is used.";
    SettingUnknown = "setting-unknown": "A setting is not one that we know.";
    SettingUnreadable = "setting-unreadable": "The value of a setting cannot be read.";
    SettingsDiffer = "settings-differ": "The same setting has two values; which of them counts is said.";
    SettingUnused = "setting-unused": "A setting had no effect: nothing in the rota fits it.";
    LastResortUnknown = "last-resort-unknown": "The last resort is neither a contact nor a phone number.";
    SwapUnused = "swap-unused": "A swap in brackets behind a name cannot be used.";
    RowLasts = "row-lasts": "Nothing says how long a row lasts; what is assumed is said.";
    ChangeEmpty = "change-empty": "A row of the changes changes nothing.";
    ChangeIdle = "change-idle": "A swap names somebody who is not on call then.";
    ChangesOverlap = "changes-overlap": "Two changes are for the same position at the same time; the later row wins.";
    LeaveConflict = "leave-conflict": "Somebody is on leave and on call at the same time.";
    RotaEnds = "rota-ends": "The rota ends soon.";
    RotaEnded = "rota-ended": "The rota has ended.";
    RotaEmpty = "rota-empty": "The rota holds no shift.";
    CoverageGap = "coverage-gap": "Nobody is on call for some time of the next two weeks.";
    TwoHotlines = "two-hotlines": "Somebody is on call for two hotlines at the same time.";
    HeldBackSpan = "held-back-span": "Somebody of an earlier version is still rung, because the newest version has nobody for that time.";
    NoDates = "no-dates": "The list has no dates: it is always in force.";
    RotaMissing = "rota-missing": "No tab looks like a rota.";
    RotaAmbiguous = "rota-ambiguous": "Several tabs look like the rota.";
    LayoutUnknown = "layout-unknown": "A tab has a shape that is not read.";
    ContactsMissing = "contacts-missing": "There is nothing that turns names into phone numbers.";
    ColumnIgnored = "column-ignored": "A column was not read.";
    ColumnAssumed = "column-assumed": "A column without a header was read for what stands in it.";
    RowsIgnored = "rows-ignored": "Rows below the table were not read.";
    TabIgnored = "tab-ignored": "A tab was not read.";
    TooLarge = "too-large": "A tab is larger than what is read.";
    SourceRemark = "source-remark": "Something was noticed when the sheet was fetched.";
    FindingsCut = "findings-cut": "There are more findings than are listed.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stop => "STOP",
            Self::Warn => "WARN",
            Self::Note => "NOTE",
        })
    }
}

/// Where and what we saw; what happens now; what to do: each on a line of its own.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines("", |_, words| words))
    }
}

impl Diagnostic {
    /// As `Display`, with the code at the end of the first line, so that people can search for it. `show` is given the
    /// words for each cell, and can make a link of them.
    pub fn told(&self, show: impl Fn(&CellAddress, String) -> String) -> String {
        self.lines(&format!(" [{}]", self.code), show)
    }

    fn lines(&self, code: &str, show: impl Fn(&CellAddress, String) -> String) -> String {
        let mut place = String::new();
        if !self.cells.is_empty() {
            let named = &self.cells[..self.cells.len().min(NAMED_CELLS)];
            let more = self.cells.len() - named.len() + self.more_cells;
            place = format!("{}: ", places_shown(named, more, show));
        }
        let mut text = format!("{}  {place}{}{code}", self.severity, self.seen);
        for line in [&self.consequence, &self.remedy] {
            if !line.is_empty() {
                text.push_str("\n      ");
                text.push_str(&line.replace('\n', "\n      "));
            }
        }
        text
    }

    /// What comes first in a list: by when a call is first affected from `now` on, then the worst, then by cell.
    #[must_use]
    pub fn order(&self, other: &Self, now: DateTime<Utc>) -> Ordering {
        let rank = |one: &Self| (one.affects.is_none(), one.affects.map(|at| at.max(now)), one.severity);
        let is_held = |one: &Self| one.code == Code::HeldBackSpan;
        let is_cut = |one: &Self| one.code == Code::FindingsCut;
        is_cut(self)
            .cmp(&is_cut(other))
            .then_with(|| rank(self).cmp(&rank(other)))
            // What is held says what calls do; why the sheet has nobody comes after it.
            .then_with(|| is_held(other).cmp(&is_held(self)))
            .then_with(|| self.cells.cmp(&other.cells))
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cells: Vec<String> = self.cells.iter().map(ToString::to_string).collect();
        let links: Vec<Option<String>> = self.cells.iter().map(CellAddress::link).collect();
        let mut out = serializer.serialize_struct("Diagnostic", 9)?;
        out.serialize_field("severity", &self.severity)?;
        out.serialize_field("code", &self.code)?;
        out.serialize_field("cells", &cells)?;
        // Beside each cell; nothing where no browser shows it.
        out.serialize_field("links", &links)?;
        out.serialize_field("more_cells", &self.more_cells)?;
        out.serialize_field("seen", &self.seen)?;
        out.serialize_field("consequence", &self.consequence)?;
        out.serialize_field("remedy", &self.remedy)?;
        out.serialize_field("affects", &self.affects)?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use providers::AddressStyle;

    fn finding(cells: &[(u32, u32)]) -> Diagnostic {
        Diagnostic {
            severity: Severity::Stop,
            code: Code::NameUnknown,
            cells: cells
                .iter()
                .map(|(row, column)| CellAddress::new("Rota", AddressStyle::Grid, *row, *column))
                .collect(),
            more_cells: 0,
            seen: "\"J Smth\" is not in Contacts.".to_owned(),
            consequence: "Nobody is rung.".to_owned(),
            remedy: "Fix the spelling.".to_owned(),
            affects: DateTime::from_timestamp(1_772_409_600, 0),
        }
    }

    #[test]
    fn people_read_three_parts() {
        let expected = "STOP  Rota!C14: \"J Smth\" is not in Contacts.\n      Nobody is rung.\n      Fix the spelling.";
        assert_eq!(finding(&[(14, 3)]).to_string(), expected);
        let first_line = |cells: &[(u32, u32)]| finding(cells).to_string().lines().next().unwrap().to_owned();
        assert!(first_line(&[(1, 1), (2, 1)]).starts_with("STOP  Rota!A1 and A2: "));
        assert!(first_line(&[(1, 1), (2, 1), (3, 1)]).starts_with("STOP  Rota!A1, A2 and A3: "));
        let seven: Vec<(u32, u32)> = (1..=7).map(|row| (row, 1)).collect();
        assert!(first_line(&seven).starts_with("STOP  Rota!A1, A2, A3, A4, A5 and 2 more: "));
        let many = Diagnostic {
            more_cells: 292,
            ..finding(&[(1, 1), (2, 1)])
        };
        assert!(many.to_string().starts_with("STOP  Rota!A1, A2 and 292 more: "));
        assert!(first_line(&[]).starts_with("STOP  \"J Smth\""));
    }

    #[test]
    fn programs_read_json() {
        let expected = serde_json::json!({
            "severity": "stop", "code": "name-unknown", "cells": ["Rota!C14"], "links": [null], "more_cells": 0,
            "seen": "\"J Smth\" is not in Contacts.",
            "consequence": "Nobody is rung.", "remedy": "Fix the spelling.", "affects": "2026-03-02T00:00:00Z",
        });
        assert_eq!(serde_json::to_value(finding(&[(14, 3)])).unwrap(), expected);
    }

    #[test]
    fn a_link_leads_to_each_cell_that_a_browser_shows() {
        let tab = providers::Tab {
            name: "Rota".to_owned(),
            file: None,
            style: AddressStyle::Grid,
            rows: Vec::new(),
            lines: Vec::new(),
            merges: Vec::new(),
            formatted: Vec::new(),
            link: Some("https://s.example/#range={cell}".into()),
        };
        let linked = Diagnostic {
            cells: vec![
                tab.address(13, 2),
                tab.address(20, 2),
                CellAddress::new("Contacts", AddressStyle::Grid, 7, 1),
            ],
            ..finding(&[])
        };
        let json = serde_json::to_value(&linked).unwrap();
        assert_eq!(
            json["links"],
            serde_json::json!(["https://s.example/#range=C14", "https://s.example/#range=C21", null])
        );
        assert_eq!(
            finding(&[(14, 3)]).told(|_, words| words),
            "STOP  Rota!C14: \"J Smth\" is not in Contacts. [name-unknown]\n      Nobody is rung.\n      Fix the spelling."
        );
        let told = linked.told(|cell, words| cell.link().map_or(words.clone(), |link| format!("<{words} {link}>")));
        assert!(
            told.starts_with("STOP  <Rota!C14 https://s.example/#range=C14>, <C21 https://s.example/#range=C21> and Contacts!A7: "),
            "{told}"
        );
    }

    #[test]
    fn what_affects_a_call_first_comes_first_then_the_worst() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0);
        let with = |severity, affects, code| Diagnostic {
            severity,
            affects,
            code,
            ..finding(&[])
        };
        let cut = with(Severity::Note, None, Code::FindingsCut);
        let sometime = with(Severity::Stop, None, Code::NameTwice);
        let later = with(Severity::Stop, at(3_000), Code::NameUnknown);
        // Two that affect calls already: since when does not matter any more.
        let now_warn = with(Severity::Warn, at(500), Code::NameUnknown);
        let now_stop = with(Severity::Stop, at(900), Code::NameUnknown);
        let mut list = vec![cut.clone(), sometime.clone(), later.clone(), now_warn.clone(), now_stop.clone()];
        list.sort_by(|a, b| a.order(b, at(1_000).unwrap()));
        assert_eq!(list, [now_stop, now_warn, later, sometime, cut]);
    }

    #[test]
    fn codes_are_stable_names() {
        let names: std::collections::BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code}");
            assert!(code.meaning().ends_with('.'), "{code}");
        }
    }
}
