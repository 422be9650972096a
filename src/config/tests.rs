//! Configurations that are right and, line by line, ones that are not.

mod access;
mod accounts;
mod desk;
mod wire;

use super::*;
use crate::call::{Budget, OwnWords, Screening};
use crate::phrases::Language;
use crate::roster::Reach;
use secrecy::ExposeSecret;

const TOKEN: &str = "12345678901234567890123456789012";

fn env() -> Environment {
    Environment::from([(TOKEN_VARIABLE.to_owned(), TOKEN.to_owned())])
}

fn read(text: &str) -> Result<Config, ConfigFaults> {
    Config::read(text, "rotaline.toml", Path::new(""), &env(), Secrets::All)
}

fn faults(text: &str) -> Vec<String> {
    read(text).unwrap_err().faults.iter().map(ToString::to_string).collect()
}

/// The least that is needed, with these lines after the hotline's own.
fn hotline(lines: &str) -> String {
    format!(
        "twilio.account_sid = \"AC00000000000000000000000000000000\"\n[[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\nrota = {{ file = \"rota.xlsx\" }}\n{lines}"
    )
}

/// The least that is needed, with these lines before the hotline.
fn before_hotline(lines: &str) -> String {
    format!("{lines}\n[[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\nrota = {{ file = \"rota.xlsx\" }}\n")
}

fn secrets(config: &Config) -> Vec<&str> {
    config.twilio.auth_tokens.iter().map(ExposeSecret::expose_secret).collect()
}

/// Everything but the secrets, comparable.
fn parts(config: &Config) -> (Server, Store, String, Url, f64, Vec<Hotline>) {
    let Config {
        server,
        store,
        twilio,
        hotlines,
        ..
    } = config.clone();
    (
        server,
        store,
        twilio.account_sid,
        twilio.api_base,
        twilio.calls_per_second,
        hotlines,
    )
}

#[test]
fn the_manual_is_the_defaults() {
    let expected = Config {
        server: Server {
            listen: "127.0.0.1:8080".parse().unwrap(),
            admin_listen: "127.0.0.1:9090".parse().unwrap(),
            public_url: None,
            most_calls: 10_000,
            wire: Wire::default(),
        },
        store: Store {
            database: Database::File("/etc/rotaline/rotaline.sqlite".into()),
            keep_days: Some(400),
        },
        twilio: Twilio {
            account_sid: "AC00000000000000000000000000000000".into(),
            auth_tokens: vec![],
            api_base: "https://api.twilio.com".parse().unwrap(),
            calls_per_second: 1.0,
            orders_per_hour: 5_000,
        },
        google: None,
        microsoft: None,
        notices: Notices::default(),
        warnings: vec![],
        menus: vec![],
        roll: Roll::default(),
        hotlines: vec![Hotline {
            name: HotlineName("lab".into()),
            numbers: vec![Phone::from_e164("+61491570006").unwrap()],
            rota: vec![Source::File("/etc/rotaline/rota.xlsx".into())],
            fallback: vec![],
            push: true,
            rules: Rules {
                callbacks: crate::roster::Callbacks::new(
                    Some("AU"),
                    std::collections::BTreeSet::new(),
                    &[Phone::from_e164("+61491570006").unwrap()],
                ),
                tell_level: true,
                reach: Reach {
                    beginnings: [61].into(),
                    by_default: true,
                    home: Some("AU".into()),
                    named: [].into(),
                },
                budget: Budget {
                    here: 1_000,
                    everywhere: 5_000,
                },
                ..Rules::default()
            },
            reception: Reception::default(),
            last_resort: None,
            given: Settings(vec![]),
            refresh: Duration::from_secs(60),
            stale_after: Duration::from_secs(15 * 60),
            incident_token: None,
            incidents_per_hour: 30,
        }],
    };
    let folder = Path::new("/etc/rotaline");
    let manual = Config::read(MANUAL, "manual", folder, &env(), Secrets::All).unwrap();
    assert_eq!(parts(&manual), parts(&expected));
    let least = Config::read(&hotline(""), "least", folder, &env(), Secrets::All).unwrap();
    assert_eq!(parts(&least), parts(&expected), "the manual states every default");
}

