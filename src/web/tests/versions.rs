//! Held spans, what changed, ages, and the ways to the sheet.

use super::*;
use crate::roster::{Duty, HeldSpan, Level, Responder};
use crate::store::{ReadRota, Verdict, Version};
use providers::CellAddress;
use serde_json::json;

/// Cara, on Sunday by night: the sheet has nobody then.
fn held() -> HeldSpan {
    let cara = Responder {
        name: "Cara <i>Lund</i>".to_owned(),
        phone: number("+61491570158"),
        then: None,
    };
    let level = Level {
        label: Arc::from("1st"),
        responders: [Arc::new(cara)].into(),
        source: CellAddress::new("Rota", AddressStyle::Grid, 5, 3),
        is_change: false,
    };
    HeldSpan {
        since: saturday() - TimeDelta::hours(3),
        duty: Duty {
            from: utc("2026-11-22T09:00:00Z"),
            until: utc("2026-11-22T21:00:00Z"),
            levels: vec![level],
            nobody: None,
        },
    }
}

/// The house's rota, with links as a provider gives them, and Cara held.
async fn holding(link: &str, now: DateTime<Utc>) -> House {
    let store = Store::in_memory().await.unwrap();
    let mut sheet = sheet();
    sheet.link = Some(link.to_owned());
    for tab in &mut sheet.tabs {
        tab.link = Some(format!("{link}&range={{cell}}").into());
    }
    let read_at = now - TimeDelta::seconds(740);
    let (lab, given) = (lab(), Settings::default());
    let read = ReadRota::of(sheet, given, vec![held()], read_at);
    store.keep_read_rota(&lab, read).await.unwrap();
    House::with(store, now, None, Limits::default())
}

const SHEET: &str = "https://sheets.example/d/1?x=\"1\"";

