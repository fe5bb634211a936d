//! `ishara explain`: a table of why a question is matched as it is.

use super::match_::{self, Answer};
use super::{lines, sentences};
use crate::app::App;
use crate::config::Config;
use crate::matching::learned::Learned;
use crate::matching::{
    Asked, Explained, ExplainedCandidate, Kinship, Matcher, MeaningFollower, MeaningState, Meanings,
};
use crate::questions::{self, WordingSource};
use crate::search::{Filter, SearchIndex};
use crate::text::redact;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Explains one question.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The question. It is neither kept nor logged.
    question: String,
    /// Answers of a file, one JSON object a line, instead of the published ones.
    #[arg(long)]
    library: Option<PathBuf>,
    /// Leave the sentence model out.
    #[arg(long)]
    lexical_only: bool,
}

/// How many candidates are shown, and how many parts of each score.
const SHOWN: usize = 5;
const PARTS: usize = 6;

/// What is needed to explain: the matcher, and where its clips come from.
struct Ground {
    matcher: Matcher,
    meanings: Arc<Meanings>,
    filter: Filter,
    /// The rows behind the wordings; a file has none.
    app: Option<App>,
}

/// Runs the verb.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = Config::from_environment()?;
    let ground = match &args.library {
        Some(path) => {
            let (path, model_dir) = (path.clone(), config.model_dir.clone());
            tokio::task::spawn_blocking(move || of_file(&path, &model_dir)).await??
        }
        None => of_server(config).await?,
    };
    let Ground { matcher, meanings, filter, app } = ground;
    let matcher = if args.lexical_only { matcher.with_meanings(Arc::new(Meanings::off())) } else { matcher };
    let state = if args.lexical_only { MeaningState::Off } else { meanings.state() };
    let work = move || matcher.explain(&Asked { text: &args.question, filter, limit: SHOWN });
    let explained = tokio::task::spawn_blocking(work).await??;
    let sources = sources(app.as_ref(), &explained.candidates).await?;
    print(&explained, &sources, &state);
    Ok(ExitCode::SUCCESS)
}

/// The answers of a file; every wording counts as confirmed, as in `ishara match`.
fn of_file(path: &Path, model_dir: &Path) -> anyhow::Result<Ground> {
    let library = lines::read::<Answer>(path)?;
    let learned = Learned::train(&match_::pairs(&library));
    let answers: Vec<_> = library.into_iter().map(Answer::into_clip).collect();
    let meanings = Arc::new(sentences::meanings(&answers, model_dir)?);
    let index = SearchIndex::in_memory()?;
    index.rebuild(answers.into_iter().map(Ok), 0)?;
    index.compact()?;
    let matcher = Matcher::shipped(Arc::new(index))?.with_meanings(meanings.clone());
    matcher.tuition().use_learned(learned);
    Ok(Ground { matcher, meanings, filter: Filter::default(), app: None })
}

/// The published answers with the team's own weights, lexicon and lessons, from an index in memory: a server may be
/// writing its own.
async fn of_server(config: Config) -> anyhow::Result<Ground> {
    let model_dir = config.model_dir.clone();
    let app = super::open_with(config).await?;
    questions::refresh_matcher(&app, &mut None).await?;
    let index = Arc::new(SearchIndex::in_memory()?);
    crate::search::Follower::new(app.db.clone(), index.clone()).rebuild().await?;
    let meanings = tokio::task::spawn_blocking(move || Arc::new(Meanings::open(&model_dir))).await?;
    MeaningFollower::new(app.db.clone(), meanings.clone()).catch_up().await?;
    let matcher = app.matcher.clone().over(index).with_meanings(meanings.clone());
    Ok(Ground { matcher, meanings, filter: questions::answering(), app: Some(app) })
}

/// Where the past wording of each candidate comes from, in their order.
async fn sources(
    app: Option<&App>,
    candidates: &[ExplainedCandidate],
) -> anyhow::Result<Vec<Option<WordingSource>>> {
    let Some(app) = app else { return Ok(vec![None; candidates.len()]) };
    let mut read = app.db.read().await?;
    let mut sources = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let clip = candidate.clip_id.parse().context("a clip id of the index")?;
        sources.push(match &candidate.wording {
            Some(wording) => questions::wording_source(&mut read, clip, &wording.text).await?,
            None => None,
        });
    }
    Ok(sources)
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
fn print(explained: &Explained, sources: &[Option<WordingSource>], state: &MeaningState) {
    let matching = &explained.matching;
    println!("matched by        {}", by_what(matching.by_meaning, state));
    println!(
        "an answer exists  {:.2}{}",
        matching.answerable,
        if matching.abstain { "  (abstains)" } else { "" }
    );
    println!(
        "the first right   {:.2}{}",
        matching.confidence,
        if matching.may_offer { "  (may be offered)" } else { "" }
    );
    println!("versions          weights {}, lexicon {}", matching.versions[0], matching.versions[1]);
    for expansion in &explained.expansions {
        println!("lexicon           {expansion}");
    }
    for ((place, candidate), source) in explained.candidates.iter().enumerate().zip(sources) {
        println!("\n{}. {:7.2}  {}  {}", place + 1, candidate.score, candidate.clip_id, candidate.title);
        for part in candidate.parts.iter().take(PARTS) {
            println!("     {:+7.2}  {:18} {:.2}", part.adds, part.feature, part.value);
        }
        for line in taught(candidate, source.as_ref()) {
            println!("     {line}");
        }
        for reason in matching.suggestions.get(place).map_or(&[][..], |one| &one.reasons) {
            println!(
                "     {} = {}  ({}, {:?})",
                reason.asked,
                reason.found,
                kinship(reason.kinship),
                reason.place
            );
        }
    }
    println!("\n{:20}{:>8}{:>10}{:>8}", "sign of the list", "value", "answer", "right");
    for (name, value, answer, right) in &explained.signs {
        println!("{name:20}{value:8.2}{answer:+10.2}{right:+8.2}");
    }
}

/// What people taught of a candidate. A wording is kept redacted; whatever may still identify somebody is masked here.
fn taught(candidate: &ExplainedCandidate, source: Option<&WordingSource>) -> Vec<String> {
    let lessons = (candidate.lessons.abs() >= 0.005)
        .then(|| format!("{:+7.2}  {:18} confirmed wordings", candidate.lessons, "lessons"));
    let wording = candidate.wording.as_ref().map(|wording| {
        let source = source.map_or("of the library".to_owned(), WordingSource::said);
        format!(
            "asked before: {}  (like it by {:.2}, {source})",
            redact(&wording.text).text,
            wording.likeness
        )
    });
    lessons.into_iter().chain(wording).collect()
}

fn by_what(by_meaning: bool, state: &MeaningState) -> String {
    match (by_meaning, state) {
        (true, MeaningState::Ready { model, answers }) => {
            format!("words and meaning (model {model}, {answers} answers)")
        }
        (_, MeaningState::Unavailable { reason }) => format!("words only: {reason}"),
        (_, MeaningState::Off) => "words only, as asked".to_owned(),
        (_, MeaningState::Waiting | MeaningState::Ready { .. }) => "words only".to_owned(),
    }
}

fn kinship(kinship: Kinship) -> &'static str {
    match kinship {
        Kinship::SameWord => "same word",
        Kinship::SameStem => "same stem",
        Kinship::NearSpelling => "near spelling",
        Kinship::Synonym => "synonym",
    }
}
