//! The switch on the page: somebody is away for a while, or back. A responder presses it for himself, an admin for everybody;
//! the call's story says that it was told on the page.

use super::WebState;
use super::api::{away_answer, find};
use super::board::Board;
use super::fault::{ApiFault, Fault, PageFault, wants_json};
use super::masking::masked;
use super::visitor::Visitor;
use crate::access::{Act, Action, Kind, UserName};
use crate::call::{Away, HotlineName, ToldBy};
use crate::roster::wall_clock::Zone;
use crate::roster::{Phone, Responder};
use crate::store::{Seal, Store, StoreError, Told};
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use secrecy::ExposeSecret as _;
use serde::Deserialize;

const SECRET: &str = "person-secret";
/// 64 bits tell people of a rota apart.
const WORD_LENGTH: usize = 16;
/// At which time a morning begins.
const MORNING: Option<NaiveTime> = NaiveTime::from_hms_opt(8, 0, 0);

/// What people are called in addresses: their numbers stay in the house, and names come twice.
#[derive(Clone, Debug)]
pub(super) struct PersonWords(pub(super) Seal);

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Choice {
    #[serde(rename = "1h")]
    OneHour,
    #[serde(rename = "4h")]
    FourHours,
    #[serde(rename = "morning")]
    UntilMorning,
    #[serde(rename = "back")]
    Back,
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    presence: Choice,
}

impl PersonWords {
    pub(super) async fn open(store: &Store) -> Result<Self, StoreError> {
        Ok(Self(store.seal(SECRET).await?))
    }

    /// Where the switch for somebody is.
    pub(super) fn path(&self, hotline: &HotlineName, who: &Phone) -> String {
        format!("/api/v1/hotlines/{hotline}/people/{}/presence", self.word(hotline, who))
    }

    fn word(&self, hotline: &HotlineName, who: &Phone) -> String {
        let text = format!("rotaline person\n{hotline}\n{}", String::from(who.clone()));
        let mut word = self.0.word(&text).expose_secret().to_owned();
        word.truncate(WORD_LENGTH);
        word
    }
}

impl Choice {
    /// Those that send somebody away, in the order of the page.
    pub(super) const AWAY: [Self; 3] = [Self::OneHour, Self::FourHours, Self::UntilMorning];

    /// As in the form.
    pub(super) const fn value(self) -> &'static str {
        match self {
            Self::OneHour => "1h",
            Self::FourHours => "4h",
            Self::UntilMorning => "morning",
            Self::Back => "back",
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::OneHour => "Away for 1 h",
            Self::FourHours => "Away for 4 h",
            Self::UntilMorning => "Away until tomorrow 8:00",
            Self::Back => "Back",
        }
    }

    /// Until when, on the clocks of the rota; none for whoever is back.
    fn until(self, zone: &Zone, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::OneHour => Some(now + TimeDelta::hours(1)),
            Self::FourHours => Some(now + TimeDelta::hours(4)),
            Self::UntilMorning => {
                let tomorrow = zone.to_local(now).date().checked_add_days(Days::new(1))?;
                Some(zone.to_utc(tomorrow.and_time(MORNING?)).instant)
            }
            Self::Back => None,
        }
    }

    fn told(self, zone: &Zone, now: DateTime<Utc>) -> Told {
        match self.until(zone, now) {
            None => Told::Back,
            Some(until) => Told::Away(Away {
                until: Some(until),
                shown: zone.to_local(until).format("%Y-%m-%d %H:%M").to_string(),
                told_at: now,
                by: ToldBy::Page,
            }),
        }
    }
}

impl Board {
    /// Everybody who could be switched: the contacts, and the last resort.
    pub(super) fn people(&self) -> impl Iterator<Item = &Responder> {
        let contacts = self.rota.iter().flat_map(|rota| &rota.roster.contacts).map(AsRef::as_ref);
        contacts.chain(self.last_resort())
    }
}

/// `POST /api/v1/hotlines/{name}/people/{person}/presence`, with `presence=1h`, `4h`, `morning` or `back`.
pub(super) async fn switch(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path((name, person)): Path<(String, String)>,
    headers: HeaderMap,
    form: Result<Form<Chosen>, FormRejection>,
) -> Response {
    let json = wants_json(&headers);
    match switched(&web, &visitor, &name, &person, form).await {
        Ok(away) if json => Json(away).into_response(),
        Ok(_) => Redirect::to("/").into_response(),
        Err(fault) if json => ApiFault::from(fault).into_response(),
        Err(fault) => PageFault::from(fault).into_response(),
    }
}

