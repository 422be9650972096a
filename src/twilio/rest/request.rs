//! What is asked of the carrier's REST API, as data.
//!
//! Pure; it must not know how requests travel. The names are those of Twilio's API document of 2010-04-01.

use crate::call::{CallId, Detection, LegId, LineId, RecordingId};
use crate::roster::{Phone, PhoneKind};
use crate::switchboard::{DialOrder, RecordOrder};
use crate::twilio::address::{BaseUrl, Callback, Place};
use axum::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use url::form_urlencoded::byte_serialize;

/// One request, without host and credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct RestRequest {
    /// GET, POST or DELETE.
    pub method: Method,
    /// Path below the host; on a further page of a list with its query.
    pub path: String,
    /// Form fields of a POST, query of a GET; a name may come more than once.
    pub fields: Vec<(String, String)>,
}

/// The account in whose name everything is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account(pub String);

/// The longest text message, in characters.
const MAX_TEXT: usize = 1600;

/// A text as it is sent.
#[must_use]
pub fn as_sent(body: &str) -> String {
    body.chars().take(MAX_TEXT).collect()
}

impl Account {
    /// Rings a phone; every callback carries call and leg.
    #[must_use]
    pub fn dial(&self, order: &DialOrder, base: &BaseUrl) -> RestRequest {
        let at = |callback| base.to_insistently(Place::Leg(order.call, order.leg, callback));
        let mut fields = vec![
            ("To", order.to.address().to_owned()),
            ("From", order.from.address().to_owned()),
            ("Url", at(Callback::Script)),
            ("Method", "POST".to_owned()),
            ("StatusCallback", at(Callback::Status)),
            ("StatusCallbackMethod", "POST".to_owned()),
            ("Timeout", order.ring_seconds.clamp(5, 600).to_string()),
        ];
        fields.extend(["initiated", "ringing", "answered", "completed"].map(|event| ("StatusCallbackEvent", event.to_owned())));
        // Two seconds for the switchboard to listen. The carrier takes no machine detection beside it, nor for softphones.
        fields.extend(order.to.extension().map(|extension| ("SendDigits", format!("WW{extension}"))));
        match order.detection.filter(|_| hears_machines(&order.to)) {
            None => {}
            Some(Detection::BeforeScript) => fields.push(("MachineDetection", "Enable".to_owned())),
            Some(Detection::Meanwhile) => fields.extend([
                ("MachineDetection", "Enable".to_owned()),
                ("AsyncAmd", "true".to_owned()),
                ("AsyncAmdStatusCallback", at(Callback::Machine)),
                ("AsyncAmdStatusCallbackMethod", "POST".to_owned()),
            ]),
        }
        self.post("Calls", fields)
    }

    /// Stops what is queued or rings; a connected line is left alone.
    #[must_use]
    pub fn cancel(&self, line: &LineId) -> RestRequest {
        self.post(&one_call(line), vec![("Status", "canceled".to_owned())])
    }

    /// Ends a line in whatever state it is.
    #[must_use]
    pub fn hang_up(&self, line: &LineId) -> RestRequest {
        self.post(&one_call(line), vec![("Status", "completed".to_owned())])
    }

    /// Makes a connected line ask for its script anew.
    #[must_use]
    pub fn redirect(&self, line: &LineId, call: CallId, leg: LegId, base: &BaseUrl) -> RestRequest {
        let script = base.to_insistently(Place::Leg(call, leg, Callback::Script));
        self.post(&one_call(line), vec![("Url", script), ("Method", "POST".to_owned())])
    }

    /// Asks how a line stands.
    #[must_use]
    pub fn fetch(&self, line: &LineId) -> RestRequest {
        self.get(&one_call(line), Vec::new())
    }

    /// The lists in which an order to dial must stand if it was taken: calls that have started since (the API knows days
    /// only, so from the day before on), and calls that are still queued, which have no start yet.
    #[must_use]
    pub fn find(&self, order: &DialOrder, since: DateTime<Utc>) -> [RestRequest; 2] {
        let day = (since - TimeDelta::days(1)).format("%Y-%m-%d").to_string();
        [("StartTime>", day), ("Status", "queued".to_owned())].map(|filter| {
            let to = is_listed_as_dialled(&order.to).then(|| ("To", order.to.address().to_owned()));
            let from = ("From", order.from.address().to_owned());
            let fields = to.into_iter().chain([from, filter, ("PageSize", "100".to_owned())]);
            self.get("Calls", fields.collect())
        })
    }

    /// Sends a text message.
    #[must_use]
    pub fn text(&self, from: &Phone, to: &Phone, body: &str) -> RestRequest {
        let fields = vec![
            ("To", to.address().to_owned()),
            ("From", from.address().to_owned()),
            ("Body", as_sent(body)),
        ];
        self.post("Messages", fields)
    }

    /// The list in which a text must stand if it was taken, the newest first. Not by `DateSent`: what still waits to be sent
    /// has none.
    #[must_use]
    pub fn texts(&self, from: &Phone, to: &Phone) -> RestRequest {
        let fields = vec![
            ("To", to.address().to_owned()),
            ("From", from.address().to_owned()),
            ("PageSize", "100".to_owned()),
        ];
        self.get("Messages", fields)
    }

