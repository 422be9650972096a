//! Which database is meant, and what is refused. Expected words are written by hand.

use crate::config::{Config, Database, Environment, Secrets};
use secrecy::ExposeSecret as _;
use std::path::Path;

fn read(keys: &str, env: &[(&str, &str)], folder: &Path) -> Result<Database, String> {
    let token = ("ROTALINE_TWILIO_AUTH_TOKEN", "0123456789abcdef0123456789abcdef");
    let env: Environment = env
        .iter()
        .chain([&token])
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    let text = format!(
        "[store]\n{keys}\n[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\n[[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\nrota = {{ file = \"rota.xlsx\" }}\n"
    );
    let config = Config::read(&text, "test", folder, &env, Secrets::All);
    config.map(|config| config.store.database).map_err(|faults| faults.to_string())
}

fn in_etc(keys: &str) -> Result<Database, String> {
    read(keys, &[], Path::new("/etc/rotaline"))
}

fn address(database: Database) -> (String, Option<String>) {
    match database {
        Database::File(path) => panic!("{}", path.display()),
        Database::Postgres { url, password } => (url.to_string(), password.map(|password| password.expose_secret().to_owned())),
    }
}

#[test]
fn an_address_wins_over_the_file() {
    let file = in_etc("path = \"a.sqlite\"").unwrap();
    assert_eq!(file, Database::File("/etc/rotaline/a.sqlite".into()));
    let url = "postgres://rotaline@db.example.org/rotaline?sslmode=verify-full";
    let both = in_etc(&format!("path = \"a.sqlite\"\nurl = \"{url}\"")).unwrap();
    assert_eq!(address(both), (url.to_owned(), None));
}

#[test]
fn files_begin_beside_the_configuration() {
    let found = in_etc("url = \"postgres://r@db.example.org/r?sslmode=verify-ca&sslrootcert=ca.pem\"").unwrap();
    let expected = "postgres://r@db.example.org/r?sslmode=verify-ca&sslrootcert=%2Fetc%2Frotaline%2Fca.pem";
    assert_eq!(address(found).0, expected);
}

#[test]
fn on_this_machine_nobody_reads_along() {
    for url in [
        "postgres://r@localhost/r",
        "postgresql://r@127.0.0.1:5433/r",
        "postgres://r@[::1]/r",
        "postgres://r@localhost/r?host=/var/run/postgresql",
    ] {
        assert!(in_etc(&format!("url = \"{url}\"")).is_ok(), "{url}");
    }
}

#[test]
fn the_password_is_taken_from_the_environment_or_a_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "of the file\n").unwrap();
    let keys = "url = \"postgres://r@localhost/r\"\npassword_file = \"secret\"";
    let password = |env: &[(&str, &str)]| address(read(keys, env, folder.path()).unwrap()).1;
    assert_eq!(password(&[]).as_deref(), Some("of the file"));
    assert_eq!(password(&[("ROTALINE_STORE_PASSWORD", "p@ss/wörd")]).as_deref(), Some("p@ss/wörd"));
    let missing = read("url = \"postgres://r@localhost/r\"\npassword_file = \"gone\"", &[], folder.path());
    assert!(missing.unwrap_err().contains("line 3: store.password_file: "));
}

#[test]
fn what_is_wrong_with_an_address_is_said_by_line_and_never_quoted() {
    const EXAMPLE: &str = "Write an address such as \"postgres://rotaline@db.example.org/rotaline?sslmode=verify-full\".";
    let password =
        "saw a password in the address. Take it out, and set ROTALINE_STORE_PASSWORD in the environment, or name a file by password_file.";
    let open = "saw another machine, and not how the way to it is kept private. Add ?sslmode=verify-full to it, or another of disable, require, verify-ca, verify-full.";
    let cases = [
        ("rotaline", format!("saw no address. {EXAMPLE}")),
        ("mysql://r:hunter2@db/r", format!("saw an address of something else. {EXAMPLE}")),
        ("postgres://db.example.org/r?sslmode=require", format!("saw an address without a user or a database. {EXAMPLE}")),
        ("postgres://r@db.example.org?sslmode=require", format!("saw an address without a user or a database. {EXAMPLE}")),
        ("postgres://r:hunter2@db.example.org/r", password.to_owned()),
        ("postgres://r@db.example.org/r?password=hunter2", password.to_owned()),
        ("postgres://r@db.example.org/r", open.to_owned()),
        ("postgres://r@localhost/r?host=db.example.org", open.to_owned()),
        (
            "postgres://r@db.example.org/r?sslmode=prefer",
            "saw sslmode=prefer. Allowed: disable, require, verify-ca, verify-full.".to_owned(),
        ),
        (
            "postgres://r@db.example.org/r?sslmode=require&options=-c",
            "saw \"options\" in the address. After the question mark there may be application_name, host, sslcert, sslkey, sslmode, sslrootcert."
                .to_owned(),
        ),
    ];
    for (url, expected) in cases {
        let faults = in_etc(&format!("url = \"{url}\"")).unwrap_err();
        assert!(faults.contains(&format!("line 2: store.url: {expected}")), "{url}: {faults}");
        assert!(!faults.contains("hunter2"), "{faults}");
    }
}
