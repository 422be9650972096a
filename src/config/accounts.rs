//! The sections `[google]`, `[microsoft]` and `[notices]`: with which accounts rotas are read, and whom the service
//! tells about itself. The first two are only needed, and their secrets only looked at, where a rota is read with them.

use super::checks::{self, Urls};
use super::faults::Fault;
use super::hotline::Seen;
use super::rota::Need;
use super::secrets::Keeping;
use super::section::Section;
use super::{
    CERTIFICATE, CLIENT_SECRET, GOOGLE_KEY, Google, MAIL_PASSWORD, Mail, MailSecurity, Microsoft, MicrosoftCredential, Notices, Secrets,
    WEBHOOK,
};
use crate::roster::Severity;
use secrecy::SecretString;
use std::path::PathBuf;

const MOST_TEXTS: usize = 20;
const MOST_MAILS: usize = 20;
const MAIL_REMEDY: &str = "Write mail = { host = \"…\", from = \"…\", to = [\"…\"] }";

/// How to read Google Sheets, where a rota needs it.
pub(super) fn google(mut section: Section<'_, '_>, keeping: Keeping<'_>, need: Option<&Need>) -> Option<Google> {
    let key_file = section.text_or("key_file", PathBuf::from("credentials/google.json"), checks::path);
    let sheets_base = section.text_or_else("sheets_base", "https://sheets.googleapis.com", |text| {
        checks::url(text, Urls::Sheets)
    });
    let drive_base = section.text_or_else("drive_base", "https://www.googleapis.com", |text| checks::url(text, Urls::Drive));
    let token_uri = section.text("token_uri", |text| checks::url(text, Urls::Tokens));
    for key in ["key", "private_key", "password"] {
        section.refuse(key, NO_SECRETS, GOOGLE_KEY.remedy);
    }
    section.finish();
    let (need, key_file) = (need?, key_file?);
    let key = keeping.secret(&section, GOOGLE_KEY, Some(&key_file), |text| Ok(SecretString::from(text)))?;
    // Where there is no section the fault belongs to the rota that needs it.
    let key = key.map_err(|fault| Fault {
        line: fault.line.or_else(|| need.line.filter(|_| fault.key != GOOGLE_KEY.variable)),
        ..fault
    });
    Some(Google {
        key_place: match keeping.variable(GOOGLE_KEY.variable) {
            Some(_) => GOOGLE_KEY.variable.to_owned(),
            None => keeping.folder.join(key_file).display().to_string(),
        },
        key: settled(&section, keeping, key),
        sheets_base: sheets_base?,
        drive_base: drive_base?,
        token_uri,
    })
}

/// How to read SharePoint and OneDrive, where a rota needs it.
pub(super) fn microsoft(mut section: Section<'_, '_>, keeping: Keeping<'_>, need: Option<&Need>) -> Option<Microsoft> {
    let tenant = section.secretive("tenant", checks::tenant);
    let client_id = section.secretive("client_id", checks::client_id);
    let secret_file = section.text("client_secret_file", checks::path);
    let certificate_file = section.text("certificate_file", checks::path);
    let client_secret_expires = section.date("client_secret_expires");
    let graph_base = section.text_or_else("graph_base", "https://graph.microsoft.com", |text| checks::url(text, Urls::Graph));
    let login_base = section.text_or_else("login_base", "https://login.microsoftonline.com", |text| {
        checks::url(text, Urls::Login)
    });
    for key in ["client_secret", "secret", "password", "certificate"] {
        section.refuse(key, NO_SECRETS, CLIENT_SECRET.remedy);
    }
    section.finish();
    let need = need?;
    if !section.is_there() {
        section.missing_at(
            need.line,
            &format!("missing, and {} is read with it", need.key),
            "Write [microsoft] with tenant, client_id and client_secret_file or certificate_file; `rotaline serve --print-config` explains them",
        );
        return None;
    }
    section.missing(
        "tenant",
        "It is the Directory (tenant) ID on the app registration's Overview in entra.microsoft.com",
    );
    section.missing(
        "client_id",
        "It is the Application (client) ID on the app registration's Overview in entra.microsoft.com",
    );
    let secret = keeping.secret(&section, CLIENT_SECRET, secret_file.as_ref(), checks::client_secret);
    let certificate = keeping.secret(&section, CERTIFICATE, certificate_file.as_ref(), |text| {
        Ok(SecretString::from(text))
    });
    let credential = match (secret, certificate) {
        (Some(secret), None) => secret.map(MicrosoftCredential::Secret),
        (None, Some(certificate)) => certificate.map(MicrosoftCredential::Certificate),
        (Some(_), Some(_)) => Err(section.make_fault(
            "certificate_file",
            "said beside a client secret",
            "Keep one of the two; with the certificate no secret travels",
        )),
        (None, None) => Err(section.make_fault("client_secret_file", "missing, and so is certificate_file", CLIENT_SECRET.remedy)),
    };
    Some(Microsoft {
        credential: settled(&section, keeping, credential),
        tenant: tenant?,
        client_id: client_id?,
        client_secret_expires,
        graph_base: graph_base?,
        login_base: login_base?,
    })
}

