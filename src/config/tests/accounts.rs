//! Sources, the accounts that they take, and notices.

use super::*;
use crate::roster::Severity;

const SHEET: &str = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCd";
const ID: &str = "01234567-89ab-cdef-0123-456789abcdef";
const SECRET: &str = "s3cr3t~abc.DEF-ghi_jkl";
const SITE: &str = "https://contoso.sharepoint.com/sites/ops";

/// A configuration whose hotline has this rota in line 5, with these lines after it.
fn with_rota(rota: &str, lines: &str) -> String {
    hotline(lines).replace("{ file = \"rota.xlsx\" }", rota)
}

fn env_with(more: &[(&str, &str)]) -> Environment {
    let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    env().into_iter().chain(more).collect()
}

fn read_with(text: &str, more: &[(&str, &str)]) -> Result<Config, ConfigFaults> {
    Config::read(text, "rotaline.toml", Path::new("/nowhere"), &env_with(more), Secrets::All)
}

fn said(text: &str, more: &[(&str, &str)]) -> Vec<String> {
    let faults = read_with(text, more).unwrap_err().faults;
    faults.iter().map(ToString::to_string).collect()
}

const GOOGLE: (&str, &str) = ("ROTALINE_GOOGLE_KEY", "{}");
const MICROSOFT: (&str, &str) = ("ROTALINE_MICROSOFT_CLIENT_SECRET", SECRET);

fn microsoft(lines: &str) -> String {
    format!("[microsoft]\ntenant = \"contoso.onmicrosoft.com\"\nclient_id = \"{ID}\"\n{lines}")
}

#[test]
fn every_kind_of_source_is_read_as_people_paste_it() {
    let site = || SITE.to_owned();
    let cases = [
        (format!("{{ google_sheet = \"{SHEET}\" }}"), vec![Source::GoogleSheet(SHEET.into())]),
        (
            format!("{{ google_sheet = \"https://docs.google.com/spreadsheets/d/{SHEET}/edit?gid=0#gid=0\" }}"),
            vec![Source::GoogleSheet(SHEET.into())],
        ),
        (
            format!("{{ sharepoint_site = \"{SITE}\", lists = [\"Duty rota\", \"People\"] }}"),
            vec![Source::SharePointLists {
                site: site(),
                lists: vec!["Duty rota".into(), "People".into()],
                time_zone: None,
            }],
        ),
        (
            format!("{{ sharepoint_site = \"{SITE}\" }}"),
            vec![Source::SharePointLists {
                site: site(),
                lists: vec![],
                time_zone: None,
            }],
        ),
        (
            format!("{{ excel_online = \"/Rotas/Rota.xlsx\", site = \"{SITE}\" }}"),
            vec![Source::ExcelOnline {
                drive: Drive::Site(site()),
                path: "Rotas/Rota.xlsx".into(),
            }],
        ),
        (
            "{ excel_online = \"Rota.XLSX\", user = \"anna@contoso.com\" }".to_owned(),
            vec![Source::ExcelOnline {
                drive: Drive::User("anna@contoso.com".into()),
                path: "Rota.XLSX".into(),
            }],
        ),
        (
            format!("[\n  {{ google_sheet = \"{SHEET}\" }},\n  {{ file = \"people.csv\" }},\n]"),
            vec![Source::GoogleSheet(SHEET.into()), Source::File("/nowhere/people.csv".into())],
        ),
    ];
    for (rota, expected) in cases {
        let text = with_rota(&rota, &microsoft(""));
        let config = read_with(&text, &[GOOGLE, MICROSOFT]).unwrap_or_else(|faults| panic!("{rota}: {faults}"));
        assert_eq!(config.hotlines[0].rota, expected);
    }
}

