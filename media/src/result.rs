//! What a transcode made, in the words of the API's `media` object; files are named relative to the output folder.

use crate::facts::VideoFacts;
use crate::ladder::RungName;
use crate::quality::Finding;
use serde::{Deserialize, Serialize};

/// Everything that one clip became. Written as `result.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MediaResult {
    /// Always `ready`: a result exists only for finished work.
    pub state: String,
    pub progress: u8,
    pub duration_ms: u64,
    /// Smallest first.
    pub renditions: Vec<Rendition>,
    /// The large poster, JPEG.
    pub poster: String,
    /// For cards in lists: at most 15 KB.
    pub poster_small: String,
    /// Other moments to choose a poster from.
    pub poster_candidates: Vec<PosterCandidate>,
    /// Two to three silent seconds at full frame rate.
    pub preview: String,
    /// One picture of many small ones, JPEG.
    pub storyboard: String,
    /// WebVTT that maps times to parts of the storyboard; the picture is named relative to it.
    pub storyboard_vtt: String,
    pub storyboard_map: StoryboardMap,
    pub checks: Vec<Finding>,
    /// Pictures repeated and left out to make the rate constant.
    pub duplicated: u64,
    pub dropped: u64,
    /// The renditions carry sound.
    pub audio: bool,
    pub container: String,
    pub source: VideoFacts,
}

/// One size of the clip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rendition {
    pub file: String,
    pub name: RungName,
    pub width: u32,
    pub height: u32,
    pub fps: f64,
    pub frames: u64,
    pub duration_ms: u64,
    pub bytes: u64,
    /// Bits per second, mean over the clip.
    pub bitrate: u64,
    /// For `<source type>`: container and codecs.
    pub mime: String,
}

/// A moment that could be the poster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PosterCandidate {
    pub file: String,
    pub time_ms: u64,
}

/// How the storyboard is laid out, row by row from the top left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoryboardMap {
    pub tile_width: u32,
    pub tile_height: u32,
    pub columns: u32,
    pub tiles: u32,
    pub interval_ms: u64,
}
