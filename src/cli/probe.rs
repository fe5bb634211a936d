//! `ishara probe`: what a clip is, whether it can be used, and what the upload checks say.

use super::media_console as console;
use crate::cage::{Cage, Operation, Order, Outcome};
use crate::config::Config;
use anyhow::Context;
use media::{Checks, Intake, ProbeReport};
use std::path::PathBuf;
use std::process::ExitCode;

/// Says what a clip is and whether it can be used.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The clip.
    file: PathBuf,
    /// One JSON object instead of lines for people.
    #[arg(long)]
    json: bool,
    /// Whose list of containers holds: phones of citizens, or camcorders of staff too.
    #[arg(long, value_enum, default_value_t = IntakeName::Staff)]
    intake: IntakeName,
}

/// The two intakes, as the command line spells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum IntakeName {
    Public,
    Staff,
}

impl From<IntakeName> for Intake {
    fn from(name: IntakeName) -> Intake {
        match name {
            IntakeName::Public => Intake::Public,
            IntakeName::Staff => Intake::Staff,
        }
    }
}

/// Exit code 0 for a clip that can be used, 3 for one that is refused.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    console::require_file(&args.file)?;
    let scratch = tempfile::tempdir().context("cannot make a scratch folder")?;
    let cage = Cage::of_this_program(scratch.path())?;
    let folder = cage.job_folder()?;
    let operation = Operation::Probe {
        intake: args.intake.into(),
        checks: Checks::Reported,
        limits: Config::upload_checks_from_environment()?,
    };
    let order = Order { operation, input: args.file, out_dir: folder.path().to_owned(), clip_ms: None };
    let report = match cage.run(order, console::progress_reporter(), console::ends_on_interrupt()).await {
        Ok(Outcome::Probe(report)) => *report,
        Ok(Outcome::Transcoded(_) | Outcome::Still(_) | Outcome::Package(_) | Outcome::Walls(_)) => {
            anyhow::bail!("the media job answered another question")
        }
        // A file that crashes or stalls FFmpeg is no clip either; the reason says which.
        Err(error) if error.is_about_the_file() => ProbeReport::refused(error.reason()),
        Err(error) => return Err(error.into()),
    };
    if args.json {
        console::print_json(&report)?
    } else {
        print_lines(&report)?
    }
    Ok(if report.accepted { ExitCode::SUCCESS } else { ExitCode::from(super::REFUSED) })
}

fn print_lines(report: &ProbeReport) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    if let Some(reason) = &report.reason {
        lines.push(format!("refused ({}): {}", reason.code, reason.message_en));
        lines.push(reason.message_ar.clone());
    }
    if let (Some(container), Some(video)) = (&report.container, &report.video) {
        lines.push(format!(
            "{container}, {} {}x{}, {} pictures at {} a second, {:.3} s{}",
            video.codec,
            video.display_width,
            video.display_height,
            video.frames,
            video.fps,
            video.duration_ms as f64 / 1000.0,
            if video.vfr { ", variable rate" } else { "" },
        ));
    }
    if let Some(audio) = &report.audio {
        lines.push(format!("{} sound, loudest {} dB", audio.codec, audio.loudest_db));
    }
    lines.extend(report.checks.iter().map(console::check_line));
    console::print_lines(&lines)
}
