//! `import MANIFEST.jsonl`.

use super::serve::{lock_data_folder, runner};
use crate::app::App;
use crate::catalog::import::{Effect, Import, ManifestLine, MediaStanding, NumberedLine, read_manifest};
use crate::config::Config;
use crate::ids::ClipId;
use crate::jobs::Queue;
use crate::people::{self, Role, Staff};
use crate::refusal::{Refusal, RefusalKind, refuse};
use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// One clip a line: {id, kind, service, title_ar, question?, summary_ar?, captions?, media?, aliases?, signs?, state?}.
    manifest: PathBuf,
    /// E-mail of the administrator who answers for waived reviews (state "published").
    #[arg(long = "as")]
    administrator: Option<String>,
    /// Print the counts as JSON.
    #[arg(long)]
    json: bool,
}

/// A line on its way through the passes.
struct Row {
    number: usize,
    id: String,
    line: Option<ManifestLine>,
    outcome: Result<(ClipId, Effect), String>,
}

/// Loads the manifest and counts what happened.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(&args.manifest)
        .with_context(|| format!("reading the manifest {}", args.manifest.display()))?;
    let config = Config::from_environment()?;
    std::fs::create_dir_all(&config.data).context("making the data folder")?;
    // Where a server is running on this folder, its workers process the media.
    let alone = lock_data_folder(&config);
    let app = super::open_with(config).await?;
    let administrator = match &args.administrator {
        Some(email) => Some(administrator(&app, email).await?),
        None => None,
    };
    let folder = args.manifest.parent().unwrap_or(Path::new(".")).to_owned();
    let import = Import::new(app.clone(), folder, administrator);
    let mut rows = load_all(&import, read_manifest(&text)).await;
    process_media(&app, &import, &rows, alone.is_ok()).await?;
    settle_all(&import, &mut rows).await;
    app.db.close().await;
    Ok(report(&rows, args.json))
}

async fn administrator(app: &App, email: &str) -> anyhow::Result<Staff> {
    let mut read = app.db.read().await?;
    let found = people::find_by_email(&mut read, email).await?.map(|(staff, _)| staff);
    found.filter(|staff| staff.active && staff.role == Role::Administrator).ok_or_else(|| {
        let ar = "لا يوجد مدير نظام بهذا البريد.";
        let en = "there is no administrator with this e-mail address";
        refuse(Refusal::new(RefusalKind::NotFound, "account.unknown", ar, en))
    })
}

async fn load_all(import: &Import, lines: Vec<NumberedLine>) -> Vec<Row> {
    let bar = bar(lines.len(), "loading");
    let mut rows = Vec::new();
    for NumberedLine { number, line } in lines {
        let row = match line {
            Err(why) => Row { number, id: String::new(), line: None, outcome: Err(why) },
            Ok(line) => {
                let outcome = import.load(&line).await.map_err(|why| format!("{why:#}"));
                Row { number, id: line.id.clone(), line: Some(line), outcome }
            }
        };
        rows.push(row);
        bar.inc(1);
    }
    bar.finish_and_clear();
    rows
}

/// Runs the media jobs here, as many at once as the settings say, or waits for the server that is running.
async fn process_media(app: &App, import: &Import, rows: &[Row], here: bool) -> anyhow::Result<()> {
    let done = Arc::new(AtomicBool::new(false));
    let mut workers = tokio::task::JoinSet::new();
    if here {
        for _ in 0..app.config.workers {
            let (runner, done) = (runner(app), done.clone());
            workers.spawn(async move {
                while !done.load(Ordering::SeqCst) {
                    if !runner.run_one(Queue::Media).await? {
                        tokio::time::sleep(Duration::from_millis(200)).await;
                    }
                }
                anyhow::Ok(())
            });
        }
    }
    let watched = watch_media(import, rows).await;
    done.store(true, Ordering::SeqCst);
    while let Some(ended) = workers.join_next().await {
        ended.context("a media worker")??;
    }
    watched
}

/// Says when each clip is ready, until none is left.
async fn watch_media(import: &Import, rows: &[Row]) -> anyhow::Result<()> {
    let mut waiting: Vec<(&str, ClipId)> = Vec::new();
    for row in rows {
        if let Ok((clip, _)) = row.outcome
            && matches!(import.standing(clip).await?, MediaStanding::Working(_))
        {
            waiting.push((&row.id, clip));
        }
    }
    let total = waiting.len();
    let bar = bar(total, "media");
    while !waiting.is_empty() {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let mut left = Vec::new();
        for (id, clip) in waiting {
            match import.standing(clip).await? {
                MediaStanding::Working(_) => left.push((id, clip)),
                MediaStanding::Done => say(&bar, total, &format!("{id}: ready")),
                MediaStanding::Ended(why) => say(&bar, total, &format!("{id}: {why}")),
            }
        }
        waiting = left;
    }
    bar.finish_and_clear();
    Ok(())
}

async fn settle_all(import: &Import, rows: &mut [Row]) {
    let bar = bar(rows.len(), "captions and states");
    for row in rows {
        bar.inc(1);
        let (Some(line), Ok((clip, loaded))) = (&row.line, &row.outcome) else { continue };
        row.outcome = match import.settle(line, *clip).await {
            Ok(settled) => Ok((*clip, loaded.and(settled))),
            Err(why) => Err(format!("{why:#}")),
        };
    }
    bar.finish_and_clear();
}

/// A bar on a terminal; nothing elsewhere, where [`say`] writes lines.
fn bar(length: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}") {
        bar.set_style(style);
    }
    bar
}

#[expect(clippy::print_stderr, reason = "progress of the command line")]
fn say(bar: &ProgressBar, total: usize, sentence: &str) {
    bar.inc(1);
    if bar.is_hidden() {
        eprintln!("[{}/{total}] {sentence}", bar.position());
    } else {
        bar.println(sentence);
    }
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the answer of the command")]
fn report(rows: &[Row], json: bool) -> ExitCode {
    let count = |wanted: Effect| {
        rows.iter().filter(|row| matches!(row.outcome, Ok((_, effect)) if effect == wanted)).count()
    };
    let (loaded, unchanged) = (count(Effect::Loaded), count(Effect::Unchanged));
    let refused: Vec<(&Row, &String)> =
        rows.iter().filter_map(|row| row.outcome.as_ref().err().map(|why| (row, why))).collect();
    if json {
        let list: Vec<_> = refused
            .iter()
            .map(|(row, why)| serde_json::json!({ "line": row.number, "id": row.id, "reason": why }))
            .collect();
        println!("{}", serde_json::json!({ "loaded": loaded, "unchanged": unchanged, "refused": list }));
    } else {
        for (row, why) in &refused {
            eprintln!("line {}: {}: {why}", row.number, if row.id.is_empty() { "?" } else { &row.id });
        }
        println!("loaded {loaded}, unchanged {unchanged}, refused {}", refused.len());
    }
    if refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(super::REFUSED) }
}
