//! Where the upload checks warn and where they block.

use serde::{Deserialize, Serialize};

/// How long a clip of some kind should be, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LengthRule {
    pub warn_s: f64,
    pub block_s: f64,
}

impl LengthRule {
    pub const ANSWER: LengthRule = LengthRule { warn_s: 90.0, block_s: 300.0 };
    pub const AWARENESS: LengthRule = LengthRule { warn_s: 30.0, block_s: 60.0 };
    /// A signed title plays in a tile: three seconds is the aim. A sentence that needs longer, as of the privacy page, is
    /// warned of; only what blocks every clip blocks it.
    pub const TITLE: LengthRule = LengthRule { warn_s: 3.0, block_s: 300.0 };
    /// What a citizen may send (deaf-users.md B.14); a recorder that is stopped after ninety seconds runs over a little.
    pub const QUESTION: LengthRule = LengthRule { warn_s: 90.0, block_s: 95.0 };
}

/// Every limit of the checks in one place; the defaults are the table's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Pictures that do not decode, as a part of all.
    pub damaged_block_share: f64,
    pub fps_block: f64,
    pub fps_warn: f64,
    pub gap_block_ms: f64,
    pub gap_warn_ms: f64,
    pub gap_warn_share: f64,
    pub short_side_block: u32,
    pub short_side_warn: u32,
    pub length: LengthRule,
    pub black_block_share: f64,
    pub black_end_warn_s: f64,
    pub frozen_block_share: f64,
    pub frozen_warn_s: f64,
    pub luma_dark: f64,
    pub luma_bright: f64,
    pub edge_motion_share: f64,
    pub flashes_per_second: u32,
    /// Height of the signer's face, of the picture's.
    pub face_height_least: f64,
    pub face_height_most: f64,
    /// Room above the face, of the picture's height.
    pub headroom_least: f64,
    /// How far the face may be from the middle, of the picture's width.
    pub off_centre_most: f64,
    /// Brightness between the face and what is beside it, of 255.
    pub face_contrast_least: f64,
    /// The sharpness below which a clip is softer than nearly all approved ones; unknown in a young house.
    pub sharpness_floor: Option<f64>,
    /// Sound below this everywhere is silence.
    pub silence_db: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            damaged_block_share: 0.10,
            fps_block: 20.0,
            fps_warn: 25.0,
            gap_block_ms: 250.0,
            gap_warn_ms: 50.0,
            gap_warn_share: 0.05,
            short_side_block: 360,
            short_side_warn: 720,
            length: LengthRule::ANSWER,
            black_block_share: 0.5,
            black_end_warn_s: 0.5,
            frozen_block_share: 0.5,
            frozen_warn_s: 1.0,
            luma_dark: 50.0,
            luma_bright: 200.0,
            edge_motion_share: 0.10,
            flashes_per_second: 3,
            face_height_least: 0.08,
            face_height_most: 0.30,
            headroom_least: 0.05,
            off_centre_most: 0.20,
            face_contrast_least: 25.0,
            sharpness_floor: None,
            silence_db: -50.0,
        }
    }
}

impl Thresholds {
    /// For a recording of which only a part is wanted: what is wrong with the rest does not count, so only what no cut can
    /// mend still blocks. The part itself is held to all limits.
    #[must_use]
    pub fn of_whole_behind_a_cut(self) -> Self {
        Thresholds {
            length: LengthRule { block_s: f64::MAX, ..self.length },
            damaged_block_share: 0.9,
            fps_block: 0.0,
            gap_block_ms: f64::from(u32::MAX),
            black_block_share: 1.0,
            frozen_block_share: 1.0,
            flashes_per_second: u32::MAX,
            ..self
        }
    }

    /// For what a citizen films to ask. A person will watch it however poor it is, and nobody should have to film it again
    /// for a dim room or a slow phone: only its length blocks, and a picture that shows nothing at all.
    pub fn of_question() -> Self {
        Thresholds {
            length: LengthRule::QUESTION,
            damaged_block_share: 0.9,
            fps_block: 0.0,
            gap_block_ms: f64::from(u32::MAX),
            short_side_block: 0,
            black_block_share: 0.98,
            frozen_block_share: 0.98,
            flashes_per_second: u32::MAX,
            ..Thresholds::default()
        }
    }
}
