//! `ishara search`: the server's own search over a file, without a server.

use super::{lines, sentences};
use crate::config::Config;
use crate::matching::study::in_parallel;
use crate::matching::{Matcher, Meanings};
use crate::search::{ClipDocument, CueText, Query, SearchIndex};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Searches a corpus of texts offline.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Texts to search, one JSON object a line: {id, title?, text}.
    #[arg(long)]
    corpus: PathBuf,
    /// Queries, one JSON object a line: {qid, query}.
    #[arg(long)]
    queries: PathBuf,
    /// Where the results go, one JSON object a line: {qid, ranked: [{id, score}]}.
    #[arg(long)]
    out: PathBuf,
    /// Leave the sentence model out.
    #[arg(long)]
    lexical_only: bool,
}

#[derive(Deserialize)]
struct Text {
    id: String,
    #[serde(default)]
    title: String,
    text: String,
}

#[derive(Deserialize)]
struct Asked {
    qid: String,
    query: String,
}

/// A ranked id with its score.
#[derive(Debug, Serialize)]
pub(super) struct Ranked {
    pub(super) id: String,
    pub(super) score: f32,
}

#[derive(Serialize)]
struct Answer {
    qid: String,
    ranked: Vec<Ranked>,
}

/// How many results a query gets (CONTRACT section 3).
pub(super) const MOST_RESULTS: usize = 10;

/// Runs the verb.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let model_dir = Config::from_environment()?.model_dir;
    tokio::task::spawn_blocking(move || search_file(&args, &model_dir)).await??;
    Ok(ExitCode::SUCCESS)
}

fn search_file(args: &Args, model_dir: &Path) -> anyhow::Result<()> {
    let index = SearchIndex::in_memory()?;
    let corpus: Vec<Text> = lines::read(&args.corpus)?;
    let texts: Vec<ClipDocument> = corpus.into_iter().map(Text::into_clip).collect();
    let meanings = if args.lexical_only { Meanings::off() } else { sentences::meanings(&texts, model_dir)? };
    index.rebuild(texts.into_iter().map(Ok), 0)?;
    index.compact()?;
    let matcher = Matcher::shipped(Arc::new(index))?.with_meanings(Arc::new(meanings));
    let queries: Vec<Asked> = lines::read(&args.queries)?;
    let answers = in_parallel(&queries, |asked| search_one(&matcher, asked))?;
    lines::write(&args.out, &answers)
}

fn search_one(matcher: &Matcher, asked: &Asked) -> anyhow::Result<Answer> {
    let text = asked.query.clone();
    let query = Query { text, limit: MOST_RESULTS, ..Query::default() };
    let hits = matcher.search(&query)?.hits.into_iter();
    let ranked = hits.map(|hit| Ranked { id: hit.clip_id, score: hit.score }).collect();
    Ok(Answer { qid: asked.qid.clone(), ranked })
}

impl Text {
    /// Each sentence of the text becomes a cue, as captions do.
    fn into_clip(self) -> ClipDocument {
        let cues = CueText::sentences(&self.text);
        ClipDocument { clip_id: self.id, title: self.title, cues, ..ClipDocument::default() }
    }
}
