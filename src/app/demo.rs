//! `rotaline demo`: everything at once, without an account.

use super::asked_to_stop;
use super::service::Extras;
use super::stage::{Accounts, Setting, Stage};
use crate::access::{Access, Hotlines, LINK_LASTS, Rights, Role, UserName};
use crate::cli::{self, Demo, Status};
use crate::clock::Clock;
use crate::config::Source;
use crate::roster::{Settings, wall_clock};
use crate::web::link_path;
use crate::{metrics, sample};
use anyhow::Context as _;
use chrono_tz::Australia::Melbourne;
use secrecy::{ExposeSecret as _, SecretString};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Where the sample workbook lies, below the current folder: to be opened, changed and watched.
const FOLDER: &str = "demo";
/// Three times as fast as real phones: long enough to follow, short enough to wait for.
const PACE: u32 = 3;

pub(super) async fn run(demo: &Demo, clock: Clock) -> anyhow::Result<Status> {
    let rota = sample_rota(clock)?;
    let recorder = metrics::install().context("the recorder of metrics")?;
    let setting = Setting {
        rota: vec![Source::File(rota.clone())],
        accounts: Accounts::default(),
        given: Settings::default(),
        listen: demo.listen,
        pace: PACE,
        front: None,
        seed: clock.now().timestamp_millis().unsigned_abs(),
        refresh: Duration::from_secs(2),
        push: false,
        reception: crate::reception::Reception::default(),
        words: crate::call::OwnWords::default(),
        recordings: super::stage::Recordings::default(),
        rules: |rules| rules,
        menus: Vec::new(),
        incident_token: None,
        with_test_line: true,
        bring_in_key: true,
        extras: Extras {
            recorder: Some(recorder),
            ..Extras::default()
        },
    };
    let stage = Stage::set(setting, clock).await?;
    let opened = opened(stage.access()).await?;
    let metrics = stage
        .service()
        .admin_address()
        .map(|address| format!("  Numbers    http://{address}/metrics\n"))
        .unwrap_or_default();
    let address = stage.service().address();
    let greeting = format!(
        "\nRotaline is running with a sample rota and a simulated telephone network ({PACE} times as fast as real phones).\n\n  \
         Page       http://{address}{}  (signs in once, within {} minutes)\n  \
         Programs   curl -H \"Authorization: Bearer {}\" http://{address}/api/v1/hotlines\n  \
         Rota       {}  (open it, change it, save it: the page follows)\n{metrics}\n\
         Place a test call on the page. Control-C ends the demo; nothing of it is kept but the workbook.\n\n",
        opened.link,
        LINK_LASTS.num_minutes(),
        opened.token.expose_secret(),
        rota.display()
    );
    cli::write(&mut io::stdout().lock(), &greeting)?;
    asked_to_stop().await?;
    stage.strike().await;
    Ok(Status::Fine)
}

/// By what the demo is opened.
struct Opened {
    /// The path of a link.
    link: String,
    token: SecretString,
}

async fn opened(access: &Access) -> anyhow::Result<Opened> {
    let everything = Rights {
        role: Role::Operator,
        hotlines: Hotlines::All,
    };
    let name = UserName::parse("demo").map_err(anyhow::Error::msg)?;
    access.add_user(&name, None, &everything).await?;
    let word = access.make_link(&name).await?;
    Ok(Opened {
        link: link_path(&word),
        token: access.add_token(&name, &everything).await?,
    })
}

/// The workbook of an earlier demo if it still covers today, so that what somebody tried out in it stays; else a new one.
pub(super) fn sample_rota(clock: Clock) -> anyhow::Result<PathBuf> {
    let today = wall_clock::to_local(Melbourne, clock.now()).date();
    let path = PathBuf::from(FOLDER).join(format!("rota-{}.xlsx", today.format("%G-W%V")));
    if !path.exists() {
        std::fs::create_dir_all(FOLDER).with_context(|| format!("cannot make the folder {FOLDER}"))?;
        std::fs::write(&path, sample::workbook(today)?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(path)
}