#[test]
fn times_of_a_site_are_in_the_zone_that_is_said_beside_it_or_of_the_hotline() {
    let zone_of = |rota: &str, lines: &str| {
        let config = read_with(&with_rota(rota, &format!("{lines}\n{}", microsoft(""))), &[MICROSOFT]).unwrap();
        match &config.hotlines[0].rota[0] {
            Source::SharePointLists { time_zone, .. } => time_zone.clone(),
            Source::File(_) | Source::GoogleSheet(_) | Source::ExcelOnline { .. } => panic!("no lists"),
        }
    };
    let bare = format!("{{ sharepoint_site = \"{SITE}\" }}");
    let said = format!("{{ sharepoint_site = \"{SITE}\", time_zone = \"Europe/London\" }}");
    let hotline = "time_zone = \"Australia/Melbourne\"";
    assert_eq!(zone_of(&bare, ""), None);
    assert_eq!(zone_of(&bare, hotline).as_deref(), Some("Australia/Melbourne"));
    assert_eq!(zone_of(&said, hotline).as_deref(), Some("Europe/London"));
}

#[test]
fn the_manual_shows_every_kind_of_source_and_each_is_right() {
    let shown: Vec<&str> = MANUAL.lines().filter_map(|line| line.strip_prefix("#     rota = ")).collect();
    assert_eq!(shown.len(), 6);
    for rota in shown {
        let outcome = read_with(&with_rota(rota, &microsoft("")), &[GOOGLE, MICROSOFT]);
        assert!(outcome.is_ok(), "{rota}: {}", outcome.unwrap_err());
    }
}

#[test]
fn a_source_that_is_not_right_is_told_with_line_and_remedy() {
    const SHEET_REMEDY: &str =
        "This names no spreadsheet; copy the address from the browser, https://docs.google.com/spreadsheets/d/…/edit.";
    const FILE_REMEDY: &str = "Write the path within the document library, such as \"Rotas/Rota.xlsx\"";
    let excel = |path: &str| format!("{{ excel_online = \"{path}\", user = \"anna@contoso.com\" }}");
    let cases = [
        ("{ google_sheet = \"my rota\" }".to_owned(), format!("google_sheet: saw \"my rota\". {SHEET_REMEDY}")),
        ("{ google_sheet = \"https://docs.google.com/spreadsheets/d/e/2PACX/pub\" }".to_owned(), "google_sheet: saw \"https://docs.google.com/spreadsheets/d/e/2PACX/pub\". This is the address of a copy published to the web; open the spreadsheet itself and copy the address from there.".to_owned()),
        ("{ sharepoint_site = \"https://contoso.example.org/sites/ops\" }".to_owned(), "sharepoint_site: saw \"https://contoso.example.org/sites/ops\". Is not at SharePoint; write it like https://contoso.sharepoint.com/sites/ops.".to_owned()),
        ("{ google_sheet = 12 }".to_owned(), "google_sheet: saw 12. Write it in quotes.".to_owned()),
        (format!("{{ google_sheet = \"{SHEET}\", file = \"a.csv\" }}"), "google_sheet: a second source in one place. To join several, write a list: rota = [{ … }, { … }].".to_owned()),
        (format!("{{ google_sheet = \"{SHEET}\", lists = [\"Rota\"] }}"), "lists: there is no such key. The keys here are: file, google_sheet, sharepoint_site, excel_online.".to_owned()),
        (format!("{{ sharepoint_site = \"{SITE}\", lists = [\"\"] }}"), "lists: saw \"\". Write the list's name as the site shows it.".to_owned()),
        (format!("{{ sharepoint_site = \"{SITE}\", list = \"Rota\" }}"), "list: there is no such key. Did you mean \"lists\"?".to_owned()),
        ("{ excel_online = \"Rota.xlsx\" }".to_owned(), "excel_online: whose drive it is in is not said. Add site = \"https://contoso.sharepoint.com/sites/ops\", or user = \"anna@contoso.com\" for a OneDrive.".to_owned()),
        (format!("{{ excel_online = \"Rota.xlsx\", user = \"anna@contoso.com\", site = \"{SITE}\" }}"), "user: said beside site. Keep one: the site, or the person whose OneDrive it is.".to_owned()),
        ("{ excel_online = \"Rota.xlsx\", user = \"Anna\" }".to_owned(), "user: saw \"Anna\". Write the name that the person signs in with, such as \"anna@contoso.com\".".to_owned()),
        (excel("../Rota.xlsx"), format!("excel_online: saw \"../Rota.xlsx\". {FILE_REMEDY}.")),
        (excel("https://contoso.sharepoint.com/Rota.xlsx"), format!("excel_online: saw \"https://contoso.sharepoint.com/Rota.xlsx\". {FILE_REMEDY}.")),
        (excel("Rota.docx"), format!("excel_online: saw \"Rota.docx\". {FILE_REMEDY}: an .xlsx or a .csv file.")),
    ];
    for (rota, expected) in cases {
        let found = said(&with_rota(&rota, &microsoft("")), &[GOOGLE, MICROSOFT]);
        assert_eq!(found, [format!("line 5: hotline.lab.rota.{expected}")]);
    }
    let twice = with_rota("[{ file = \"a.csv\" },\n{ file = \"a.csv\" }]", "");
    assert_eq!(
        said(&twice, &[]),
        ["line 5: hotline.lab.rota: saw the same source twice. Name each source once."]
    );
    let place = with_rota("[{ file = \"a.csv\" },\n{ google_sheet = \"?\" }]", "");
    assert_eq!(
        said(&place, &[GOOGLE]),
        [format!("line 6: hotline.lab.rota.2.google_sheet: saw \"?\". {SHEET_REMEDY}")]
    );
    let circular = hotline("fallback = { file = \"rota.xlsx\" }\npush = \"no\"");
    assert_eq!(
        said(&circular, &[]),
        [
            "line 6: hotline.lab.fallback: saw the rota's own source. Name another place, which is there when that one is not.",
            "line 7: hotline.lab.push: saw \"no\". Write true or false, without quotes.",
        ]
    );
}

