//! The rota as its admin thinks of it: rows, people, numbers; and who is on call by it, read in the slow way.

use chrono::{DateTime, TimeDelta, Utc};
use providers::{AddressStyle, Cell, Revision, Sheet, Tab};
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use std::hash::{DefaultHasher, Hash, Hasher as _};

pub(super) const PEOPLE: [&str; 5] = ["Priya Nair", "Tom Okafor", "Maria Lopez", "Ann Berg", "Kofi Mensah"];
/// Rows begin with this midnight, as the sheet's clocks show it.
pub(super) fn first_day() -> DateTime<Utc> {
    // By `date -d 2026-03-01T00:00Z +%s`.
    DateTime::from_timestamp(1_772_323_200, 0).unwrap()
}

/// Twelve hours each.
const SHIFTS: i64 = 24;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Person(usize),
    Misspelt(usize),
    Blank,
    Nobody,
}

/// In hours since [`first_day`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Row {
    from: i64,
    until: i64,
    places: [Place; 2],
}

/// One version of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Paper {
    /// The last three digits of each person's number; none, and the row of the person is missing.
    numbers: [Option<u32>; 5],
    rows: Vec<Row>,
}

/// Who is on call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    People(Vec<(String, String)>),
    Nobody,
    Hole,
}

impl Paper {
    pub(super) fn draw(chance: &mut ChaCha8Rng) -> Self {
        let row = |number: i64, chance: &mut ChaCha8Rng| Row {
            from: 8 + 12 * number,
            until: 20 + 12 * number,
            places: [Place::Person(chance.random_range(0..5)), Place::Blank],
        };
        let mut paper = Self {
            numbers: [Some(156), Some(157), Some(158), Some(159), Some(110)],
            rows: (-2..SHIFTS).map(|number| row(number, chance)).collect(),
        };
        for _ in 0..6 {
            let row = chance.random_range(0..paper.rows.len());
            paper.rows[row].places[1] = paper.another(row, chance);
        }
        paper
    }

    fn another(&self, row: usize, chance: &mut ChaCha8Rng) -> Place {
        let drawn = chance.random_range(0..5);
        if self.rows[row].places.contains(&Place::Person(drawn)) {
            return Place::Blank;
        }
        Place::Person(drawn)
    }

    /// A row of today or the days to come, as the admin mostly edits.
    fn row_near(&self, hour: i64, chance: &mut ChaCha8Rng) -> Option<usize> {
        let wanted = hour + chance.random_range(-6..60);
        self.rows.iter().position(|row| row.until > wanted)
    }

    /// What an admin does to a rota, on purpose or not.
    pub(super) fn edited(&self, hour: i64, chance: &mut ChaCha8Rng) -> Self {
        let mut paper = self.clone();
        for _ in 0..chance.random_range(1..=3) {
            paper.edit(hour, chance);
        }
        paper
    }

    fn edit(&mut self, hour: i64, chance: &mut ChaCha8Rng) {
        let kind = chance.random_range(0..100);
        if kind < 3 {
            return self.rows.clear();
        }
        if kind < 5 {
            return self.rows.retain(|row| row.until <= hour);
        }
        if kind < 8 {
            self.numbers = [None; 5];
            return;
        }
        if kind < 25 {
            let person = chance.random_range(0..5);
            self.numbers[person] = chance.random_bool(0.8).then(|| chance.random_range(100..1000));
            return;
        }
        let Some(row) = self.row_near(hour, chance) else { return };
        if kind < 45 {
            self.rows.remove(row);
            return;
        }
        let place = usize::from(kind % 3 == 0);
        self.rows[row].places[place] = match kind {
            45..60 => self.another(row, chance),
            60..72 => Place::Misspelt(chance.random_range(0..5)),
            72..84 => Place::Blank,
            _ => {
                self.rows[row].places = [Place::Nobody, Place::Blank];
                return;
            }
        };
    }

    pub(super) fn revision(&self) -> Revision {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        Revision(format!("{:x}", hasher.finish()))
    }

    pub(super) fn sheet(&self, title: &str) -> Sheet {
        let text = |text: &str| Cell::Text(text.into());
        let mut contacts = vec![vec![text("Name"), text("Phone")]];
        for (name, number) in PEOPLE.iter().zip(self.numbers) {
            if let Some(number) = number {
                contacts.push(vec![text(name), text(&format!("+61 491 570 {number}"))]);
            }
        }
        let mut rota = vec![["From", "Until", "1st", "2nd"].map(text).to_vec()];
        let shown = |hour| (first_day() + TimeDelta::hours(hour)).format("%Y-%m-%d %H:%M").to_string();
        for row in &self.rows {
            let [first, second] = row.places.map(Place::written);
            rota.push(vec![text(&shown(row.from)), text(&shown(row.until)), text(&first), text(&second)]);
        }
        let tab = |name: &str, rows| Tab {
            name: name.into(),
            file: None,
            style: AddressStyle::Grid,
            rows,
            lines: vec![],
            merges: vec![],
            formatted: vec![],
            link: None,
        };
        Sheet {
            title: title.into(),
            revision: self.revision(),
            time_zone: None,
            tabs: vec![tab("Contacts", contacts), tab("Rota", rota)],
            remarks: vec![],
            link: None,
        }
    }

    /// Who is on call by this paper alone, where its clocks are ahead of UTC by so much.
    pub(super) fn who(&self, at: DateTime<Utc>, ahead: TimeDelta) -> Who {
        let Some(row) = self
            .rows
            .iter()
            .find(|row| instant(row.from, ahead) <= at && at < instant(row.until, ahead))
        else {
            return Who::Hole;
        };
        let people: Vec<(String, String)> = row.places.iter().filter_map(|place| self.person(*place)).collect();
        if !people.is_empty() {
            return Who::People(people);
        }
        let is_lost = row
            .places
            .iter()
            .any(|place| matches!(place, Place::Person(_) | Place::Misspelt(_)));
        if row.places.contains(&Place::Nobody) && !is_lost {
            return Who::Nobody;
        }
        Who::Hole
    }

    fn person(&self, place: Place) -> Option<(String, String)> {
        match place {
            Place::Person(person) => self.numbers[person].map(|number| (PEOPLE[person].to_owned(), format!("+61491570{number}"))),
            Place::Misspelt(_) | Place::Blank | Place::Nobody => None,
        }
    }

    /// The same people, by this paper's numbers where it has them.
    pub(super) fn reachable(&self, people: Vec<(String, String)>) -> Vec<(String, String)> {
        let known = |name: &str| {
            PEOPLE
                .iter()
                .position(|known| *known == name)
                .and_then(|person| self.person(Place::Person(person)))
        };
        people
            .into_iter()
            .map(|(name, number)| known(&name).unwrap_or((name, number)))
            .collect()
    }

    /// When its last row ends that says something of who is on call.
    pub(super) fn ends(&self, ahead: TimeDelta) -> Option<DateTime<Utc>> {
        let counts = |row: &&Row| {
            row.places
                .iter()
                .any(|place| *place == Place::Nobody || self.person(*place).is_some())
        };
        self.rows.iter().filter(counts).map(|row| instant(row.until, ahead)).max()
    }
}

impl Place {
    fn written(self) -> String {
        match self {
            Self::Person(person) => PEOPLE[person].to_owned(),
            Self::Misspelt(person) => format!("{}qx", PEOPLE[person]),
            Self::Blank => String::new(),
            Self::Nobody => "nobody".to_owned(),
        }
    }
}

fn instant(hour: i64, ahead: TimeDelta) -> DateTime<Utc> {
    first_day() + TimeDelta::hours(hour) - ahead
}
