//! The sentence model: turns a question or an answer's text into a vector, so that texts of the same meaning lie close
//! together. It is optional; without its folder the program matches by words.
//!
//! Any standard sentence-transformers folder of a BERT encoder can be used (config.json, tokenizer.json,
//! model.safetensors, 1_Pooling/config.json). `scripts/fetch-model` makes one from multilingual-e5-small.

mod folder;
pub mod import;
mod tokens;
mod workers;

use anyhow::Context;
use encoder::Encoder;
use folder::Folder;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokens::Tokens;
use workers::Workers;

/// Which side of the comparison a text is on; e5 models are trained with a prefix for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// What a person asks.
    Query,
    /// What an answer says.
    Passage,
}

/// Why there is no sentence model.
#[derive(Debug, thiserror::Error)]
pub enum NoModel {
    #[error("there is no sentence model in {0}; scripts/fetch-model puts one there")]
    Absent(PathBuf),
    #[error("the sentence model in {folder} cannot be used: {reason}")]
    Unusable { folder: PathBuf, reason: String },
}

/// A loaded sentence model. Cheap to clone; several threads may ask at once, each text is computed on one thread.
#[derive(Clone)]
pub struct SentenceModel(Arc<Loaded>);

struct Loaded {
    name: String,
    encoder: Encoder,
    tokens: Tokens,
    workers: Workers,
}

impl SentenceModel {
    /// Loads the model of a folder and tries it on one sentence.
    pub fn open(folder: &Path) -> Result<SentenceModel, NoModel> {
        if !folder.join(folder::WEIGHTS).is_file() && !folder.join(folder::CONFIG).is_file() {
            return Err(NoModel::Absent(folder.to_owned()));
        }
        let unusable =
            |why: anyhow::Error| NoModel::Unusable { folder: folder.to_owned(), reason: format!("{why:#}") };
        let model = Self::load(folder).map_err(unusable)?;
        model.try_out().map_err(unusable)?;
        Ok(model)
    }

    fn load(folder: &Path) -> anyhow::Result<SentenceModel> {
        let folder = Folder::read(folder)?;
        let tokens = Tokens::load(&folder)?;
        anyhow::ensure!(
            tokens.count() <= folder.shape.vocab_size,
            "the tokenizer knows more pieces than the weights have rows"
        );
        let weights = std::fs::read(folder.file(folder::WEIGHTS))
            .with_context(|| format!("{} cannot be read", folder::WEIGHTS))?;
        let encoder = Encoder::read(&weights, folder.encoder_shape())
            .with_context(|| format!("{} does not fit", folder::WEIGHTS))?;
        Ok(SentenceModel(Arc::new(Loaded { name: folder.name, encoder, tokens, workers: Workers::start() })))
    }

    /// A folder whose files do not belong together loads and answers nonsense; this sees the plain cases.
    fn try_out(&self) -> anyhow::Result<()> {
        let (near, far) = ("تجديد الهوية الوطنية", "طبخ الأرز بالدجاج");
        let asked = self.embed("كيف أجدد هويتي؟", Side::Query)?;
        let of = |text| self.embed(text, Side::Passage).map(|vector| cosine(&asked, &vector));
        let (near, far) = (of(near)?, of(far)?);
        anyhow::ensure!(near.is_finite() && far.is_finite(), "it computes no numbers");
        anyhow::ensure!(near > far, "it does not tell near from far; the files may not belong together");
        Ok(())
    }

    /// Names weights and tokenizer: vectors of different names must not be compared.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// How many numbers a vector has.
    pub fn dimensions(&self) -> usize {
        self.0.encoder.dimensions()
    }

    /// How many texts are computed at once.
    pub fn workers(&self) -> usize {
        self.0.workers.count()
    }

    /// The vector of a text, of length 1. The text is given as it was written: folding it first makes it worse
    /// (matching.md section 2). Blocks for some 20 ms; call it off the runtime's threads.
    pub fn embed(&self, text: &str, side: Side) -> anyhow::Result<Vec<f32>> {
        let windows = self.0.tokens.windows(text, side)?;
        self.0.workers.run(|| {
            let mut sum = vec![0.0f32; self.dimensions()];
            for window in &windows {
                let vector = self.0.encoder.encode(window)?;
                sum.iter_mut().zip(&vector).for_each(|(sum, value)| *sum += value * window.len() as f32);
            }
            let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
            anyhow::ensure!(length.is_finite() && length > 0.0, "the sentence model gave no vector");
            sum.iter_mut().for_each(|value| *value /= length);
            Ok(sum)
        })
    }
}

/// The cosine of two vectors of length 1.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests;
