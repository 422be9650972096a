//! Encrypted by ourselves: what is agreed on, what is refused, what the monitors see. Replacing files is tested beside
//! the code, where time can be turned.

use super::{Answer, PATIENCE, STRANGER, answered, connected, get, served};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rotaline::app::Service;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client};

const HERE: &str = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// The service with a certificate that ends in 2050.
async fn encrypted() -> (Service, CertificateDer<'static>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_after = date_time_ymd(2050, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    let [chain, secret] = ["chain.pem", "key.pem"].map(|name| folder.path().join(name));
    fs::write(&chain, certificate.pem()).unwrap();
    fs::write(&secret, key.serialize_pem()).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    let lines = format!("tls = {{ certificate = \"{}\", key = \"{}\" }}", chain.display(), secret.display());
    (served(&lines).await, certificate.der().clone(), folder)
}

async fn handshake(
    service: &Service,
    root: &CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
) -> client::TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let stream = connected(STRANGER, service.address()).await;
    let connecting = TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream);
    tokio::time::timeout(PATIENCE, connecting).await.unwrap().unwrap()
}

#[tokio::test]
async fn it_encrypts_itself_by_tls_1_2_and_1_3_and_says_so() {
    let (service, root, _folder) = encrypted().await;
    for (offered, agreed) in [(&TLS12, ProtocolVersion::TLSv1_2), (&TLS13, ProtocolVersion::TLSv1_3)] {
        let mut stream = handshake(&service, &root, &[offered]).await;
        assert_eq!(stream.get_ref().1.protocol_version(), Some(agreed));
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        stream.write_all(HERE.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        let answer = Answer(text);
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"), "{}", answer.0);
        assert!(
            answer
                .0
                .contains("\"certificate\":{\"status\":\"ok\",\"ends\":\"2050-01-01T00:00:00Z\"}"),
            "{}",
            answer.0
        );
    }
    service.stop().await;
}

#[tokio::test]
async fn plain_words_are_not_answered() {
    let (service, _root, _folder) = encrypted().await;
    let stream = connected(STRANGER, service.address()).await;
    let answer = answered(stream, HERE.as_bytes()).await;
    assert!(!answer.0.contains("HTTP/1.1 200") && !answer.0.contains("hotlines"), "{}", answer.0);
    service.stop().await;
}

#[tokio::test]
async fn without_a_certificate_nothing_is_said_of_one() {
    let service = served("").await;
    let health = get(&service, STRANGER, "/health", &[("Host", "localhost")]).await;
    assert!(!health.0.contains("certificate"), "{}", health.0);
    service.stop().await;
}