async fn switched(
    web: &WebState,
    visitor: &Visitor,
    name: &str,
    person: &str,
    form: Result<Form<Chosen>, FormRejection>,
) -> Result<serde_json::Value, Fault> {
    let hotline = find(web, name)?;
    let Form(Chosen { presence }) =
        form.map_err(|_| Fault::bad("bad-form", "`presence` is none of 1h, 4h, morning and back. Load the page anew."))?;
    let board = web.board(hotline, visitor.hotlines()).await?;
    let is_meant = |who: &&Responder| board.words.word(&board.hotline.name, &who.phone) == person;
    let unknown = || {
        Fault::missing(
            "unknown-person",
            "The rota has nobody of this address any more. Load the page anew.",
        )
    };
    let person = board.people().find(is_meant).ok_or_else(unknown)?;
    if !may_switch(visitor, &board, person) {
        let message = "A responder says of himself whether he is away: of whoever has the same name in the rota as he has here. Of others an admin says it.";
        return Err(Fault::new(StatusCode::FORBIDDEN, "somebody-else", message));
    }
    let act = Act::PresenceTold {
        person: masked(&person.name),
        presence: presence.label(),
    };
    visitor.note(web, &act, Some(&hotline.name)).await?;
    let who = person.phone.clone();
    let told = presence.told(&board.zone, board.now);
    web.store.tell_presence(&who, &told, board.now).await?;
    if let (Told::Back, Some(other)) = (&told, &person.then) {
        web.store.tell_presence(other, &told, board.now).await?;
    }
    let board = web.board(hotline, visitor.hotlines()).await?;
    let away = board.away.get(&who).map(|away| away_answer(&board, away));
    Ok(serde_json::json!({ "away": away }))
}

/// An admin for everybody; a responder for whoever of the rota is called as he is.
pub(super) fn may_switch(visitor: &Visitor, board: &Board, person: &Responder) -> bool {
    let hotline = Some(&board.hotline.name);
    let key = |name: &str| UserName::parse(name).map(|name| name.key());
    let is_himself = || visitor.who.kind() == Kind::User && key(visitor.who.name()).is_ok_and(|own| key(&person.name) == Ok(own));
    visitor.may(Action::AnyPresence, hotline) || (visitor.may(Action::OwnPresence, hotline) && is_himself())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Australia::Melbourne;

    fn until(choice: Choice, now: &str) -> Option<String> {
        let until = choice.until(&Zone::new(Melbourne), now.parse().unwrap());
        until.map(|until| until.to_rfc3339())
    }

    #[test]
    fn tomorrow_is_the_next_day_of_the_rotas_clocks() {
        let expected = |text: &str| Some(text.to_owned());
        // 14:00 in Melbourne, 11 hours ahead; then 23:59, and 00:01 of the day after.
        assert_eq!(
            until(Choice::OneHour, "2026-11-21T03:00:00Z"),
            expected("2026-11-21T04:00:00+00:00")
        );
        assert_eq!(
            until(Choice::FourHours, "2026-11-21T03:00:00Z"),
            expected("2026-11-21T07:00:00+00:00")
        );
        assert_eq!(
            until(Choice::UntilMorning, "2026-11-21T03:00:00Z"),
            expected("2026-11-21T21:00:00+00:00")
        );
        assert_eq!(
            until(Choice::UntilMorning, "2026-11-21T12:59:00Z"),
            expected("2026-11-21T21:00:00+00:00")
        );
        assert_eq!(
            until(Choice::UntilMorning, "2026-11-21T13:01:00Z"),
            expected("2026-11-22T21:00:00+00:00")
        );
        // The clocks are put back on 5 April 2026, to 10 hours ahead.
        assert_eq!(
            until(Choice::UntilMorning, "2026-04-04T03:00:00Z"),
            expected("2026-04-04T22:00:00+00:00")
        );
        assert_eq!(until(Choice::Back, "2026-11-21T03:00:00Z"), None);
    }
}
