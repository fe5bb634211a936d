//! Fitting the weights from questions whose right answer is known: a listwise ranker and two logistic confidences.
//!
//! Plain full-batch gradient descent on standardised values: a few hundred questions and some twenty features need no
//! more, and the result is the same on every machine. [`super::train`] puts the parts together.

use super::features::{FEATURES, Features};
use super::model::{Doubtful, Linear, SIGNS, SURE, Signs, logistic};
use super::signs::{self, Ground, Scored};
use super::{Matcher, Weighed, features};
use crate::search::Filter;

/// A question with its candidates and which of them are right.
#[derive(Debug, Clone)]
pub struct Example {
    candidates: Vec<(Features, bool)>,
    ground: Ground,
    /// Whether the library holds an answer at all.
    pub answerable: bool,
    /// Whether the sentence model took part.
    pub by_meaning: bool,
}

/// The ranking of one example under some weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranking {
    /// Place of the first right candidate, from 1; none when it is not among the candidates.
    pub right_at: Option<usize>,
    pub signs: Signs,
}

impl Matcher {
    /// Weighs the candidates of a question whose right answers are known (none: it has no answer here).
    pub fn example(&self, question: &str, right: &[String]) -> anyhow::Result<Example> {
        let vector = self.meanings.read(question, self.index.clip_count());
        let lexicon = self.tuition.current().lexicon;
        Ok(Example::of(self.weigh(question, vector, &Filter::default(), &lexicon)?, right))
    }
}

impl Example {
    pub(super) fn of(weighed: Weighed, right: &[String]) -> Example {
        let candidates = weighed.candidates.iter();
        Example {
            candidates: candidates
                .map(|(candidate, features)| (*features, right.contains(&candidate.clip.clip_id)))
                .collect(),
            ground: weighed.ground,
            answerable: !right.is_empty(),
            by_meaning: weighed.by_meaning,
        }
    }

    /// Tells whether nothing was found at all.
    pub fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// Ranks the candidates with a ranker.
    pub fn ranked(&self, ranker: &Linear) -> Ranking {
        let score = |features: &Features| ranker.sum(&FEATURES, features);
        let mut order: Vec<(f32, &Features, bool)> =
            self.candidates.iter().map(|(features, right)| (score(features), features, *right)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        let scored: Vec<Scored> =
            order.iter().map(|(score, features, _)| Scored { score: *score, features }).collect();
        Ranking {
            right_at: order.iter().position(|(_, _, right)| *right).map(|place| place + 1),
            signs: signs::signs(&scored, self.ground),
        }
    }
}

const ROUNDS: usize = 600;
const STEP: f32 = 0.3;

/// What holds weights back from following the examples too closely.
#[derive(Debug, Clone, Copy)]
pub struct Pull<'a> {
    /// From 0 to 1; more would make the descent swing instead of end.
    pub strength: f32,
    /// The weights they are pulled to; to none when absent.
    pub towards: Option<&'a Linear>,
}

/// Fits the ranker: the right candidates should have the larger part of each list's probability.
pub fn fit_ranker(examples: &[&Example], pull: Pull) -> Linear {
    let lists: Vec<&Vec<(Features, bool)>> = examples
        .iter()
        .map(|example| &example.candidates)
        .filter(|list| list.iter().any(|(_, right)| *right))
        .collect();
    let scale = Scale::of(lists.iter().flat_map(|list| list.iter().map(|(features, _)| features)));
    let lists: Vec<Vec<(Features, bool)>> = lists
        .into_iter()
        .map(|list| list.iter().map(|(features, right)| (scale.apply(features), *right)).collect())
        .collect();
    let (prior, _) = scale.standardised(&FEATURES, pull.towards);
    let mut weights = prior;
    descend(&mut weights, |weights, gradient| {
        for list in &lists {
            add_list_gradient(list, weights, gradient);
        }
        gradient.iter_mut().for_each(|sum| *sum /= lists.len().max(1) as f32);
        pull_back(gradient, weights, &prior, pull.strength);
    });
    scale.linear(&FEATURES, &weights, 0.0)
}

/// The gradient of minus the logarithm of the probability of the right candidates.
fn add_list_gradient(list: &[(Features, bool)], weights: &Features, gradient: &mut Features) {
    let scores: Vec<f32> = list.iter().map(|(features, _)| dot(weights, features)).collect();
    let best = scores.iter().copied().fold(f32::MIN, f32::max);
    let shares: Vec<f32> = scores.iter().map(|score| (score - best).exp()).collect();
    let total: f32 = shares.iter().sum();
    let right_total: f32 =
        list.iter().zip(&shares).filter(|((_, right), _)| *right).map(|(_, share)| share).sum();
    for ((features, right), share) in list.iter().zip(&shares) {
        let wanted = if *right { share / right_total.max(f32::MIN_POSITIVE) } else { 0.0 };
        let pull = share / total - wanted;
        for (sum, value) in gradient.iter_mut().zip(features) {
            *sum += pull * value;
        }
    }
}

/// One list with what is known of it and how much it counts.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    pub signs: Signs,
    pub good: bool,
    pub weight: f32,
}

