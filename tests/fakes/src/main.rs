//! Serves a fake for trying rotaline out without an account anywhere: it prints what to put into the configuration.

mod serve_google;

use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// Google and Microsoft Graph on this machine, for trying rotaline out.
#[derive(Debug, Parser)]
#[command(name = "fakes")]
struct Cli {
    #[command(subcommand)]
    which: Which,
}

#[derive(Debug, Subcommand)]
enum Which {
    /// The Sheets and the Drive API with a service account.
    Google(serve_google::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let served = match Cli::parse().which {
        Which::Google(options) => serve_google::run(options).await,
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            say(&words);
            ExitCode::FAILURE
        }
    }
}

/// Tells the person at the terminal. One who has gone away does not end the serving.
fn say(words: &str) {
    drop(writeln!(std::io::stdout(), "{words}"));
}
