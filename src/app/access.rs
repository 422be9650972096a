//! `rotaline user`, `token` and `audit`: who may sign in, and what they have done. Works beside a running service, on the same
//! store.

use super::answer;
use super::service::{open_kept, open_store, public_url};
use crate::access::{Access, Identity, LINK_LASTS, PasswordHash, Rights, Role, UserName, judge_password};
use crate::cli::{self, AskedRights, Audit, NamedReport, Status, TokenOrder, UserOrder};
use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::store::{Audited, Store};
use crate::web::link_path;
use anyhow::{Context as _, bail};
use secrecy::{ExposeSecret as _, SecretString};
use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::path::Path;

/// No password that is read from a pipe is longer, in bytes.
const LONGEST_LINE: u64 = 1_024;
/// Lines of the audit log read at once.
const BATCH: u32 = 500;

pub(super) async fn users(order: &UserOrder, path: &Path, env: &Environment, clock: Clock) -> anyhow::Result<Status> {
    if let UserOrder::Hash = order {
        return said(&format!("{}\n", chosen_password()?.as_str()));
    }
    let config = Config::load_for_reading(path, env)?;
    let store = open_store(&config.store.database).await?;
    let access = Access::new(store.clone(), clock, config.roll.clone());
    let outcome = Box::pin(user(order, &config, path, &store, &access)).await;
    store.close().await;
    outcome
}

async fn user(order: &UserOrder, config: &Config, path: &Path, store: &Store, access: &Access) -> anyhow::Result<Status> {
    match order {
        UserOrder::Add { name, rights, link, oidc } => {
            let (name, rights) = (named(name)?, rights_in(config, rights, path)?);
            let identity = oidc.as_deref().map(Identity::parse).transpose().map_err(anyhow::Error::msg)?;
            let is_asked = !*link && identity.is_none();
            let password = if is_asked { Some(chosen_password()?) } else { None };
            access.add_user_as(&name, password.as_ref(), identity.as_ref(), &rights).await?;
            let added = format!("{name} may sign in: {} of {}.\n", rights.role, rights.hotlines);
            if *link {
                linked(&name, &added, config, store, access).await
            } else {
                said(&added)
            }
        }
        UserOrder::List { json } => {
            let nobody = "Nobody may sign in yet: rotaline user add NAME --role operator";
            let report = NamedReport::new(access.users().await?, nobody);
            answer(*json, &report, Status::Fine, NamedReport::text)
        }
        UserOrder::Remove { name } => {
            let name = named(name)?;
            access.remove_user(&name).await?;
            said(&format!("{name} is gone, and signed out everywhere.\n"))
        }
        UserOrder::Password { name } => {
            let name = named(name)?;
            access.set_password(&name, &chosen_password()?).await?;
            said(&format!("{name} has another password, and is signed out everywhere.\n"))
        }
        UserOrder::Link { name } => linked(&named(name)?, "", config, store, access).await,
        UserOrder::Hash => Ok(Status::Fine),
    }
}

/// Prints a link, with our address where that is known.
async fn linked(name: &UserName, before: &str, config: &Config, store: &Store, access: &Access) -> anyhow::Result<Status> {
    let known = public_url(config, store).await?.subscribe();
    let base = known.borrow().as_ref().map(ToString::to_string);
    let base = base.unwrap_or_else(|| format!("http://{}", config.server.listen));
    let word = access.make_link(name).await?;
    let minutes = LINK_LASTS.num_minutes();
    let link = format!("{}{}", base.trim_end_matches('/'), link_path(&word));
    said(&format!(
        "{before}Whoever follows this link within {minutes} minutes is signed in as {name}, once:\n{link}\n"
    ))
}

pub(super) async fn tokens(order: &TokenOrder, path: &Path, env: &Environment, clock: Clock) -> anyhow::Result<Status> {
    let config = Config::load_for_reading(path, env)?;
    let store = open_store(&config.store.database).await?;
    let access = Access::new(store.clone(), clock, config.roll.clone());
    let outcome = token(order, &config, path, &access).await;
    store.close().await;
    outcome
}