#[test]
fn a_line_deleted_from_the_manual_changes_nothing_unless_it_is_required() {
    let manual = read(MANUAL).unwrap();
    let lines: Vec<&str> = MANUAL.lines().collect();
    let mut required = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let without: Vec<&str> = lines
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != place)
            .map(|(_, line)| *line)
            .collect();
        match read(&without.join("\n")) {
            Ok(config) => assert_eq!(parts(&config), parts(&manual), "{key}"),
            Err(_) => required.push(key),
        }
    }
    assert_eq!(required, ["account_sid", "name", "numbers", "rota"]);
    assert_eq!(MANUAL.matches("# Required. ").count(), required.len());
}

#[test]
fn every_key_is_documented_and_every_example_works() {
    // A key that resembles nothing makes each section list its keys.
    let strange = "[server]\nqqqqqqqqqqqqqqqqqqqqqqqqq = 1\n[store]\nqqqqqqqqqqqqqqqqqqqqqqqqq = 1\n[twilio]\nqqqqqqqqqqqqqqqqqqqqqqqqq = 1\n[google]\nqqqqqqqqqqqqqqqqqqqqqqqqq = 1\n[microsoft]\nqqqqqqqqqqqqqqqqqqqqqqqqq = 1\n[notices]\nqqqqqqqqqqqqqqqqqqqqqqqqq = 1\n[[hotline]]\nqqqqqqqqqqqqqqqqqqqqqqqqq = 1\n";
    let listed = faults(strange);
    let keys: Vec<&str> = listed
        .iter()
        .filter_map(|fault| fault.split_once("The keys here are: "))
        .flat_map(|(_, keys)| keys.trim_end_matches('.').split(", "))
        .collect();
    assert_eq!(keys.len(), 9 + 4 + 5 + 4 + 7 + 4 + 47, "{keys:?}");
    let lines: Vec<&str> = MANUAL.lines().collect();
    for key in keys {
        let place = lines
            .iter()
            .position(|line| line.trim_start_matches("# ").starts_with(&format!("{key} = ")));
        let place = place.unwrap_or_else(|| panic!("{key} is not in the manual"));
        assert!(lines[place - 1].starts_with('#'), "{key} has no comment");
        // An example that is commented out must be right when an operator takes the "# " away.
        if let Some(example) = lines[place].strip_prefix("# ") {
            let mut taken = lines.clone();
            taken[place] = example;
            let with_webhook = [("ROTALINE_NOTICES_WEBHOOK".to_owned(), "https://hooks.example.org/T0".to_owned())];
            let with_token = [("ROTALINE_INCIDENT_TOKEN_LAB".to_owned(), TOKEN.to_owned())];
            let env = env().into_iter().chain(with_webhook).chain(with_token).collect();
            let outcome = Config::read(&taken.join("\n"), "manual", Path::new(""), &env, Secrets::All);
            assert!(outcome.is_ok(), "{key}: {}", outcome.unwrap_err());
        }
    }
}

const FULL: &str = r#"time_zone = "Australia/Melbourne"
country = "AU"
handover = "08:00"
settings = { "Shift: Night" = "20:00-08:00", "Date order" = "day first" }
ring_seconds = 15
rounds = 3
screening = "machine-detection"
accept_seconds = 10
max_wait_seconds = 600
max_talk_seconds = 3600
max_message_seconds = 60
relay_minutes = 90
last_resort = "+61491570110"
tell = ["+61491570156"]
refresh_seconds = 60
stale_after_seconds = 7200
[twilio]
api_base = "http://127.0.0.1:4010"
calls_per_second = 5
"#;

