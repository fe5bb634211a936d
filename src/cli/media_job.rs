//! `ishara media-job`: the caged child. Started by the program itself for each media job, never by people.

use std::path::PathBuf;
use std::process::ExitCode;

/// Runs one media job inside the cage.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The order, written by the parent process.
    spec: PathBuf,
}

/// Runs the order. Must be called before any runtime or thread is started: the cage shuts in the calling thread and
/// everything that it starts later.
pub fn run(args: Args) -> ExitCode {
    ExitCode::from(media::job::run(&args.spec))
}