#[test]
fn an_account_is_asked_for_once_and_only_where_a_rota_needs_it() {
    let ward = format!("[[hotline]]\nname = \"ward\"\nnumbers = [\"+61491570313\"]\nrota.google_sheet = \"{SHEET}\"");
    let text = with_rota(&format!("{{ google_sheet = \"{SHEET}\" }}"), &ward);
    let remedy = "Save the service account's key there (the JSON file of Google's console), or set ROTALINE_GOOGLE_KEY to what is in it.";
    assert_eq!(
        said(&text, &[]),
        [format!(
            "line 5: google.key_file: /nowhere/credentials/google.json is not readable: No such file or directory (os error 2). {remedy}"
        )]
    );
    let named = text.replace(
        "[[hotline]]\nname = \"lab\"",
        "[google]\nkey_file = \"k.json\"\n[[hotline]]\nname = \"lab\"",
    );
    assert_eq!(
        said(&named, &[]),
        [format!(
            "line 3: google.key_file: /nowhere/k.json is not readable: No such file or directory (os error 2). {remedy}"
        )]
    );
    assert!(read_with(&named, &[GOOGLE]).is_ok());
    // A key file that nobody needs is not looked at, and a fallback needs it as a rota does.
    assert!(read_with(&hotline("[google]\nkey_file = \"k.json\"\n[microsoft]"), &[]).is_ok());
    let fallback = hotline(&format!("fallback = {{ sharepoint_site = \"{SITE}\" }}"));
    assert_eq!(
        said(&fallback, &[MICROSOFT]),
        [
            "line 6: microsoft: missing, and hotline.lab.fallback.sharepoint_site is read with it. Write [microsoft] with tenant, client_id and client_secret_file or certificate_file; `rotaline serve --print-config` explains them."
        ]
    );
}

