//! What a ranked list shows about itself: the ground of the two confidences.

use super::features::{FEATURES, Features};
use super::model::Signs;

/// A candidate's place in the ranking, as the confidences see it.
pub(super) struct Scored<'a> {
    pub(super) score: f32,
    pub(super) features: &'a Features,
}

/// What the confidences know of the question itself.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ground {
    /// Share of the question's words that the library has.
    pub(super) known_words: f32,
    /// How many words the question has to compare.
    pub(super) words: usize,
    /// The sum of their rarities.
    pub(super) weight: f32,
    /// It speaks of another agency's services, or is small talk (see `text::route`).
    pub(super) foreign: f32,
}

/// Reads the signs of a list, best first.
pub(super) fn signs(ranked: &[Scored], ground: Ground) -> Signs {
    let Some(first) = ranked.first() else { return Signs::default() };
    let score_at = |place: usize| ranked.get(place).or(ranked.last()).map_or(0.0, |scored| scored.score);
    let of =
        |name: &str| FEATURES.iter().position(|known| *known == name).map_or(0.0, |at| first.features[at]);
    [
        first.score,
        first.score - score_at(1),
        first.score - score_at(4),
        softmax_share(ranked),
        of("covered_question"),
        of("covered_by_head"),
        of("covered_title"),
        of("covered_canonical"),
        of("alias_likeness"),
        of("title_likeness"),
        of("grams"),
        ground.known_words,
        (ground.words as f32).min(12.0) / 12.0,
        agreement(ranked),
        ((1.0 - of("covered_question")) * ground.weight).min(6.0),
        ground.foreign,
    ]
}

/// The first candidate's share of the list's probability.
fn softmax_share(ranked: &[Scored]) -> f32 {
    let best = ranked.first().map_or(0.0, |scored| scored.score);
    let sum: f32 = ranked.iter().map(|scored| (scored.score - best).exp()).sum();
    if sum > 0.0 { 1.0 / sum } else { 0.0 }
}

/// In how many of the views and comparisons the first candidate is the best of the list.
fn agreement(ranked: &[Scored]) -> f32 {
    let leads = |at: usize| ranked.iter().all(|other| other.features[at] <= ranked[0].features[at]);
    (0..FEATURES.len()).filter(|at| leads(*at)).count() as f32 / FEATURES.len() as f32
}
