//! Who may sign in, as the configuration names them.

use super::*;
use crate::access::{Claim, Digest, Hotlines, Identity, Role};

const HASH: &str = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

#[test]
fn the_blocks_of_the_manual_work_as_they_stand() {
    let lines = MANUAL.lines().skip_while(|line| *line != "# [[user]]");
    let lines = lines.take_while(|line| !line.starts_with("# One number for several hotlines"));
    let is_key = |line: &&str| line.starts_with("# [[") || line.split_once(" = ").is_some_and(|(key, _)| !key[2..].contains(' '));
    let blocks: Vec<&str> = lines.filter(is_key).map(|line| line.trim_start_matches("# ")).collect();
    let config = read(&hotline(&blocks.join("\n"))).unwrap();
    let ([user], [token]) = (&config.roll.users[..], &config.roll.tokens[..]) else {
        panic!("{:?}", config.roll);
    };
    assert_eq!((user.name.as_str(), user.rights.role), ("Priya Nair", Role::Responder));
    assert!(user.password.is_some());
    let lab = Hotlines::Some([HotlineName("lab".into())].into());
    assert_eq!(user.rights.hotlines, lab);
    // That of the empty text, by FIPS 180-4.
    assert_eq!((token.name.as_str(), &token.digest), ("dashboard", &Digest::of("")));
    assert_eq!((token.rights.role, &token.rights.hotlines), (Role::Viewer, &lab));
}

/// The manual's `[oidc]` as it stands, with a secret.
#[test]
fn the_identity_provider_of_the_manual_works_as_it_stands() {
    let lines = MANUAL.lines().skip_while(|line| *line != "# [oidc]");
    let lines = lines.take_while(|line| !line.is_empty());
    let is_key = |line: &&str| *line == "# [oidc]" || line.split_once(" = ").is_some_and(|(key, _)| !key[2..].contains(' '));
    let lines: Vec<&str> = lines.filter(is_key).map(|line| line.trim_start_matches("# ")).collect();
    assert_eq!(lines.len(), 8, "seven keys: {lines:?}");
    let text = hotline(&lines.join("\n"));
    let mut env = env();
    env.insert("ROTALINE_OIDC_CLIENT_SECRET".to_owned(), "the client secret".to_owned());
    let config = Config::read(&text, "rotaline.toml", Path::new(""), &env, Secrets::All).unwrap();
    let oidc = config.roll.oidc.unwrap();
    assert_eq!(
        (oidc.issuer.as_str(), oidc.client_id.as_str(), oidc.claim),
        ("https://accounts.google.com", "rotaline", Claim::Email)
    );
    assert_eq!(
        (oidc.scopes, oidc.page_url.as_deref()),
        (vec!["email".to_owned()], Some("https://rota.internal/"))
    );
    assert_eq!(oidc.client_secret.expose_secret(), "the client secret");
    assert!(!format!("{:?}", oidc.client_secret).contains("client secret"));
    // Commands need no secret; for calls the service starts without, and says so.
    let with = |secrets| Config::read(&text, "rotaline.toml", Path::new(""), &super::env(), secrets);
    assert!(with(Secrets::OfSources).unwrap().roll.oidc.is_none());
    let started = with(Secrets::OfCalls).unwrap();
    assert!(started.roll.oidc.is_none() && started.warnings.iter().any(|fault| fault.key == "oidc.client_secret_file"));
}

#[test]
fn an_identity_provider_is_said_in_full_or_not_at_all() {
    let oidc = |lines: &str| {
        hotline(&format!(
            "[oidc]\nissuer = \"https://sso.example.org/realms/x\"\nclient_id = \"c\"\n{lines}"
        ))
    };
    let secret = "line 6: oidc.client_secret_file: missing. Set ROTALINE_OIDC_CLIENT_SECRET, or write the client secret into a file and name that by client_secret_file.";
    for (text, expected) in [
        (oidc(""), vec![secret]),
        (
            hotline("[oidc]\nclaim = \"upn\""),
            vec![
                "line 7: oidc.claim: saw \"upn\". Allowed: \"email\" (where the provider has verified it), \"sub\", \"preferred_username\".",
                "line 6: oidc.issuer: missing. Write the provider's issuer, such as \"https://accounts.google.com\".",
                "line 6: oidc.client_id: missing. Write the client ID that the provider has given.",
                secret,
            ],
        ),
        (
            oidc("client_secret = \"hush\""),
            vec![
                "line 9: oidc.client_secret: a secret does not belong into this file. Set ROTALINE_OIDC_CLIENT_SECRET, or write the client secret into a file and name that by client_secret_file.",
                secret,
            ],
        ),
    ] {
        let mut seen = faults(&text);
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        seen.sort();
        expected.sort();
        assert_eq!(seen, expected, "{text}");
    }
    for issuer in [
        "http://sso.example.org",
        "sso.example.org",
        "https://u:p@sso.example.org",
        "https://sso.example.org/?x",
    ] {
        let text = oidc("").replace("https://sso.example.org/realms/x", issuer);
        let seen = faults(&text).join("\n");
        assert!(
            seen.contains("oidc.issuer: saw") && seen.contains("Write an https address"),
            "{issuer}: {seen}"
        );
    }
}