#[test]
fn a_full_hotline_is_read() {
    let text = hotline(FULL).replace("twilio.account_sid", "#");
    let text = text.replace("[twilio]", "[twilio]\naccount_sid = \"ACffffffffffffffffffffffffffffffff\"");
    let config = read(&text).unwrap();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        config.hotlines[0].given,
        Settings(vec![
            pair("Time zone", "Australia/Melbourne"),
            pair("Country for phone numbers", "AU"),
            pair("Handover time", "08:00"),
            pair("Shift: Night", "20:00-08:00"),
            pair("Date order", "day first"),
        ])
    );
    let duty = Phone::from_e164("+61491570110").unwrap();
    assert_eq!(config.hotlines[0].last_resort.as_ref().unwrap().phone, duty);
    assert_eq!(
        config.hotlines[0].rules,
        Rules {
            callbacks: crate::roster::Callbacks::new(Some("AU"), std::collections::BTreeSet::new(), &config.hotlines[0].numbers.clone()),
            reach: Reach {
                beginnings: [61].into(),
                by_default: true,
                home: Some("AU".into()),
                named: [duty, Phone::from_e164("+61491570156").unwrap()].into(),
            },
            budget: Budget {
                here: 1_000,
                everywhere: 5_000,
            },
            relay_minutes: 90,
            callback_reminder_minutes: 30,
            ring_seconds: 15,
            rounds: 3,
            screening: Screening::MachineDetection,
            accept_seconds: 10,
            max_wait_seconds: 600,
            shortest_talk_seconds: 3,
            max_talk_seconds: 3600,
            bring_in_key: false,
            max_message_seconds: 60,
            tell: vec![Phone::from_e164("+61491570156").unwrap()],
            tell_level: true,
            text_before_ringing: false,
            language: Language::English,
            voice: None,
            words: OwnWords::default(),
            record_talks: false,
            keep_recordings_days: 30,
            transcribe_messages: false,
        }
    );
    assert_eq!(config.hotlines[0].refresh, Duration::from_secs(60));
    assert_eq!(config.hotlines[0].stale_after, Duration::from_secs(7200));
    assert_eq!(config.twilio.api_base.as_str(), "http://127.0.0.1:4010/");
    assert!((config.twilio.calls_per_second - 5.0).abs() < f64::EPSILON);
}

