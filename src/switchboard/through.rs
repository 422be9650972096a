//! A responder who dials the hotline after a talk: whom he may be put through to, what he is asked, and the call that comes of
//! his answer. Whoever is not known to have talked with anybody lately is asked nothing.
//!
//! What is offered is named by the call of the talk, so that a talk that ends between question and key leads to nobody else.

use super::exchange::Exchange;
use super::{Met, SwitchboardError};
use crate::call::{CallId, HotlineName, LineId, Offer, OfferAnswer, Through};
use crate::roster::wall_clock::to_local;
use crate::roster::{Phone, Responder};
use crate::store::{CurrentRota, OpenRelay};

/// A responder, and the caller whom he wants.
pub(super) struct Wish {
    pub(super) by: Responder,
    pub(super) through: Through,
}

impl Exchange {
    /// A caller is at a hotline: asked, where he may be put through to somebody, else put to whoever is on call.
    pub(super) async fn at_hotline(&self, hotline: &HotlineName, from: Option<Phone>, line: LineId) -> Result<Met, SwitchboardError> {
        if let Some(from) = &from
            && let [newest, earlier @ ..] = &self.wishes(hotline, from).await[..]
            && self.store.leg_by_line(&line).await?.is_none()
        {
            self.store.offer(&line, self.clock.now()).await?;
            return Ok(self.offer(hotline, newest, !earlier.is_empty()));
        }
        Ok(Met::Call(Box::new(self.arrive(hotline, from, line).await?)))
    }

    /// What he was asked about the caller of this call is answered.
    pub(super) async fn answered(
        &self,
        hotline: &HotlineName,
        (talked_in, answer): (CallId, OfferAnswer),
        from: Option<Phone>,
        line: LineId,
    ) -> Result<Met, SwitchboardError> {
        let asked = match (&from, answer) {
            (Some(from), OfferAnswer::Taken | OfferAnswer::Earlier) => self.wishes(hotline, from).await,
            (Some(_), OfferAnswer::Declined) | (None, _) => Vec::new(),
        };
        let mut asked = asked.into_iter().skip_while(|wish| wish.through.talked_in != talked_in);
        let (meant, next) = (asked.next(), asked.next());
        let call = match (answer, meant, next) {
            (OfferAnswer::Taken, Some(wish), _) => self.arrive_through(hotline, wish, line).await?,
            (OfferAnswer::Earlier, Some(_), Some(earlier)) => {
                return Ok(self.offer(hotline, &earlier, asked.next().is_some()));
            }
            // Nobody is meant, or the time in which he might be put through has ended meanwhile.
            (OfferAnswer::Taken | OfferAnswer::Earlier | OfferAnswer::Declined, _, _) => self.arrive(hotline, from, line).await?,
        };
        Ok(Met::Call(Box::new(call)))
    }

    fn offer(&self, hotline: &HotlineName, wish: &Wish, earlier: bool) -> Met {
        Met::Offer(Box::new(Offer::new(&wish.through, earlier, &self.rules(hotline, None))))
    }

    /// The callers to whom whoever calls from there may be put through now, the newest talk first.
    async fn wishes(&self, hotline: &HotlineName, from: &Phone) -> Vec<Wish> {
        let rules = self.rules(hotline, None);
        if self.is_our_own(from) || self.turns_away(hotline, from) || !rules.callbacks.allows_some() {
            return Vec::new();
        }
        let rota = self.rota(hotline).await;
        let known = rota.as_ref().and_then(|rota| known(rota, from));
        let phones: Vec<Phone> = known.iter().flat_map(Responder::phones).cloned().collect();
        let mut relays = Vec::new();
        for phone in if phones.is_empty() { std::slice::from_ref(from) } else { &phones } {
            match self.store.relays_of_responder(hotline, phone, self.clock.now()).await {
                Ok(found) => relays.extend(found),
                Err(error) => tracing::error!(%hotline, %error, "with whom somebody has talked cannot be read; he calls as anybody does"),
            }
        }
        relays.sort_by_key(|relay| std::cmp::Reverse((relay.talked_at, relay.call)));
        let wish = |relay: OpenRelay| Wish {
            by: known.clone().unwrap_or_else(|| Responder {
                name: relay.responder.name.clone(),
                phone: from.clone(),
                then: None,
            }),
            through: Through {
                at: shown(rota.as_deref(), &relay),
                number: relay.caller,
                talked_in: relay.call,
            },
        };
        let may_be_rung = |wish: &Wish| rules.callbacks.allows(&wish.through.number) && !wish.by.has(&wish.through.number);
        relays.into_iter().map(wish).filter(may_be_rung).collect()
    }
}

/// Whoever has this phone by the rota, on it.
fn known(rota: &CurrentRota, from: &Phone) -> Option<Responder> {
    let contacts = rota.roster.contacts.iter().map(AsRef::as_ref);
    contacts.into_iter().find(|who: &&Responder| who.has(from)).map(|who| who.on(from))
}

fn shown(rota: Option<&CurrentRota>, relay: &OpenRelay) -> String {
    let zone = rota.map_or(chrono_tz::UTC, |rota| rota.roster.time_zone);
    to_local(zone, relay.talked_at).format("%H:%M").to_string()
}
