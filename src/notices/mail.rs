//! Notices by e-mail: one plain message for each recipient, handed to the operator's own mail server (SMTP).

use super::{Notice, Untold};
use crate::config::{self, MailSecurity};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use std::time::Duration;

const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// For the whole of it: a server may look long at what it is given.
const PATIENCE: Duration = Duration::from_secs(30);
/// Of a subject, in characters.
const LONGEST_SUBJECT: usize = 200;
/// Of the words, in characters.
const LONGEST_WORDS: usize = 20_000;
/// Of what a server says, in characters, as the log shows it.
const LONGEST_ANSWER: usize = 300;

/// Somebody who is written to, and the server that takes the letters.
pub struct Mail {
    server: AsyncSmtpTransport<Tokio1Executor>,
    patience: Duration,
    from: Address,
    to: Address,
}

impl Mail {
    /// One for each recipient of the configuration.
    ///
    /// # Errors
    /// What is wrong with an address, or with the server's name.
    pub fn to_all(mail: &config::Mail) -> Result<Vec<Self>, String> {
        let server = server(mail)?;
        let from = address(&mail.from)?;
        let to_one = |to: &String| {
            Ok(Self {
                server: server.clone(),
                patience: PATIENCE,
                from: from.clone(),
                to: address(to)?,
            })
        };
        mail.to.iter().map(to_one).collect()
    }

    /// For less time than a server may take: tests have little.
    #[cfg(test)]
    pub(super) fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Sends once. A second copy has the same Message-ID, and is better than none.
    pub(super) async fn send(&self, notice: &Notice) -> Result<(), Untold> {
        let message = self.message(notice).map_err(|fault| Untold::Never(fault.to_string()))?;
        let Ok(sent) = tokio::time::timeout(self.patience, self.server.send(message)).await else {
            return Err(Untold::Later {
                why: format!("the mail server did not answer within {} s", self.patience.as_secs()),
                after: None,
            });
        };
        match sent {
            Ok(_) => Ok(()),
            Err(fault) if fault.is_permanent() || fault.is_client() => Err(Untold::Never(format!(
                "the mail server refuses: {}",
                one_line(&fault, LONGEST_ANSWER)
            ))),
            Err(fault) => Err(Untold::Later {
                why: format!("the mail server did not take it: {}", one_line(&fault, LONGEST_ANSWER)),
                after: None,
            }),
        }
    }

    fn message(&self, notice: &Notice) -> Result<Message, lettre::error::Error> {
        let subject = one_line(&format_args!("{}: {}", notice.hotline, notice.headline), LONGEST_SUBJECT);
        let words: String = notice.words.chars().take(LONGEST_WORDS).collect();
        let at = notice.at.format("%-d %b %Y %H:%M UTC");
        let mut message = Message::builder()
            .from(Mailbox::new(Some("rotaline".to_owned()), self.from.clone()))
            .to(Mailbox::new(None, self.to.clone()))
            .date(notice.at.into())
            .message_id(Some(self.message_id(notice)))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(format!("{words}\n\n-- \nrotaline, hotline {}, {at}\n", notice.hotline))?;
        // No machine that is away on holiday answers (RFC 3834).
        let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
        message.headers_mut().insert_raw(automatic);
        Ok(message)
    }

    /// The same for as long as the notice is the same, so that a mailbox shows a repeated one once.
    fn message_id(&self, notice: &Notice) -> String {
        let at = notice.at.to_rfc3339();
        let hash = Sha256::digest(
            [&notice.hotline.0, &notice.headline, &notice.words, &at]
                .map(String::as_str)
                .join("\0"),
        );
        let word: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("<{word}@{}>", self.from.domain())
    }
}

fn server(mail: &config::Mail) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let parameters = || TlsParameters::new(mail.host.clone()).map_err(|fault| format!("the mail server {}: {fault}", mail.host));
    let tls = match mail.security {
        MailSecurity::StartTls => Tls::Required(parameters()?),
        MailSecurity::Tls => Tls::Wrapper(parameters()?),
        MailSecurity::None => Tls::None,
    };
    let mut server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(mail.host.clone())
        .port(mail.port)
        .tls(tls)
        .timeout(Some(CONNECT_PATIENCE));
    if let Some((user, password)) = &mail.login {
        server = server.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
    }
    Ok(server.build())
}

fn address(text: &str) -> Result<Address, String> {
    text.parse().map_err(|fault| format!("the mail address \"{text}\": {fault}"))
}

/// What is said in one line: neither a sheet nor a server may write further headers, or lines of our log.
fn one_line(words: &impl std::fmt::Display, longest: usize) -> String {
    let words = words.to_string();
    let plain = words.chars().map(|character| if character.is_control() { ' ' } else { character });
    plain.take(longest).collect()
}
