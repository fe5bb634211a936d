//! What is known about a file, in the words of the command line and the API.

use crate::geometry::{Size, Turn};
use crate::motion::{self, Trim};
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
    /// Offered where the head or the tail is still.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trim: Option<Trim>,
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
            trim: None,
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
    /// Frames that decoded only in part: the decoder filled the rest with a guess.
    #[serde(default)]
    pub patched: u64,
    pub vfr: bool,
    pub duration_ms: u64,
    pub interlaced: bool,
    pub hdr: bool,
    pub bit_depth: u8,
    /// Variation of brightness between neighbouring pixels of the middle of the picture; higher is sharper. Only for
    /// comparing clips with each other.
    pub sharpness: f64,
    /// The rhythm of movement, two hexadecimal digits for each quarter of a second: tells copies of one recording.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rhythm: String,
}

impl VideoFacts {
    /// Whether another clip is a copy of the same recording, exported or cut differently. A warning, never a proof.
    pub fn is_same_recording(&self, other: &VideoFacts) -> bool {
        motion::same_recording(&samples(&self.rhythm), &samples(&other.rhythm))
    }

    pub fn display(&self) -> Size {
        Size { width: self.display_width, height: self.display_height }
    }
}

fn samples(rhythm: &str) -> Vec<u8> {
    let pairs = rhythm.as_bytes().chunks_exact(2);
    pairs.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
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