/// Fits a probability from signs.
pub fn fit_confidence(points: &[Point], pull: Pull) -> Linear {
    let scale = Scale::of(points.iter().map(|point| &point.signs));
    let points: Vec<Point> =
        points.iter().map(|point| Point { signs: scale.apply(&point.signs), ..*point }).collect();
    let total = points.iter().map(|point| point.weight).sum::<f32>().max(f32::MIN_POSITIVE);
    let (prior, prior_offset) = scale.standardised(&SIGNS, pull.towards);
    // The last weight is the offset.
    let mut weights: [f32; SIGNS.len() + 1] =
        std::array::from_fn(|at| prior.get(at).copied().unwrap_or(prior_offset));
    descend(&mut weights, |weights, gradient| {
        for Point { signs, good, weight } in &points {
            let offset = weights[SIGNS.len()];
            let miss = logistic(offset + dot(&weights[..SIGNS.len()], signs)) - f32::from(u8::from(*good));
            for (sum, value) in gradient.iter_mut().zip(signs.iter().chain(&[1.0])) {
                *sum += miss * value * weight / total;
            }
        }
        pull_back(gradient, &weights[..SIGNS.len()], &prior, pull.strength);
    });
    let (slopes, offset) = weights.split_at(SIGNS.len());
    scale.linear(&SIGNS, slopes, offset[0])
}

/// Fits the probability of being right in doubtful lists, from the log odds that there is an answer: pairs of these, of
/// whether the first was right, and of how much the list counts.
pub fn fit_doubtful(points: &[(f32, bool, f32)]) -> Doubtful {
    let total = points.iter().map(|(_, _, weight)| weight).sum::<f32>().max(f32::MIN_POSITIVE);
    let mut weights = [1.0f32, 0.0];
    descend(&mut weights, |weights, gradient| {
        for (odds, right, weight) in points {
            let share = logistic(weights[1] + weights[0] * odds);
            let given = (SURE * share).clamp(1e-4, 1.0 - 1e-4);
            let miss = if *right { -1.0 / given } else { 1.0 / (1.0 - given) };
            let pull = miss * SURE * share * (1.0 - share) * weight / total;
            gradient[0] += pull * odds;
            gradient[1] += pull;
        }
        pull_back(gradient, weights, &[1.0, 0.0], 1e-3);
    });
    // More likely answered is never less likely right, whatever a few examples say.
    Doubtful { slope: weights[0].max(0.05), offset: weights[1] }
}

fn descend<const N: usize>(weights: &mut [f32; N], gradient_at: impl Fn(&[f32; N], &mut [f32; N])) {
    let mut velocity = [0.0f32; N];
    for _ in 0..ROUNDS {
        let mut gradient = [0.0f32; N];
        gradient_at(weights, &mut gradient);
        for at in 0..N {
            velocity[at] = 0.9 * velocity[at] - STEP * gradient[at];
            weights[at] += velocity[at];
        }
    }
}

fn pull_back(gradient: &mut [f32], weights: &[f32], prior: &[f32], strength: f32) {
    for ((sum, weight), prior) in gradient.iter_mut().zip(weights).zip(prior) {
        *sum += strength.min(1.0) * (weight - prior);
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Mean and deviation of each value.
struct Scale<const N: usize> {
    mean: [f32; N],
    deviation: [f32; N],
}

impl<const N: usize> Scale<N> {
    fn of<'a>(values: impl Iterator<Item = &'a [f32; N]>) -> Scale<N> {
        let (mut count, mut sum, mut squares) = (0.0f64, [0.0f64; N], [0.0f64; N]);
        for value in values {
            count += 1.0;
            for at in 0..N {
                sum[at] += f64::from(value[at]);
                squares[at] += f64::from(value[at]).powi(2);
            }
        }
        let mean = sum.map(|sum| (sum / count.max(1.0)) as f32);
        let deviation = std::array::from_fn(|at| {
            let variance = squares[at] / count.max(1.0) - f64::from(mean[at]).powi(2);
            (variance.max(0.0).sqrt() as f32).max(1e-4)
        });
        Scale { mean, deviation }
    }

    fn apply(&self, value: &[f32; N]) -> [f32; N] {
        std::array::from_fn(|at| (value[at] - self.mean[at]) / self.deviation[at])
    }

    /// Turns weights of the values themselves into weights of standardised values, with their offset.
    fn standardised(&self, names: &[&str], linear: Option<&Linear>) -> ([f32; N], f32) {
        let Some(linear) = linear else { return ([0.0; N], 0.0) };
        let raw = |at: usize| linear.weights.get(names[at]).copied().unwrap_or(0.0);
        let shift: f32 = (0..N).map(|at| raw(at) * self.mean[at]).sum();
        (std::array::from_fn(|at| raw(at) * self.deviation[at]), linear.offset + shift)
    }

    /// Turns weights of standardised values into weights of the values themselves.
    fn linear(&self, names: &[&str], weights: &[f32], offset: f32) -> Linear {
        let raw: Vec<f32> =
            weights.iter().zip(&self.deviation).map(|(weight, deviation)| weight / deviation).collect();
        let shift: f32 = raw.iter().zip(&self.mean).map(|(weight, mean)| weight * mean).sum();
        let round = |value: f32| (value * 10_000.0).round() / 10_000.0;
        let weights =
            names.iter().zip(&raw).map(|(name, weight)| ((*name).to_owned(), round(*weight))).collect();
        Linear { weights, offset: round(offset - shift) }
    }
}

/// A matcher's features by name, for tables that people read.
pub fn named(features: &Features) -> impl Iterator<Item = (&'static str, f32)> {
    features::FEATURES.into_iter().zip(*features)
}
