//! A column of teams beside the people: only those of the team that is set count. It must not know codes.

use super::axis::Axis;
use super::days::Block;
use super::laying::Laying;
use super::sides::Sides;
use crate::roster::cells::words::{fold, listed, quote, shown, tidy};
use crate::roster::findings::Words;
use crate::roster::{Code, Severity};
use providers::Tab;

/// Which rows are of the team.
pub(super) struct Teams {
    /// The column and the team, folded, where both are there.
    chosen: Option<(usize, String)>,
}

impl Teams {
    /// Nothing where several teams stand in a column of teams and none is set.
    pub(super) fn of(tab: &Tab, axes: &[Axis], blocks: &[Block], sides: &Sides, laying: &mut Laying<'_, '_>) -> Option<Self> {
        let team = laying.conventions.team.clone();
        let Some(place) = sides.team_column(tab, axes, team.as_deref()) else {
            return Some(Self { chosen: None });
        };
        let mut names: Vec<String> = Vec::new();
        for row in blocks
            .iter()
            .flat_map(|block| block.rows.clone())
            .filter(|row| !sides.is_head(*row))
        {
            let name = tidy(&shown(tab.cell(row, place)));
            if !name.is_empty() && !names.iter().any(|known| fold(known) == fold(&name)) {
                names.push(name);
            }
        }
        if let Some(team) = team.filter(|team| names.iter().any(|name| fold(name) == *team)) {
            return Some(Self {
                chosen: Some((place, team)),
            });
        }
        if names.len() < 2 {
            return Some(Self { chosen: None });
        }
        let quoted: Vec<String> = names.iter().map(|name| quote(name)).collect();
        let words = Words::new(
            format!("The people of this tab are of several teams: {}.", listed(&quoted)),
            "Nobody of this tab is on call, because which team answers this line cannot be told.",
            format!("Add to Settings: Team | {} (the right one).", names[0]),
        );
        let now = laying.findings.now();
        let cell = axes.first().map(|axis| tab.address(axis.row, place));
        laying.findings.tell(Code::TeamMissing, Severity::Stop, cell, words).affects(now);
        None
    }

    /// Whether a row is of another team.
    pub(super) fn leaves_out(&self, tab: &Tab, row: usize, sides: &Sides) -> bool {
        let Some((place, team)) = &self.chosen else { return false };
        let (row, place) = sides.merges.origin(sides.named_row(row), *place);
        fold(&shown(tab.cell(row, place))) != *team
    }
}
