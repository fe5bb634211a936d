//! What the media verbs share on a terminal: output, progress, interruption.

use crate::cage::News;
use anyhow::Context;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use media::{Finding, Level};
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// A clear sentence before any child is started.
pub(super) fn require_file(file: &Path) -> anyhow::Result<()> {
    let kind = std::fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?;
    anyhow::ensure!(kind.is_file(), "{} is not a file", file.display());
    Ok(())
}

/// Cancelled by Ctrl-C, so that the child and its half-written files go too.
pub(super) fn ends_on_interrupt() -> CancellationToken {
    let cancel = CancellationToken::new();
    let on_interrupt = cancel.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            on_interrupt.cancel();
        }
    });
    cancel
}

/// A bar on a terminal, a line for each tenth elsewhere; both on standard error, so that output stays clean.
pub(super) fn progress_reporter() -> impl FnMut(News) + Send + 'static {
    let terminal = std::io::stderr().is_terminal();
    let bar = if terminal { bar() } else { ProgressBar::hidden() };
    let mut tenth = 0;
    move |news: News| {
        let progress = match news {
            News::Progress(progress) => progress,
            News::Ready(rendition) => {
                let line = format!("{} can be watched", rendition.file);
                // A closed standard error must not end the work.
                let _ = if terminal {
                    bar.println(line);
                    Ok(())
                } else {
                    writeln!(std::io::stderr(), "{line}")
                };
                return;
            }
        };
        bar.set_position(u64::from(progress.percent));
        let left = progress.left_ms.map_or(String::new(), |ms| format!("{} s left", ms.div_ceil(1000)));
        bar.set_message(left.clone());
        if !terminal && progress.percent / 10 > tenth {
            tenth = progress.percent / 10;
            // A closed standard error must not end the work.
            let _ = writeln!(std::io::stderr(), "{} %  {left}", tenth * 10);
        }
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}");
    let bar = ProgressBar::new(100).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.with_finish(ProgressFinish::AndClear)
}

pub(super) fn check_line(finding: &Finding) -> String {
    let level = match finding.level {
        Level::Block => "block",
        Level::Warn => "warn",
        Level::Info => "info",
    };
    format!("{level:5} {}: {}", finding.code, finding.message_en)
}

pub(super) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string(value).context("cannot write the answer as JSON")?;
    print_lines(&[text])
}

pub(super) fn print_lines(lines: &[String]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}").context("cannot write standard output")?;
    }
    out.flush().context("cannot write standard output")
}