/// Whom the service tells about itself.
pub(super) fn notices(mut section: Section<'_, '_>, keeping: Keeping<'_>, seen: &Seen) -> Notices {
    let file = section.text("webhook_file", checks::path);
    section.refuse("webhook", "whoever has the address can write there: it is a secret", WEBHOOK.remedy);
    let mail = section.inline("mail", MAIL_REMEDY);
    let texts = section.list("texts", MOST_TEXTS, checks::number);
    let findings = section.text_or("findings", Some(Severity::Warn), findings_told);
    section.finish();
    // Commands that only read rotas tell nobody.
    let webhook = match keeping.needed {
        Secrets::All | Secrets::OfCalls => keeping.secret(&section, WEBHOOK, file.as_ref(), checks::webhook),
        Secrets::OfSources => None,
    };
    let webhook = webhook.and_then(|webhook| settled(&section, keeping, webhook).ok());
    let mail = mail.and_then(|mail| mailed(mail, keeping));
    for (number, line) in &texts {
        seen.report_loop(&section, "texts", number, *line);
    }
    Notices {
        webhook,
        mail,
        texts: texts.into_iter().map(|(number, _)| number).collect(),
        findings: findings.flatten(),
    }
}

/// How notices are mailed. Also where rotas are only read what is written is judged; the password is not looked at.
fn mailed(mut section: Section<'_, '_>, keeping: Keeping<'_>) -> Option<Mail> {
    let host = section.required_text("host", "Name your mail server, such as \"smtp.example.org\"", checks::mail_host);
    let security = section.text_or("tls", MailSecurity::StartTls, checks::mail_security);
    let usual = security.map_or(0, |security| match security {
        MailSecurity::StartTls => 587,
        MailSecurity::Tls => 465,
        MailSecurity::None => 25,
    });
    let port = section.whole("port", 1..=65_535, usual).and_then(|port| u16::try_from(port).ok());
    let user = section.text("user", checks::mail_user);
    let file = section.text("password_file", checks::path);
    section.refuse("password", NO_SECRETS, MAIL_PASSWORD.remedy);
    let from = section.required_text(
        "from",
        "Write the address that your mail server lets us send from",
        checks::mail_address,
    );
    section.missing("to", "Write whom to tell: to = [\"ops@example.org\"]");
    let to = section.list("to", MOST_MAILS, checks::mail_address);
    if section.has_empty_list("to") {
        section.fault("to", "nobody is in it", "Write whom to tell: to = [\"ops@example.org\"]");
    }
    section.finish();
    let (host, security) = (host?, security?);
    if security == MailSecurity::None && !checks::is_this_machine(&host) {
        let seen = format!("\"none\", and {host} is not this very machine");
        section.fault("tls", seen, "Write \"starttls\", or \"tls\" where the server wants that");
    }
    let password = match keeping.needed {
        Secrets::All | Secrets::OfCalls => keeping.secret(&section, MAIL_PASSWORD, file.as_ref(), checks::password),
        Secrets::OfSources => None,
    };
    let login = match (user, password) {
        (Some(user), Some(password)) => Some((user, settled(&section, keeping, password).ok()?)),
        (Some(_), None) if keeping.needed != Secrets::OfSources => {
            section.fault("password_file", "missing, and there is a user", MAIL_PASSWORD.remedy);
            None
        }
        (None, Some(_)) => {
            section.fault(
                "user",
                "missing, and there is a password",
                "Write as whom the mail server knows us, or take the password away",
            );
            None
        }
        (Some(_) | None, None) => None,
    };
    Some(Mail {
        host,
        port: port?,
        security,
        login,
        from: from?,
        to: to.into_iter().map(|(to, _)| to).collect(),
    })
}

/// From which severity on new findings are told.
fn findings_told(text: &str) -> Result<Option<Severity>, String> {
    match text {
        "stop" => Ok(Some(Severity::Stop)),
        "warn" => Ok(Some(Severity::Warn)),
        "off" => Ok(None),
        _ => Err("Allowed: \"stop\", \"warn\", \"off\"".to_owned()),
    }
}

const NO_SECRETS: &str = "a secret does not belong into this file";

/// A secret that is not right stops the service; where rotas are only read it is told by whatever needs it.
fn settled<T>(section: &Section<'_, '_>, keeping: Keeping<'_>, secret: Result<T, Fault>) -> Result<T, Fault> {
    if let (Secrets::All, Err(fault)) = (keeping.needed, &secret) {
        section.report(fault.clone());
    }
    secret
}
