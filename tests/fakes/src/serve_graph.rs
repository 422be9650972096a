//! `fakes graph`: a sample SharePoint site; what is typed is an edit of one of its lists, and saving the workbook is an edit of that.

use crate::say;
use clap::Args;
use fakes::graph::Graph;
use fakes::graph::sample::{SITE, Sample, WORKBOOK};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};

/// How often the workbook is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Options of `fakes graph`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:7002")]
    listen: String,
    /// The workbook in the site's library, taken in again whenever it is saved. `rotaline sample` makes one.
    #[arg(long, value_name = "FILE")]
    workbook: Option<PathBuf>,
    /// Where to write the application's secret.
    #[arg(long, default_value = "credentials/fake-graph-secret")]
    secret_file: PathBuf,
    /// Where to write the application's key and certificate, for signing in with these.
    #[arg(long, default_value = "credentials/fake-graph.pem")]
    certificate_file: PathBuf,
    /// Notifications for a public address go to this machine: `https://rota.example.org=http://127.0.0.1:8080`.
    #[arg(long, value_name = "PUBLIC=LOCAL")]
    door: Vec<String>,
    /// The application may not read the site.
    #[arg(long)]
    not_granted: bool,
    /// The application's secret is too old.
    #[arg(long)]
    expired_secret: bool,
}

/// Serves until it is interrupted.
pub(crate) async fn run(options: Options) -> Result<(), String> {
    let workbook = match &options.workbook {
        Some(path) => read(path)?,
        None => include_bytes!("../../fixtures/sample-rota.xlsx").to_vec(),
    };
    let graph = Graph::start_on(&options.listen).await;
    let now = graph.clock().now();
    let sample = Sample::fill(graph, workbook, now);
    for door in &options.door {
        let (public, local) = door.split_once('=').ok_or_else(|| format!("{door}: there should be an = in it"))?;
        sample.graph.door(public, local);
    }
    if options.not_granted {
        sample.graph.revoke(&sample.site);
    }
    if options.expired_secret {
        sample.graph.expire_secret();
    }
    write_privately(&options.secret_file, sample.graph.client_secret())?;
    write_privately(&options.certificate_file, sample.graph.certificate_pem())?;
    say(&sample.configuration(&options.secret_file.display().to_string()));
    say(&format!(
        "\n# The site is {SITE}. To sign in with the certificate instead: certificate_file = \"{}\".\n# Type an edit: Rota 2, 1st = Tom Okafor",
        options.certificate_file.display()
    ));
    tokio::select! {
        () = take_edits(&sample) => Ok(()),
        () = take_workbook(&sample, options.workbook.as_deref()) => Ok(()),
        end = tokio::signal::ctrl_c() => end.map_err(|error| error.to_string()),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file that only its owner may read.
fn write_privately(path: &Path, text: &str) -> Result<(), String> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let write = || {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        file.write_all(text.as_bytes())
    };
    write().map_err(|error| format!("{}: {error}", path.display()))
}

/// Carries out what is typed, for ever; without a keyboard, nothing.
async fn take_edits(sample: &Sample) {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if line.trim().is_empty() {
            continue;
        }
        match sample.edit(&line) {
            Ok(words) | Err(words) => say(&format!("# {words}")),
        }
    }
    std::future::pending().await
}

/// Takes the workbook in whenever it was saved, for ever.
async fn take_workbook(sample: &Sample, path: Option<&Path>) {
    let Some(path) = path else {
        return std::future::pending().await;
    };
    let mut known = read(path).unwrap_or_default();
    loop {
        tokio::time::sleep(LOOK).await;
        // A program that is just saving it may have taken it away for a moment.
        let Some(bytes) = read(path).ok().filter(|bytes| !bytes.is_empty() && *bytes != known) else {
            continue;
        };
        say(&format!("# {WORKBOOK}: taken in anew"));
        sample.graph.put_file(&sample.site, WORKBOOK, bytes.clone());
        known = bytes;
    }
}