#[test]
fn each_fault_says_line_key_sight_and_remedy() {
    const URL: &str = "Write an https address, such as \"https://hotline.example.org\"; plain http only to this very machine.";
    const E164: &str = "Write it in international form: + and 7 to 15 digits without spaces, such as \"+61491570006\".";
    const WHERE: &str = "Say where the rota is: { file = \"rota.xlsx\" }, { google_sheet = \"…\" }, { sharepoint_site = \"…\" } or { excel_online = \"…\" }.";
    let sid = "twilio.account_sid = \"AC00000000000000000000000000000000\"\n";
    let cases = [
        (before_hotline(&format!("{sid}server.listen = \"8080\"")), "line 2: server.listen: saw \"8080\". Write an address and a port, such as \"127.0.0.1:8080\".".to_owned()),
        (before_hotline(&format!("{sid}server.listen = 8080")), "line 2: server.listen: saw 8080. Write it in quotes.".to_owned()),
        (before_hotline(&format!("{sid}server.listn = \"x\"")), "line 2: server.listn: there is no such key. Did you mean \"listen\"?".to_owned()),
        (before_hotline(&format!("{sid}server.admin_listen = \"127.0.0.1:8080\"")), "line 2: server.admin_listen: 127.0.0.1:8080 is also server.listen. Give the metrics a port of their own.".to_owned()),
        (before_hotline(&format!("{sid}server.public_url = \"http://hotline.example.org\"")), format!("line 2: server.public_url: saw \"http://hotline.example.org\". {URL}")),
        (before_hotline(&format!("{sid}server.public_url = \"https://hotline.example.org/?lab\"")), format!("line 2: server.public_url: saw \"https://hotline.example.org/?lab\". {URL}")),
        (before_hotline(&format!("{sid}store.path = \" \"")), "line 2: store.path: saw \" \". Write a path.".to_owned()),
        (before_hotline("[twilio]"), "line 1: twilio.account_sid: missing. It stands on the first page of Twilio's console: \"AC\" and 32 characters.".to_owned()),
        (before_hotline("[twilio]\naccount_sid = \"12345678901234567890123456789012\""), "line 2: twilio.account_sid: saw 32 characters, not beginning with AC. Write the Account SID of Twilio's console: \"AC\" and 32 characters from 0 to 9 and a to f.".to_owned()),
        (before_hotline(&format!("{sid}twilio.auth_token = \"{TOKEN}\"")), "line 2: twilio.auth_token: a secret does not belong into this file. Set ROTALINE_TWILIO_AUTH_TOKEN in the environment, or name a file by auth_token_file.".to_owned()),
        (before_hotline(&format!("{sid}twilio.calls_per_second = 0")), "line 2: twilio.calls_per_second: saw 0. Allowed: numbers from 0.1 to 100.".to_owned()),
        (before_hotline(&format!("{sid}twilio.calls_per_second = nan")), "line 2: twilio.calls_per_second: saw nan. Allowed: numbers from 0.1 to 100.".to_owned()),
        (before_hotline(&format!("{sid}hotlines = 1")), "line 2: hotlines: there is no such key. Did you mean \"hotline\"?".to_owned()),
        (before_hotline(&format!("{sid}server = 1")), "line 2: server: saw 1. Write [server] on a line of its own, and its keys below.".to_owned()),
        (sid.to_owned(), "hotline: missing. Write a block [[hotline]] with name, numbers and rota for each public line.".to_owned()),
        (format!("{sid}[hotline]\nname = \"lab\""), "line 2: hotline: saw a table of keys. Write [[hotline]] on a line of its own, and its keys below.".to_owned()),
        (hotline("ring_seconds = 5000"), "line 6: hotline.lab.ring_seconds: saw 5000. Allowed: whole numbers from 5 to 120.".to_owned()),
        (hotline("ring_seconds = \"20\""), "line 6: hotline.lab.ring_seconds: saw \"20\". Allowed: whole numbers from 5 to 120.".to_owned()),
        (hotline("ring_second = 20"), "line 6: hotline.lab.ring_second: there is no such key. Did you mean \"ring_seconds\"?".to_owned()),
        (hotline("rounds = 0"), "line 6: hotline.lab.rounds: saw 0. Allowed: whole numbers from 1 to 10.".to_owned()),
        (hotline("rounds = -1"), "line 6: hotline.lab.rounds: saw -1. Allowed: whole numbers from 1 to 10.".to_owned()),
        (hotline("screening = \"press1\""), "line 6: hotline.lab.screening: saw \"press1\". Allowed: \"press-1\", \"machine-detection\", \"both\", \"none\".".to_owned()),
        (hotline("ring_seconds = 60\nmax_wait_seconds = 45"), "line 7: hotline.lab.max_wait_seconds: saw 45, shorter than ring_seconds, 60. Let callers wait at least until the first phone has rung out.".to_owned()),
        (hotline("refresh_seconds = 300\nstale_after_seconds = 300"), "line 7: hotline.lab.stale_after_seconds: saw 300, not longer than refresh_seconds, 300. A rota must be looked at more often than it becomes stale.".to_owned()),
        (hotline("last_resort = \"0491 570 110\""), format!("line 6: hotline.lab.last_resort: saw \"0491 570 110\". {E164}")),
        (hotline("last_resort = \"+61491570006\""), "line 6: hotline.lab.last_resort: saw \"+61491570006\", a public number of hotline lab. Name a phone that a human being answers.".to_owned()),
        (hotline("tell = [\n  \"+61491570156\",\n  \"ops@example.org\",\n]"), format!("line 8: hotline.lab.tell: saw \"ops@example.org\". {E164}")),
        (hotline("time_zone = \"Australia/Melborne\""), "line 6: hotline.lab.time_zone: saw \"Australia/Melborne\". Did you mean \"Australia/Melbourne\"?".to_owned()),
        (hotline("time_zone = \"+10:00\""), "line 6: hotline.lab.time_zone: saw \"+10:00\". Write a zone's name of the tz database, such as \"Australia/Melbourne\".".to_owned()),
        (hotline("country = \"Australia\""), "line 6: hotline.lab.country: saw \"Australia\". Write a country's two capital letters, such as \"AU\".".to_owned()),
        (hotline("handover = \"8 am\""), "line 6: hotline.lab.handover: saw \"8 am\". Write a time of day, from \"00:00\" to \"23:59\".".to_owned()),
        (hotline("settings = { \"Shift: Night\" = [20, 8] }"), "line 6: hotline.lab.settings.\"Shift: Night\": saw a list. Write the setting and its value in quotes: \"Shift: Night\" = \"20:00-08:00\".".to_owned()),
        (hotline("handover = \"08:00\"\nsettings = { \"Handover time\" = \"09:00\" }"), "line 7: hotline.lab.settings.\"Handover time\": said twice, here and by a key of its own. Keep one of the two.".to_owned()),
        (hotline("").replace("{ file = \"rota.xlsx\" }", "\"rota.xlsx\""), format!("line 5: hotline.lab.rota: saw \"rota.xlsx\". {WHERE}")),
        (hotline("").replace("{ file = \"rota.xlsx\" }", "{}"), format!("line 5: hotline.lab.rota: saw no source in it. {WHERE}")),
        (hotline("").replace("{ file = \"rota.xlsx\" }", "[]"), format!("line 5: hotline.lab.rota: saw an empty list. {WHERE}")),
        (hotline("").replace("{ file = \"rota.xlsx\" }", "{ fiel = \"rota.xlsx\" }"), "line 5: hotline.lab.rota.fiel: there is no such key. Did you mean \"file\"?".to_owned()),
        (hotline("").replace("\"lab\"", "\"The Lab\""), "line 3: hotline.1.name: saw \"The Lab\". Allowed: 1 to 40 small letters, digits and \"-\", such as \"lab\".".to_owned()),
        (hotline("").replace("\"+61491570006\"", ""), "line 4: hotline.lab.numbers: saw an empty list. List the public numbers that people dial: [\"+61491570006\"].".to_owned()),
        (hotline("").replace("[\"+61491570006\"]", "\"+61491570006\""), "line 4: hotline.lab.numbers: saw \"+61491570006\". Write a list: [\"…\", \"…\"].".to_owned()),
        (hotline("[[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570313\"]\nrota.file = \"b.csv\""), "line 7: hotline.2.name: saw \"lab\", which is taken in line 3. Give each hotline a name of its own.".to_owned()),
        (hotline("[[hotline]]\nname = \"ward\"\nnumbers = [\"+61491570313\", \"+61491570006\"]\nrota.file = \"b.csv\""), "line 8: hotline.ward.numbers: saw \"+61491570006\" again, a number of hotline lab. A number belongs to one hotline or menu, once.".to_owned()),
        (hotline("[[hotline]]\nname = \"ward\"\nnumbers = [\"+61491570313\"]\nrota.file = \"b.csv\"\ntell = [\"+61491570006\"]"), "line 10: hotline.ward.tell: saw \"+61491570006\", a public number of hotline lab. Name a phone that a human being answers.".to_owned()),
        (hotline("rounds = 2\nrounds = 3"), "line 7: not TOML: duplicate key. Text stands in quotes; a key, \"=\" and its value stand on one line.".to_owned()),
    ];
    for (text, expected) in cases {
        assert_eq!(faults(&text), [expected], "in\n{text}");
    }
}

