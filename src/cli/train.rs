//! `ishara train`: fits ranker and confidences to the team's decisions and to pairs of a file, and says what it gained.

use super::lines;
use crate::app::App;
use crate::config::Config;
use crate::db::query;
use crate::ids::ClipId;
use crate::matching::lexicon_book;
use crate::matching::report::Report;
use crate::matching::study::{Library, Pair};
use crate::matching::train::{Studied, train, try_out};
use crate::matching::{Lexicon, MeaningFollower, Meanings, Model, Weights, weights};
use crate::questions::{answering, without_masks};
use crate::search::{ClipDocument, published};
use anyhow::Context;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Fits the matcher's weights.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Further confirmed pairs, one JSON object a line: {question, answer}; answer is a clip's id or address, or null
    /// where there is none.
    #[arg(long)]
    pairs: Option<PathBuf>,
    /// Only print the figures.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Deserialize)]
struct Line {
    question: String,
    answer: Option<String>,
}

/// Fewer pairs than this tell nothing that the program's own weights do not know better.
const FEWEST: usize = 30;

/// Runs the verb. The weights are kept only where they do not make the cross-validated figures worse; a running server
/// uses them from its next start on.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = Config::from_environment()?;
    let model_dir = config.model_dir.clone();
    let app = super::open_with(config).await?;
    let answers = published_answers(&app).await?;
    let pairs = pairs(&app, &args).await?;
    anyhow::ensure!(
        pairs.len() >= FEWEST,
        "{} confirmed pairs are too few; at least {FEWEST} are needed",
        pairs.len()
    );
    let meanings = tokio::task::spawn_blocking(move || Arc::new(Meanings::open(&model_dir))).await?;
    MeaningFollower::new(app.db.clone(), meanings.clone()).catch_up().await?;
    lexicon_book::refresh(&app.db, app.matcher.tuition()).await?;
    let lexicon = app.matcher.tuition().current().lexicon;
    let mut read = app.db.read().await?;
    let (now, version) = (weights::current(&mut read).await?, weights::next_version(&mut read).await?);
    drop(read);
    let work = move || fit(version, &now, &answers, &pairs, &lexicon, &meanings);
    let (model, report) = tokio::task::spawn_blocking(work).await??;
    match model {
        Some(model) if !args.dry_run => {
            let mut tx = app.db.begin().await?;
            weights::keep(&mut tx, &model, &report).await?;
            tx.commit().await?;
            say(&format!("kept as version {version}; a running server uses it from its next start on"));
        }
        Some(_) => say("not kept: a dry run"),
        None => say("not kept: the weights in use are as good"),
    }
    app.db.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn published_answers(app: &App) -> anyhow::Result<Vec<ClipDocument>> {
    let mut read = app.db.read().await?;
    let mut answers = Vec::new();
    for clip in published::ids(&mut read).await? {
        answers.extend(published::load(&mut read, clip).await?);
    }
    Ok(answers)
}

/// The team's decisions, then the file's pairs. A question whose suggestions were all rejected and that waits for a new
/// answer has none.
async fn pairs(app: &App, args: &Args) -> anyhow::Result<Vec<Pair>> {
    let mut read = app.db.read().await?;
    let accepted: Vec<(String, ClipId)> = query(
        "SELECT q.redacted, s.clip_id FROM suggestion s JOIN question q ON q.id = s.question_id \
         WHERE s.verdict = 'accepted' AND q.redacted <> '' ORDER BY q.id, s.place",
    )
    .all(&mut read)
    .await?;
    let unanswered: Vec<(String,)> = query(
        "SELECT q.redacted FROM question q WHERE q.state IN ('gap', 'briefed') AND q.redacted <> '' AND EXISTS \
         (SELECT 1 FROM suggestion s WHERE s.question_id = q.id AND s.verdict = 'rejected') AND NOT EXISTS \
         (SELECT 1 FROM suggestion s WHERE s.question_id = q.id AND s.verdict = 'accepted') ORDER BY q.id",
    )
    .all(&mut read)
    .await?;
    let accepted =
        accepted.into_iter().map(|(question, clip)| Pair { question, right: vec![clip.to_string()] });
    let unanswered = unanswered.into_iter().map(|(question,)| Pair { question, right: Vec::new() });
    let mut pairs: Vec<Pair> = accepted.chain(unanswered).collect();
    let extra: Vec<Line> = match &args.pairs {
        Some(path) => lines::read(path)?,
        None => Vec::new(),
    };
    for line in extra {
        let right = match &line.answer {
            Some(answer) => vec![clip_named(&mut read, answer).await?],
            None => Vec::new(),
        };
        pairs.push(Pair { question: line.question, right });
    }
    Ok(pairs.into_iter().filter_map(as_matched).collect())
}

