//! Who answers what: the router is made of the table of `access`, line by line, each behind its guard. There is no other way
//! in; an action without a handler does not compile, a handler without a line is never reached.

use super::guard::{Guard, guard};
use super::{
    WebState, account, api, audit, callbacks, calls, description, duties, events, feeds, files, monitors, numbers, oidc, page, presence,
    recordings,
};
use super::{sign_in, test_line};
use crate::access::{Action, Line, MATRIX, Verb};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};

/// Every way of the table.
pub(super) fn router(web: &WebState) -> Router<WebState> {
    MATRIX.into_iter().fold(Router::new(), |router, line| with(router, web, line))
}

fn with(router: Router<WebState>, web: &WebState, line: Line) -> Router<WebState> {
    let Some((verb, path)) = line.place else {
        return router;
    };
    let verb = match verb {
        Verb::Get => MethodFilter::GET,
        Verb::Post => MethodFilter::POST,
    };
    let Some(handler) = handler(line.action, verb) else {
        return router;
    };
    let web = web.clone();
    router.route(path, handler.route_layer(from_fn_with_state(Guard { web, line }, guard)))
}

/// None for what is asked for at the place of another action.
fn handler(action: Action, verb: MethodFilter) -> Option<MethodRouter<WebState>> {
    Some(match action {
        Action::SignInPage => on(verb, sign_in::page),
        Action::SignIn => on(verb, sign_in::sign_in),
        Action::LinkPage => on(verb, sign_in::link_page),
        Action::FollowLink => on(verb, sign_in::follow_link),
        Action::SetOut => on(verb, oidc::set_out),
        Action::ComeBack => on(verb, oidc::come_back),
        Action::SignedIn => on(verb, sign_in::signed_in),
        Action::File => on(verb, files::file),
        Action::Icon => on(verb, files::icon),
        Action::Live => on(verb, monitors::live),
        Action::Ready => on(verb, monitors::ready),
        Action::Health => on(verb, monitors::health),
        Action::HotlineFeed => on(verb, feeds::of_hotline),
        Action::PersonFeed => on(verb, feeds::of_person),
        Action::SignOut => on(verb, sign_in::sign_out),
        Action::Account => on(verb, account::page),
        Action::ChangePassword => on(verb, account::change_password),
        Action::Front => on(verb, page::front),
        Action::CallPage => on(verb, page::one_call),
        Action::Hotlines => on(verb, api::hotlines),
        Action::OnCall => on(verb, api::on_call),
        Action::Duties => on(verb, duties::duties),
        Action::Diagnostics => on(verb, api::diagnostics),
        Action::Versions => on(verb, api::versions),
        Action::Callbacks => on(verb, callbacks::open),
        Action::Recordings => on(verb, recordings::list),
        Action::HotlineCallsTable => on(verb, calls::csv),
        Action::HotlineCalls => on(verb, calls::json),
        Action::Calls => on(verb, api::newest_calls),
        Action::Call => on(verb, api::call),
        Action::Events => on(verb, events::events),
        Action::CallbackDone => on(verb, callbacks::done),
        Action::RingCallback => on(verb, callbacks::ring),
        Action::OwnPresence => on(verb, presence::switch),
        Action::AnyPresence => return None,
        Action::Listen => on(verb, recordings::audio),
        Action::ReadTranscript => on(verb, recordings::transcript),
        Action::DeleteRecording => on(verb, recordings::delete),
        Action::TestCall => on(verb, test_line::place),
        Action::ShowNumber => on(verb, numbers::show),
        Action::TellNumber => on(verb, numbers::tell),
        Action::AuditPage => on(verb, audit::page),
        Action::Audit => on(verb, audit::list),
        Action::Description => on(verb, description::answer),
    })
}
