//! `reindex`: builds the search index anew from the database.

use super::serve::lock_data_folder;
use crate::config::Config;
use crate::search::Follower;
use std::process::ExitCode;

/// Takes no arguments.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Rebuilds the index of this data folder. A running server rebuilds its own by itself, so it must not be running here.
#[expect(clippy::print_stdout, reason = "the answer of the command")]
pub async fn run(_args: Args) -> anyhow::Result<ExitCode> {
    let config = Config::from_environment()?;
    std::fs::create_dir_all(&config.data)?;
    let _alone = lock_data_folder(&config)?;
    let app = super::open_with(config).await?;
    Follower::new(app.db.clone(), app.search.clone()).rebuild().await?;
    println!("{} clips are in the index", app.search.clip_count());
    app.db.close().await;
    Ok(ExitCode::SUCCESS)
}
