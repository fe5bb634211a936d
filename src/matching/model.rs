//! The weights of the ranker and of the two confidences: data with a version.

use super::features::{FEATURES, Features};
use serde::{Deserialize, Serialize};

/// The weights that ship with the program, fitted the way `examples/fit_matching.rs` does.
const SHIPPED: &str = include_str!("data/weights.json");

/// What the confidences see of a ranked list.
pub const SIGNS: [&str; 25] = [
    "best",
    "margin",
    "margin_to_fifth",
    "share",
    "covered_question",
    "covered_by_head",
    "covered_title",
    "covered_canonical",
    "alias_likeness",
    "title_likeness",
    "grams",
    "known_words",
    "length",
    "agreement",
    "uncovered_weight",
    "foreign",
    "spread",
    "meaning",
    "meaning_mean",
    "meaning_nearest",
    "meaning_wording",
    "meaning_lead",
    "meaning_best",
    "meaning_spread",
    "meaning_agrees",
];

/// The values of one ranked list.
pub type Signs = [f32; SIGNS.len()];

/// A weighted sum with an offset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// Weight by name; a name that this program does not know is refused.
    pub weights: std::collections::BTreeMap<String, f32>,
    #[serde(default)]
    pub offset: f32,
}

/// All weights of the matcher.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    pub version: u32,
    /// Used while there is no sentence model.
    pub words: Weights,
    /// Used with one.
    pub meanings: Weights,
}

/// The weights of one way of matching.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    pub ranker: Linear,
    /// Probability that the library holds an answer.
    pub answerable: Linear,
    /// Probability that the first candidate is right.
    pub first_right: Linear,
    /// From this probability on that the first is right, that alone is the confidence.
    #[serde(default = "sure_before")]
    pub sure: f32,
    /// What the probability of being right is below that.
    pub doubtful: Doubtful,
    /// Below this probability of an answer the matcher abstains.
    pub abstain_below: f32,
    /// From this probability of being right the first candidate may be offered to the asker directly.
    pub offer_from: f32,
}

/// What newly fitted weights have as [`Weights::sure`]. Below it, the better question is whether there is an answer at
/// all: which of two near neighbours is the right one the lists cannot tell there. Chosen by cross-validation among .6
/// to .9.
pub const SURE: f32 = 0.8;

/// What weights had that do not say it.
fn sure_before() -> f32 {
    0.7
}

/// The probability that the first is right in a doubtful list, from the log odds that there is an answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Doubtful {
    pub slope: f32,
    pub offset: f32,
}

/// Weights that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("the matching weights cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("the matching weights name \"{0}\", which this program does not know")]
    UnknownName(String),
}

impl Model {
    /// Reads the weights that ship with the program.
    pub fn shipped() -> Result<Model, ModelError> {
        Model::read(SHIPPED)
    }

    /// Reads weights and checks their names.
    pub fn read(text: &str) -> Result<Model, ModelError> {
        let model: Model = serde_json::from_str(text)?;
        for weights in [&model.words, &model.meanings] {
            check_names(&weights.ranker, &FEATURES)?;
            check_names(&weights.answerable, &SIGNS)?;
            check_names(&weights.first_right, &SIGNS)?;
        }
        Ok(model)
    }
}

impl Weights {
    /// The ranker's score of a candidate.
    pub(super) fn score(&self, features: &Features) -> f32 {
        self.ranker.sum(&FEATURES, features)
    }

    pub(super) fn answerable(&self, signs: &Signs) -> f32 {
        self.answerable.probability(signs)
    }

    /// The calibrated probability that the first candidate is right.
    pub(super) fn confidence(&self, signs: &Signs) -> f32 {
        let right = self.first_right.probability(signs);
        if right >= self.sure {
            return right;
        }
        self.sure * self.doubtful.share(self.answerable.sum(&SIGNS, signs))
    }
}

impl Doubtful {
    /// Which share of [`Weights::sure`] it is: below 1, and greater where an answer is more likely.
    fn share(self, answerable: f32) -> f32 {
        logistic(self.offset + self.slope * answerable)
    }
}

fn check_names(linear: &Linear, known: &[&str]) -> Result<(), ModelError> {
    match linear.weights.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(ModelError::UnknownName(name.clone())),
        None => Ok(()),
    }
}

impl Linear {
    /// The probability that a confidence gives to the signs of a list.
    pub fn probability(&self, signs: &Signs) -> f32 {
        logistic(self.sum(&SIGNS, signs))
    }

    pub(super) fn sum(&self, names: &[&str], values: &[f32]) -> f32 {
        let weight = |name: &str| self.weights.get(name).copied().unwrap_or(0.0);
        self.offset + names.iter().zip(values).map(|(name, value)| weight(name) * value).sum::<f32>()
    }
}

pub(super) fn logistic(sum: f32) -> f32 {
    1.0 / (1.0 + (-sum).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_are_readable_and_foreign_names_are_refused() {
        let model = Model::shipped().unwrap();
        for weights in [&model.words, &model.meanings] {
            assert!(
                (0.0..=1.0).contains(&weights.abstain_below) && (0.0..=1.0).contains(&weights.offer_from)
            );
            assert!(weights.doubtful.slope > 0.0);
        }
        let foreign = SHIPPED.replacen("\"grams\"", "\"horoscope\"", 1);
        assert!(matches!(Model::read(&foreign), Err(ModelError::UnknownName(name)) if name == "horoscope"));
    }
}
