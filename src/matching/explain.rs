//! Why the matcher ranked as it did, number by number: for the people who tune it.

use super::features::{FEATURES, nearest_wording};
use super::learned::Lead;
use super::model::{Linear, SIGNS};
use super::{Asked, Matcher, Matching};
use crate::search::MAX_CHARS;
use crate::text::gist;
use serde::Serialize;

/// One candidate with what its score is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedCandidate {
    pub clip_id: String,
    pub title: String,
    pub score: f32,
    /// Every feature with its value and what it adds to the score, the largest first.
    pub parts: Vec<ExplainedPart>,
    /// What the confirmed wordings of this answer add to the score; 0 where it was taught too little.
    pub lessons: f32,
    /// The wording learned or written for this answer that is most like the question, if one is.
    pub wording: Option<PastWording>,
}

/// A wording by which an answer is found beside its own text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PastWording {
    pub text: String,
    /// The share of character grams that it has in common with the question.
    pub likeness: f32,
}

/// Wordings that share less with the question did not lift the answer.
const LEAST_LIKENESS: f32 = 0.2;

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
    /// Matches a question and says why.
    pub fn explain(&self, asked: &Asked) -> anyhow::Result<Explained> {
        let text = gist(asked.text, MAX_CHARS);
        let asked = &Asked { text: &text, ..asked.clone() };
        let judged = self.judge(asked)?;
        let weights = self.weights(&judged.weighed);
        let learned = Lead::of(&judged.taught.learned, asked.text);
        let explained = |&(score, at): &(f32, usize)| {
            let (candidate, features) = &judged.weighed.candidates[at];
            let mut parts: Vec<ExplainedPart> = FEATURES
                .into_iter()
                .zip(*features)
                .map(|(feature, value)| ExplainedPart {
                    feature,
                    value,
                    adds: adds(&weights.ranker, feature, value),
                })
                .collect();
            parts.sort_by(|a, b| b.adds.abs().total_cmp(&a.adds.abs()));
            ExplainedCandidate {
                clip_id: candidate.clip.clip_id.clone(),
                title: candidate.clip.title.clone(),
                score,
                parts,
                lessons: learned.lead(&candidate.clip.clip_id),
                wording: past_wording(asked.text, &candidate.clip.aliases),
            }
        };
        let candidates = judged.ranked.order.iter().take(asked.limit).map(explained).collect();
        let signs = SIGNS.into_iter().zip(judged.ranked.signs).map(|(name, value)| {
            (name, value, adds(&weights.answerable, name, value), adds(&weights.first_right, name, value))
        });
        let expansions = super::distinct(&judged.taught.lexicon.expand(asked.text)).collect();
        Ok(Explained {
            matching: self.matching(asked, &judged),
            expansions,
            candidates,
            signs: signs.collect(),
        })
    }
}

fn past_wording(question: &str, wordings: &[String]) -> Option<PastWording> {
    let (text, likeness) = nearest_wording(question, wordings)?;
    (likeness >= LEAST_LIKENESS).then(|| PastWording { text: text.to_owned(), likeness })
}

/// What a value adds to the log odds.
fn adds(linear: &Linear, name: &str, value: f32) -> f32 {
    linear.weights.get(name).map_or(0.0, |weight| weight * value)
}