/// Who comes by the provider only needs no password; nobody is two users.
#[test]
fn a_user_may_have_an_identity_in_place_of_a_password() {
    let user = |name: &str, lines: &str| format!("[[user]]\nname = \"{name}\"\nrole = \"viewer\"\n{lines}\n");
    let config = read(&hotline(&user("Ana", "oidc = \"Ana@example.org\""))).unwrap();
    let ana = &config.roll.users[0];
    assert_eq!(
        (ana.password.is_none(), ana.identity.as_ref().map(Identity::as_str)),
        (true, Some("Ana@example.org"))
    );
    let two = user("Ana", "oidc = \"a@example.org\"") + &user("Ben", "oidc = \"A@example.org\"");
    let expected = "line 13: user.Ben.oidc: saw \"A@example.org\" twice. Nobody is two users.";
    assert_eq!(faults(&hotline(&two)), [expected]);
    // A hash that is no hash does not become none.
    let wrong = faults(&hotline(&user("Ana", "oidc = \"a@example.org\"\npassword_hash = \"hush\""))).join("\n");
    assert!(wrong.contains("user.Ana.password_hash"), "{wrong}");
}

#[test]
fn nobody_has_rights_by_accident() {
    let user = |lines: &str| hotline(&format!("[[user]]\n{lines}"));
    let ana = format!("name = \"Ana\"\npassword_hash = \"{HASH}\"\n");
    let cases = [
        (
            user(&format!("role = \"viewer\"\npassword_hash = \"{HASH}\"")),
            "line 6: user.1.name: missing. By this name somebody signs in.",
        ),
        (
            user(&format!("{ana}role = \"root\"")),
            "line 9: user.Ana.role: saw \"root\". Allowed: \"viewer\", \"responder\", \"admin\", \"operator\".",
        ),
        (
            user(&ana),
            "line 6: user.Ana.role: missing. Allowed: \"viewer\", \"responder\", \"admin\", \"operator\".",
        ),
        (
            user(&format!("{ana}role = \"viewer\"\nhotlines = []")),
            "line 10: user.Ana.hotlines: saw none that there is. Name some, or leave the key out: then it is all of them.",
        ),
        (
            user(&format!("{ana}role = \"operator\"\nhotlines = [\"lab\"]")),
            "line 10: user.Ana.hotlines: an operator of some hotlines. Leave hotlines out: an operator runs the whole service.",
        ),
        (
            user("name = \"Ana\"\nrole = \"viewer\""),
            "line 6: user.Ana.password_hash: missing. `rotaline user hash` asks for a password and prints it.",
        ),
    ];
    for (text, fault) in cases {
        assert_eq!(faults(&text), [fault], "{text}");
    }
    let twice = user(&format!(
        "{ana}role = \"viewer\"\n[[user]]\n{}role = \"viewer\"",
        ana.replace("Ana", "ANA")
    ));
    assert_eq!(
        faults(&twice),
        ["line 11: user.2.name: saw \"ANA\" twice. Names differ, not only in capital letters."]
    );
    let unknown = user(&format!("{ana}role = \"viewer\"\nhotlines = [\"lap\"]"));
    assert!(faults(&unknown)[0].contains("did you mean \"lab\"?"), "{:?}", faults(&unknown));
}

/// People paste secrets into the wrong place: no fault shows one.
#[test]
fn no_secret_is_shown_in_a_fault() {
    let secret = "correct-horse-battery-staple";
    for lines in [
        format!("[[user]]\nname = \"Ana\"\nrole = \"viewer\"\npassword_hash = \"{secret}\""),
        format!("[[user]]\nname = \"Ana\"\nrole = \"viewer\"\npassword = \"{secret}\""),
        format!("[[token]]\nname = \"x\"\nrole = \"viewer\"\nhash = \"{secret}\""),
        format!("[[token]]\nname = \"x\"\nrole = \"viewer\"\ntoken = \"{secret}\""),
    ] {
        let told = faults(&hotline(&lines)).join("\n");
        assert!(!told.is_empty() && !told.contains(secret), "{told}");
    }
}

/// The key of a version before says what to do now.
#[test]
fn the_password_of_recordings_is_gone_and_said_to_be_so() {
    let told = faults(&before_hotline(
        "twilio.account_sid = \"AC00000000000000000000000000000000\"\n[server]\nrecordings_password_file = \"credentials/recordings\"",
    ));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("line 3: server.recordings_password_file: recordings have no password of their own any more."),
        "{told:?}"
    );
    assert!(told[0].contains("`rotaline user add NAME --role admin` makes one"), "{told:?}");
}