#[test]
fn what_is_missing_of_the_account_at_microsoft_is_told_with_where_to_find_it() {
    let rota = format!("{{ sharepoint_site = \"{SITE}\" }}");
    let with = |lines: &str| with_rota(&rota, lines);
    let copy = "Copy the secret's Value (not its Secret ID) from entra.microsoft.com into ROTALINE_MICROSOFT_CLIENT_SECRET, or into a file and name it by client_secret_file.";
    assert_eq!(
        said(&with("[microsoft]"), &[]),
        [
            "line 6: microsoft.tenant: missing. It is the Directory (tenant) ID on the app registration's Overview in entra.microsoft.com.".to_owned(),
            "line 6: microsoft.client_id: missing. It is the Application (client) ID on the app registration's Overview in entra.microsoft.com.".to_owned(),
            format!("line 6: microsoft.client_secret_file: missing, and so is certificate_file. {copy}"),
        ]
    );
    let cases = [
        ("client_secret_expires = \"May\"", "line 9: microsoft.client_secret_expires: saw \"May\". Write a date as year, month and day: 2027-05-01.".to_owned()),
        ("client_secret_expires = 2027", "line 9: microsoft.client_secret_expires: saw 2027. Write a date as year, month and day: 2027-05-01.".to_owned()),
        ("certificate_file = \"cert.pem\"", "line 9: microsoft.certificate_file: said beside a client secret. Keep one of the two; with the certificate no secret travels.".to_owned()),
        ("graph_base = \"http://graph.microsoft.com\"", "line 9: microsoft.graph_base: saw \"http://graph.microsoft.com\". Write an https address without a path, such as \"https://graph.microsoft.com\"; plain http only to this very machine.".to_owned()),
        ("client_secret = \"x\"", format!("line 9: microsoft.client_secret: a secret does not belong into this file. {copy}")),
    ];
    for (line, expected) in cases {
        let more: &[(&str, &str)] = if line.starts_with("certificate") {
            &[MICROSOFT, ("ROTALINE_MICROSOFT_CERTIFICATE", "pem")]
        } else {
            &[MICROSOFT]
        };
        assert_eq!(said(&with(&microsoft(line)), more), [expected]);
    }
    let id_for_value = said(&with(&microsoft("")), &[("ROTALINE_MICROSOFT_CLIENT_SECRET", ID)]);
    assert_eq!(
        id_for_value,
        [format!("ROTALINE_MICROSOFT_CLIENT_SECRET: this is the Secret ID. {copy}")]
    );
    for date in ["2027-05-01", "\"2027-05-01\""] {
        let config = read_with(&with(&microsoft(&format!("client_secret_expires = {date}"))), &[MICROSOFT]).unwrap();
        assert_eq!(config.microsoft.unwrap().client_secret_expires, NaiveDate::from_ymd_opt(2027, 5, 1));
    }
}

#[test]
fn no_secret_of_an_account_is_shown() {
    let rota = format!("[{{ google_sheet = \"{SHEET}\" }}, {{ sharepoint_site = \"{SITE}\" }}]");
    let texts = [
        with_rota(&rota, &format!("[google]\nkey = \"{SECRET}\"")),
        with_rota(&rota, &format!("[google]\nprivate_key = \"{SECRET}\"")),
        with_rota(&rota, &format!("[microsoft]\ntenant = \"{SECRET}\"\nclient_id = \"{SECRET}\"")),
        with_rota(&rota, &microsoft(&format!("client_secret = \"{SECRET}\""))),
        hotline(&format!("[notices]\nwebhook = \"https://hooks.example.org/{SECRET}\"")),
    ];
    for text in texts {
        let error = read_with(&text, &[]).unwrap_err();
        assert!(
            !error.to_string().contains("s3cr3t") && !format!("{error:?}").contains("s3cr3t"),
            "{error}"
        );
    }
    let webhook = format!("http://hooks.example.org/{SECRET}");
    let error = read_with(&hotline(""), &[("ROTALINE_NOTICES_WEBHOOK", &webhook)]).unwrap_err();
    assert_eq!(
        error.faults[0].to_string(),
        "ROTALINE_NOTICES_WEBHOOK: is no https address. Set ROTALINE_NOTICES_WEBHOOK to the https address, or write it into a file and name that by webhook_file."
    );
    let config = read_with(
        &with_rota(&rota, &microsoft("")),
        &[
            ("ROTALINE_GOOGLE_KEY", SECRET),
            MICROSOFT,
            ("ROTALINE_NOTICES_WEBHOOK", &webhook.replace("http:", "https:")),
        ],
    );
    assert!(!format!("{:?}", config.unwrap()).contains("s3cr3t"));
}

