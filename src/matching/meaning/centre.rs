//! Taking away what all vectors of a model have in common, so that what differs counts.
//!
//! The vectors of e5 lie in a narrow cone: unrelated texts have cosines of .8. Without the cone's middle, nearness is
//! spread out and the order is better. The middle comes from plain sentences of everyday life and not from the library:
//! that of a small library would take away the very things that tell its answers apart.

use crate::sentence::{SentenceModel, Side};

/// Sentences that belong to no library, one a line: questions, then texts of answers.
const SENTENCES: &str = include_str!("../data/everyday.tsv");

/// The middles of the two sides.
#[derive(Debug, Clone)]
pub(super) struct Centre {
    query: Vec<f32>,
    passage: Vec<f32>,
}

impl Centre {
    pub(super) fn of(model: &SentenceModel) -> anyhow::Result<Centre> {
        let middle = |side: Side, name: &str| -> anyhow::Result<Vec<f32>> {
            let mut sum = vec![0.0f32; model.dimensions()];
            let mut count = 0.0f32;
            for text in SENTENCES.lines().filter_map(|line| line.strip_prefix(name)) {
                let vector = model.embed(text.trim(), side)?;
                sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += value);
                count += 1.0;
            }
            Ok(sum.into_iter().map(|value| value / count.max(1.0)).collect())
        };
        Ok(Centre { query: middle(Side::Query, "query\t")?, passage: middle(Side::Passage, "passage\t")? })
    }

    /// A vector without the middle of its side, of length 1.
    pub(super) fn centred(&self, vector: &[f32], side: Side) -> Vec<f32> {
        let middle = match side {
            Side::Query => &self.query,
            Side::Passage => &self.passage,
        };
        let moved: Vec<f32> = vector.iter().zip(middle).map(|(value, middle)| value - middle).collect();
        let length = moved.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        moved.into_iter().map(|value| value / length).collect()
    }
}