/// A pair as the server matches it: the words of a mask are none of the question's.
fn as_matched(pair: Pair) -> Option<Pair> {
    let question = without_masks(&pair.question);
    (!question.trim().is_empty()).then_some(Pair { question, ..pair })
}

async fn clip_named(conn: &mut impl crate::db::Conn, name: &str) -> anyhow::Result<String> {
    if let Ok(id) = name.parse::<ClipId>() {
        return Ok(id.to_string());
    }
    let found: Option<(ClipId,)> =
        query("SELECT id FROM clip WHERE slug = $1").bind(name.to_owned()).optional(conn).await?;
    found.map(|(id,)| id.to_string()).with_context(|| format!("no clip is called \"{name}\""))
}

/// Fits both halves; none where neither gains.
fn fit(
    version: u32,
    now: &Model,
    answers: &[ClipDocument],
    pairs: &[Pair],
    lexicon: &Lexicon,
    meanings: &Meanings,
) -> anyhow::Result<(Option<Model>, serde_json::Value)> {
    let filter = answering();
    let asked: HashSet<&str> = pairs.iter().map(|pair| pair.question.as_str()).collect();
    let meanings = meanings.without_wordings(answers, &asked);
    let answers = without_wordings(answers, &asked);
    let study = |meanings: &Meanings| {
        Library { answers: &answers, pairs, lexicon, filter: &filter, meanings }.study()
    };
    let (words, words_report) = better("words", &study(&Meanings::off())?, &now.words);
    let by_meaning = study(&meanings)?;
    let has_meanings = by_meaning.iter().any(|studied| studied.example.by_meaning);
    let (with_meanings, meanings_report) = if has_meanings {
        better("words and meanings", &by_meaning, &now.meanings)
    } else {
        (None, json!(null))
    };
    let report = json!({ "pairs": pairs.len(), "words": words_report, "meanings": meanings_report });
    let gained = words.is_some() || with_meanings.is_some();
    let model = Model {
        version,
        words: words.unwrap_or_else(|| now.words.clone()),
        meanings: with_meanings.unwrap_or_else(|| now.meanings.clone()),
    };
    Ok((gained.then_some(model), report))
}

/// A learned wording is an alias already: asked again it would find itself, and teach nothing about new questions.
fn without_wordings(answers: &[ClipDocument], asked: &HashSet<&str>) -> Vec<ClipDocument> {
    let mut answers = answers.to_vec();
    for answer in &mut answers {
        answer.aliases.retain(|alias| !asked.contains(alias.as_str()));
    }
    answers
}

fn better(name: &str, study: &[Studied], now: &Weights) -> (Option<Weights>, serde_json::Value) {
    let before = Report::of(&try_out(study, now));
    let (weights, outcomes) = train(study, Some(now));
    let after = Report::of(&outcomes);
    print(name, &before, &after);
    let report = json!({ "before": &before, "after": &after });
    (after.is_better_than(&before).then_some(weights), report)
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
fn print(name: &str, before: &Report, after: &Report) {
    println!("\n{name}: {} questions, {} with an answer; cross-validated", after.questions, after.answerable);
    println!("{:24}{:>8}{:>8}", "", "now", "fitted");
    let auroc = |report: &Report| report.auroc.unwrap_or(f64::NAN);
    let figures = [
        ("MRR@10", before.mrr_at_10, after.mrr_at_10),
        ("first is right", before.recall_at_1, after.recall_at_1),
        ("among the first five", before.recall_at_5, after.recall_at_5),
        ("AUROC of the confidence", auroc(before), auroc(after)),
        ("right at 95 % precision", before.right_at_95, after.right_at_95),
        ("calibration error", before.calibration_error, after.calibration_error),
    ];
    for (figure, before, after) in figures {
        println!("{figure:24}{before:8.3}{after:8.3}");
    }
    println!("reliability of the fitted confidence: said, was right, questions");
    for bin in &after.reliability {
        let bar = "#".repeat((bin.right * 40.0).round() as usize);
        println!("  {:.2}  {:.2}  {:5}  {bar}", bin.confidence, bin.right, bin.questions);
    }
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
fn say(text: &str) {
    println!("{text}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::redact;

    #[test]
    fn masks_teach_no_words() {
        let pair = |text: &str| Pair { question: redact(text).text, right: Vec::new() };
        let matched = as_matched(pair("هويتي 1000000008 متى تجهز")).unwrap();
        assert!(!matched.question.contains("رقم"), "{}", matched.question);
        assert!(matched.question.contains("هويتي") && matched.question.contains("تجهز"));
        assert!(as_matched(pair("1000000008")).is_none());
    }
}
