//! Why the matcher ranked as it did, number by number: for the people who tune it.

use super::features::FEATURES;
use super::{Asked, Matcher, Matching, signs::Scored};
use serde::Serialize;

/// One candidate with what its score is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedCandidate {
    pub clip_id: String,
    pub title: String,
    pub score: f32,
    /// Every feature with its value and what it adds to the score, the largest first.
    pub parts: Vec<ExplainedPart>,
}

/// One feature of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ExplainedPart {
    pub feature: &'static str,
    pub value: f32,
    pub adds: f32,
}

/// A matching with the ground of its decisions.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    pub matching: Matching,
    /// What the lexicon put beside the question's words.
    pub expansions: Vec<String>,
    pub candidates: Vec<ExplainedCandidate>,
    /// What the confidences saw, with what it adds to the log odds of an answer and of being right.
    pub signs: Vec<(&'static str, f32, f32, f32)>,
}

impl Matcher {
    /// Matches a question and says why. Costs as much as matching twice.
    pub fn explain(&self, asked: &Asked) -> anyhow::Result<Explained> {
        let matching = self.match_question(asked)?;
        let weighed = self.weigh(asked.text, &asked.filter)?;
        let weights = if weighed.by_meaning { &self.model.meanings } else { &self.model.words };
        let mut candidates: Vec<ExplainedCandidate> = weighed
            .candidates
            .iter()
            .map(|(candidate, features)| {
                let adds = |name: &str, value: f32| {
                    weights.ranker.weights.get(name).map_or(0.0, |weight| weight * value)
                };
                let mut parts: Vec<ExplainedPart> = FEATURES
                    .into_iter()
                    .zip(*features)
                    .map(|(feature, value)| ExplainedPart { feature, value, adds: adds(feature, value) })
                    .collect();
                parts.sort_by(|a, b| b.adds.abs().total_cmp(&a.adds.abs()));
                ExplainedCandidate {
                    clip_id: candidate.clip.clip_id.clone(),
                    title: candidate.clip.title.clone(),
                    score: weights.score(features),
                    parts,
                }
            })
            .collect();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.clip_id.cmp(&b.clip_id)));
        let mut ranked: Vec<Scored> = weighed
            .candidates
            .iter()
            .map(|(_, features)| Scored { score: weights.score(features), features })
            .collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
        let signs = super::signs::signs(&ranked, weighed.ground);
        let of = |linear: &super::Linear, name: &str, value: f32| {
            linear.weights.get(name).map_or(0.0, |w| w * value)
        };
        let signs = super::SIGNS.into_iter().zip(signs).map(|(name, value)| {
            (name, value, of(&weights.answerable, name, value), of(&weights.first_right, name, value))
        });
        candidates.truncate(asked.limit);
        let expansions = super::distinct(&self.tuition.current().lexicon.expand(asked.text)).collect();
        Ok(Explained { matching, expansions, candidates, signs: signs.collect() })
    }
}
