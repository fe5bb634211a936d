//! `ishara explain`: a table of why a question is matched as it is.

use super::match_::{self, Answer};
use super::{lines, sentences};
use crate::config::Config;
use crate::matching::{Asked, Explained, Kinship, Matcher, MeaningFollower, MeaningState, Meanings};
use crate::search::{Filter, SearchIndex};
use std::path::PathBuf;
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

/// Runs the verb.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = Config::from_environment()?;
    let (matcher, meanings) = match &args.library {
        Some(path) => {
            let (path, model_dir) = (path.clone(), config.model_dir.clone());
            tokio::task::spawn_blocking(move || of_file(&path, &model_dir)).await??
        }
        None => of_server(config).await?,
    };
    let matcher = if args.lexical_only { matcher.with_meanings(Arc::new(Meanings::off())) } else { matcher };
    let state = if args.lexical_only { MeaningState::Off } else { meanings.state() };
    let work =
        move || matcher.explain(&Asked { text: &args.question, filter: Filter::default(), limit: SHOWN });
    let explained = tokio::task::spawn_blocking(work).await??;
    print(&explained, &state);
    Ok(ExitCode::SUCCESS)
}

fn of_file(path: &std::path::Path, model_dir: &std::path::Path) -> anyhow::Result<(Matcher, Arc<Meanings>)> {
    let answers: Vec<_> = lines::read::<Answer>(path)?.into_iter().map(match_::Answer::into_clip).collect();
    let meanings = Arc::new(sentences::meanings(&answers, model_dir)?);
    let index = SearchIndex::in_memory()?;
    index.rebuild(answers.into_iter().map(Ok), 0)?;
    Ok((Matcher::shipped(Arc::new(index))?.with_meanings(meanings.clone()), meanings))
}

/// The published answers, from an index in memory: a server may be writing its own.
async fn of_server(config: Config) -> anyhow::Result<(Matcher, Arc<Meanings>)> {
    let model_dir = config.model_dir.clone();
    let app = super::open_with(config).await?;
    let index = Arc::new(SearchIndex::in_memory()?);
    crate::search::Follower::new(app.db.clone(), index.clone()).rebuild().await?;
    let meanings = tokio::task::spawn_blocking(move || Arc::new(Meanings::open(&model_dir))).await?;
    MeaningFollower::new(app.db.clone(), meanings.clone()).catch_up().await?;
    Ok((Matcher::shipped(index)?.with_meanings(meanings.clone()), meanings))
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
fn print(explained: &Explained, state: &MeaningState) {
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
    for (place, candidate) in explained.candidates.iter().enumerate() {
        println!("\n{}. {:7.2}  {}  {}", place + 1, candidate.score, candidate.clip_id, candidate.title);
        for part in candidate.parts.iter().take(PARTS) {
            println!("     {:+7.2}  {:18} {:.2}", part.adds, part.feature, part.value);
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
