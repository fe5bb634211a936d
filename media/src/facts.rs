//! What is known about a file, in the words of the command line and the API.

use crate::geometry::{Size, Turn};
use crate::quality::Finding;
use crate::refusal::Reason;
use serde::{Deserialize, Serialize};

/// The answer to "can this file be used, and what is it". The JSON of `ishara probe`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProbeReport {
    pub accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub container: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub video: Option<VideoFacts>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub audio: Option<AudioFacts>,
    pub checks: Vec<Finding>,
}

impl ProbeReport {
    /// The report of a file that was not taken.
    pub fn refused(reason: Reason) -> Self {
        ProbeReport {
            accepted: false,
            reason: Some(reason),
            container: None,
            video: None,
            audio: None,
            checks: vec![],
        }
    }
}

/// The picture, from decoded frames and their timestamps; nothing here is copied from the file's header unchecked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VideoFacts {
    pub codec: String,
    /// Stored pixels, before rotation and before pixels are made square.
    pub width: u32,
    pub height: u32,
    /// As a viewer sees it.
    pub display_width: u32,
    pub display_height: u32,
    /// Degrees clockwise that make it upright: 0, 90, 180 or 270.
    pub rotation: u16,
    pub turn: Turn,
    /// Width and height of one stored pixel.
    pub sample_aspect: (u32, u32),
    /// Frames a second by the rule of deaf-users.md 1.2.
    pub fps: f64,
    /// Frames divided by duration.
    pub effective_fps: f64,
    /// The constant rate that renditions get.
    pub output_fps: f64,
    /// Decoded frames, counted.
    pub frames: u64,
    /// Packets or frames that did not decode.
    pub damaged: u64,
    pub vfr: bool,
    pub duration_ms: u64,
    pub interlaced: bool,
    pub hdr: bool,
    pub bit_depth: u8,
    /// Variation of brightness between neighbouring pixels of the middle of the picture; higher is sharper. Only for
    /// comparing clips with each other.
    pub sharpness: f64,
}

impl VideoFacts {
    pub fn display(&self) -> Size {
        Size { width: self.display_width, height: self.display_height }
    }
}

/// The sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AudioFacts {
    pub codec: String,
    pub sample_rate: u32,
    pub channels: u32,
    /// Louder than the silence limit somewhere; then captions are mandatory and the track is kept.
    pub audible: bool,
    /// The loudest tenth of a second, in decibels below full scale.
    pub loudest_db: f64,
}
