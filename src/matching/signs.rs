//! What a ranked list shows about itself: the ground of the two confidences.

use super::features::{FEATURES, Features, WORD_FEATURES, feature};
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
    let of = |name: &str| feature(first.features, name);
    let meanings = sorted_meanings(ranked);
    let nearest_is_first = meanings.first().is_none_or(|nearest| *nearest <= of("meaning_mean"));
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
        spread(ranked),
        of("meaning"),
        of("meaning_mean"),
        of("meaning_nearest"),
        of("meaning_wording"),
        of("meaning_mean") - meanings.get(usize::from(nearest_is_first)).copied().unwrap_or(0.0),
        meanings.first().copied().unwrap_or(0.0),
        meanings.first().copied().unwrap_or(0.0)
            - meanings.get(4).or(meanings.last()).copied().unwrap_or(0.0),
        f32::from(u8::from(nearest_is_first)),
    ]
}

/// The mean likeness of meaning of each candidate, greatest first.
fn sorted_meanings(ranked: &[Scored]) -> Vec<f32> {
    let at = FEATURES.iter().position(|known| *known == "meaning_mean").unwrap_or(0);
    let mut meanings: Vec<f32> = ranked.iter().map(|scored| scored.features[at]).collect();
    meanings.sort_by(|a, b| b.total_cmp(a));
    meanings
}

/// The standard deviation of the five best scores.
fn spread(ranked: &[Scored]) -> f32 {
    let best: Vec<f32> = ranked.iter().take(5).map(|scored| scored.score).collect();
    let mean = best.iter().sum::<f32>() / best.len().max(1) as f32;
    (best.iter().map(|score| (score - mean).powi(2)).sum::<f32>() / best.len().max(1) as f32).sqrt()
}

/// The first candidate's share of the list's probability.
fn softmax_share(ranked: &[Scored]) -> f32 {
    let best = ranked.first().map_or(0.0, |scored| scored.score);
    let sum: f32 = ranked.iter().map(|scored| (scored.score - best).exp()).sum();
    if sum > 0.0 { 1.0 / sum } else { 0.0 }
}

/// In how many of the views and comparisons of words the first candidate is the best of the list.
fn agreement(ranked: &[Scored]) -> f32 {
    let leads = |at: usize| ranked.iter().all(|other| other.features[at] <= ranked[0].features[at]);
    (0..WORD_FEATURES).filter(|at| leads(*at)).count() as f32 / WORD_FEATURES as f32
}
