//! What weights are worth, as numbers for people: ranking, decisions, and how honest the confidence is.

use super::train::Outcome;
use serde::Serialize;

/// Bins of the reliability curve.
const BINS: usize = 10;

/// The figures of a cross-validation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub questions: usize,
    pub answerable: usize,
    /// Mean of one divided by the place of the right answer, 0 beyond the tenth.
    pub mrr_at_10: f64,
    /// Shares of answerable questions whose answer is among the first 1 and 5.
    pub recall_at_1: f64,
    pub recall_at_5: f64,
    /// How well the confidence tells answerable questions from others: .5 is chance. None when there is only one kind.
    pub auroc: Option<f64>,
    /// The share of answerable questions answered right while 95 of 100 shown answers are right.
    pub right_at_95: f64,
    /// The mean distance between the confidence and the share that was right, over the bins.
    pub calibration_error: f64,
    pub reliability: Vec<Bin>,
}

/// One bin of the reliability curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// The bin's confidences reach from here a tenth upwards.
    pub from: f64,
    pub questions: usize,
    /// Their mean confidence and the share whose first answer was right.
    pub confidence: f64,
    pub right: f64,
}

impl Report {
    /// Tells whether the order of the answers or the honesty of the confidence gained, and neither lost. Half a point is
    /// chance.
    pub fn is_better_than(&self, other: &Report) -> bool {
        let order = self.mrr_at_10 - other.mrr_at_10;
        let honesty = other.calibration_error - self.calibration_error;
        order.max(honesty) > 0.005 && order.min(honesty) > -0.005
    }

    /// Puts the figures together.
    pub fn of(outcomes: &[Outcome]) -> Report {
        let places: Vec<usize> = outcomes
            .iter()
            .filter(|one| one.answerable)
            .map(|one| one.right_at.unwrap_or(usize::MAX))
            .collect();
        let count = places.len().max(1) as f64;
        let within = |limit: usize| places.iter().filter(|place| **place <= limit).count() as f64 / count;
        let reciprocal = |place: &usize| if *place <= 10 { 1.0 / *place as f64 } else { 0.0 };
        let reliability = reliability(outcomes);
        Report {
            questions: outcomes.len(),
            answerable: places.len(),
            mrr_at_10: places.iter().map(reciprocal).sum::<f64>() / count,
            recall_at_1: within(1),
            recall_at_5: within(5),
            auroc: auroc(outcomes),
            right_at_95: right_at(outcomes, 0.95) / count,
            calibration_error: reliability
                .iter()
                .map(|bin| (bin.confidence - bin.right).abs() * bin.questions as f64)
                .sum::<f64>()
                / outcomes.len().max(1) as f64,
            reliability,
        }
    }
}

fn reliability(outcomes: &[Outcome]) -> Vec<Bin> {
    let bin_of = |one: &Outcome| ((f64::from(one.confidence) * BINS as f64) as usize).min(BINS - 1);
    let bin = |at: usize| {
        let inside: Vec<&Outcome> = outcomes.iter().filter(|one| bin_of(one) == at).collect();
        let count = inside.len().max(1) as f64;
        Bin {
            from: at as f64 / BINS as f64,
            questions: inside.len(),
            confidence: inside.iter().map(|one| f64::from(one.confidence)).sum::<f64>() / count,
            right: inside.iter().filter(|one| one.is_right()).count() as f64 / count,
        }
    };
    (0..BINS).map(bin).filter(|bin| bin.questions > 0).collect()
}

/// The probability that an answerable question has the greater confidence; ties count half.
fn auroc(outcomes: &[Outcome]) -> Option<f64> {
    let of = |answerable: bool| outcomes.iter().filter(move |one| one.answerable == answerable);
    let pairs = of(true).count() * of(false).count();
    let wins: f64 = of(true)
        .flat_map(|good| of(false).map(move |bad| good.confidence.total_cmp(&bad.confidence)))
        .map(|order| match order {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Greater => 1.0,
        })
        .sum();
    (pairs > 0).then(|| wins / pairs as f64)
}

/// The most right answers that can be shown while the wanted share of the shown ones is right.
fn right_at(outcomes: &[Outcome], share: f64) -> f64 {
    let mut order: Vec<&Outcome> = outcomes.iter().collect();
    order.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let (mut right, mut most) = (0.0, 0.0);
    for (shown, one) in order.iter().enumerate() {
        right += f64::from(u8::from(one.is_right()));
        // Equal confidences are shown together.
        let is_last_of_equals = order.get(shown + 1).is_none_or(|next| next.confidence < one.confidence);
        if is_last_of_equals && right / (shown + 1) as f64 >= share {
            most = right;
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(right_at: Option<usize>, answerable: bool, confidence: f32) -> Outcome {
        Outcome { right_at, answerable, answerable_probability: confidence, confidence }
    }

    #[test]
    fn the_figures_are_those_of_the_definitions() {
        let report = Report::of(&[
            outcome(Some(1), true, 0.9),
            outcome(Some(2), true, 0.8),
            outcome(Some(1), true, 0.7),
            outcome(None, true, 0.2),
            outcome(None, false, 0.3),
        ]);
        assert_eq!((report.questions, report.answerable), (5, 4));
        assert_eq!((report.mrr_at_10, report.recall_at_1, report.recall_at_5), (0.625, 0.5, 0.75));
        assert_eq!((report.auroc, report.right_at_95), (Some(0.75), 0.25));
        assert_eq!(report.reliability.iter().map(|bin| bin.questions).sum::<usize>(), 5);
    }

    #[test]
    fn a_constant_confidence_gains_nothing() {
        let report = Report::of(&[outcome(Some(1), true, 0.5), outcome(None, false, 0.5)]);
        assert_eq!((report.auroc, report.right_at_95), (Some(0.5), 0.0));
    }
}