async fn token(order: &TokenOrder, config: &Config, path: &Path, access: &Access) -> anyhow::Result<Status> {
    match order {
        TokenOrder::Add { name, rights } => {
            let word = access.add_token(&named(name)?, &rights_in(config, rights, path)?).await?;
            // By itself on standard output, so that it can be kept by a pipe.
            cli::write(&mut io::stderr().lock(), "This token is shown once: keep it now.\n")?;
            said(&format!("{}\n", word.expose_secret()))
        }
        TokenOrder::List { json } => {
            let report = NamedReport::new(
                access.tokens().await?,
                "There is no token yet: rotaline token add NAME --role viewer",
            );
            answer(*json, &report, Status::Fine, NamedReport::text)
        }
        TokenOrder::Remove { name } => {
            let name = named(name)?;
            access.remove_token(&name).await?;
            said(&format!("The token {name} opens nothing any more.\n"))
        }
    }
}

pub(super) async fn audit(asked: &Audit, path: &Path, env: &Environment, clock: Clock) -> anyhow::Result<Status> {
    let config = Config::load_for_reading(path, env)?;
    let since = asked.since(clock.now())?;
    let store = open_kept(&config.store.database).await?;
    let store = store.context("there is no store yet: `rotaline serve` makes one")?;
    let mut lines = Vec::new();
    loop {
        let before = lines.last().map(|line: &Audited| line.number);
        let more = store.audit(since, before, BATCH).await?;
        if more.is_empty() {
            break;
        }
        lines.extend(more);
    }
    store.close().await;
    lines.reverse();
    answer(asked.json, &lines, Status::Fine, |lines| {
        let text: String = lines.iter().map(audit_text).collect();
        if text.is_empty() {
            "Nothing has been noted.\n".to_owned()
        } else {
            text
        }
    })
}

fn audit_text(line: &Audited) -> String {
    let from = line.client.as_ref().map(|client| format!(" from {client}")).unwrap_or_default();
    let hotline = line
        .hotline
        .as_ref()
        .map(|hotline| format!(" (hotline {hotline})"))
        .unwrap_or_default();
    let at = line.at.format("%Y-%m-%dT%H:%M:%SZ");
    format!("{at}  {} {}{from} {}{hotline}\n", line.kind, line.who, line.about)
}

fn said(text: &str) -> anyhow::Result<Status> {
    cli::write(&mut io::stdout().lock(), text)?;
    Ok(Status::Fine)
}

fn named(text: &str) -> anyhow::Result<UserName> {
    UserName::parse(text).map_err(|remedy| anyhow::anyhow!("saw \"{text}\". {remedy}"))
}

fn rights_in(config: &Config, asked: &AskedRights, path: &Path) -> anyhow::Result<Rights> {
    let role = Role::parse(&asked.role).with_context(|| format!("there is no role {}", asked.role))?;
    let mut names = Vec::new();
    for hotline in &asked.hotline {
        names.push(cli::hotline(config, Some(hotline), path)?.name.clone());
    }
    Rights::new(role, names).context("an operator runs the whole service: leave --hotline out")
}

/// Asked for twice on the terminal, without showing it; or the first line of a pipe.
fn chosen_password() -> anyhow::Result<PasswordHash> {
    let password = if io::stdin().is_terminal() {
        let first = SecretString::from(rpassword::prompt_password("Password: ")?);
        let again = SecretString::from(rpassword::prompt_password("The same again: ")?);
        if first.expose_secret() != again.expose_secret() {
            bail!("the two are not the same; nothing has changed");
        }
        first
    } else {
        let mut line = String::new();
        io::stdin()
            .lock()
            .take(LONGEST_LINE)
            .read_line(&mut line)
            .context("no password can be read")?;
        SecretString::from(line.trim_end_matches(['\r', '\n']).to_owned())
    };
    judge_password(&password).map_err(anyhow::Error::msg)?;
    PasswordHash::of(&password).map_err(anyhow::Error::msg)
}
