//! The certificate with which we encrypt ourselves: read from its files, and read again when they change. A pair that cannot be
//! used leaves the one before in its place, and the operator is told; so he is in time before it ends. Knows no connections.

use crate::call::HotlineName;
use crate::clock::Clock;
use crate::config::Tls;
use crate::metrics::names;
use crate::notices::{Notice, Notifier};
use crate::web::CertificateState;
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{Error, InconsistentKeys, ServerConfig};
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// Between two looks at the files.
const LOOK: Duration = Duration::from_secs(30);
/// Files of certificates are small.
const LARGEST_FILE: u64 = 1 << 20;
/// So many days before the end the operator is told, and then each day.
const TOLD: [i64; 4] = [14, 7, 3, 1];

/// A pair of files, and what of them is shown.
pub(super) struct Certificate {
    files: Tls,
    shown: Arc<Shown>,
    state: watch::Sender<CertificateState>,
    clock: Clock,
    /// What the files held when they were looked at last.
    looked_at: Option<Content>,
    /// They cannot be used, as was seen at the last look or told since.
    broken: Option<Broken>,
    /// At which of [`TOLD`], or with how many days less than none, the operator was told of the end.
    told_of_end: Option<i64>,
}

type Content = [u8; 32];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Broken {
    /// One file may have been replaced before the other.
    Seen,
    Told,
}

/// A pair that can be used.
struct Pair {
    key: Arc<CertifiedKey>,
    ends: DateTime<Utc>,
}

/// What is shown to whoever connects.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Certificate {
    /// Reads the files.
    ///
    /// # Errors
    /// Why they cannot be used, in words: without a certificate nobody could reach us.
    pub(super) fn open(files: Tls, clock: Clock) -> anyhow::Result<Self> {
        let (content, pair) = read(&files);
        let pair = pair.map_err(anyhow::Error::msg).context("server.tls")?;
        let state = CertificateState {
            ends: pair.ends,
            is_replaced: true,
        };
        Ok(Self {
            files,
            shown: Arc::new(Shown(RwLock::new(pair.key))),
            state: watch::Sender::new(state),
            clock,
            looked_at: Some(content),
            broken: None,
            told_of_end: None,
        })
    }

    /// What encrypts connections, always with the newest pair.
    ///
    /// # Errors
    /// None that could be met: what we ask of the library is there.
    pub(super) fn acceptor(&self) -> anyhow::Result<TlsAcceptor> {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])?
            .with_no_client_auth();
        let mut config = config.with_cert_resolver(Arc::clone(&self.shown) as _);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// How it stands, for the monitors.
    pub(super) fn state(&self) -> watch::Receiver<CertificateState> {
        self.state.subscribe()
    }

    /// Looks at the files, and at how long the certificate lasts, until `stop`.
    pub(super) async fn keep(mut self, hotline: HotlineName, notifier: Notifier, stop: CancellationToken) {
        loop {
            for (headline, words) in self.look() {
                tracing::warn!("{headline} {words}");
                let notice = Notice {
                    hotline: hotline.clone(),
                    headline,
                    words,
                    at: self.clock.now(),
                };
                stop.run_until_cancelled(notifier.tell(&notice)).await;
            }
            if stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_none() {
                return;
            }
        }
    }

    /// One look; what is to be told of it.
    fn look(&mut self) -> Vec<(String, String)> {
        let news = [self.look_at_files(), self.look_at_end()];
        news.into_iter().flatten().collect()
    }

    fn look_at_files(&mut self) -> Option<(String, String)> {
        let (content, pair) = read(&self.files);
        if self.looked_at == Some(content) && self.broken != Some(Broken::Seen) {
            return None;
        }
        self.looked_at = Some(content);
        let pair = pair.and_then(|pair| {
            if pair.ends > self.clock.now() {
                Ok(pair)
            } else {
                Err(ended(pair.ends))
            }
        });
        match pair {
            Ok(pair) => {
                self.use_now(pair);
                None
            }
            Err(why) if self.broken.is_some() => {
                self.broken = Some(Broken::Told);
                self.state.send_modify(|state| state.is_replaced = false);
                let ends = self.state.borrow().ends.format("%-d %b %Y");
                let headline = "The new certificate of rotaline cannot be used.".to_owned();
                let words = format!(
                    "Seen: {why}. Connections go on with the one before, which ends on {ends}. Put both files right (server.tls in rotaline.toml); nothing has to be restarted."
                );
                Some((headline, words))
            }
            Err(_) => {
                self.broken = Some(Broken::Seen);
                None
            }
        }
    }

    fn use_now(&mut self, pair: Pair) {
        let ends = pair.ends;
        *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = pair.key;
        let state = CertificateState { ends, is_replaced: true };
        self.state.send_replace(state);
        (self.broken, self.told_of_end) = (None, None);
        tracing::info!(%ends, "a new certificate is in use");
    }

    fn look_at_end(&mut self) -> Option<(String, String)> {
        let ends = self.state.borrow().ends;
        let left = ends - self.clock.now();
        #[expect(clippy::cast_precision_loss, reason = "seconds far below 2^52")]
        metrics::gauge!(names::CERTIFICATE_LEFT).set(left.num_seconds() as f64);
        let days = left.num_seconds().div_euclid(24 * 60 * 60);
        // The last step that is reached; after the end each day is one.
        let step = if days < 0 {
            Some(days)
        } else {
            TOLD.into_iter().rev().find(|step| days < *step)
        }?;
        if self.told_of_end == Some(step) {
            return None;
        }
        self.told_of_end = Some(step);
        let day = ends.format("%-d %b %Y, %H:%M UTC");
        let headline = match days {
            ..0 => format!("The certificate of rotaline ended on {day}."),
            0 => format!("The certificate of rotaline ends within a day, on {day}."),
            _ => format!("The certificate of rotaline ends in {days} days, on {day}."),
        };
        let words = "From then on Twilio does not reach the hotline and callers hear an error. Renew it (does the renewal run, and may rotaline read the files?); what stands in the files of server.tls is used within a minute.";
        Some((headline, words.to_owned()))
    }
}

