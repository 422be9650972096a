//! Each way of the interface in words: what it answers, what it takes, why it may refuse. An action without a line does
//! not compile.

use crate::access::Action;

/// What is answered where nothing is wrong.
pub(super) enum Answer {
    /// The schema of this name.
    Json(&'static str),
    /// The same, or a table, as is asked for.
    JsonOrTable(&'static str),
    /// An object that describes itself.
    Object,
    /// Something else, of this kind.
    Of(&'static str),
    /// No content.
    Nothing,
}

/// What may be said for something in a question, or stands for a name in a path.
#[derive(Clone, Copy)]
pub(super) enum Said {
    /// Any text.
    Text,
    /// An instant of RFC 3339.
    Instant,
    /// A day, or an instant.
    DayOrInstant,
    /// A whole number.
    Number,
    /// The name of a call.
    Call,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// Names and meanings of what may be asked.
type Query = &'static [(&'static str, &'static str, Said)];

/// One way.
pub(super) struct Way {
    pub(super) summary: &'static str,
    pub(super) status: u16,
    pub(super) what: &'static str,
    pub(super) answer: Answer,
    pub(super) query: Query,
    /// The schema of the form that it takes.
    pub(super) form: Option<&'static str>,
    /// Beyond those that every way has.
    pub(super) refusals: &'static [(u16, &'static str)],
}

const AT: Query = &[("at", "The instant that is asked about; now, where it is left out.", Said::Instant)];
const TIME: Query = &[
    ("from", "A day or an instant.", Said::DayOrInstant),
    ("until", "A day or an instant, not in it.", Said::DayOrInstant),
];
const TIME_AND_FORMAT: Query = &[
    ("from", "A day or an instant; now, where it is left out.", Said::DayOrInstant),
    (
        "until",
        "A day or an instant, not in it; four weeks later, where it is left out.",
        Said::DayOrInstant,
    ),
    ("format", "`json` or `csv`.", Said::Word(&["json", "csv"])),
];

const fn json(summary: &'static str, name: &'static str) -> Way {
    Way {
        summary,
        status: 200,
        what: "What is asked for.",
        answer: Answer::Json(name),
        query: &[],
        form: None,
        refusals: &[],
    }
}

impl Way {
    const fn asking(self, query: Query) -> Self {
        Self { query, ..self }
    }

    const fn answering(self, status: u16, what: &'static str, answer: Answer) -> Self {
        Self {
            status,
            what,
            answer,
            ..self
        }
    }

    const fn taking(self, form: &'static str) -> Self {
        Self { form: Some(form), ..self }
    }

    const fn refusing(self, refusals: &'static [(u16, &'static str)]) -> Self {
        Self { refusals, ..self }
    }
}

/// None for what is no part of the interface: pages and their forms, monitors, calendars.
pub(super) fn way(action: Action) -> Option<Way> {
    Some(match action {
        Action::Hotlines => json("The hotlines that one may see", "Hotlines"),
        Action::OnCall => json("Who is on call", "OnCall").asking(AT),
        Action::Duties => {
            let duties = json("Who is on call over a time", "Duties").asking(TIME_AND_FORMAT);
            duties.answering(200, "What is asked for.", Answer::JsonOrTable("Duties"))
        }
        Action::Diagnostics => json("What is wrong in the sheet", "Diagnostics"),
        Action::Versions => json("The newest versions of the rota, and what became of them", "Versions"),
        Action::Callbacks => json("The callbacks that are open, the oldest first", "Callbacks"),
        Action::Recordings => json("The recordings, the newest first, without what was said", "Recordings"),
        Action::HotlineCallsTable => {
            let table = json("Calls of a time with their stories, as a table", "Calls").asking(TIME);
            table.answering(200, "A row for each fact.", Answer::Of("text/csv"))
        }
        Action::HotlineCalls => json("Calls of a time with their stories", "CallStories").asking(TIME),
        Action::Calls => json("The newest calls", "Calls"),
        Action::Call => json("One call with its story", "CallWithStory"),
        Action::Events => {
            const AFTER: Query = &[("after", "The number of the last entry that one has.", Said::Number)];
            let events = json("Stories as they happen, as server-sent events", "Calls").asking(AFTER);
            events.answering(200, "`entry` for each fact.", Answer::Of("text/event-stream"))
        }
        Action::CallbackDone => json("Says that a callback is done", "Calls").answering(204, "It is closed.", Answer::Nothing),
        Action::RingCallback => json("Rings somebody, then the caller", "Calls")
            .answering(202, "This call rings.", Answer::Json("Begun"))
            .taking("Ring")
            .refusing(&[(409, "Nobody is rung, for the reason that is said.")]),
        Action::OwnPresence => json("Says that somebody is away, or back", "Presence").taking("Switch"),
        Action::Listen => json("The sound of a recording", "Calls")
            .answering(200, "Sound.", Answer::Of("audio/mpeg"))
            .refusing(&[(416, "There is no such part of it.")]),
        Action::ReadTranscript => json("A message in writing", "Calls").answering(200, "The words.", Answer::Of("text/plain")),
        Action::DeleteRecording => {
            json("Deletes a recording, here and at the carrier", "Calls").answering(204, "It is gone.", Answer::Nothing)
        }
        Action::TellNumber => json("A caller's number in full; that it was asked for is kept", "Number"),
        Action::Audit => {
            const QUERY: Query = &[
                ("since", "An instant.", Said::Instant),
                ("before", "The number of the last line that one has.", Said::Number),
            ];
            json("Who has changed what, and looked at what is private", "AuditLog").asking(QUERY)
        }
        Action::Description => json("This description", "Calls").answering(200, "OpenAPI 3.1.", Answer::Object),
        Action::SignInPage
        | Action::SignIn
        | Action::LinkPage
        | Action::FollowLink
        | Action::SetOut
        | Action::ComeBack
        | Action::SignedIn
        | Action::File
        | Action::Icon
        | Action::Live
        | Action::Ready
        | Action::Health
        | Action::HotlineFeed
        | Action::PersonFeed
        | Action::SignOut
        | Action::Account
        | Action::ChangePassword
        | Action::Front
        | Action::CallPage
        | Action::AnyPresence
        | Action::TestCall
        | Action::ShowNumber
        | Action::AuditPage => return None,
    })
}
