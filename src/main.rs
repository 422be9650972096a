//! The `rotaline` command: understands what was typed, has it done, and writes the answer.

use chrono::{DateTime, Utc};
use rotaline::cli::{self, Cli, Command, Status, Unreadable};
use rotaline::clock::Clock;
use rotaline::config;
use serde::Serialize;
use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::parse();
    let outcome = run(&cli, Clock::system().now());
    let written = match &outcome {
        Ok((text, _)) => cli::write(&mut io::stdout().lock(), text),
        Err(error) => cli::write(&mut io::stderr().lock(), &format!("rotaline: {error:#}\n")),
    };
    let status = match (outcome, written) {
        (Ok((_, status)), Ok(())) => status,
        (Err(_), _) | (_, Err(_)) => Status::Unusable,
    };
    ExitCode::from(status.code())
}

/// Does what was asked for, and returns the answer with the exit status.
fn run(cli: &Cli, now: DateTime<Utc>) -> anyhow::Result<(String, Status)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match &cli.command {
        Command::Who(question) => {
            let report = runtime.block_on(cli::who(question, &cli.config, now))?;
            answer(question.json, &report, report.status(), cli::WhoReport::text)
        }
        Command::Check(question) => {
            let report = runtime.block_on(cli::check(question, &cli.config, now))?;
            answer(question.json, &report, report.status(), cli::CheckReport::text)
        }
        Command::Serve(serve) if serve.print_config => Ok((config::MANUAL.to_owned(), Status::Fine)),
        Command::Serve(_) | Command::Demo(_) | Command::Drill(_) => {
            Err(Unreadable::Question("this command is built with the application".to_owned()).into())
        }
    }
}

/// The answer for people, or as JSON.
fn answer<R: Serialize>(json: bool, report: &R, status: Status, text: impl Fn(&R) -> String) -> anyhow::Result<(String, Status)> {
    let text = if json {
        serde_json::to_string_pretty(report)? + "\n"
    } else {
        text(report)
    };
    Ok((text, status))
}
