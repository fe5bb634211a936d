//! What another judge of likeness says of the clips, to be joined with the scores of words.

use super::schema::key_of;
use std::collections::HashMap;

/// How much nearness of meaning weighs against the words, both in standard deviations. A round value near the published
/// fusions (matching.md section 3), which give words .3 to .6 of the weight of meaning; not fitted.
const WEIGHT: f32 = 1.2;
/// From this nearness on, in standard deviations, a clip is a hit whatever its words.
const NEAR: f32 = 2.5;

/// Clips near in meaning, with their standard deviations above the mean of the library. Empty when there is no such
/// judge.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nearness(HashMap<String, f32>);

impl Nearness {
    /// Takes what was found, by clip.
    pub fn new(by_clip: HashMap<String, f32>) -> Nearness {
        Nearness(by_clip)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The clips that are hits by nearness alone.
    pub(super) fn clips(&self) -> Vec<String> {
        self.0.iter().filter(|(_, nearness)| **nearness >= NEAR).map(|(clip, _)| clip.clone()).collect()
    }

    /// What nearness adds to the score of each clip, by its key; a clip of which nothing is known counts as average.
    pub(super) fn by_key(&self) -> HashMap<u64, f32> {
        self.0.iter().map(|(clip, nearness)| (key_of(clip), WEIGHT * nearness)).collect()
    }
}