#[test]
fn all_faults_come_at_once_in_the_order_of_the_file() {
    let text = r#"[server]
listen = "nowhere"
[twilio]
acount_sid = "AC00000000000000000000000000000000"
[[hotline]]
numbers = ["0491570006", "+61491570006"]
rota = { sharepoint_sit = "x" }
rounds = 99
"#;
    let error = read(text).unwrap_err().to_string();
    assert_eq!(
        error,
        r#"rotaline.toml: 7 faults
  line 2: server.listen: saw "nowhere". Write an address and a port, such as "127.0.0.1:8080".
  line 3: twilio.account_sid: missing. It stands on the first page of Twilio's console: "AC" and 32 characters.
  line 4: twilio.acount_sid: there is no such key. Did you mean "account_sid"?
  line 5: hotline.1.name: missing. Give the hotline a short name, such as "lab".
  line 6: hotline.1.numbers: saw "0491570006". Write it in international form: + and 7 to 15 digits without spaces, such as "+61491570006".
  line 7: hotline.1.rota.sharepoint_sit: there is no such key. Did you mean "sharepoint_site"?
  line 8: hotline.1.rounds: saw 99. Allowed: whole numbers from 1 to 10."#
    );
}

#[test]
fn broken_syntax_does_not_hide_the_faults_beside_it() {
    let text = hotline("rounds = \nring_seconds = 5000");
    let found = faults(&text);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("line 6: not TOML: "), "{}", found[0]);
    assert_eq!(
        found[1],
        "line 7: hotline.lab.ring_seconds: saw 5000. Allowed: whole numbers from 5 to 120."
    );
    // Where a header is broken, what is below it belongs nowhere: only that is said.
    let found = faults(&hotline("[server\nlisten = \"8080\""));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("line 6: not TOML: "), "{}", found[0]);
}

