//! Having Drive knock.

use super::*;
use crate::{Bell, Watch};
use fakes::google::Route;

fn bell() -> Bell {
    Bell {
        address: "https://rota.example/nudge/lab/google".into(),
        password: "open sesame".into(),
        now: real_now(),
    }
}

/// The fake counts lifetimes by the real time.
#[allow(clippy::disallowed_methods)]
fn real_now() -> DateTime<Utc> {
    Utc::now()
}

async fn watch(source: &GoogleSheet, before: Option<&Watch>) -> Result<Watch, SourceError> {
    source.watch(&bell(), before).await.map(|watch| watch.expect("Drive can knock"))
}

#[tokio::test]
async fn drive_knocks_for_a_day_with_the_password() {
    let google = google().await;
    let watch = watch(&source(&google), None).await.unwrap();
    let channels = google.channels();
    assert_eq!(channels.len(), 1);
    assert_eq!(watch.names, [channels[0].id.clone(), channels[0].resource_id.clone()]);
    assert_eq!(channels[0].file, ID);
    assert_eq!(channels[0].address, "https://rota.example/nudge/lab/google");
    assert_eq!(channels[0].token.as_deref(), Some("open sesame"));
    let lifetime = watch.until - real_now();
    assert!(lifetime > TimeDelta::hours(23) && lifetime <= TimeDelta::days(1), "{lifetime}");
    assert!((channels[0].expires - watch.until).abs() < TimeDelta::minutes(1));
}

#[tokio::test]
async fn a_new_watch_takes_the_place_of_the_old_one() {
    let google = google().await;
    let source = source(&google);
    let first = watch(&source, None).await.unwrap();
    let second = watch(&source, Some(&first)).await.unwrap();
    assert_ne!(first.names[0], second.names[0]);
    let live: Vec<String> = google.channels().into_iter().map(|channel| channel.id).collect();
    assert_eq!(live, [second.names[0].clone()]);
    // The old one only ends once the new one is there.
    let order: Vec<Route> = google
        .journal()
        .iter()
        .filter_map(|request| match request.path.as_str() {
            path if path.ends_with("/watch") => Some(Route::DriveWatch),
            path if path.ends_with("/stop") => Some(Route::ChannelStop),
            _ => None,
        })
        .collect();
    assert_eq!(order, [Route::DriveWatch, Route::DriveWatch, Route::ChannelStop]);
    source.unwatch(&second).await;
    assert_eq!(google.channels(), []);
}

#[tokio::test]
async fn what_cannot_be_stopped_stops_nothing_else() {
    let google = google().await;
    let source = source(&google);
    let first = watch(&source, None).await.unwrap();
    google.fail(Route::ChannelStop, Fault::status(500), None);
    assert!(watch(&source, Some(&first)).await.is_ok());
    let strange = Watch {
        names: vec!["of another source".into()],
        until: first.until,
    };
    source.unwatch(&strange).await;
}

#[tokio::test]
async fn a_refusal_to_knock_is_told() {
    let google = google().await;
    let source = source(&google);
    google.disable_drive_api();
    let off = watch(&source, None).await.unwrap_err();
    assert!(
        matches!(&off, SourceError::Forbidden(words) if words.contains("Google Drive API is switched off")),
        "{off}"
    );
    google.enable_drive_api();
    google.fail(Route::DriveWatch, Fault::Empty, Some(1));
    let empty = watch(&source, None).await.unwrap_err();
    assert!(matches!(empty, SourceError::Malformed(_)), "{empty}");
    let plain = Bell {
        address: "http://rota.example/nudge".into(),
        ..bell()
    };
    assert!(source.watch(&plain, None).await.is_err());
    assert_eq!(google.channels(), []);
}