#[tokio::test]
async fn what_is_held_is_loud_everywhere_while_it_lasts() {
    let house = holding(SHEET, saturday()).await;
    let page = house.get("/").await.text;
    for part in [
        "Part of the newest sheet is held back.",
        "Cara &lt;i&gt;Lund&lt;/i&gt;",
        "rotaline sync --hotline lab --accept",
        "held-back-span",
        "; held from an earlier version, because the sheet in use has nobody then.",
        "Since <time datetime=\"2026-11-21T11:00:00+11:00\">Sat 21 Nov 11:00</time>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let health = house.get("/health").await;
    assert_eq!(health.status, StatusCode::OK, "callers are served");
    let hotline = &health.json()["hotlines"][0];
    assert_eq!((&hotline["status"], &hotline["held_spans"]), (&json!("degraded"), &json!(1)));
    assert_eq!(hotline["reasons"][0]["code"], "held-back-span");
    assert_eq!(
        hotline["reasons"][0]["message"],
        "The sheet has no row any more that puts anybody on call from Sun 22 Nov 20:00 to Mon 23 Nov 08:00; before, the row was here. \
         Calls ring \"Cara <i>Lund</i>\" all the same, as the version before said, until Mon 23 Nov 08:00 (held since Sat 21 Nov 11:00). \
         From Mon 23 Nov 08:00 on nobody is on call; \"Duty manager\" rings instead. \
         Enter a name. If nobody is meant, write nobody there, or run `rotaline sync --accept`."
    );
    // That the rota ends within two days is one as well.
    assert_eq!(hotline["stop_findings"], 2);
    let answer = house.get("/api/v1/hotlines/lab/on-call?at=2026-11-22T10:00:00Z").await.json();
    assert_eq!(
        (&answer["state"], &answer["held_since"]),
        (&json!("covered"), &json!("2026-11-21T11:00:00+11:00"))
    );
    assert_eq!(answer["rota"]["held"][0]["from"], "2026-11-22T20:00:00+11:00");
    assert_eq!(answer["rota"]["held"][0]["levels"][0]["responders"][0]["name"], "Cara <i>Lund</i>");
    for age in ["age_seconds", "checked_age_seconds"] {
        assert!((740..760).contains(&answer["rota"][age].as_i64().unwrap()), "{answer}");
    }
    let diagnostics = house.get("/api/v1/hotlines/lab/diagnostics").await.json();
    // By when they first affect a call: the second level is blank today, what is held begins tomorrow.
    let codes: Vec<&str> = diagnostics["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["code"].as_str())
        .collect();
    assert_eq!(codes[..2], ["level-blank", "held-back-span"], "{diagnostics}");

    // While it is Cara's turn the card says why she is rung.
    let night = holding(SHEET, utc("2026-11-22T10:00:00Z")).await.get("/").await.text;
    assert!(
        night.contains("Held since") && night.contains("the sheet has nobody for now."),
        "{night}"
    );

    // On Monday at 08:00 it is over, and nothing speaks of it any more.
    let over = holding(SHEET, utc("2026-11-22T21:00:00Z")).await;
    let page = over.get("/").await.text;
    assert!(!page.contains("held back") && !page.contains("held-back-span"), "{page}");
    let health = over.get("/health").await.json();
    assert_eq!(health["hotlines"][0]["held_spans"], 0);
    assert!(!health.to_string().contains("held-back-span"), "{health}");
}

#[tokio::test]
async fn sheet_and_cells_are_links_where_they_lead_somewhere_safe() {
    let page = holding(SHEET, saturday()).await.get("/").await.text;
    for link in [
        "<a class=\"cell\" href=\"https://sheets.example/d/1?x=&quot;1&quot;&amp;range=C2\" rel=\"noopener\" target=\"_blank\">Rota!C2</a>",
        "<a class=\"title\" href=\"https://sheets.example/d/1?x=&quot;1&quot;\" rel=\"noopener\" target=\"_blank\">rota.xlsx</a>",
    ] {
        assert!(page.contains(link), "{link}\n{page}");
    }
    for unsafe_link in ["javascript:alert(1)", "http://sheets.example/d/1", "data:text/html,x", " https://x"] {
        let house = holding(unsafe_link, saturday()).await;
        let page = house.get("/").await.text;
        assert!(!page.contains("rel=\"noopener\""), "{page}");
        assert!(page.contains("<span class=\"cell\">Rota!C2</span>"), "{page}");
        let api = house.get("/api/v1/hotlines/lab/on-call").await.json();
        assert_eq!(api["rota"]["link"], json!(null), "{unsafe_link}");
    }
}

fn version(n: i64, verdict: Verdict, differences: &[&str], held_back: &[&str]) -> Version {
    let owned = |sentences: &[&str]| sentences.iter().map(|sentence| (*sentence).to_owned()).collect();
    Version {
        at: saturday() - TimeDelta::minutes(100 - n),
        title: "rota.xlsx".to_owned(),
        revision: Revision(format!("{n}0123456789abcdef")),
        verdict,
        differences: owned(differences),
        held_back: owned(held_back),
    }
}

#[tokio::test]
async fn the_last_versions_say_what_changed() {
    let house = House::open(saturday()).await;
    let page = house.get("/").await.text;
    assert!(!page.contains("What changed"), "nothing is known yet");
    let many: Vec<String> = (1..=8).map(|n| format!("Sentence {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for version in [
        version(1, Verdict::Taken, &["Left out: older than five"], &[]),
        version(2, Verdict::Taken, &many, &[]),
        version(
            3,
            Verdict::TakenInPart,
            &["<b>Ana</b> now first"],
            &["Ben +61 491 570 157 no longer second"],
        ),
        version(4, Verdict::Accepted, &["Ben no longer second"], &[]),
        version(5, Verdict::HeldBack, &[], &["Everybody gone"]),
        version(6, Verdict::Taken, &[], &[]),
    ] {
        house.store.note_version(&lab(), &version).await.unwrap();
    }
    let page = house.get("/").await.text;
    let section = page.split("What changed").nth(1).unwrap();
    for part in [
        "Taken in part",
        "&lt;b&gt;Ana&lt;/b&gt; now first.",
        "Ben +61…157 no longer second.",
        "Taken, as accepted",
        "Held back</span>",
        "Nothing that matters to calls.",
        "Sentence 5.</li>",
        "<summary>3 more</summary>",
        "30123456789a",
    ] {
        assert!(section.contains(part), "{part}\n{section}");
    }
    assert!(!section.contains("Left out") && !section.contains("<b>"), "{section}");
    assert!(
        section.find("Nothing that").unwrap() < section.find("Everybody gone").unwrap(),
        "newest first"
    );

    let answer = house.get("/api/v1/hotlines/lab/versions").await;
    let versions = answer.json()["versions"].clone();
    assert_eq!(versions.as_array().unwrap().len(), 6);
    assert_eq!(
        versions[3],
        json!({
            "at": "2026-11-21T12:23:00+11:00", "verdict": "taken_in_part", "title": "rota.xlsx", "revision": "30123456789abcdef",
            "differences": ["<b>Ana</b> now first"], "held_back": ["Ben +61…157 no longer second"],
        })
    );
    assert_eq!(house.get("/api/v1/hotlines/none/versions").await.error_code(), "unknown-hotline");
}

/// How long a rota may go unchecked is each hotline's own.
#[tokio::test]
async fn each_hotline_has_its_own_patience() {
    let store = rota_kept(saturday()).await;
    let clinic = HotlineName("clinic".to_owned());
    store.keep_rota(&clinic, sheet(), Settings::default(), saturday()).await.unwrap();
    let patient = Hotline {
        name: clinic,
        stale_after: TimeDelta::hours(1),
        ..hotline()
    };
    let clock = Clock::anchored_at(saturday() + TimeDelta::minutes(20));
    let hotlines = vec![hotline(), patient];
    let access = Access::new(store.clone(), clock, roll());
    let stop = CancellationToken::new();
    let state = WebState::new(store.clone(), access, hotlines, clock, None, Limits::default(), stop);
    let house = House {
        store,
        now: saturday(),
        state,
    };
    let health = house.get("/health").await.json();
    assert_eq!(health["hotlines"][0]["reasons"][0]["code"], "rota-stale");
    let reasons = health["hotlines"][1]["reasons"].as_array().unwrap();
    assert!(reasons.iter().all(|reason| reason["code"] != "rota-stale"), "{reasons:?}");
    let page = house.get("/").await.text;
    assert_eq!(page.matches("too long ago").count(), 1, "{page}");
}