#[test]
fn secrets_come_from_files_and_readers_of_them_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = with_rota(
        &format!("[{{ google_sheet = \"{SHEET}\" }}, {{ sharepoint_site = \"{SITE}\" }}]"),
        &format!(
            "[google]\nkey_file = \"google.json\"\n{}\n[notices]\nwebhook_file = \"hook\"\ntexts = [\"+61491570156\"]",
            microsoft("client_secret_file = \"secret\"")
        ),
    );
    let keep = |name: &str, content: &str, mode: u32| {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let read = || Config::read(&text, "rotaline.toml", folder.path(), &env(), Secrets::All);
    keep("google.json", "{\"type\": \"service_account\"}\n", 0o600);
    keep("secret", &format!("{SECRET}\n"), 0o644);
    keep("hook", "https://hooks.example.org/T0/B0\n", 0o600);
    let config = read().unwrap();
    let google = config.google.unwrap();
    assert_eq!(google.key.unwrap().expose_secret(), "{\"type\": \"service_account\"}");
    assert_eq!(google.key_place, folder.path().join("google.json").display().to_string());
    let Ok(MicrosoftCredential::Secret(secret)) = config.microsoft.unwrap().credential else {
        panic!("not a secret");
    };
    assert_eq!(secret.expose_secret(), SECRET);
    assert_eq!(config.notices.webhook.unwrap().expose_secret(), "https://hooks.example.org/T0/B0");
    assert_eq!(config.notices.texts[0].address(), "+61491570156");
    let path = folder.path().join("secret");
    let path = path.display();
    let warned: Vec<String> = config.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warned,
        [format!(
            "line 11: microsoft.client_secret_file: {path} may be read by everybody on this machine. Take that away: chmod o-rwx {path}."
        )]
    );
    keep("secret", "", 0o600);
    keep("google.json", &" ".repeat((1 << 20) + 1), 0o600);
    let found: Vec<String> = read().unwrap_err().faults.iter().map(|fault| fault.seen.clone()).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].ends_with("google.json is not readable: larger than 1 MiB"), "{found:?}");
    assert!(found[1].ends_with("secret is not right: nothing is in it"), "{found:?}");
}

#[test]
fn where_rotas_are_only_read_an_account_that_is_not_right_stops_nothing_else() {
    let text = with_rota(&format!("{{ google_sheet = \"{SHEET}\" }}"), "[notices]\nwebhook_file = \"none\"");
    let config = Config::read(
        &text,
        "rotaline.toml",
        Path::new("/nowhere"),
        &Environment::new(),
        Secrets::OfSources,
    )
    .unwrap();
    let fault = config.google.unwrap().key.unwrap_err();
    assert_eq!(fault.key, "google.key_file");
    assert!(config.notices.webhook.is_none());
}

#[test]
fn nobody_is_texted_at_our_own_numbers() {
    assert_eq!(
        said(&hotline("[notices]\ntexts = [\"+61491570006\"]"), &[]),
        ["line 7: notices.texts: saw \"+61491570006\", a public number of hotline lab. Name a phone that a human being answers."]
    );
}

#[test]
fn new_findings_are_told_from_the_severity_that_is_configured() {
    for (line, expected) in [
        ("", Some(Severity::Warn)),
        ("findings = \"warn\"", Some(Severity::Warn)),
        ("findings = \"stop\"", Some(Severity::Stop)),
        ("findings = \"off\"", None),
    ] {
        let config = read_with(&hotline(&format!("[notices]\n{line}")), &[]).unwrap();
        assert_eq!(config.notices.findings, expected, "{line}");
    }
    assert_eq!(
        said(&hotline("[notices]\nfindings = \"note\""), &[]),
        ["line 7: notices.findings: saw \"note\". Allowed: \"stop\", \"warn\", \"off\"."]
    );
}

/// `mail` on line 7 beside what every letter needs.
fn mail(keys: &str) -> String {
    hotline(&format!(
        "[notices]\nmail = {{ host = \"smtp.example.org\", from = \"hotline@example.org\", to = [\"ops@example.org\"]{keys} }}"
    ))
}

