//! A time line as a picture, a week in each row: who is on which level when, gaps, changes, handovers, now. Without
//! script and without style of its own, so that places are shares of the width; it must not know the words for it all.

use super::super::masking::masked;
use super::super::times::day_and_time;
use crate::roster::preview::{Kind, Preview, Stretch};
use crate::roster::wall_clock::Zone;
use crate::roster::{Level, OnCall, Phone};
use chrono::{DateTime, Days, Utc};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Days of one row.
const WEEK: u64 = 7;
/// More levels than these are not drawn.
const LEVELS_AT_MOST: usize = 6;
/// More stretches of one week than these cannot be told apart.
const STRETCHES_AT_MOST: usize = 120;
/// So many people are told apart by a colour.
const COLOURS: usize = 6;
/// Heights, in pixels.
const HEAD: usize = 22;
const BAR: usize = 22;
const STEP: usize = 26;
/// Below this share of the width only initials are legible, below the other only the first of the names.
const NARROW: f64 = 0.08;
const SHORT: f64 = 0.2;

/// The picture of all weeks, with its key. `list` is the id of the same in sentences, `hatch` that of the pattern.
pub(super) fn time_line(told: &Preview<'_>, now: DateTime<Utc>, hatch: &str, list: &str) -> Markup {
    let levels = told.stretches.iter().map(|stretch| levels(stretch).len()).max().unwrap_or(0);
    let rows = levels.clamp(1, LEVELS_AT_MOST);
    let colours = colours(told);
    let weeks = weeks(told);
    let has = |kind: Kind| told.stretches.iter().any(|stretch| stretch.kind == kind);
    let has_changes = told.stretches.iter().flat_map(levels_of).any(|level| level.is_change);
    html! {
        figure.line-of-days {
            @for (place, days) in weeks.iter().enumerate() {
                @let week = Week { told, days, now, rows, colours: &colours, hatch: format!("{hatch}-{place}") };
                div.week {
                    div.places aria-hidden="true" { @for place in 1..=rows { span { (place) } } }
                    (week.picture(list))
                }
            }
            figcaption.key aria-hidden="true" {
                span { "1, 2, 3: in the order of ringing" }
                span { i.now-key {} "now" }
                @if has_changes { span { i.change-key {} "a change" } }
                @if has(Kind::Gap) { span { i.gap-key {} "nobody" } }
                @if has(Kind::Held) { span { i.held-key {} "held" } }
                @if levels > rows { span { (levels - rows) " more levels are not drawn" } }
            }
        }
    }
}

/// The midnights of each week, that of its end included.
fn weeks(told: &Preview<'_>) -> Vec<Vec<DateTime<Utc>>> {
    let first = told.zone.to_local(told.from).date();
    let midnight = |day: u64| {
        let date = first.checked_add_days(Days::new(day)).unwrap_or(first);
        date.and_hms_opt(0, 0, 0).map_or(told.from, |local| told.zone.to_utc(local).instant)
    };
    let week = |week: u64| (0..=WEEK).map(|day| midnight(WEEK * week + day)).collect();
    [week(0), week(1)].to_vec()
}

/// Whoever comes first has the first colour: the same one all along.
fn colours<'r>(told: &Preview<'r>) -> BTreeMap<&'r Phone, usize> {
    let mut colours = BTreeMap::new();
    for responder in told
        .stretches
        .iter()
        .flat_map(levels_of)
        .filter_map(|level| level.responders.first())
    {
        let next = colours.len() % COLOURS;
        colours.entry(&responder.phone).or_insert(next);
    }
    colours
}

fn levels_of<'r>(stretch: &Stretch<'r>) -> impl Iterator<Item = &'r Level> + use<'r> {
    levels(stretch).iter().take(LEVELS_AT_MOST)
}

const fn levels<'r>(stretch: &Stretch<'r>) -> &'r [Level] {
    match stretch.on_call {
        OnCall::Duty(duty) => duty.levels.as_slice(),
        OnCall::Gap { .. } => &[],
    }
}

/// One person, or those who ring together, on one level.
struct Bar<'r> {
    level: &'r Level,
    is_held: bool,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

struct Week<'w, 'r> {
    told: &'w Preview<'r>,
    /// Midnights.
    days: &'w [DateTime<Utc>],
    now: DateTime<Utc>,
    rows: usize,
    colours: &'w BTreeMap<&'r Phone, usize>,
    hatch: String,
}

