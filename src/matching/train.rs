//! Training: from examples to weights, with cross-validated figures that say what they are worth.

use super::fit::{Example, Point, Pull, fit_confidence, fit_doubtful, fit_ranker};
use super::model::{Doubtful, Linear, SIGNS, SURE, Signs, Weights};

/// Folds of the cross-validation.
const FOLDS: u32 = 5;
/// The least pull on weights: chosen by cross-validation on 664 questions.
const RANKER_PULL: f32 = 0.02;
const CONFIDENCE_PULL: f32 = 0.003;
/// With few examples weights stay near those they start from: the pull is this, divided by the number of examples.
const PULL_OF_FEW: f32 = 15.0;
/// Fewer doubtful lists than this say nothing about doubtful lists.
const FEWEST_DOUBTFUL: usize = 30;
/// The share of shown answers that must be right where the matcher may offer one, and that must have an answer at all
/// where it does not abstain.
const PRECISION: f64 = 0.95;

/// An example of a study.
#[derive(Debug, Clone)]
pub struct Studied {
    pub example: Example,
    /// Names the question: the same question in several libraries is never in training and test at once.
    pub question: String,
    /// How much it counts in the confidences.
    pub weight: f32,
    /// Whether its list trains the ranker and its outcome is reported. Others are variations of these, such as the
    /// same question put to a library that lacks half of its answers.
    pub is_original: bool,
}

/// What the weights of the other folds said of one original example.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Place of the first right candidate, from 1.
    pub right_at: Option<usize>,
    pub answerable: bool,
    pub answerable_probability: f32,
    pub confidence: f32,
}

impl Outcome {
    /// Tells whether the first candidate is right.
    pub fn is_right(&self) -> bool {
        self.right_at == Some(1)
    }
}

/// Fits weights on all examples; the thresholds come from cross-validation, whose outcomes are returned too. With
/// `towards` few examples move the weights little.
pub fn train(study: &[Studied], towards: Option<&Weights>) -> (Weights, Vec<Outcome>) {
    let mut outcomes = Vec::new();
    for fold in 0..FOLDS {
        let in_fold = |studied: &&Studied| fold_of(&studied.question) == fold;
        let others: Vec<&Studied> = study.iter().filter(|studied| !in_fold(studied)).collect();
        let fitted = fit(&others, towards);
        let tested = study.iter().filter(in_fold).filter(|studied| studied.is_original);
        outcomes.extend(tested.map(|studied| outcome(&studied.example, &fitted)));
    }
    let mut weights = fit(&study.iter().collect::<Vec<_>>(), towards);
    let answered = outcomes.iter().map(|one| (one.answerable_probability, one.answerable));
    let right = outcomes.iter().map(|one| (one.confidence, one.is_right()));
    weights.abstain_below = lowest_with_precision(answered.collect());
    weights.offer_from = lowest_with_precision(right.collect()).max(SURE);
    (weights, outcomes)
}

/// What given weights say of the original examples.
pub fn try_out(study: &[Studied], weights: &Weights) -> Vec<Outcome> {
    let originals = study.iter().filter(|studied| studied.is_original);
    originals.map(|studied| outcome(&studied.example, weights)).collect()
}

fn fit(study: &[&Studied], towards: Option<&Weights>) -> Weights {
    let lists: Vec<&Example> =
        study.iter().filter(|studied| studied.is_original).map(|studied| &studied.example).collect();
    let few = if towards.is_some() { PULL_OF_FEW / lists.len().max(1) as f32 } else { 0.0 };
    let pull =
        |least: f32, of: fn(&Weights) -> &Linear| Pull { strength: few.max(least), towards: towards.map(of) };
    let ranker = fit_ranker(&lists, pull(RANKER_PULL, |weights| &weights.ranker));
    let points: Vec<Judged> = study.iter().map(|studied| Judged::new(studied, &ranker)).collect();
    let confidence = |good: fn(&Judged) -> bool, of: fn(&Weights) -> &Linear| {
        let points: Vec<Point> = points
            .iter()
            .map(|judged| Point { signs: judged.signs, good: good(judged), weight: judged.weight })
            .collect();
        fit_confidence(&points, pull(CONFIDENCE_PULL, of))
    };
    let answerable = confidence(|judged| judged.answerable, |weights| &weights.answerable);
    let first_right = confidence(|judged| judged.right, |weights| &weights.first_right);
    let doubtful: Vec<(f32, bool, f32)> = points
        .iter()
        .filter(|judged| first_right.probability(&judged.signs) < SURE)
        .map(|judged| (answerable.sum(&SIGNS, &judged.signs), judged.right, judged.weight))
        .collect();
    let doubtful = match (doubtful.len(), towards) {
        (0..FEWEST_DOUBTFUL, Some(weights)) => weights.doubtful,
        (0..FEWEST_DOUBTFUL, None) => Doubtful { slope: 1.0, offset: 0.0 },
        _ => fit_doubtful(&doubtful),
    };
    Weights { ranker, answerable, first_right, sure: SURE, doubtful, abstain_below: 0.0, offer_from: 1.0 }
}

/// A ranked list with what is known of it.
struct Judged {
    signs: Signs,
    answerable: bool,
    right: bool,
    weight: f32,
}

impl Judged {
    fn new(studied: &Studied, ranker: &Linear) -> Judged {
        let ranking = studied.example.ranked(ranker);
        Judged {
            signs: ranking.signs,
            answerable: studied.example.answerable,
            right: ranking.right_at == Some(1),
            weight: studied.weight,
        }
    }
}

fn outcome(example: &Example, weights: &Weights) -> Outcome {
    let ranking = example.ranked(&weights.ranker);
    let found = !example.is_empty();
    Outcome {
        right_at: ranking.right_at,
        answerable: example.answerable,
        answerable_probability: if found { weights.answerable(&ranking.signs) } else { 0.0 },
        confidence: if found { weights.confidence(&ranking.signs) } else { 0.0 },
    }
}

/// FNV-1a, which is the same on every machine.
fn fold_of(question: &str) -> u32 {
    let hash =
        question.bytes().fold(0x811c_9dc5u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash >> 8) % FOLDS
}

/// The lowest value from which on the wanted share is good.
fn lowest_with_precision(mut points: Vec<(f32, bool)>) -> f32 {
    points.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut good, mut lowest) = (0u32, 1.0);
    for (count, (value, is_good)) in points.iter().enumerate() {
        good += u32::from(*is_good);
        if f64::from(good) / (count + 1) as f64 >= PRECISION {
            lowest = *value;
        }
    }
    lowest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_the_lowest_value_that_keeps_the_precision() {
        let points = (0..100).map(|at| (at as f32 / 100.0, at >= 40 || at == 5)).collect();
        assert_eq!(lowest_with_precision(points), 0.37);
        assert_eq!(lowest_with_precision(vec![(0.9, false)]), 1.0);
    }

    #[test]
    fn questions_spread_over_all_folds() {
        let folds: std::collections::BTreeSet<u32> =
            (0..50).map(|at| fold_of(&format!("question {at}"))).collect();
        assert_eq!(folds.len(), FOLDS as usize);
    }
}
