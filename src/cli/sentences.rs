//! The sentence model of the offline verbs: loaded for one run, with its absence said.

use crate::matching::{MeaningState, Meanings};
use crate::search::ClipDocument;
use std::path::Path;

/// The meanings of a library, or none where there is no model, which is then said on stderr.
#[expect(clippy::print_stderr, reason = "whoever runs the verb must know what its figures stand for")]
pub(super) fn meanings(answers: &[ClipDocument], model_dir: &Path) -> anyhow::Result<Meanings> {
    let meanings = Meanings::open(model_dir);
    if let MeaningState::Unavailable { reason } = meanings.state() {
        eprintln!("ishara: matching by words only: {reason}");
    }
    meanings.shelve(answers)?;
    Ok(meanings)
}
