//! Pairs that rcgen makes, replaced in a folder; whoever connects over a pipe says what he was shown.

use super::*;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::path::PathBuf;
use tempfile::TempDir;
use tokio_rustls::TlsConnector;

/// A pair on its way into the files.
struct Made {
    certificate: String,
    key: String,
    der: CertificateDer<'static>,
}

fn made(until: (i32, u8, u8)) -> Made {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(until.0, until.1, until.2);
    let certificate = params.self_signed(&key).unwrap();
    Made {
        certificate: certificate.pem(),
        key: key.serialize_pem(),
        der: certificate.der().clone(),
    }
}

struct Folder(TempDir);

impl Folder {
    fn with(pair: &Made) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.put(pair);
        folder
    }

    fn files(&self) -> Tls {
        let [certificate, key] = ["chain.pem", "key.pem"].map(|name| self.0.path().join(name));
        Tls { certificate, key }
    }

    fn put(&self, pair: &Made) {
        self.write(&self.files().certificate, &pair.certificate);
        self.write(&self.files().key, &pair.key);
    }

    fn write(&self, file: &PathBuf, text: &str) {
        std::fs::write(file, text).unwrap();
    }
}

fn clock() -> Clock {
    Clock::anchored_at("2026-03-01T12:00:00Z".parse().unwrap())
}

/// What is shown to whoever connects now, and agreed on.
async fn shown(certificate: &Certificate, trusted: &Made) -> Option<CertificateDer<'static>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS12, &TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let (near, far) = tokio::io::duplex(1 << 16);
    let acceptor = certificate.acceptor().unwrap();
    let serving = tokio::spawn(async move { acceptor.accept(far).await.is_ok() });
    let name = ServerName::try_from("localhost").unwrap();
    let connected = TlsConnector::from(Arc::new(config)).connect(name, near).await.ok();
    let _ = serving.await;
    let stream = connected?;
    stream
        .get_ref()
        .1
        .peer_certificates()?
        .first()
        .cloned()
        .map(CertificateDer::into_owned)
}

#[tokio::test]
async fn a_new_pair_is_shown_at_once_and_a_broken_one_never() {
    let (first, second, third) = (made((2027, 1, 1)), made((2028, 1, 1)), made((2029, 1, 1)));
    let folder = Folder::with(&first);
    let mut certificate = Certificate::open(folder.files(), clock()).unwrap();
    let state = certificate.state();
    assert_eq!(shown(&certificate, &first).await, Some(first.der.clone()));
    assert_eq!(certificate.look(), []);

    folder.put(&second);
    assert_eq!(certificate.look(), []);
    assert_eq!(shown(&certificate, &second).await, Some(second.der.clone()));
    assert_eq!(state.borrow().ends.to_rfc3339(), "2028-01-01T00:00:00+00:00");

    // One file is replaced before the other: told only where it stays so, and then once.
    folder.write(&folder.files().key, &third.key);
    assert_eq!(certificate.look(), []);
    let news = certificate.look();
    assert_eq!(news.len(), 1, "{news:?}");
    assert_eq!(news[0].0, "The new certificate of rotaline cannot be used.");
    for part in [
        "is not that of the first certificate",
        "the one before, which ends on 1 Jan 2028",
        "nothing has to be restarted",
    ] {
        assert!(news[0].1.contains(part), "{part}: {news:?}");
    }
    assert!(!state.borrow().is_replaced);
    assert_eq!(certificate.look(), []);
    assert_eq!(shown(&certificate, &second).await, Some(second.der.clone()), "the one before stays");

    folder.put(&third);
    assert_eq!(certificate.look(), []);
    assert_eq!(shown(&certificate, &third).await, Some(third.der.clone()));
    assert!(state.borrow().is_replaced);
}

#[tokio::test]
async fn whatever_stands_in_the_files_the_one_before_stays() {
    let good = made((2027, 1, 1));
    let ended = made((2026, 2, 28));
    let locked = good.key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    for (certificate, key, seen) in [
        ("", good.key.as_str(), "holds no certificate (-----BEGIN CERTIFICATE-----)"),
        ("rubbish", &good.key, "holds no certificate"),
        (&good.key, &good.key, "holds no certificate"),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            &good.key,
            "cannot be read",
        ),
        (&good.certificate, "", "holds no private key without a passphrase"),
        (&good.certificate, &good.certificate, "holds no private key"),
        (&good.certificate, &locked, "holds no private key without a passphrase"),
        (&ended.certificate, &ended.key, "it ended on 28 Feb 2026"),
    ] {
        let folder = Folder::with(&good);
        let mut kept = Certificate::open(folder.files(), clock()).unwrap();
        folder.write(&folder.files().certificate, certificate);
        folder.write(&folder.files().key, key);
        assert_eq!(kept.look(), []);
        let news = kept.look();
        assert_eq!(news.len(), 1, "{seen}");
        assert!(news[0].1.contains(seen), "{seen}: {news:?}");
        assert!(!news[0].1.contains(good.key.lines().nth(1).unwrap()), "the key is not told");
        assert_eq!(shown(&kept, &good).await, Some(good.der.clone()), "{seen}");
        // Nobody starts with it either, but with one that has ended: then it can be replaced.
        assert_eq!(Certificate::open(folder.files(), clock()).is_ok(), seen.starts_with("it ended"));
    }
    let folder = Folder::with(&good);
    let mut kept = Certificate::open(folder.files(), clock()).unwrap();
    std::fs::remove_file(folder.files().key).unwrap();
    kept.look();
    assert!(kept.look()[0].1.contains("key.pem is not readable: No such file"));
}

#[tokio::test(start_paused = true)]
async fn the_end_is_told_of_ahead_once_at_each_step() {
    // It is the 1st of March, noon.
    let pair = made((2026, 4, 1));
    let folder = Folder::with(&pair);
    let mut certificate = Certificate::open(folder.files(), clock()).unwrap();
    let mut told = Vec::new();
    for day in 1..=33 {
        for _ in 0..2 {
            told.extend(certificate.look().into_iter().map(|(headline, words)| {
                assert!(words.contains("Renew it"), "{words}");
                (day, headline)
            }));
        }
        tokio::time::advance(Duration::from_secs(24 * 60 * 60)).await;
    }
    let expected = [
        (18, "The certificate of rotaline ends in 13 days, on 1 Apr 2026, 00:00 UTC."),
        (25, "The certificate of rotaline ends in 6 days, on 1 Apr 2026, 00:00 UTC."),
        (29, "The certificate of rotaline ends in 2 days, on 1 Apr 2026, 00:00 UTC."),
        (31, "The certificate of rotaline ends within a day, on 1 Apr 2026, 00:00 UTC."),
        (32, "The certificate of rotaline ended on 1 Apr 2026, 00:00 UTC."),
        (33, "The certificate of rotaline ended on 1 Apr 2026, 00:00 UTC."),
    ];
    assert_eq!(told, expected.map(|(day, words)| (day, words.to_owned())));
    folder.put(&made((2027, 4, 1)));
    assert_eq!(certificate.look(), [], "a new one ends that");
}
