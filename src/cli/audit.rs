//! `audit verify|export`.

use crate::app::App;
use crate::audit;
use clap::Subcommand;
use serde_json::json;
use std::io::Write as _;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Read the whole chain; exit code 1 when a row was changed, removed or reordered.
    Verify,
    /// Write every row as a JSON line.
    Export,
}

/// Rows read at once.
const PAGE: i64 = 1_000;

/// Verifies or exports.
#[expect(clippy::print_stdout, reason = "the answer of the command")]
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let app = super::open().await?;
    let code = match args.what {
        Verb::Export => export(&app).await?,
        Verb::Verify => {
            let mut read = app.db.read().await?;
            match audit::verify(&mut read).await? {
                None => {
                    println!("the audit chain is whole");
                    ExitCode::SUCCESS
                }
                Some(broken) => {
                    println!("the audit chain is broken at row {}: {}", broken.seq, broken.problem);
                    ExitCode::from(super::FOUND)
                }
            }
        }
    };
    app.db.close().await;
    Ok(code)
}

async fn export(app: &App) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let mut last = 0;
    loop {
        let mut read = app.db.read().await?;
        let page = audit::after(&mut read, last, PAGE).await?;
        drop(read);
        let Some(newest) = page.last() else { return Ok(ExitCode::SUCCESS) };
        last = newest.seq;
        for record in page {
            let detail: serde_json::Value = serde_json::from_str(&record.detail)?;
            let line = json!({
                "seq": record.seq,
                "at": record.at.rfc3339(),
                "actor_kind": record.actor_kind,
                "actor_id": record.actor_id.map(|id| id.to_string()),
                "verb": record.verb,
                "subject_kind": record.subject_kind,
                "subject_id": record.subject_id.to_string(),
                "detail": detail,
                "prev_hash": hex(&record.prev_hash),
                "hash": hex(&record.hash),
            });
            writeln!(out, "{line}")?;
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
