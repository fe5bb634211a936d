//! The command line: one file for each group of verbs.

mod audit;
mod channel;
mod explain;
mod import;
mod jobs;
mod lines;
mod match_;
mod media_console;
mod media_job;
mod model;
mod people;
mod probe;
mod redact;
mod reindex;
mod search;
mod sentences;
mod serve;
mod train;
mod transcode;
mod upkeep;
mod verify;

use crate::app::App;
use crate::catalog;
use crate::clock::Clock;
use crate::config::Config;
use anyhow::Context as _;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Ishara (إشارة): a sign-language content manager.
///
/// Settings come from ISHARA_* variables or the file named by ISHARA_CONFIG; see the README.
#[derive(Debug, Parser)]
#[command(name = "ishara", version)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve pages and API, and run jobs.
    Serve(serve::Args),
    /// Bring the database schema up to date, or show where it stands.
    Migrate(serve::MigrateArgs),
    /// Load clips from a manifest.
    Import(import::Args),
    /// List, retry and discard background jobs.
    Jobs(jobs::Args),
    /// Check every stored file, row and the audit chain.
    Verify(verify::Args),
    /// Build the search index anew.
    Reindex(reindex::Args),
    /// Verify or export the audit chain.
    Audit(audit::Args),
    /// Redact lines of standard input and say how each would be routed.
    Redact(redact::Args),
    /// Say what a clip is and whether it can be used.
    Probe(probe::Args),
    /// Make every rendition and picture of a clip, as production does.
    Transcode(transcode::Args),
    /// Run one media job inside the cage (the program starts this itself).
    #[command(hide = true)]
    MediaJob(media_job::Args),
    /// Match a file of questions to a library of answers offline, with the server's own matcher.
    Match(match_::Args),
    /// Say why a question is matched as it is.
    Explain(explain::Args),
    /// Search a file of texts offline, with the server's own search.
    Search(search::Args),
    /// Import or check the sentence model.
    Model(model::Args),
    /// Fit the matcher's weights to the team's decisions.
    Train(train::Args),
    /// Manage staff accounts.
    User(people::UserArgs),
    /// Manage API tokens.
    Token(people::TokenArgs),
    /// Manage the accounts that deliver questions.
    Channel(channel::Args),
}

/// Exit code of a check that found something.
pub const FOUND: u8 = 1;
/// Exit code of an input that was refused with a reason.
pub const REFUSED: u8 = 3;
/// Exit code of a failure on our side.
pub const FAILED: u8 = 4;

/// Runs the verb of the command line.
pub fn run() -> ExitCode {
    let verb = match Arguments::parse().verb {
        // The cage must be entered while the process has a single thread.
        Verb::MediaJob(args) => return media_job::run(args),
        verb => verb,
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(why) => return report(&anyhow::Error::new(why).context("starting the runtime")),
    };
    match runtime.block_on(run_verb(verb)) {
        Ok(code) => code,
        Err(why) => report(&why),
    }
}

async fn run_verb(verb: Verb) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Serve(args) => serve::run(args).await,
        Verb::Migrate(args) => serve::migrate(args).await,
        Verb::Import(args) => import::run(args).await,
        Verb::Jobs(args) => jobs::run(args).await,
        Verb::Verify(args) => verify::run(args).await,
        Verb::Reindex(args) => reindex::run(args).await,
        Verb::Audit(args) => audit::run(args).await,
        Verb::Redact(args) => redact::run(args).await,
        Verb::Probe(args) => probe::run(args).await,
        Verb::Transcode(args) => transcode::run(args).await,
        Verb::MediaJob(args) => Ok(media_job::run(args)),
        Verb::Match(args) => match_::run(args).await,
        Verb::Explain(args) => explain::run(args).await,
        Verb::Search(args) => search::run(args).await,
        Verb::Model(args) => model::run(args).await,
        Verb::Train(args) => train::run(args).await,
        Verb::User(args) => people::user(args).await,
        Verb::Token(args) => people::token(args).await,
        Verb::Channel(args) => channel::run(args).await,
    }
}

#[expect(clippy::print_stderr, reason = "errors of the command line go to stderr")]
fn report(why: &anyhow::Error) -> ExitCode {
    eprintln!("ishara: {why:#}");
    let refused = why.downcast_ref::<crate::refusal::Refusal>().is_some();
    ExitCode::from(if refused { REFUSED } else { FAILED })
}

/// Opens the program with its settings from the environment, with the starting catalogue in place.
async fn open() -> anyhow::Result<App> {
    open_with(Config::from_environment()?).await
}

async fn open_with(config: Config) -> anyhow::Result<App> {
    let app = App::open(config, Clock::system()).await?;
    catalog::seed_at_first_start(&app.db).await.context("adding the starting set of services")?;
    Ok(app)
}
