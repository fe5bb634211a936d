//! `ishara search`: the server's own search over a file, without a server.

use super::lines;
use crate::search::{ClipDocument, CueText, Query, SearchIndex};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::process::ExitCode;

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
    tokio::task::spawn_blocking(move || search_file(&args)).await??;
    Ok(ExitCode::SUCCESS)
}

fn search_file(args: &Args) -> anyhow::Result<()> {
    let index = SearchIndex::in_memory()?;
    let corpus: Vec<Text> = lines::read(&args.corpus)?;
    index.rebuild(corpus.into_iter().map(|text| Ok(text.into_clip())), 0)?;
    let queries: Vec<Asked> = lines::read(&args.queries)?;
    let mut answers = Vec::with_capacity(queries.len());
    for asked in queries {
        let query = Query { text: asked.query, limit: MOST_RESULTS, ..Query::default() };
        let ranked = index
            .search(&query)?
            .hits
            .into_iter()
            .map(|hit| Ranked { id: hit.clip_id, score: hit.score })
            .collect();
        answers.push(Answer { qid: asked.qid, ranked });
    }
    lines::write(&args.out, &answers)
}

impl Text {
    /// Each sentence of the text becomes a cue, as captions do.
    fn into_clip(self) -> ClipDocument {
        let cues = CueText::sentences(&self.text);
        ClipDocument { clip_id: self.id, title: self.title, cues, ..ClipDocument::default() }
    }
}
