//! Searching published clips and their captions: a local tantivy index that is a cache of the database.
//!
//! The index knows clips as [`ClipDocument`]s and may be destroyed at any time: it is rebuilt from the change feed's
//! truth. User text never reaches a query parser; queries are built from folded terms only (reliability.md H13).

mod candidates;
mod cursor;
mod find;
mod follower;
mod generation;
mod highlight;
mod index;
mod nearness;
pub(crate) mod published;
mod schema;
mod score;
mod standing;
mod terms;
mod tokenize;
mod wide;

pub use candidates::{Candidate, CandidateQuery, Candidates, VIEWS, View};
pub use cursor::Cursor;
pub use find::{CueHit, Filter, Hit, Page, Query};
pub use follower::{CLIP_CHANGES, Follower};
pub use highlight::Highlight;
pub use index::{Change, Health, SearchIndex};
pub use nearness::Nearness;
pub use terms::{MAX_CHARS, Terms, head};

use serde::{Deserialize, Serialize};

/// What the index keeps of one published clip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct ClipDocument {
    /// The clip's id as the database or a file names it.
    pub clip_id: String,
    pub kind: String,
    pub service: String,
    pub sign_language: String,
    /// When it was first published, in milliseconds since 1970.
    pub published_ms: i64,
    pub title: String,
    /// The title in other languages, or empty.
    pub title_en: String,
    /// The canonical question that the clip answers, or empty.
    pub question: String,
    pub summary: String,
    /// Other wordings of the question: by editors, or confirmed from citizens after redaction.
    pub aliases: Vec<String>,
    pub cues: Vec<CueText>,
}

/// One cue of the published captions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CueText {
    pub start_ms: u32,
    pub end_ms: u32,
    pub text: String,
}

impl CueText {
    /// Cuts a text without times into its sentences, four seconds each: for texts that are not captions of a video.
    pub fn sentences(text: &str) -> Vec<CueText> {
        let sentences =
            text.split_inclusive(['.', '؟', '!', '\n']).map(str::trim).filter(|text| !text.is_empty());
        let cue = |(index, text): (usize, &str)| {
            let start_ms = u32::try_from(index).unwrap_or(u32::MAX).saturating_mul(4000);
            CueText { start_ms, end_ms: start_ms.saturating_add(3500), text: text.to_owned() }
        };
        sentences.enumerate().map(cue).collect()
    }
}

#[cfg(test)]
mod tests;
