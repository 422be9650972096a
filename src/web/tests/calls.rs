//! Calls with their stories, for other programs.

use super::*;

#[tokio::test]
async fn calls_of_a_time_go_out_with_their_stories_and_masked() {
    let house = House::open(saturday()).await;
    let call = house.call_arrives().await;
    house.caller_hangs_up(call).await;
    let told = house.get("/api/v1/hotlines/lab/calls.json").await;
    let body = told.json();
    let first = &body["calls"][0];
    assert_eq!((&body["hotline"], &first["call"]), (&"lab".into(), &call.to_string().into()));
    assert_eq!((&first["caller"], &first["outcome"]), (&"+61…999".into(), &"caller_hung_up".into()));
    assert_eq!(first["arrived_at"], "2026-11-21T14:00:00+11:00");
    assert_eq!(first["story"][0]["words"], "A call for hotline lab from +61…999.");
    let table = house.get("/api/v1/hotlines/lab/calls.csv").await;
    assert!(table.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    assert_eq!(table.headers["content-disposition"], "attachment; filename=\"lab-calls.csv\"");
    let facts = first["story"].as_array().unwrap().len();
    assert_eq!(table.text.lines().count(), 1 + facts, "{}", table.text);
    for answer in [&told, &table] {
        assert!(!answer.text.contains("491570"), "{}", answer.text);
    }
    // Days are the rota's: in Melbourne it is the 21st, in UTC too; the 22nd begins at 13:00 UTC.
    for (query, count) in [
        ("from=2026-11-21&until=2026-11-22", 1),
        ("from=2026-11-22&until=2026-11-23", 0),
        ("from=2026-11-21T03:00:00Z&until=2026-11-21T03:00:01Z", 1),
        ("until=2026-11-21T03:00:00Z", 0),
    ] {
        let asked = house.get(&format!("/api/v1/hotlines/lab/calls.json?{query}")).await.json();
        assert_eq!(asked["calls"].as_array().unwrap().len(), count, "{query}");
    }
}

#[tokio::test]
async fn questions_about_calls_that_make_no_sense_are_refused() {
    let house = House::open(saturday()).await;
    for (path, status, code) in [
        ("/api/v1/hotlines/other/calls.csv", 404, "unknown-hotline"),
        ("/api/v1/hotlines/lab/calls.csv?from=yesterday", 400, "bad-from"),
        ("/api/v1/hotlines/lab/calls.json?from=2026-11-22&until=2026-11-21", 400, "bad-until"),
        (
            "/api/v1/hotlines/lab/calls.json?until=2026-11-21&until=2026-11-21",
            400,
            "bad-query",
        ),
    ] {
        let answer = house.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.error_code().as_str()), (status, code), "{path}");
    }
    let none = house.get("/api/v1/hotlines/lab/calls.csv").await;
    assert_eq!(none.text.lines().count(), 1, "a header alone");
}