#[test]
fn mail_is_private_by_itself_and_knows_the_usual_ports() {
    for (keys, port, security) in [
        ("", 587, MailSecurity::StartTls),
        (", tls = \"starttls\", port = 2525", 2525, MailSecurity::StartTls),
        (", tls = \"tls\"", 465, MailSecurity::Tls),
    ] {
        let mail = read_with(&mail(keys), &[]).unwrap().notices.mail.unwrap();
        assert_eq!((mail.port, mail.security, mail.login.is_none()), (port, security, true), "{keys}");
        assert_eq!(
            (mail.host.as_str(), mail.from.as_str()),
            ("smtp.example.org", "hotline@example.org")
        );
        assert_eq!(mail.to, ["ops@example.org"]);
    }
    let here = mail(", tls = \"none\"").replace("smtp.example.org", "127.0.0.1");
    let here = read_with(&here, &[]).unwrap().notices.mail.unwrap();
    assert_eq!((here.port, here.security), (25, MailSecurity::None));
    let secret = ("ROTALINE_NOTICES_MAIL_PASSWORD", "s3cr3t word");
    let config = read_with(&mail(", user = \"hotline\""), &[secret]).unwrap();
    assert!(!format!("{config:?}").contains("s3cr3t"));
    let (user, password) = config.notices.mail.unwrap().login.unwrap();
    assert_eq!((user.as_str(), password.expose_secret()), ("hotline", "s3cr3t word"));
}

#[test]
fn mail_that_cannot_be_sent_is_a_fault_with_its_line() {
    let password = "Set ROTALINE_NOTICES_MAIL_PASSWORD, or write the password into a file and name that by password_file.";
    let cases = [
        (", tls = \"none\"", "line 7: notices.mail.tls: \"none\", and smtp.example.org is not this very machine. Write \"starttls\", or \"tls\" where the server wants that.".to_owned()),
        (", tls = \"ssl\"", "line 7: notices.mail.tls: saw \"ssl\". Allowed: \"starttls\", \"tls\", \"none\" (only to this very machine).".to_owned()),
        (", port = 0", "line 7: notices.mail.port: saw 0. Allowed: whole numbers from 1 to 65535.".to_owned()),
        (", user = \"hotline\"", format!("line 7: notices.mail.password_file: missing, and there is a user. {password}")),
        (", password = \"s3cr3t\"", format!("line 7: notices.mail.password: a secret does not belong into this file. {password}")),
        (", cc = \"x\"", "line 7: notices.mail.cc: there is no such key. The keys here are: host, tls, port, user, password_file, from, to.".to_owned()),
    ];
    for (keys, expected) in cases {
        assert_eq!(said(&mail(keys), &[]), [expected]);
    }
    assert_eq!(
        said(&hotline("[notices]\nmail = { to = [] }"), &[]),
        [
            "line 7: notices.mail.host: missing. Name your mail server, such as \"smtp.example.org\".",
            "line 7: notices.mail.from: missing. Write the address that your mail server lets us send from.",
            "line 7: notices.mail.to: nobody is in it. Write whom to tell: to = [\"ops@example.org\"].",
        ]
    );
    let named = mail("").replace("ops@example.org", "Ops <ops@example.org>");
    assert_eq!(
        said(&named, &[]),
        ["line 7: notices.mail.to: saw \"Ops <ops@example.org>\". Write an address without a name, such as \"ops@example.org\"."]
    );
    assert_eq!(
        said(&mail(""), &[("ROTALINE_NOTICES_MAIL_PASSWORD", "s3cr3t")]),
        ["line 7: notices.mail.user: missing, and there is a password. Write as whom the mail server knows us, or take the password away."]
    );
}

/// Whoever else may read a file of secrets is said, with what takes that away; a file in which nobody else reads is not.
#[cfg(unix)]
#[test]
fn files_of_secrets_are_nobody_elses() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, format!("{TOKEN}\n")).unwrap();
    let text = hotline("[twilio]\nauth_token_file = \"token\"").replace("twilio.account_sid", "#");
    let text = text.replace("[twilio]", "[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"");
    for (mode, seen) in [
        (0o600, None),
        (0o400, None),
        (0o644, Some(("on this machine", "o-rwx"))),
        (0o604, Some(("on this machine", "o-rwx"))),
        (0o640, Some(("in its group", "g-rwx"))),
    ] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let config = Config::read(&text, "rotaline.toml", folder.path(), &Environment::new(), Secrets::All).unwrap();
        let warned: Vec<String> = config
            .warnings
            .iter()
            .map(|fault| format!("{}. {}", fault.seen, fault.remedy))
            .collect();
        let expected = seen.map(|(whom, rights)| {
            let shown = path.display();
            format!("{shown} may be read by everybody {whom}. Take that away: chmod {rights} {shown}")
        });
        assert_eq!(warned, expected.into_iter().collect::<Vec<_>>(), "{mode:o}");
    }
}
