//! `Conferences` and their `Participants`: list, fetch, end, kick.

use super::super::leg::LegIndex;
use super::super::network::PhoneNetwork;
use super::super::rooms::{EndOfRoom, Parting, Room};
use super::{Known, Parameters, Refused, RestAnswer, page, resources};
use serde_json::Value;

const LIST: Known = Known {
    played: &["FriendlyName", "Status", "PageSize", "Page", "PageToken"],
    unplayed: &[
        "DateCreated",
        "DateCreated<",
        "DateCreated>",
        "DateUpdated",
        "DateUpdated<",
        "DateUpdated>",
    ],
};

const UPDATE: Known = Known {
    played: &["Status"],
    unplayed: &["AnnounceUrl", "AnnounceMethod"],
};

const LIST_PARTICIPANTS: Known = Known {
    played: &["PageSize", "Page", "PageToken"],
    unplayed: &["Muted", "Hold", "Coaching"],
};

impl PhoneNetwork {
    fn conference_json(&self, room: &Room) -> Value {
        let ended_by = room.ended.and_then(|(_, leg)| leg).map(|leg| self[leg].sid.as_str());
        resources::conference(room, &self.account, ended_by)
    }

    fn room_of(&self, path: &str, sid: &str) -> Result<usize, Refused> {
        self.rooms
            .iter()
            .position(|room| room.sid == sid)
            .ok_or_else(|| Refused::missing(path))
    }

    pub(super) fn list_conferences(&mut self, path: &str, parameters: &Parameters<'_>) -> Result<RestAnswer, Refused> {
        self.check_known(path, parameters, &LIST)?;
        let named = |room: &&Room| parameters.get("FriendlyName").is_none_or(|name| room.name == name);
        let all = self.rooms.iter().rev().filter(named).map(|room| self.conference_json(room));
        let status = parameters.get("Status");
        let wanted = all.filter(|room| status.is_none_or(|status| room["status"] == status)).collect();
        page(path, "conferences", wanted, parameters)
    }

    pub(super) fn fetch_conference(&mut self, path: &str, sid: &str) -> Result<RestAnswer, Refused> {
        let room = self.room_of(path, sid)?;
        Ok(RestAnswer {
            status: 200,
            body: self.conference_json(&self.rooms[room]),
        })
    }

    pub(super) fn update_conference(&mut self, path: &str, sid: &str, parameters: &Parameters<'_>) -> Result<RestAnswer, Refused> {
        self.check_known(path, parameters, &UPDATE)?;
        let room = self.room_of(path, sid)?;
        match parameters.get("Status") {
            None => {}
            Some("completed") if self.rooms[room].ended.is_some() => return Err(Refused::missing(path)),
            Some("completed") => self.end_room(room, EndOfRoom::ViaApi, None),
            Some(other) => return Err(Refused::bad_value("Status", other)),
        }
        Ok(RestAnswer {
            status: 200,
            body: self.conference_json(&self.rooms[room]),
        })
    }

    pub(super) fn list_participants(&mut self, path: &str, sid: &str, parameters: &Parameters<'_>) -> Result<RestAnswer, Refused> {
        self.check_known(path, parameters, &LIST_PARTICIPANTS)?;
        let room = &self.rooms[self.room_of(path, sid)?];
        let all = room
            .participants
            .iter()
            .filter_map(|leg| self.participant_json(*leg, room))
            .collect();
        page(path, "participants", all, parameters)
    }

    fn participant_json(&self, leg: LegIndex, room: &Room) -> Option<Value> {
        let stay = self[leg].stay.as_ref()?;
        Some(resources::participant(&self[leg], stay, room, &self.account))
    }

    /// By call SID or by label.
    fn participant_of(&self, path: &str, room: usize, name: &str) -> Result<LegIndex, Refused> {
        let is = |leg: &&LegIndex| {
            let label = self[**leg].stay.as_ref().and_then(|stay| stay.entrance.label.as_deref());
            self[**leg].sid == name || label == Some(name)
        };
        self.rooms[room]
            .participants
            .iter()
            .find(is)
            .copied()
            .ok_or_else(|| Refused::missing(path))
    }

    pub(super) fn fetch_participant(&mut self, path: &str, sid: &str, name: &str) -> Result<RestAnswer, Refused> {
        let room = self.room_of(path, sid)?;
        let leg = self.participant_of(path, room, name)?;
        let body = self
            .participant_json(leg, &self.rooms[room])
            .ok_or_else(|| Refused::missing(path))?;
        Ok(RestAnswer { status: 200, body })
    }

    pub(super) fn kick_participant(&mut self, path: &str, sid: &str, name: &str) -> Result<RestAnswer, Refused> {
        let room = self.room_of(path, sid)?;
        let leg = self.participant_of(path, room, name)?;
        if let Some(stay) = self.leave_room(leg, Parting::Kicked) {
            self.after_dial(leg, &stay);
        }
        Ok(RestAnswer {
            status: 204,
            body: Value::Null,
        })
    }
}
