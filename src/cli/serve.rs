//! `serve` and `migrate`.

use super::upkeep;
use crate::app::App;
use crate::catalog;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::jobs::Runner;
use crate::matching::MeaningFollower;
use crate::questions;
use crate::search::Follower;
use crate::web::{self, Listeners};
use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use nix::fcntl::{Flock, FlockArg};
use secrecy::ExposeSecret as _;
use std::fs::File;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::info;

/// What this process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ServeRole {
    /// Pages, API and jobs.
    All,
    /// Pages and API only.
    Web,
    /// Jobs only.
    Worker,
}

#[derive(Debug, clap::Args)]
pub struct Args {
    /// What this process does.
    #[arg(long, value_enum, default_value = "all")]
    role: ServeRole,
}

#[derive(Debug, clap::Args)]
pub struct MigrateArgs {
    #[command(subcommand)]
    what: MigrateVerb,
}

#[derive(Debug, Subcommand)]
enum MigrateVerb {
    /// Apply what is missing.
    Up,
    /// Show what is applied and what is missing.
    Status {
        /// For programs.
        #[arg(long)]
        json: bool,
    },
}

/// Serves until SIGTERM or SIGINT.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    start_log();
    let config = Config::from_environment()?;
    std::fs::create_dir_all(&config.data).context("making the data folder")?;
    let _alone = lock_data_folder(&config)?;
    let app = super::open_with(config).await?;
    let listeners = Listeners::bind(&app, args.role != ServeRole::Worker).await?;
    let workers =
        if args.role == ServeRole::Web { None } else { Some(runner(&app).start(app.config.workers).await?) };
    let stop = CancellationToken::new();
    tokio::spawn(wait_for_signal(stop.clone()));
    let follower = tokio::spawn(Follower::new(app.db.clone(), app.search.clone()).run(stop.clone()));
    let meanings = MeaningFollower::new(app.db.clone(), app.meanings.clone());
    let meanings = tokio::spawn(meanings.run(stop.clone()));
    app.uploads.start_sweeping();
    questions::schedule_retention(&app).await?;
    questions::schedule_escalation(&app).await?;
    let briefs = tokio::spawn(questions::follow_publications(app.clone(), stop.clone()));
    let upkeep = tokio::spawn(upkeep::run(app.clone(), stop.clone()));
    web::serve(app.clone(), listeners, stop).await?;
    info!("draining");
    app.uploads.drain().await;
    follower.await.context("the follower of the change feed")?;
    meanings.await.context("the follower of the meanings")?;
    briefs.await.context("the follower of the studio's briefs")?;
    upkeep.await.context("the upkeep")?;
    if let Some(workers) = workers {
        workers.drain().await;
    }
    app.db.close().await;
    info!("ended");
    Ok(ExitCode::SUCCESS)
}

/// Every kind of job of the product.
pub fn runner(app: &App) -> Runner<App> {
    let runner = Runner::new(app.db.clone(), app.clone())
        .with::<catalog::Prepare>()
        .with::<catalog::MakePackage>()
        .with::<catalog::PublishScheduled>()
        .with::<catalog::Lapse>();
    questions::register(runner)
}

/// One process at a time on one SQLite folder; PostgreSQL may have many.
pub(super) fn lock_data_folder(config: &Config) -> anyhow::Result<Option<Flock<File>>> {
    if !config.database_url.expose_secret().starts_with("sqlite:") {
        return Ok(None);
    }
    let path = config.data.join("ishara.lock");
    let file = File::create(&path).with_context(|| format!("opening {}", path.display()))?;
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(lock) => Ok(Some(lock)),
        Err(_) => anyhow::bail!("another ishara is serving from {}", config.data.display()),
    }
}

fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn,tantivy=warn"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::IsTerminal::is_terminal(&std::io::stderr()) { lines.init() } else { lines.json().init() }
}

async fn wait_for_signal(stop: CancellationToken) {
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tokio::select! { _ = term.recv() => {} _ = int.recv() => {} }
    info!("stopping; once more ends at once");
    stop.cancel();
    tokio::select! { _ = term.recv() => {} _ = int.recv() => {} }
    std::process::exit(1);
}

/// `migrate up` and `migrate status`.
#[expect(clippy::print_stdout, reason = "the answer of the command")]
pub async fn migrate(args: MigrateArgs) -> anyhow::Result<ExitCode> {
    let config = Config::from_environment()?;
    std::fs::create_dir_all(&config.data).context("making the data folder")?;
    let db = Db::connect(config.database_url.expose_secret(), Clock::system()).await?;
    match args.what {
        MigrateVerb::Up => {
            db.migrate().await?;
            println!("the schema is up to date");
        }
        MigrateVerb::Status { json } => {
            let status = db.schema_status().await?;
            if json {
                println!("{}", serde_json::to_string(&status)?);
            } else {
                println!("applied: {:?}\npending: {:?}", status.applied, status.pending);
            }
        }
    }
    db.close().await;
    Ok(ExitCode::SUCCESS)
}
