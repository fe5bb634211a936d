//! What a transcode made, in the words of the API's `media` object; files are named relative to the output folder.

use crate::facts::VideoFacts;
use crate::ladder::RungName;
use crate::motion::Trim;
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
    /// The poster for cards in two sizes, each as WebP and JPEG, each at most 15 KB; smaller size first.
    pub cards: Vec<Card>,
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
    /// Offered where the head or the tail is still.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trim: Option<Trim>,
    /// For clips longer than ninety seconds: the HLS playlist over all renditions.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub playlist: Option<String>,
    /// Pictures repeated and left out to make the rate constant.
    pub duplicated: u64,
    pub dropped: u64,
    /// The renditions carry sound.
    pub audio: bool,
    /// Milliseconds spent on posters, storyboard and preview.
    #[serde(default)]
    pub pictures_ms: u64,
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
    /// Structural similarity of its pictures with the source at the same size, 0 to 1.
    pub ssim: f64,
    /// The same packets in fragments, for HLS.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stream: Option<StreamFile>,
}

impl Rendition {
    /// The codecs of its media type, as playlists name them.
    pub fn codecs(&self) -> &str {
        self.mime.split('"').nth(1).unwrap_or_default()
    }
}

/// One rendition as a single fragmented MP4 with a playlist of byte ranges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StreamFile {
    pub file: String,
    /// Its media playlist, which names `file`.
    pub playlist: String,
    /// The highest rate of any segment, bits per second.
    pub peak: u64,
}

/// One picture of the poster for cards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub file: String,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    pub mime: String,
}

/// A moment that could be the poster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PosterCandidate {
    pub file: String,
    pub time_ms: u64,
    /// Its cards, as of the poster.
    pub cards: Vec<Card>,
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