/// What the files hold now, and the pair that they make.
fn read(files: &Tls) -> (Content, Result<Pair, String>) {
    let (certificate, key) = (contents(&files.certificate), contents(&files.key));
    let mut digest = Sha256::new();
    for part in [&certificate, &key] {
        match part {
            Ok(bytes) => digest.update(Sha256::digest(bytes)),
            Err(why) => digest.update(why),
        }
    }
    let pair = certificate.and_then(|certificate| pair(files, &certificate, &key?));
    (digest.finalize().into(), pair)
}

fn contents(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LARGEST_FILE).read_to_end(&mut bytes));
    read.map_err(|fault| format!("{} is not readable: {fault}", path.display()))?;
    Ok(bytes)
}

fn pair(files: &Tls, certificate: &[u8], key: &[u8]) -> Result<Pair, String> {
    let (shown, key_shown) = (files.certificate.display(), files.key.display());
    let chain: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_slice_iter(certificate).collect();
    let chain = chain.map_err(|_| format!("{shown} is no file of certificates as PEM"))?;
    let first = chain
        .first()
        .ok_or_else(|| format!("{shown} holds no certificate (-----BEGIN CERTIFICATE-----)"))?;
    let (_, read) = x509_parser::parse_x509_certificate(first).map_err(|_| format!("the first certificate in {shown} cannot be read"))?;
    let ends = DateTime::from_timestamp(read.validity().not_after.timestamp(), 0);
    let ends = ends.ok_or_else(|| format!("the first certificate in {shown} has no end"))?;
    let key = PrivateKeyDer::from_pem_slice(key);
    let key = key.map_err(|_| format!("{key_shown} holds no private key without a passphrase (-----BEGIN PRIVATE KEY-----)"))?;
    let key = CertifiedKey::from_der(chain.clone(), key, &ring::default_provider()).map_err(|fault| {
        if fault == Error::InconsistentKeys(InconsistentKeys::KeyMismatch) {
            return format!("the private key in {key_shown} is not that of the first certificate in {shown}");
        }
        format!("{shown} and {key_shown} cannot be used: {fault}")
    })?;
    Ok(Pair { key: Arc::new(key), ends })
}

fn ended(at: DateTime<Utc>) -> String {
    format!("it ended on {}", at.format("%-d %b %Y"))
}

#[cfg(test)]
mod tests;
