//! The JSON interface described for programs: OpenAPI 3.1, made of the table of `access`, so that there is no way that it
//! leaves out. It must not know how anything is answered; that what stands here is so is held by tests that ask.

mod schemas;
mod ways;

use crate::access::{Least, Line, MATRIX, Verb};
use axum::Json;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponsesBuilder;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Paths, Ref, Required, Response, ResponseBuilder,
};
use ways::{Answer, Said, Way};

/// Where the interface begins.
const INTERFACE: &str = "/api/v1/";
/// How programs sign in.
const TOKEN: &str = "token";
/// How monitors do.
const INCIDENT_TOKEN: &str = "incident-token";

/// `GET /api/v1/openapi.json`.
pub(super) async fn answer() -> Json<OpenApi> {
    Json(description())
}

/// All of it.
pub(super) fn description() -> OpenApi {
    let mut paths = Paths::new();
    let places = MATRIX
        .iter()
        .filter_map(|line| line.place.map(|(verb, path)| (line, verb, path)))
        .filter(|(_, _, path)| path.starts_with(INTERFACE));
    for (line, verb, path) in places {
        if let Some(way) = ways::way(line.action) {
            add(&mut paths, path, verb, operation(&way, path, line));
        }
    }
    add(&mut paths, "/api/v1/hotlines/{name}/incidents", Verb::Post, incidents());
    let bearer = |words: &str| {
        let mut http = Http::new(HttpAuthScheme::Bearer);
        http.description = Some(words.to_owned());
        SecurityScheme::Http(http)
    };
    let components = schemas::all()
        .into_iter()
        .fold(ComponentsBuilder::new(), |components, (name, schema)| {
            components.schema(name, schema)
        })
        .security_scheme(TOKEN, bearer("A token of `rotaline token add`."))
        .security_scheme(INCIDENT_TOKEN, bearer("The hotline's own token for alarms, as configured."))
        .build();
    let info = InfoBuilder::new()
        .title("rotaline")
        .version("1")
        .description(Some(
            "Instants are RFC 3339 with the offset of the rota's zone; telephone numbers are masked; a refusal has a stable code and words.",
        ))
        .build();
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components)).build()
}

fn add(paths: &mut Paths, path: &str, verb: Verb, operation: Operation) {
    let method = match verb {
        Verb::Get => HttpMethod::Get,
        Verb::Post => HttpMethod::Post,
    };
    let item = PathItem::new(method, operation);
    match paths.paths.get_mut(path) {
        Some(known) => known.merge_operations(item),
        None => {
            paths.paths.insert(path.to_owned(), item);
        }
    }
}

fn operation(way: &Way, path: &str, line: &Line) -> Operation {
    let mut responses = ResponsesBuilder::new().response(way.status.to_string(), response(way.what, &way.answer));
    let (security, least) = match line.least {
        Least::Open => (None, "Open to everybody.".to_owned()),
        Least::Role(role) => {
            responses = responses
                .response("401", refusal("Nobody, or a wrong or old token."))
                .response("403", refusal("Not with this role, or not from here."));
            (
                Some(SecurityRequirement::new::<_, [String; 0], String>(TOKEN, [])),
                format!("Takes the role {role}."),
            )
        }
    };
    for (status, what) in way.refusals {
        responses = responses.response(status.to_string(), refusal(what));
    }
    if path.contains('{') {
        responses = responses.response("404", refusal("There is none of this name, or not for whoever asks."));
    }
    let responses = responses
        .response("400", refusal("The question or the form cannot be read."))
        .response("429", refusal("Too many requests; the header Retry-After says when again."))
        .response("503", refusal("The store, or a rota, is not there just now."))
        .build();
    let named = path.split(['{', '}']).skip(1).step_by(2).map(|name| in_path(path, name));
    let parameters: Vec<Parameter> = named.chain(way.query.iter().map(in_query)).collect();
    let mut operation = OperationBuilder::new()
        .summary(Some(way.summary))
        .description(Some(least))
        .operation_id(Some(format!("{:?}", line.action)))
        .parameters(Some(parameters))
        .responses(responses);
    if let Some(security) = security {
        operation = operation.security(security);
    }
    if let Some(form) = way.form {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(form))).build();
        let body = RequestBodyBuilder::new().content("application/x-www-form-urlencoded", content);
        operation = operation.request_body(Some(body.required(Some(Required::False)).build()));
    }
    operation.build()
}

/// The door of monitors, which is another room's.
fn incidents() -> Operation {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Report"))).build();
    let body = RequestBodyBuilder::new()
        .content("application/json", content)
        .required(Some(Required::True));
    let told = Answer::Json("Raised");
    let responses = ResponsesBuilder::new()
        .response("200", response("It was open already, or is over.", &told))
        .response("201", response("Somebody is rung for it.", &told))
        .response("401", refusal("Not the token of a hotline of this name that takes alarms."))
        .response("400", refusal("The address cannot be read."))
        .response("408", refusal("The body took too long."))
        .response("413", refusal("The body is longer than 256 KiB."))
        .response("415", refusal("Not JSON."))
        .response("422", refusal("No alarm is understood."))
        .response(
            "429",
            response("As many as the hotline takes within an hour.", &Answer::Json("RaisedOrNot")),
        )
        .response("503", refusal("The store is not there just now."));
    OperationBuilder::new()
        .summary(Some("Raises an alarm, or says that it is over"))
        .operation_id(Some("Incidents"))
        .parameter(in_path("", "name"))
        .request_body(Some(body.build()))
        .security(SecurityRequirement::new::<_, [String; 0], String>(INCIDENT_TOKEN, []))
        .responses(responses.build())
        .build()
}

/// A name in a path; what has a number is known by where it stands.
fn in_path(path: &str, name: &str) -> Parameter {
    let said = match name {
        "id" if path.starts_with("/api/v1/calls/") => Said::Call,
        "id" => Said::Number,
        _ => Said::Text,
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(schemas::said(said)))
        .build()
}

fn in_query((name, what, said): &(&str, &str, Said)) -> Parameter {
    ParameterBuilder::new()
        .name(*name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(*what))
        .schema(Some(schemas::said(*said)))
        .build()
}

fn response(what: &str, answer: &Answer) -> Response {
    let response = ResponseBuilder::new().description(what);
    let response = match answer {
        Answer::Json(name) => response.content(
            "application/json",
            ContentBuilder::new().schema(Some(Ref::from_schema_name(*name))).build(),
        ),
        Answer::JsonOrTable(name) => response
            .content(
                "application/json",
                ContentBuilder::new().schema(Some(Ref::from_schema_name(*name))).build(),
            )
            .content("text/csv", ContentBuilder::new().schema(Some(schemas::text())).build()),
        Answer::Object => response.content("application/json", ContentBuilder::new().schema(Some(schemas::anything())).build()),
        Answer::Of(kind) => response.content(*kind, ContentBuilder::new().schema(Some(schemas::text())).build()),
        Answer::Nothing => response,
    };
    response.build()
}

fn refusal(what: &str) -> Response {
    response(what, &Answer::Json("Refusal"))
}
