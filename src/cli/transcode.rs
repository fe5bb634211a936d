//! `ishara transcode`: the production pipeline on one file, caged as in production.

use super::media_console as console;
use crate::cage::{Cage, CageError, Operation, Order, Outcome};
use crate::config::Config;
use anyhow::Context;
use media::{Checks, Intake, MediaResult, Reason, TranscodeOptions, Trim};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Makes every rendition, the posters, the preview and the storyboard of a clip.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The clip.
    file: PathBuf,
    /// Where the files and `result.json` go; made if it is missing.
    #[arg(long)]
    out: PathBuf,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
    /// Refuse what an upload check blocks, as the studio does.
    #[arg(long)]
    enforce_checks: bool,
    /// Begin at this second of the clip.
    #[arg(long, value_name = "SECONDS")]
    from: Option<f64>,
    /// End at this second of the clip.
    #[arg(long, value_name = "SECONDS")]
    to: Option<f64>,
}

/// The JSON of a clip that was not taken.
#[derive(Serialize)]
struct Refused<'a> {
    state: &'static str,
    error: &'a Reason,
}

/// Exit code 0 when done, 3 when refused, 4 when failed.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    console::require_file(&args.file)?;
    std::fs::create_dir_all(&args.out).context("cannot make the output folder")?;
    // Beside the output, so that finished files move into place without being copied.
    let cage = Cage::of_this_program(&args.out)?;
    let folder = cage.job_folder()?;
    let checks = if args.enforce_checks { Checks::Enforced } else { Checks::Reported };
    let trim = trim(args.from, args.to);
    let options = TranscodeOptions {
        intake: Intake::Staff,
        checks,
        limits: Config::upload_checks_from_environment()?,
        trim,
    };
    let operation = Operation::Transcode(options);
    let order = Order { operation, input: args.file, out_dir: folder.path().to_owned(), clip_ms: None };
    let ended = cage.run(order, console::progress_reporter(), console::ends_on_interrupt()).await;
    match ended {
        Ok(Outcome::Transcoded(result)) => {
            move_into_place(folder.path(), &args.out)?;
            if args.json {
                console::print_json(&result)?
            } else {
                print_lines(&result)?
            }
            Ok(ExitCode::SUCCESS)
        }
        Ok(Outcome::Probe(_) | Outcome::Still(_) | Outcome::Package(_) | Outcome::Walls(_)) => {
            anyhow::bail!("the media job answered another question")
        }
        Err(CageError::Refused(reason)) => refuse(&reason, args.json),
        Err(error) => {
            let reason = error.reason();
            Err(anyhow::Error::new(error).context(reason.message_en))
        }
    }
}

/// The part that was asked for; an end that was not given is the clip's own.
fn trim(from: Option<f64>, to: Option<f64>) -> Option<Trim> {
    let ms = |seconds: f64| (seconds.max(0.0) * 1000.0).round() as u64;
    (from.is_some() || to.is_some())
        .then(|| Trim { from_ms: from.map_or(0, ms), to_ms: to.map_or(u64::MAX / 2000, ms) })
}

fn refuse(reason: &Reason, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        console::print_json(&Refused { state: "refused", error: reason })?;
    } else {
        console::print_lines(&[
            format!("refused ({}): {}", reason.code, reason.message_en),
            reason.message_ar.clone(),
        ])?;
    }
    Ok(ExitCode::from(super::REFUSED))
}

fn move_into_place(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(from).context("cannot list the finished files")? {
        let entry = entry.context("cannot list the finished files")?;
        std::fs::rename(entry.path(), to.join(entry.file_name())).context("cannot move a finished file")?;
    }
    Ok(())
}

fn print_lines(result: &MediaResult) -> anyhow::Result<()> {
    let mut lines: Vec<String> = result
        .renditions
        .iter()
        .map(|r| {
            format!(
                "{}: {}x{} at {} a second, {} kB, {} kbit/s",
                r.file,
                r.width,
                r.height,
                r.fps,
                r.bytes / 1000,
                r.bitrate / 1000
            )
        })
        .collect();
    lines.push(format!(
        "{:.3} s, {} pictures repeated, {} left out",
        result.duration_ms as f64 / 1000.0,
        result.duplicated,
        result.dropped
    ));
    lines.extend(result.checks.iter().map(console::check_line));
    console::print_lines(&lines)
}
