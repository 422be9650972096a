//! Who may sign in, as the configuration names them.

use super::*;
use crate::access::{Digest, Hotlines, Role};

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
