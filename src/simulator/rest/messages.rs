//! `Messages`: create, list. A text is taken, and kept for the one who judges the run.

use super::super::checker::is_e164;
use super::super::heard::Text;
use super::super::network::PhoneNetwork;
use super::{Known, Parameters, Refused, RestAnswer, page, resources};
use chrono::TimeDelta;
use serde_json::Value;

/// All parameters of `POST Messages`.
pub(super) const CREATE: Known = Known {
    played: &[
        "To",
        "From",
        "Body",
        "MaxPrice",
        "ProvideFeedback",
        "Attempt",
        "ValidityPeriod",
        "ForceDelivery",
        "ContentRetention",
        "AddressRetention",
        "SmartEncoded",
        "PersistentAction",
        "TrafficType",
        "ShortenUrls",
        "ScheduleType",
        "SendAsMms",
        "ContentVariables",
        "RiskCheck",
        "FallbackFrom",
    ],
    unplayed: &[
        "StatusCallback",
        "ApplicationSid",
        "SendAt",
        "MediaUrl",
        "ContentSid",
        "MessagingServiceSid",
    ],
};

/// All parameters of `GET Messages`.
pub(super) const LIST: Known = Known {
    played: &["To", "From", "PageSize", "Page", "PageToken"],
    unplayed: &["DateSent", "DateSent<", "DateSent>"],
};

/// The longest text, in characters.
const LONGEST_BODY: usize = 1_600;

impl PhoneNetwork {
    /// The SIDs of all calls and texts that the carrier still lists with this number at one end.
    #[must_use]
    pub fn records_of(&self, number: &str) -> Vec<String> {
        let calls = self.legs.iter().filter(|leg| leg.from == number || leg.to == number);
        let texts = self.texts.iter().chain(&self.came_in);
        let texts = texts.filter(|text| text.from == number || text.to == number);
        let all = calls.map(|leg| leg.sid.clone()).chain(texts.filter_map(|text| text.sid.clone()));
        all.filter(|sid| !self.erased.contains(sid)).collect()
    }

    pub(super) fn create_message(&mut self, path: &str, parameters: &Parameters<'_>) -> Result<RestAnswer, Refused> {
        self.check_known(path, parameters, &CREATE)?;
        let given = |name: &str| parameters.get(name).filter(|value| !value.is_empty());
        let to = given("To").ok_or_else(|| Refused::new(21604, "A 'To' phone number is required."))?;
        let from = given("From").ok_or_else(|| Refused::new(21603, "A 'From' phone number is required."))?;
        let body = given("Body").ok_or_else(|| Refused::new(21602, "Message body is required."))?;
        if !is_e164(to) || to == from {
            return Err(Refused::new(21211, format!("Invalid 'To' Phone Number: {to}")));
        }
        if !is_e164(from) || !self.owns(from) {
            return Err(Refused::new(
                21606,
                format!("The 'From' phone number {from} is not a valid, message-capable Twilio phone number"),
            ));
        }
        if body.chars().count() > LONGEST_BODY {
            return Err(Refused::new(
                21617,
                "The concatenated message body exceeds the 1600 character limit",
            ));
        }
        if self.opted_out.contains(to) {
            return Err(Refused::new(21610, "Attempt to send to unsubscribed recipient"));
        }
        let sid = self.new_sid("SM");
        let text = Text {
            sid: Some(sid.clone()),
            at: self.now,
            from: from.to_owned(),
            to: to.to_owned(),
            body: body.to_owned(),
        };
        let answer = RestAnswer {
            status: 201,
            body: resources::message(&text, &sid, resources::SENT, &self.account),
        };
        self.texts.push(text);
        Ok(answer)
    }

    /// Deletes the record of a text, whoever sent it.
    pub(super) fn delete_message(&mut self, path: &str, sid: &str) -> Result<RestAnswer, Refused> {
        let is_there = self.texts.iter().chain(&self.came_in).any(|text| text.sid.as_deref() == Some(sid));
        if !is_there || !self.erased.insert(sid.to_owned()) {
            return Err(Refused::missing(path));
        }
        Ok(RestAnswer {
            status: 204,
            body: Value::Null,
        })
    }

    /// The newest first; as late as calls.
    pub(super) fn list_messages(&mut self, path: &str, parameters: &Parameters<'_>) -> Result<RestAnswer, Refused> {
        self.check_known(path, parameters, &LIST)?;
        let listed_until = self.now - TimeDelta::milliseconds(i64::from(self.mischief.list_lag_ms));
        let wanted = |text: &Text| {
            text.at <= listed_until
                && !text.sid.as_ref().is_some_and(|sid| self.erased.contains(sid))
                && parameters.get("To").is_none_or(|to| text.to == to)
                && parameters.get("From").is_none_or(|from| text.from == from)
        };
        let sent = self.texts.iter().map(|text| (text, resources::SENT));
        let came_in = self.came_in.iter().map(|text| (text, resources::CAME_IN));
        let mut listed: Vec<_> = sent.chain(came_in).filter(|(text, _)| wanted(text)).collect();
        listed.sort_by_key(|(text, _)| text.at);
        let all = listed
            .into_iter()
            .rev()
            .filter_map(|(text, way)| Some(resources::message(text, text.sid.as_deref()?, way, &self.account)))
            .collect();
        page(path, "messages", all, parameters)
    }
}