#[test]
fn a_secret_is_never_shown() {
    let secret = "s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t";
    let texts = [
        before_hotline(&format!("[twilio]\naccount_sid = \"{secret}\"")),
        before_hotline(&format!("[twilio]\nauth_token = \"{secret}\"")),
        before_hotline(&format!("[twilio]\nauth_tokn = \"{secret}\"")),
        before_hotline(&format!("[twilio]\nauth_token = {secret}")),
        before_hotline(&format!("[twilio]\nauth_token \"{secret}\"")),
        before_hotline(&format!("[twilio]\napi_base = \"https://me:{secret}@example.org\"")),
    ];
    for text in texts {
        let error = read(&text).unwrap_err();
        assert!(
            !error.to_string().contains("s3cr3t") && !format!("{error:?}").contains("s3cr3t"),
            "{error}"
        );
    }
    let config = read(MANUAL).unwrap();
    assert!(!format!("{config:?}").contains(TOKEN));
}

#[test]
fn tokens_come_from_the_environment_or_else_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = before_hotline("[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\nauth_token_file = \"tokens\"");
    let with = |pairs: &[(&str, &str)]| {
        let env = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Config::read(&text, "rotaline.toml", folder.path(), &env, Secrets::All)
    };
    let both = [(TOKEN_VARIABLE, "first"), (SECONDARY_TOKEN_VARIABLE, "second")];
    assert_eq!(secrets(&with(&both).unwrap()), ["first", "second"]);

    std::fs::write(folder.path().join("tokens"), "one\n\ntwo\n").unwrap();
    assert_eq!(secrets(&with(&[]).unwrap()), ["one", "two"]);
    assert_eq!(secrets(&with(&both[..1]).unwrap()), ["first"], "the environment wins");
    let blank = [(TOKEN_VARIABLE, ""), (SECONDARY_TOKEN_VARIABLE, "")];
    assert_eq!(secrets(&with(&blank).unwrap()), ["one", "two"], "set to nothing is not set");

    let said = |outcome: Result<Config, ConfigFaults>| outcome.unwrap_err().faults.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        said(with(&both[1..])),
        ["ROTALINE_TWILIO_AUTH_TOKEN: missing, while ROTALINE_TWILIO_AUTH_TOKEN_SECONDARY is set. Set the primary token too."]
    );
    assert_eq!(
        said(with(&[(TOKEN_VARIABLE, "two words")])),
        [
            "ROTALINE_TWILIO_AUTH_TOKEN: has blanks or other characters that no token has. It is the auth token of Twilio's console, and nothing else."
        ]
    );
    std::fs::write(folder.path().join("tokens"), "one\ntwo\nthree\n").unwrap();
    let expected = format!(
        "line 3: twilio.auth_token_file: {} has 3 lines. Write one token per line: one, or two while tokens are changed.",
        folder.path().join("tokens").display()
    );
    assert_eq!(said(with(&[])), [expected]);
    std::fs::remove_file(folder.path().join("tokens")).unwrap();
    assert_eq!(said(with(&[])).len(), 1);
}

#[test]
fn without_a_token_nothing_starts_and_rotas_can_still_be_read() {
    let none = Environment::new();
    let error = Config::read(&hotline(""), "rotaline.toml", Path::new(""), &none, Secrets::All).unwrap_err();
    assert_eq!(
        error.to_string(),
        "rotaline.toml: 1 fault\n  ROTALINE_TWILIO_AUTH_TOKEN: missing: without it no webhook can be trusted. Set it in the environment, or name a file by twilio.auth_token_file."
    );
    assert!(Config::read(&hotline(""), "rotaline.toml", Path::new(""), &none, Secrets::OfSources).is_ok());
}

#[test]
fn a_missing_file_says_how_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rotaline.toml");
    let error = Config::load(&path, &env()).unwrap_err();
    let shown = path.display();
    assert_eq!(
        error.to_string(),
        format!(
            "{shown}: 1 fault\n  not readable: No such file or directory (os error 2). `rotaline serve --print-config > {shown}` writes one to start from."
        )
    );
    std::fs::write(&path, "x".repeat(1 << 20) + "x").unwrap();
    assert!(Config::load(&path, &env()).unwrap_err().to_string().contains("larger than 1 MiB"));
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(Config::load(&path, &env()).is_err());
}

