//! `jobs list|retry|discard`.

use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::ids::JobId;
use crate::jobs::{self, JobState};
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show jobs, newest first.
    List {
        /// queued, running, retry_at, succeeded, dead or cancelled.
        #[arg(long, value_parser = state)]
        state: Option<JobState>,
        /// At most this many.
        #[arg(long, default_value = "100")]
        limit: i64,
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Queue a dead or cancelled job again.
    Retry {
        /// As listed.
        id: JobId,
    },
    /// Put a dead job away for good.
    Discard {
        /// As listed.
        id: JobId,
    },
}

fn state(word: &str) -> Result<JobState, String> {
    JobState::parse(word).ok_or_else(|| {
        let words: Vec<&str> = JobState::ALL.iter().map(|state| state.as_str()).collect();
        format!("no such state; choose one of {}", words.join(", "))
    })
}

/// Lists, retries or discards.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let app = super::open().await?;
    match args.what {
        Verb::List { state, limit, json } => list(&app, state, limit, json).await?,
        Verb::Retry { id } => {
            let mut tx = app.db.begin().await?;
            jobs::retry(&mut tx, id).await?;
            tx.record(Entry::new(Actor::System, "job.retried", "job", id));
            tx.commit().await?;
        }
        Verb::Discard { id } => {
            let mut tx = app.db.begin().await?;
            jobs::discard(&mut tx, id).await?;
            tx.record(Entry::new(Actor::System, "job.discarded", "job", id));
            tx.commit().await?;
        }
    }
    app.db.close().await;
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
async fn list(app: &App, state: Option<JobState>, limit: i64, json: bool) -> anyhow::Result<()> {
    let mut read = app.db.read().await?;
    for job in jobs::list(&mut read, state, None, limit).await? {
        if json {
            println!("{}", serde_json::to_string(&job)?);
            continue;
        }
        let why = job.error.as_deref().unwrap_or("");
        println!(
            "{}  {:<16} {:<10} {}/{}  {}",
            job.id, job.kind, job.state, job.attempt, job.max_attempts, why
        );
    }
    Ok(())
}
