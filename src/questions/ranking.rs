//! Asking the matcher for published clips that answer a text.

use super::suggest::{Candidate, Cue, Ranking};
use super::text::without_masks;
use crate::app::App;
use crate::ids::ClipId;
use crate::matching::{Asked, Matching, Suggestion};
use crate::search::Filter;
use anyhow::Context as _;

/// Ranks the published clips for a redacted text. The matcher computes, so it works off the runtime's threads.
pub(super) async fn rank(app: &App, redacted: &str, limit: usize) -> anyhow::Result<Ranking> {
    let (matcher, text) = (app.matcher.clone(), without_masks(redacted));
    let work = move || matcher.match_question(&Asked { text: &text, filter: Filter::default(), limit });
    let found = tokio::task::spawn_blocking(work).await.context("matching was cut off")??;
    ranking(found)
}

fn ranking(found: Matching) -> anyhow::Result<Ranking> {
    let [weights, lexicon] = found.versions;
    Ok(Ranking {
        candidates: found.suggestions.into_iter().map(candidate).collect::<anyhow::Result<_>>()?,
        abstain: found.abstain,
        confidence: f64::from(found.confidence),
        matcher: format!("lexical {weights}.{lexicon}"),
    })
}

fn candidate(suggestion: Suggestion) -> anyhow::Result<Candidate> {
    let clip: uuid::Uuid = suggestion.clip_id.parse().context("a clip id of the index")?;
    let cue = suggestion.cue.map(|cue| Cue {
        start_ms: i64::from(cue.start_ms),
        end_ms: i64::from(cue.end_ms),
        text: cue.text,
    });
    Ok(Candidate {
        clip_id: ClipId::from(clip),
        score: f64::from(suggestion.score),
        reasons: serde_json::to_value(&suggestion.reasons)?,
        cue,
    })
}
