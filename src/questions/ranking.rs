//! Asking the matcher for published clips that answer a text.

use super::suggest::{Candidate, Cue, Ranking};
use super::text::without_masks;
use crate::app::App;
use crate::ids::ClipId;
use crate::matching::{Asked, Kinship, Likeness, Matching, Reason, Suggestion};
use crate::search::Filter;
use anyhow::Context as _;
use serde_json::{Value, json};

/// Kinds of clips that answer questions; a signed title or glossary term does not.
const ANSWERING: [&str; 5] = ["answer", "announcement", "awareness", "safety", "correction"];

/// Lets only clips through that may answer a question.
pub fn answering() -> Filter {
    Filter { kinds: ANSWERING.map(str::to_owned).to_vec(), ..Filter::default() }
}

/// Ranks the published clips for a redacted text. The matcher computes, so it works off the runtime's threads.
pub(super) async fn rank(app: &App, redacted: &str, limit: usize) -> anyhow::Result<Ranking> {
    let (matcher, text) = (app.matcher.clone(), without_masks(redacted));
    let work = move || matcher.match_question(&Asked { text: &text, filter: answering(), limit });
    let found = tokio::task::spawn_blocking(work).await.context("matching was cut off")??;
    ranking(&found)
}

fn ranking(found: &Matching) -> anyhow::Result<Ranking> {
    let [weights, lexicon] = found.versions;
    let best = found.suggestions.first().map_or(0.0, |first| first.score);
    let candidates = found.suggestions.iter().map(|one| candidate(one, best, found.confidence));
    Ok(Ranking {
        candidates: candidates.collect::<anyhow::Result<_>>()?,
        abstain: found.abstain,
        confidence: f64::from(found.confidence),
        by_meaning: found.by_meaning,
        matcher: format!("{} {weights}.{lexicon}", if found.by_meaning { "hybrid" } else { "lexical" }),
    })
}

/// The first candidate's score is its calibrated probability; the others' are smaller by their distance in the ranker,
/// whose scores are log odds.
fn candidate(suggestion: &Suggestion, best: f32, confidence: f32) -> anyhow::Result<Candidate> {
    let clip_id: ClipId = suggestion.clip_id.parse().context("a clip id of the index")?;
    let score = f64::from(confidence) * f64::from(suggestion.score - best).exp();
    let words = suggestion.reasons.iter().map(reason);
    let reasons: Vec<Value> = words.chain(suggestion.likeness.iter().map(likeness)).collect();
    let cue = suggestion.cue.as_ref().map(|cue| Cue {
        start_ms: i64::from(cue.start_ms),
        end_ms: i64::from(cue.end_ms),
        text: cue.text.clone(),
    });
    Ok(Candidate { clip_id, score, reasons: json!(reasons), cue })
}

/// A matching word, with the words that people read: «ضايع = ضاعت» where the two differ.
fn reason(reason: &Reason) -> Value {
    let words = match reason.kinship {
        Kinship::SameWord => reason.asked.clone(),
        Kinship::SameStem | Kinship::NearSpelling | Kinship::Synonym => {
            format!("{} = {}", reason.asked, reason.found)
        }
    };
    json!({
        "words": [words], "asked": reason.asked, "found": reason.found, "place": reason.place,
        "kinship": reason.kinship,
    })
}

/// What speaks for a clip as a whole, in a sentence.
fn likeness(likeness: &Likeness) -> Value {
    let (ar, en) = match likeness {
        Likeness::NearInMeaning => ("قريب في المعنى", "near in meaning"),
        Likeness::PastWording => ("يشبه صياغة سابقة لهذا السؤال", "like an earlier wording of this question"),
    };
    json!({ "likeness": likeness, "ar": ar, "en": en })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clip_that_only_its_meaning_lifts_says_so() {
        let suggestion = Suggestion {
            clip_id: ClipId::new(crate::clock::Millis(1)).to_string(),
            title: String::new(),
            score: 1.0,
            reasons: Vec::new(),
            likeness: vec![Likeness::NearInMeaning],
            cue: None,
        };
        let candidate = candidate(&suggestion, 1.0, 0.9).unwrap();
        assert_eq!(candidate.reasons[0]["likeness"], "near_in_meaning");
        assert_eq!(candidate.reasons[0]["ar"], "قريب في المعنى");
    }
}
