//! The shapes of what is answered and taken, by name.

use super::ways::Said;
use utoipa::openapi::schema::{
    AnyOfBuilder, ArrayBuilder, KnownFormat, Object, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr};

type Shape = RefOr<Schema>;
type Fields<'f> = &'f [(&'f str, Shape)];

fn of(kind: Type) -> Object {
    ObjectBuilder::new().schema_type(kind).build()
}

/// Any text.
pub(super) fn text() -> Shape {
    of(Type::String).into()
}

/// What may be said for something.
pub(super) fn said(said: Said) -> Shape {
    match said {
        Said::Text => text(),
        Said::Instant => written(Type::String, SchemaFormat::KnownFormat(KnownFormat::DateTime)).into(),
        Said::DayOrInstant => {
            let either = AnyOfBuilder::new()
                .item(written(Type::String, SchemaFormat::KnownFormat(KnownFormat::Date)))
                .item(written(Type::String, SchemaFormat::KnownFormat(KnownFormat::DateTime)));
            Schema::AnyOf(either.build()).into()
        }
        Said::Number => written(Type::Integer, SchemaFormat::KnownFormat(KnownFormat::Int64)).into(),
        Said::Call => written(Type::String, SchemaFormat::Custom("uuid".to_owned())).into(),
        Said::Word(words) => one_of(words),
    }
}

fn written(kind: Type, format: SchemaFormat) -> Object {
    ObjectBuilder::new().schema_type(kind).format(Some(format)).build()
}

/// Any object.
pub(super) fn anything() -> Shape {
    of(Type::Object).into()
}

fn or_null(kind: Type) -> Shape {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([kind, Type::Null]))
        .build()
        .into()
}

fn maybe_text() -> Shape {
    or_null(Type::String)
}

fn whole() -> Shape {
    of(Type::Integer).into()
}

fn truth() -> Shape {
    of(Type::Boolean).into()
}

fn one_of(words: &[&str]) -> Shape {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words.iter().copied()))
        .build()
        .into()
}

fn list(item: Shape) -> Shape {
    ArrayBuilder::new().items(item).build().into()
}

fn named(name: &str) -> Shape {
    Ref::from_schema_name(name).into()
}

fn maybe(name: &str) -> Shape {
    let schema = OneOfBuilder::new().item(Ref::from_schema_name(name)).item(of(Type::Null));
    Schema::OneOf(schema.build()).into()
}

/// An object that has all of the first, and perhaps some of the others.
fn object(always: Fields<'_>, sometimes: Fields<'_>) -> Shape {
    let mut object = ObjectBuilder::new().schema_type(Type::Object);
    for (name, shape) in always {
        object = object.property(*name, shape.clone()).required(*name);
    }
    for (name, shape) in sometimes {
        object = object.property(*name, shape.clone());
    }
    object.build().into()
}

/// All of them.
pub(super) fn all() -> Vec<(&'static str, Shape)> {
    [rotas(), calls(), others(), taken()].into_iter().flatten().collect()
}

fn rotas() -> Vec<(&'static str, Shape)> {
    let span = [
        ("state", one_of(&["covered", "nobody_on_purpose", "gap"])),
        ("from", maybe_text()),
        ("until", maybe_text()),
        ("levels", list(named("Level"))),
    ];
    let held = [("held_since", text()), ("nobody_cell", text())];
    let on_call = [
        ("hotline", text()),
        ("title", text()),
        ("at", text()),
        ("zone", text()),
        ("next", maybe("Span")),
        ("last_resort", maybe("Person")),
        ("rota", named("Rota")),
    ];
    vec![
        ("Span", object(&span, &held)),
        ("OnCall", object(&[&on_call[..], &span[..]].concat(), &held)),
        ("Level", level()),
        ("Person", person()),
        ("Away", away()),
        ("Rota", rota()),
        ("Hotlines", object(&[("hotlines", list(hotline()))], &[])),
        ("Duties", duties()),
        (
            "Diagnostics",
            object(
                &[("hotline", text()), ("rota", named("Rota")), ("diagnostics", list(diagnostic()))],
                &[],
            ),
        ),
        ("Versions", object(&[("hotline", text()), ("versions", list(version()))], &[])),
    ]
}

fn hotline() -> Shape {
    let status = one_of(&["ok", "degraded", "failing"]);
    let fields = [
        ("name", text()),
        ("title", text()),
        ("numbers", list(text())),
        ("zone", maybe_text()),
        ("status", status),
    ];
    object(&fields, &[])
}

fn level() -> Shape {
    let fields = [
        ("label", text()),
        ("responders", list(named("Person"))),
        ("cell", text()),
        ("is_change", truth()),
    ];
    object(&fields, &[])
}

fn person() -> Shape {
    let sometimes = [("then", text()), ("away", named("Away")), ("away_until", text())];
    object(&[("name", text()), ("phone", text())], &sometimes)
}

fn away() -> Shape {
    let by = one_of(&["text", "page", "sheet"]);
    object(&[("since", text()), ("until", maybe_text()), ("by", by)], &[("cell", text())])
}

fn rota() -> Shape {
    let trouble = object(&[("since", text()), ("message", text())], &[]);
    let trouble = Schema::OneOf(OneOfBuilder::new().item(trouble).item(of(Type::Null)).build());
    let findings = object(&[("stop", whole()), ("warn", whole()), ("note", whole())], &[]);
    let fields = [
        ("title", text()),
        ("link", maybe_text()),
        ("revision", text()),
        ("read_at", text()),
        ("age_seconds", whole()),
        ("checked_at", text()),
        ("checked_age_seconds", whole()),
        ("held", list(named("Span"))),
        ("trouble", trouble.into()),
        ("diagnostics", findings),
    ];
    object(&fields, &[])
}

