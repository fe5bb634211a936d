//! Asking the matcher for published clips that answer a text.

use super::suggest::{Candidate, Ranking};
use crate::app::App;
use crate::db::query;
use crate::ids::ClipId;
use crate::text::{fold, light_stem};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Below this share of the question's words nothing is suggested.
const ENOUGH: f64 = 0.34;

/// Ranks the published clips for a redacted text.
pub(super) async fn rank(app: &App, redacted: &str, limit: usize) -> anyhow::Result<Ranking> {
    let asked: HashSet<String> = stems(redacted);
    let mut read = app.db.read().await?;
    let rows: Vec<(ClipId, String)> = query(
        "SELECT c.id, c.title_ar || ' ' || c.question_ar || ' ' || c.summary_ar FROM clip c
         WHERE c.published_version_id IS NOT NULL
         UNION ALL
         SELECT c.id, a.text_ar FROM clip c JOIN clip_alias a ON a.clip_id = c.id
         WHERE c.published_version_id IS NOT NULL",
    )
    .all(&mut read)
    .await?;
    drop(read);
    let mut best: HashMap<ClipId, (f64, Vec<String>)> = HashMap::new();
    for (clip, words) in rows {
        let known = stems(&words);
        let shared: Vec<String> = asked.intersection(&known).cloned().collect();
        let score = shared.len() as f64 / asked.len().max(1) as f64;
        let entry = best.entry(clip).or_default();
        if score > entry.0 {
            *entry = (score, shared);
        }
    }
    let mut candidates: Vec<Candidate> = best
        .into_iter()
        .filter(|(_, (score, _))| *score >= ENOUGH)
        .map(|(clip_id, (score, words))| Candidate {
            clip_id,
            score,
            reasons: json!([{ "words": words }]),
            cue: None,
        })
        .collect();
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.clip_id.cmp(&b.clip_id)));
    candidates.truncate(limit);
    let confidence = candidates.first().map_or(0.0, |first| first.score);
    Ok(Ranking { abstain: candidates.is_empty(), candidates, confidence, matcher: "words".to_owned() })
}

fn stems(text: &str) -> HashSet<String> {
    let folded = fold(text);
    folded.words().map(|word| light_stem(word.text).to_owned()).collect()
}
