//! `ishara match`: the server's own matcher over files, without a server.

use super::search::{MOST_RESULTS, Ranked};
use super::{lines, sentences};
use crate::config::Config;
use crate::matching::learned::{Learned, Pair, PairVerdict};
use crate::matching::study::in_parallel;
use crate::matching::{Asked, Matcher, Meanings};
use crate::search::{ClipDocument, CueText, Filter, SearchIndex};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Matches questions to a library of answers offline.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Answers, one JSON object a line: {id, title, question?, caption?, service?, aliases?}.
    #[arg(long)]
    library: PathBuf,
    /// Questions, one JSON object a line: {qid, question}.
    #[arg(long)]
    questions: PathBuf,
    /// Where the results go, one JSON object a line: {qid, ranked: [{id, score}], abstain, confidence}.
    #[arg(long)]
    out: PathBuf,
    /// Confirmed pairs, one JSON object a line: {question, answer_id}.
    #[arg(long)]
    taught: Option<PathBuf>,
    /// Leave the sentence model out.
    #[arg(long)]
    lexical_only: bool,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    id: String,
    title: String,
    #[serde(default)]
    question: String,
    #[serde(default)]
    caption: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    aliases: Vec<String>,
}

#[derive(Deserialize)]
struct Question {
    qid: String,
    question: String,
}

#[derive(Deserialize)]
struct Taught {
    question: String,
    answer_id: String,
}

#[derive(Serialize)]
struct Matched {
    qid: String,
    ranked: Vec<Ranked>,
    abstain: bool,
    /// Probability that the first is right.
    confidence: f32,
    /// Probability that the library holds an answer at all.
    answerable: f32,
}

/// Runs the verb.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let model_dir = Config::from_environment()?.model_dir;
    tokio::task::spawn_blocking(move || match_file(&args, &model_dir)).await??;
    Ok(ExitCode::SUCCESS)
}

fn match_file(args: &Args, model_dir: &Path) -> anyhow::Result<()> {
    let mut library: Vec<Answer> = lines::read(&args.library)?;
    if let Some(taught) = &args.taught {
        teach(&mut library, lines::read(taught)?)?;
    }
    let pairs = pairs(&library);
    let answers: Vec<ClipDocument> = library.into_iter().map(Answer::into_clip).collect();
    let meanings =
        if args.lexical_only { Meanings::off() } else { sentences::meanings(&answers, model_dir)? };
    let index = Arc::new(SearchIndex::in_memory()?);
    index.rebuild(answers.into_iter().map(Ok), 0)?;
    index.compact()?;
    let matcher = Matcher::shipped(index)?.with_meanings(Arc::new(meanings));
    matcher.tuition().use_learned(Learned::train(&pairs));
    let questions: Vec<Question> = lines::read(&args.questions)?;
    let matched = in_parallel(&questions, |question| match_one(&matcher, question))?;
    lines::write(&args.out, &matched)
}

fn match_one(matcher: &Matcher, question: &Question) -> anyhow::Result<Matched> {
    let asked = Asked { text: &question.question, filter: Filter::default(), limit: MOST_RESULTS };
    let matching = matcher.match_question(&asked)?;
    let ranked = matching
        .suggestions
        .into_iter()
        .map(|suggestion| Ranked { id: suggestion.clip_id, score: suggestion.score })
        .collect();
    Ok(Matched {
        qid: question.qid.clone(),
        ranked,
        abstain: matching.abstain,
        confidence: matching.confidence,
        answerable: matching.answerable,
    })
}

/// Every wording of an answer is a pair that a person confirmed, as on the server.
pub(super) fn pairs(library: &[Answer]) -> Vec<Pair> {
    let of = |answer: &Answer| -> Vec<Pair> {
        let pair = |wording: &String| Pair {
            wording: wording.clone(),
            clip_id: answer.id.clone(),
            verdict: PairVerdict::Confirmed,
        };
        answer.aliases.iter().map(pair).collect()
    };
    library.iter().flat_map(of).collect()
}

/// Confirmed wordings become aliases of their answer, as on the desk.
fn teach(library: &mut [Answer], taught: Vec<Taught>) -> anyhow::Result<()> {
    let places: HashMap<String, usize> =
        library.iter().enumerate().map(|(place, answer)| (answer.id.clone(), place)).collect();
    for pair in taught {
        let place = places
            .get(&pair.answer_id)
            .with_context(|| format!("the library has no answer \"{}\"", pair.answer_id))?;
        library[*place].aliases.push(pair.question);
    }
    Ok(())
}

impl Answer {
    pub(super) fn into_clip(self) -> ClipDocument {
        ClipDocument {
            clip_id: self.id,
            service: self.service,
            title: self.title,
            question: self.question,
            aliases: self.aliases,
            cues: CueText::sentences(&self.caption),
            ..ClipDocument::default()
        }
    }
}