    /// Records a connected line from now on, what comes from it and what goes to it apart.
    #[must_use]
    pub fn record(&self, order: &RecordOrder, base: &BaseUrl) -> RestRequest {
        let mut fields = vec![
            ("RecordingChannels", "dual".to_owned()),
            (
                "RecordingStatusCallback",
                base.to_insistently(Place::Talk(order.call, order.number)),
            ),
            ("RecordingStatusCallbackMethod", "POST".to_owned()),
        ];
        fields.extend(["in-progress", "completed", "absent"].map(|event| ("RecordingStatusCallbackEvent", event.to_owned())));
        self.post(&format!("{}/Recordings", one_call(&order.line)), fields)
    }

    /// Ends a recording; without its name, the one that runs.
    #[must_use]
    pub fn stop_recording(&self, line: &LineId, recording: Option<&RecordingId>) -> RestRequest {
        let which = recording.map_or_else(|| RUNNING.to_owned(), one_recording);
        let fields = vec![("Status", "stopped".to_owned())];
        self.post(&format!("{}/Recordings/{which}", one_call(line)), fields)
    }

    /// All recordings of a line.
    #[must_use]
    pub fn recordings(&self, line: &LineId) -> RestRequest {
        let fields = vec![("PageSize", "100".to_owned())];
        self.get(&format!("{}/Recordings", one_call(line)), fields)
    }

    /// Deletes a recording.
    #[must_use]
    pub fn delete_recording(&self, recording: &RecordingId) -> RestRequest {
        self.request(Method::DELETE, &format!("Recordings/{}", one_recording(recording)), Vec::new())
    }

    /// The lists of all calls and texts that have a number at one of their ends: ours, perhaps, at the other.
    #[must_use]
    pub fn records_of(&self, number: &Phone) -> [RestRequest; 4] {
        [("Calls", "From"), ("Calls", "To"), ("Messages", "From"), ("Messages", "To")].map(|(resource, end)| {
            let fields = vec![(end, number.address().to_owned()), ("PageSize", "500".to_owned())];
            self.get(resource, fields)
        })
    }

    /// Deletes the record of a call or of a text, as its name says.
    #[must_use]
    pub fn delete_record(&self, record: &str) -> RestRequest {
        let resource = if record.starts_with(CALLS) { "Calls" } else { "Messages" };
        let sid: String = byte_serialize(record.as_bytes()).collect();
        self.request(Method::DELETE, &format!("{resource}/{sid}"), Vec::new())
    }

    /// Where the sound of a recording is, below the host: both sides apart, as small as the carrier makes it.
    #[must_use]
    pub fn sound_of(&self, recording: &RecordingId) -> String {
        format!("/2010-04-01/Accounts/{}/Recordings/{}.mp3", self.0, one_recording(recording))
    }

    fn post(&self, resource: &str, fields: Vec<(&str, String)>) -> RestRequest {
        self.request(Method::POST, resource, fields)
    }

    fn get(&self, resource: &str, fields: Vec<(&str, String)>) -> RestRequest {
        self.request(Method::GET, resource, fields)
    }

    fn request(&self, method: Method, resource: &str, fields: Vec<(&str, String)>) -> RestRequest {
        RestRequest {
            method,
            path: format!("/2010-04-01/Accounts/{}/{resource}.json", self.0),
            fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }
    }
}

/// How the names of calls begin; those of texts begin with SM or MM.
const CALLS: &str = "CA";

/// What the carrier calls the recording that runs on a line.
const RUNNING: &str = "Twilio.CURRENT";

fn one_recording(recording: &RecordingId) -> String {
    byte_serialize(recording.0.as_bytes()).collect()
}

/// Whether machine detection means anything for such a phone.
fn hears_machines(to: &Phone) -> bool {
    match to.kind() {
        PhoneKind::Telephone | PhoneKind::Sip => true,
        PhoneKind::Extension | PhoneKind::Softphone => false,
    }
}

/// Whether the lists of calls show a phone certainly as it was dialled. Of SIP addresses nobody says whether they keep their
/// parameters and their case there.
fn is_listed_as_dialled(to: &Phone) -> bool {
    match to.kind() {
        PhoneKind::Telephone | PhoneKind::Extension | PhoneKind::Softphone => true,
        PhoneKind::Sip => false,
    }
}

/// Whether a call of the lists went to this phone.
#[must_use]
pub fn went_to(listed: &str, to: &Phone) -> bool {
    if is_listed_as_dialled(to) {
        return listed == to.address();
    }
    let address = |text: &str| text.split(';').next().unwrap_or_default().to_ascii_lowercase();
    address(listed) == address(to.address())
}

fn one_call(line: &LineId) -> String {
    let sid: String = byte_serialize(line.0.as_bytes()).collect();
    format!("Calls/{sid}")
}

/// Without the values, which are phone numbers and words of people.
impl std::fmt::Debug for RestRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        write!(f, "{} {path}", self.method)
    }
}

#[cfg(test)]
mod tests;
