//! `verify`: every stored file hashes to its name, every row keeps its rules, the audit chain is whole, and
//! the index holds what is published.

use crate::app::App;
use crate::audit;
use crate::catalog::invariants;
use crate::db::query;
use crate::search::{Health, published};
use crate::store::{Condition, blobs_after};
use futures::StreamExt as _;
use serde_json::{Value, json};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// For programs: one object with every problem.
    #[arg(long)]
    json: bool,
}

/// Rows read at once.
const PAGE: i64 = 200;
/// Files hashed at once.
const FILES_AT_ONCE: usize = 4;

/// What the checks found.
#[derive(Default)]
struct Findings {
    blobs: usize,
    problems: Vec<Value>,
}

impl Findings {
    fn add(&mut self, check: &str, subject: &str, problem: &str) {
        self.problems.push(json!({ "check": check, "subject": subject, "problem": problem }));
    }
}

/// Checks everything; exit code 1 when something is wrong.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let app = super::open().await?;
    let mut findings = Findings::default();
    check_blobs(&app, &mut findings).await?;
    check_rows(&app, &mut findings).await?;
    check_audit(&app, &mut findings).await?;
    check_index(&app, &mut findings).await?;
    app.db.close().await;
    Ok(report(&findings, args.json))
}

async fn check_blobs(app: &App, findings: &mut Findings) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let mut read = app.db.read().await?;
        let page = blobs_after(&mut read, after, PAGE).await?;
        drop(read);
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.storage_key);
        let conditions = futures::stream::iter(page)
            .map(|row| async move { (row.storage_key, app.store.condition(row.storage_key).await) })
            .buffered(FILES_AT_ONCE);
        let mut conditions = std::pin::pin!(conditions);
        while let Some((key, condition)) = conditions.next().await {
            findings.blobs += 1;
            match condition? {
                Condition::Sound => {}
                Condition::Damaged => {
                    findings.add("blob", &key.to_string(), "the bytes do not hash to the name")
                }
                Condition::Missing => findings.add("blob", &key.to_string(), "the file is missing"),
            }
        }
    }
}

async fn check_rows(app: &App, findings: &mut Findings) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let mut read = app.db.read().await?;
        let (broken, last) = invariants::broken_clips(&mut read, after, PAGE).await?;
        for one in broken {
            findings.add("row", &one.subject, one.rule);
        }
        if last.is_none() {
            break;
        }
        after = last;
    }
    let mut read = app.db.read().await?;
    let misfit = invariants::misfit_versions(&mut read).await?;
    let stuck = invariants::stuck_versions(&mut read).await?;
    let mislisted = invariants::mislisted_clips(&mut read).await?;
    for one in misfit.into_iter().chain(stuck).chain(mislisted) {
        findings.add("row", &one.subject, one.rule);
    }
    Ok(())
}

async fn check_audit(app: &App, findings: &mut Findings) -> anyhow::Result<()> {
    let mut read = app.db.read().await?;
    if let Some(broken) = audit::verify(&mut read).await? {
        findings.add("audit", &broken.seq.to_string(), broken.problem);
    }
    Ok(())
}

/// Compares only an index that has read every change of clips: one that is behind is caught up by the server.
async fn check_index(app: &App, findings: &mut Findings) -> anyhow::Result<()> {
    let mut read = app.db.read().await?;
    let unread: i64 = query("SELECT COUNT(*) FROM changes WHERE kind = 'clip' AND seq > $1")
        .bind(app.search.last_seq())
        .value(&mut read)
        .await?;
    if unread > 0 || app.search.health() != Health::Ready {
        return Ok(());
    }
    let published = published::ids(&mut read).await?.len();
    let indexed = app.search.clip_count();
    if usize::try_from(indexed)? != published {
        let problem =
            format!("{indexed} clips are in the index, {published} are published; run ishara reindex");
        findings.add("index", "clips", &problem);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
fn report(findings: &Findings, as_json: bool) -> ExitCode {
    let is_sound = findings.problems.is_empty();
    if as_json {
        println!("{}", json!({ "ok": is_sound, "blobs": findings.blobs, "problems": findings.problems }));
    } else {
        for problem in &findings.problems {
            let word = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
            println!("{} {}: {}", word("check"), word("subject"), word("problem"));
        }
        println!("{} files checked, {} problems", findings.blobs, findings.problems.len());
    }
    if is_sound { ExitCode::SUCCESS } else { ExitCode::from(super::FOUND) }
}
