//! Captions: reading every common file, writing WebVTT, SRT and EAF, and checking what deaf readers need. Pure functions.
//!
//! Whatever comes in is re-written by us: sorted cues of plain text (reliability.md H8). Rules: deaf-users.md section 3.

mod ass;
mod decode;
mod eaf;
mod error;
mod findings;
mod parse;
mod plain;
mod repair;
mod srt;
mod timecode;
mod ttml;
mod vtt;
mod write;
mod xml;

pub use eaf::{Recording, to_eaf};
pub use error::CaptionError;
pub use findings::{About, Finding, Level, Rule, check};
pub use parse::{CaptionFormat, parse};
pub use repair::{Repair, repaired, reversed_punctuation};
pub use write::{Lettering, to_ass, to_srt, to_vtt};

use serde::{Deserialize, Serialize};

/// The largest caption file, in bytes (reliability.md H8).
pub const MAX_BYTES: usize = 512 * 1024;
/// The most cues in one file (reliability.md H8).
pub const MAX_CUES: usize = 2_000;

/// One caption: plain text with its time in milliseconds; lines are separated by `\n`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    pub start_ms: u32,
    /// Always after `start_ms`.
    pub end_ms: u32,
    pub text: String,
}

#[cfg(test)]
mod tests;