impl Week<'_, '_> {
    fn picture(&self, list: &str) -> Markup {
        let height = HEAD + STEP * self.rows;
        let stretches: Vec<_> = self.stretches().collect();
        html! {
            svg role="img" aria-label=(self.label()) aria-describedby=(list) width="100%" height=(height) {
                defs {
                    pattern id=(self.hatch) width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                        rect.hatch-ground width="8" height="8" {}
                        rect.hatch-line width="3" height="8" {}
                    }
                }
                @for pair in self.days.windows(2) { (self.day(pair[0], height)) }
                @for (stretch, from, until) in &stretches {
                    @if levels(stretch).is_empty() { (self.nobody(stretch, *from, *until)) }
                    @if self.is_within(*from) { (self.handover(*from)) }
                }
                @for row in 0..self.rows { @for bar in self.bars(row) { (self.bar(&bar, row)) } }
                @if self.is_within(self.now) { (self.now_line(height)) }
            }
        }
    }

    fn zone(&self) -> &Zone {
        &self.told.zone
    }

    fn begins(&self) -> DateTime<Utc> {
        self.days.first().copied().unwrap_or(self.now)
    }

    fn ends(&self) -> DateTime<Utc> {
        self.days.last().copied().unwrap_or(self.now)
    }

    fn is_within(&self, at: DateTime<Utc>) -> bool {
        self.begins() < at && at < self.ends()
    }

    /// What lies in this week, with its bounds cut to it.
    fn stretches(&self) -> impl Iterator<Item = (&Stretch<'_>, DateTime<Utc>, DateTime<Utc>)> {
        let all = self.told.stretches.iter().filter_map(|stretch| {
            let (from, until) = match stretch.on_call {
                OnCall::Duty(duty) => (Some(duty.from), Some(duty.until)),
                OnCall::Gap { from, until } => (from, until),
            };
            let from = from.map_or(self.begins(), |from| from.max(self.begins()));
            let until = until.map_or(self.ends(), |until| until.min(self.ends()));
            (from < until).then_some((stretch, from, until))
        });
        all.take(STRETCHES_AT_MOST)
    }

    /// Who holds a place, one after another; whoever goes on by the same cell after a handover of others has one bar.
    fn bars(&self, row: usize) -> Vec<Bar<'_>> {
        let mut bars: Vec<Bar<'_>> = Vec::new();
        for (stretch, from, until) in self.stretches() {
            let Some(level) = levels(stretch).get(row) else { continue };
            let is_held = stretch.kind == Kind::Held;
            match bars.last_mut() {
                Some(last) if last.until == from && last.level == level && last.is_held == is_held => last.until = until,
                Some(_) | None => bars.push(Bar {
                    level,
                    is_held,
                    from,
                    until,
                }),
            }
        }
        bars
    }

    /// The share of the width that lies before `at`.
    fn share(&self, at: DateTime<Utc>) -> f64 {
        let seconds = |from: DateTime<Utc>, until: DateTime<Utc>| (until - from).as_seconds_f64();
        (seconds(self.begins(), at) / seconds(self.begins(), self.ends()).max(1.0)).clamp(0.0, 1.0)
    }

    fn percent(&self, at: DateTime<Utc>) -> String {
        format!("{:.3}%", 100.0 * self.share(at))
    }

    fn width(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> String {
        format!("{:.3}%", 100.0 * (self.share(until) - self.share(from)))
    }

    fn label(&self) -> String {
        let date = |at| self.zone().to_local(at).format("%a %-d %b").to_string();
        let last = self.days.iter().rev().nth(1).copied().unwrap_or(self.now);
        format!(
            "Time line from {} to {}; the sentences below say the same",
            date(self.begins()),
            date(last)
        )
    }

    fn day(&self, midnight: DateTime<Utc>, height: usize) -> Markup {
        let x = self.percent(midnight);
        html! {
            line.grid x1=(x) x2=(x) y1="0" y2=(height) {}
            text.day x=(x) dx="4" y="12" { (self.zone().to_local(midnight).format("%a %-d")) }
        }
    }

    fn bar(&self, bar: &Bar<'_>, row: usize) -> Markup {
        let Bar {
            level,
            is_held,
            from,
            until,
        } = *bar;
        let names: Vec<&str> = level.responders.iter().map(|responder| responder.name.as_str()).collect();
        let colour = level
            .responders
            .first()
            .and_then(|first| self.colours.get(&first.phone))
            .copied()
            .unwrap_or(0);
        let change = if level.is_change { ", a change" } else { "" };
        let held = if is_held { ", held" } else { "" };
        let title = format!("{}{change}{held}: {}", masked(&names.join(" and ")), self.span(from, until));
        html! {
            svg.bar.is-change[level.is_change].is-held[is_held].{ "colour-" (colour) }
                x=(self.percent(from)) y=(HEAD + STEP * row) width=(self.width(from, until)) height=(BAR) {
                title { (title) }
                rect.ground width="100%" height="100%" {}
                @if level.is_change { rect.mark width="100%" height="4" {} }
                text x="5" y="16" { (masked(&fitting(&names, self.share(until) - self.share(from)))) }
            }
        }
    }

    /// Over all rows: nobody, on purpose or not.
    fn nobody(&self, stretch: &Stretch<'_>, from: DateTime<Utc>, until: DateTime<Utc>) -> Markup {
        let is_gap = stretch.kind == Kind::Gap;
        let words = match stretch.kind {
            Kind::Gap => "NOBODY",
            Kind::OutsideCoverage => "nobody, outside the hours of Coverage",
            Kind::Nobody | Kind::OnCall | Kind::Overlap | Kind::Held => "nobody, on purpose",
        };
        let height = STEP * self.rows - (STEP - BAR);
        html! {
            svg.bar.is-gap[is_gap].is-meant[!is_gap] x=(self.percent(from)) y=(HEAD) width=(self.width(from, until)) height=(height) {
                title { (words) ": " (self.span(from, until)) }
                @if is_gap { rect.ground fill={ "url(#" (self.hatch) ")" } width="100%" height="100%" {} }
                @else { rect.ground width="100%" height="100%" {} }
                text x="5" y="16" { (words) }
            }
        }
    }

    fn handover(&self, at: DateTime<Utc>) -> Markup {
        let x = self.percent(at);
        html! {
            line.handover x1=(x) x2=(x) y1=(HEAD - 6) y2=(HEAD) { title { "Handover " (day_and_time(self.zone(), at, self.now)) } }
        }
    }

    fn now_line(&self, height: usize) -> Markup {
        let x = self.percent(self.now);
        html! {
            g.now-mark {
                title { "Now: " (day_and_time(self.zone(), self.now, self.now)) }
                line x1=(x) x2=(x) y1=(HEAD - 6) y2=(height) {}
                circle cx=(x) cy=(HEAD - 6) r="4" {}
            }
        }
    }

    fn span(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> String {
        let told = |at| day_and_time(self.zone(), at, self.now);
        format!("{} to {}", told(from), told(until))
    }
}

/// As much of the names as the share of a week has room for: all, the first of each, or initials. What is still too
/// long is cut at the end of its bar, and stands in the bar's title.
fn fitting(names: &[&str], share: f64) -> String {
    let one = |name: &str| {
        let mut parts = name.split_whitespace();
        if share >= SHORT {
            name.to_owned()
        } else if share >= NARROW {
            // A title alone names nobody.
            let first = parts.next().unwrap_or_default();
            let is_title = first.ends_with('.') || matches!(first, "Dr" | "Prof" | "Mr" | "Mrs" | "Ms");
            parts.next_back().filter(|_| is_title).unwrap_or(first).to_owned()
        } else {
            parts.filter_map(|part| part.chars().next()).take(3).collect()
        }
    };
    names.iter().map(|name| one(name)).collect::<Vec<_>>().join(" + ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_of_a_name_as_there_is_room_for() {
        let cases = [
            (&["Ana Diaz"][..], 0.3, "Ana Diaz"),
            (&["Ana Diaz", "Dr Bo Lund"], 0.3, "Ana Diaz + Dr Bo Lund"),
            (&["Ana Diaz", "Dr Bo Lund"], 0.14, "Ana + Lund"),
            (&["Prof. Ng"], 0.14, "Ng"),
            (&["Ana Diaz", "Dr Bo Lund"], 0.05, "AD + DBL"),
            (&["Cher"], 0.14, "Cher"),
            (&["Dr"], 0.14, "Dr"),
        ];
        for (names, share, expected) in cases {
            assert_eq!(fitting(names, share), expected);
        }
    }
}
