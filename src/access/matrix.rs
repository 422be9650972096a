//! What there is to do, where, and what one must be for it: one table. The router of `web` is made of it, docs/access.md
//! says the same for people, and a test compares the two with what is really answered.

use super::rights::Role;

/// Something that somebody may do, or not. Each has one line in [`MATRIX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is said by its line in the table")]
pub enum Action {
    SignInPage,
    SignIn,
    LinkPage,
    FollowLink,
    SetOut,
    ComeBack,
    SignedIn,
    File,
    Icon,
    Live,
    Ready,
    Health,
    HotlineFeed,
    PersonFeed,
    SignOut,
    Account,
    ChangePassword,
    Front,
    CallPage,
    Hotlines,
    OnCall,
    Duties,
    Diagnostics,
    Versions,
    Callbacks,
    Recordings,
    HotlineCallsTable,
    HotlineCalls,
    Calls,
    Call,
    Events,
    CallbackDone,
    RingCallback,
    OwnPresence,
    AnyPresence,
    Listen,
    ReadTranscript,
    DeleteRecording,
    TestCall,
    ShowNumber,
    TellNumber,
    AuditPage,
    Audit,
    Description,
}

/// How it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// To see something.
    Get,
    /// To change something, or to see what is private.
    Post,
}

/// What one must be at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Least {
    /// Nothing: it is open, or has a lock of its own (an address that nobody can guess).
    Open,
    /// This, for the hotline that it is about.
    Role(Role),
}

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is done.
    pub action: Action,
    /// How and where it is asked for; `{name}` is a hotline. None for what is done at a place that is also another's.
    pub place: Option<(Verb, &'static str)>,
    /// What one must be.
    pub least: Least,
}

const fn get(action: Action, path: &'static str, least: Least) -> Line {
    let place = Some((Verb::Get, path));
    Line { action, place, least }
}

const fn post(action: Action, path: &'static str, least: Least) -> Line {
    let place = Some((Verb::Post, path));
    Line { action, place, least }
}

const OPEN: Least = Least::Open;
const VIEWER: Least = Least::Role(Role::Viewer);
const RESPONDER: Least = Least::Role(Role::Responder);
const ADMIN: Least = Least::Role(Role::Admin);
const OPERATOR: Least = Least::Role(Role::Operator);

/// Every line there is, in the order of [`Action`].
pub const MATRIX: [Line; 44] = [
    get(Action::SignInPage, "/sign-in", OPEN),
    post(Action::SignIn, "/sign-in", OPEN),
    get(Action::LinkPage, "/sign-in/link/{word}", OPEN),
    post(Action::FollowLink, "/sign-in/link/{word}", OPEN),
    get(Action::SetOut, "/sign-in/oidc", OPEN),
    get(Action::ComeBack, "/sign-in/oidc/return", OPEN),
    get(Action::SignedIn, "/signed-in", OPEN),
    get(Action::File, "/static/{file}", OPEN),
    get(Action::Icon, "/favicon.ico", OPEN),
    get(Action::Live, "/live", OPEN),
    get(Action::Ready, "/ready", OPEN),
    get(Action::Health, "/health", OPEN),
    get(Action::HotlineFeed, "/feeds/{word}/{hotline}", OPEN),
    get(Action::PersonFeed, "/feeds/{word}/{hotline}/{person}", OPEN),
    post(Action::SignOut, "/sign-out", VIEWER),
    get(Action::Account, "/account", VIEWER),
    post(Action::ChangePassword, "/account", VIEWER),
    get(Action::Front, "/", VIEWER),
    get(Action::CallPage, "/calls/{id}", VIEWER),
    get(Action::Hotlines, "/api/v1/hotlines", VIEWER),
    get(Action::OnCall, "/api/v1/hotlines/{name}/on-call", VIEWER),
    get(Action::Duties, "/api/v1/hotlines/{name}/duties", VIEWER),
    get(Action::Diagnostics, "/api/v1/hotlines/{name}/diagnostics", VIEWER),
    get(Action::Versions, "/api/v1/hotlines/{name}/versions", VIEWER),
    get(Action::Callbacks, "/api/v1/hotlines/{name}/callbacks", VIEWER),
    get(Action::Recordings, "/api/v1/hotlines/{name}/recordings", VIEWER),
    get(Action::HotlineCallsTable, "/api/v1/hotlines/{name}/calls.csv", VIEWER),
    get(Action::HotlineCalls, "/api/v1/hotlines/{name}/calls.json", VIEWER),
    get(Action::Calls, "/api/v1/calls", VIEWER),
    get(Action::Call, "/api/v1/calls/{id}", VIEWER),
    get(Action::Events, "/api/v1/events", VIEWER),
    post(Action::CallbackDone, "/api/v1/hotlines/{name}/callbacks/{id}/done", RESPONDER),
    post(Action::RingCallback, "/api/v1/hotlines/{name}/callbacks/{id}/ring", RESPONDER),
    post(Action::OwnPresence, "/api/v1/hotlines/{name}/people/{person}/presence", RESPONDER),
    Line {
        action: Action::AnyPresence,
        place: None,
        least: ADMIN,
    },
    get(Action::Listen, "/api/v1/hotlines/{name}/recordings/{id}/audio", ADMIN),
    get(Action::ReadTranscript, "/api/v1/hotlines/{name}/recordings/{id}/transcript", ADMIN),
    post(Action::DeleteRecording, "/api/v1/hotlines/{name}/recordings/{id}/delete", ADMIN),
    post(Action::TestCall, "/test-call", ADMIN),
    post(Action::ShowNumber, "/calls/{id}/number", ADMIN),
    post(Action::TellNumber, "/api/v1/calls/{id}/number", ADMIN),
    get(Action::AuditPage, "/audit", OPERATOR),
    get(Action::Audit, "/api/v1/audit", OPERATOR),
    get(Action::Description, "/api/v1/openapi.json", OPEN),
];

impl Action {
    /// What one must be for it.
    #[must_use]
    pub const fn least(self) -> Least {
        // The table is in the order of the actions: a test holds that.
        MATRIX[self as usize].least
    }
}