fn duties() -> Shape {
    let duty = object(
        &[
            ("from", text()),
            ("until", text()),
            ("from_utc", text()),
            ("until_utc", text()),
            ("state", one_of(&["on_call", "nobody", "gap"])),
            ("level", or_null(Type::Integer)),
            ("label", maybe_text()),
            ("person", maybe_text()),
            ("number", maybe_text()),
            ("cell", maybe_text()),
            ("is_change", truth()),
        ],
        &[],
    );
    let fields = [
        ("hotline", text()),
        ("zone", text()),
        ("from", text()),
        ("until", text()),
        ("read_at", text()),
        ("checked_at", text()),
        ("duties", list(duty)),
    ];
    object(&fields, &[])
}

fn diagnostic() -> Shape {
    let fields = [
        ("severity", one_of(&["stop", "warn", "note"])),
        ("code", text()),
        ("cells", list(text())),
        ("cell_links", list(maybe_text())),
        ("more_cells", whole()),
        ("seen", text()),
        ("consequence", text()),
        ("remedy", text()),
        ("affects", maybe_text()),
    ];
    object(&fields, &[])
}

fn version() -> Shape {
    let fields = [
        ("at", text()),
        ("verdict", one_of(&["taken", "taken_in_part", "accepted", "held_back"])),
        ("title", text()),
        ("revision", text()),
        ("differences", list(text())),
        ("held_back", list(text())),
    ];
    object(&fields, &[])
}

fn calls() -> Vec<(&'static str, Shape)> {
    let call = [
        ("id", text()),
        ("hotline", text()),
        ("from", maybe_text()),
        ("arrived_at", text()),
        ("ended_at", maybe_text()),
        ("outcome", maybe_text()),
    ];
    let line = [
        ("number", whole()),
        ("call", text()),
        ("hotline", text()),
        ("at", text()),
        ("time", text()),
        ("kind", text()),
        ("text", text()),
    ];
    let ending = [("outcome", text()), ("outcome_words", text()), ("in_short", text())];
    vec![
        ("Call", object(&call, &[("alarm", text())])),
        ("StoryLine", object(&line, &ending)),
        ("Calls", object(&[("calls", list(named("Call")))], &[])),
        (
            "CallWithStory",
            object(&[("call", named("Call")), ("story", list(named("StoryLine")))], &[]),
        ),
        ("CallStories", object(&[("hotline", text()), ("calls", list(told()))], &[])),
    ]
}

/// A call as it goes out to other programs, with its story within.
fn told() -> Shape {
    let fact = object(
        &[
            ("at", text()),
            ("at_utc", text()),
            ("fact", text()),
            ("person", maybe_text()),
            ("seconds_since_dialled", or_null(Type::Integer)),
            ("seconds_rung", or_null(Type::Integer)),
            ("words", text()),
        ],
        &[],
    );
    let fields = [
        ("call", text()),
        ("hotline", text()),
        ("caller", maybe_text()),
        ("arrived_at", text()),
        ("ended_at", maybe_text()),
        ("outcome", maybe_text()),
        ("seconds_until_accepted", or_null(Type::Integer)),
        ("story", list(fact)),
    ];
    object(&fields, &[])
}

fn others() -> Vec<(&'static str, Shape)> {
    let callback = [
        ("id", whole()),
        ("call", text()),
        ("number", text()),
        ("asked_at", text()),
        ("age_seconds", whole()),
        ("reminded", truth()),
        ("calling", maybe_text()),
    ];
    let recording = [
        ("id", whole()),
        ("call", text()),
        ("kind", one_of(&["talk", "message"])),
        ("began_at", text()),
        ("seconds", or_null(Type::Integer)),
        ("channels", or_null(Type::Integer)),
        ("transcribed", truth()),
        ("audio", text()),
    ];
    let audited = [
        ("number", whole()),
        ("at", text()),
        ("who", text()),
        ("kind", text()),
        ("client", maybe_text()),
        ("what", text()),
        ("hotline", maybe_text()),
        ("about", text()),
    ];
    let of_hotline = |name: &'static str, item: Fields<'_>| object(&[("hotline", text()), (name, list(object(item, &[])))], &[]);
    vec![
        ("Callbacks", of_hotline("callbacks", &callback)),
        ("Recordings", of_hotline("recordings", &recording)),
        ("AuditLog", object(&[("audit", list(object(&audited, &[])))], &[])),
        ("Number", object(&[("call", text()), ("from", text())], &[])),
        ("Begun", object(&[("call", text())], &[])),
        ("Presence", object(&[("away", maybe("Away"))], &[])),
        (
            "Refusal",
            object(&[("error", object(&[("code", text()), ("message", text())], &[]))], &[]),
        ),
        ("Raised", object(&[], &[("call", maybe_text()), ("incidents", list(reported()))])),
        (
            "RaisedOrNot",
            object(&[], &[("error", anything()), ("incidents", list(reported()))]),
        ),
    ]
}

fn reported() -> Shape {
    let is = one_of(&["new", "open", "too_many", "resolved", "unknown"]);
    object(&[("key", text()), ("call", maybe_text()), ("is", is)], &[])
}

/// What is sent to us.
fn taken() -> Vec<(&'static str, Shape)> {
    let alert = object(
        &[("status", one_of(&["firing", "resolved"]))],
        &[("labels", anything()), ("annotations", anything()), ("fingerprint", text())],
    );
    let own = [("title", text()), ("key", text()), ("details", text()), ("resolved", truth())];
    vec![
        ("Ring", object(&[], &[("who", text())])),
        ("Switch", object(&[("presence", one_of(&["1h", "4h", "morning", "back"]))], &[])),
        ("Report", object(&[], &[&own[..], &[("alerts", list(alert))]].concat())),
    ]
}