#[test]
fn a_settings_file_is_a_list_of_pairs() {
    let text = "time_zone = \"Europe/London\"\n\"Shift: Night\" = \"22:00-06:00\"\n\"Date order\" = \"day first\"\nyear = 2026\n[shifts]\nEarly = \"06:00-14:00\"\n";
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        read_settings(text, "rota.toml").unwrap(),
        Settings(vec![
            pair("Time zone", "Europe/London"),
            pair("Shift: Night", "22:00-06:00"),
            pair("Date order", "day first"),
            pair("year", "2026"),
            pair("Shift: Early", "06:00-14:00"),
        ])
    );
    let error = read_settings("time_zone = \"Europe/Londn\"\n[server]\nlisten = 1\n", "rota.toml").unwrap_err();
    assert_eq!(
        error.to_string(),
        "rota.toml: 2 faults\n  line 1: time_zone: saw \"Europe/Londn\". Did you mean \"Europe/London\"?\n  line 2: \"server\": saw a table of keys. Write the setting and its value in quotes: \"Shift: Night\" = \"20:00-08:00\"."
    );
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_strange(text in ".{0,200}") {
        let _ = read(&text);
        let _ = read_settings(&text, "rota.toml");
    }

    /// The manual with a piece of it replaced: either it is read, or there are faults, each with words.
    #[test]
    fn no_slip_of_the_hand_is_too_strange(place in 0..MANUAL.len(), length in 0_usize..40, typed in "[\\[\\]{}=\"#\\n a-z0-9.+-]{0,12}") {
        let mut bytes = MANUAL.as_bytes().to_vec();
        let end = (place + length).min(bytes.len());
        bytes.splice(place..end, typed.bytes());
        let text = String::from_utf8_lossy(&bytes);
        if let Err(error) = read(&text) {
            proptest::prop_assert!(!error.faults.is_empty());
            proptest::prop_assert!(error.faults.iter().all(|fault| !fault.seen.is_empty() && !fault.remedy.is_empty()));
            proptest::prop_assert!(error.faults.iter().all(|fault| fault.line.is_none_or(|line| line <= text.lines().count() + 1)));
        }
    }
}

#[test]
fn the_last_resort_may_be_a_softphone_and_rotas_may_name_allowed_sip_domains() {
    let read = |lines: &str| Config::read(&hotline(lines), "r.toml", Path::new("/"), &env(), Secrets::All);
    let config = read("sip_domains = [\"PBX.example.org\", \"example.com\"]\nlast_resort = \"sip:duty@elsewhere.example.org\"").unwrap();
    let lab = &config.hotlines[0];
    assert_eq!(
        lab.given,
        Settings(vec![("SIP domains".to_owned(), "pbx.example.org, example.com".to_owned())])
    );
    assert_eq!(lab.last_resort.as_ref().unwrap().phone.address(), "sip:duty@elsewhere.example.org");
    let config = read("last_resort = \"client:desk\"\ntell_level = false\ntext_before_ringing = true").unwrap();
    let lab = &config.hotlines[0];
    assert_eq!(lab.last_resort.as_ref().unwrap().phone.address(), "client:desk");
    assert_eq!((lab.rules.tell_level, lab.rules.text_before_ringing), (false, true));
    for (line, expected) in [
        (
            "last_resort = \"client:a b\"",
            "Write client: and 1 to 121 letters, digits and \"_\", such as \"client:alice\".",
        ),
        (
            "last_resort = \"sip:alice@pbx.example.org:5060\"",
            "Write sip:name@domain, at most with ;transport=udp, tcp or tls behind it, such as \"sip:alice@pbx.example.org\".",
        ),
        (
            "last_resort = \"+442079460000;ext=12\"",
            "Write it in international form: + and 7 to 15 digits without spaces, such as \"+61491570006\".",
        ),
        (
            "sip_domains = [\"192.0.2.7\"]",
            "Write a domain by its name, such as \"pbx.example.org\".",
        ),
        ("sip_domains = [\"*\"]", "Write a domain by its name, such as \"pbx.example.org\"."),
        (
            "tell = [\"client:alice\"]",
            "Write it in international form: + and 7 to 15 digits without spaces, such as \"+61491570006\".",
        ),
    ] {
        let faults = read(line).unwrap_err().to_string();
        assert!(faults.contains(expected), "{line}: {faults}");
    }
}
