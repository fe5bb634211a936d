//! The upload checks of deaf-users.md section 1.1. Only what that table's Block column names blocks; everything else
//! is advice that a producer may override with a reason. Each finding says in one plain sentence what to do.

mod framing;
mod limits;

use crate::facts::{AudioFacts, VideoFacts};
use crate::looks::Seen;
use crate::messages;
use crate::timing::Timeline;
pub use limits::{LengthRule, Thresholds};
use serde::{Deserialize, Serialize};

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Block,
    Warn,
    Info,
}

/// One thing the checks noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub code: String,
    pub level: Level,
    /// What was measured, in the unit the sentence uses.
    pub value: f64,
    pub message_ar: String,
    pub message_en: String,
    /// The moment it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at_ms: Option<u64>,
    /// A file with the picture that shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub picture: Option<String>,
}

impl Finding {
    fn at(self, seconds: f64) -> Finding {
        Finding { at_ms: Some((seconds * 1000.0) as u64), ..self }
    }
}

/// Everything the checks look at.
pub(crate) struct Evidence<'a> {
    pub(crate) video: &'a VideoFacts,
    pub(crate) audio: Option<&'a AudioFacts>,
    pub(crate) timeline: &'a Timeline,
    pub(crate) seen: &'a Seen,
}

/// Runs every check. Findings come in the table's order, blocks first where one row has both.
pub(crate) fn check(evidence: &Evidence<'_>, limits: &Thresholds) -> Vec<Finding> {
    let mut found = Vec::new();
    let all = evidence.video.frames + evidence.video.damaged;
    // A garbled picture is no more use to a viewer than a missing one.
    let damaged = (evidence.video.damaged + evidence.video.patched) as f64 / all.max(1) as f64;
    if damaged > limits.damaged_block_share {
        found.push(finding("damaged", Level::Block, damaged * 100.0));
    }
    check_timing(evidence, limits, &mut found);
    check_shape(evidence.video, limits, &mut found);
    if let Some(seconds) = evidence.seen.new_shape_at {
        found.push(finding("shape_changes", Level::Warn, seconds).at(seconds));
    }
    check_picture(evidence.seen, limits, &mut found);
    framing::check(evidence.seen.faces, limits, &mut found);
    check_sound(evidence.audio, &mut found);
    found
}

fn check_timing(evidence: &Evidence<'_>, limits: &Thresholds, found: &mut Vec<Finding>) {
    let timeline = evidence.timeline;
    // A true 20 or 25 measured with millisecond clocks may read a little below itself.
    let fps = timeline.effective_fps();
    match () {
        () if fps < limits.fps_block * 0.995 => found.push(finding("low_frame_rate", Level::Block, fps)),
        () if fps < limits.fps_warn * 0.995 => found.push(finding("low_frame_rate", Level::Warn, fps)),
        () => {}
    }
    let gap = timeline.longest_inner_gap(500_000);
    let gap_ms = gap.length_us as f64 / 1000.0;
    let slow_gaps = timeline.share_of_gaps_over((limits.gap_warn_ms * 1000.0) as i64);
    if gap_ms > limits.gap_block_ms {
        found.push(finding("picture_gaps", Level::Block, gap_ms).at(gap.from_us as f64 / 1e6));
    } else if slow_gaps > limits.gap_warn_share {
        found.push(finding("uneven_motion", Level::Warn, slow_gaps * 100.0));
    }
    if timeline.is_variable() {
        found.push(finding("variable_frame_rate", Level::Info, fps));
    }
    let seconds = timeline.duration_us() as f64 / 1e6;
    if seconds > limits.length.block_s {
        found.push(finding("too_long", Level::Block, seconds));
    } else if seconds > limits.length.warn_s {
        found.push(finding("long_clip", Level::Warn, seconds));
    }
}

fn check_shape(video: &VideoFacts, limits: &Thresholds, found: &mut Vec<Finding>) {
    let short = video.display().short_side();
    if short < limits.short_side_block {
        found.push(finding("small_picture", Level::Block, f64::from(short)));
    } else if short < limits.short_side_warn {
        found.push(finding("small_picture", Level::Warn, f64::from(short)));
    }
    if video.rotation != 0 {
        found.push(finding("rotated", Level::Info, f64::from(video.rotation)));
    }
    if video.interlaced {
        found.push(finding("interlaced", Level::Warn, video.output_fps));
    }
    if video.hdr || video.bit_depth > 8 || video.codec == "hevc" {
        found.push(finding("converted_colour", Level::Info, f64::from(video.bit_depth)));
    }
}

fn check_picture(seen: &Seen, limits: &Thresholds, found: &mut Vec<Finding>) {
    let black_end = seen.black_at_start.max(seen.black_at_end);
    if seen.black_share > limits.black_block_share {
        found.push(finding("black_picture", Level::Block, seen.black_share * 100.0));
    } else if black_end > limits.black_end_warn_s {
        let is_at_end = seen.black_at_end > seen.black_at_start;
        let from = if is_at_end { seen.black_end_from } else { 0.0 };
        found.push(finding("black_ends", Level::Warn, black_end).at(from));
    }
    if seen.frozen_share > limits.frozen_block_share {
        found.push(finding("frozen_picture", Level::Block, seen.frozen_share * 100.0));
    } else if seen.longest_inner_freeze >= limits.frozen_warn_s {
        found.push(finding("frozen_moment", Level::Warn, seen.longest_inner_freeze).at(seen.frozen_at));
    }
    if seen.mean_luma < limits.luma_dark {
        found.push(finding("too_dark", Level::Warn, seen.mean_luma));
    } else if seen.mean_luma > limits.luma_bright {
        found.push(finding("too_bright", Level::Warn, seen.mean_luma));
    }
    if seen.edge_motion_share > limits.edge_motion_share {
        found.push(finding("hands_leave_frame", Level::Warn, seen.edge_motion_share * 100.0));
    }
    let (head, tail) = (seen.movement.still_head, seen.movement.still_tail);
    if head > 0.0 {
        found.push(finding("still_head", Level::Info, head).at(0.0));
    }
    if tail > 0.0 {
        let from = seen.movement.trim.map_or(0.0, |trim| trim.to_ms as f64 / 1000.0);
        found.push(finding("still_tail", Level::Info, tail).at(from));
    }
    if limits.sharpness_floor.is_some_and(|floor| seen.sharpness < floor) {
        found.push(finding("blurred", Level::Warn, seen.sharpness));
    }
    if seen.flashes_per_second > limits.flashes_per_second {
        found.push(finding("flashing", Level::Block, f64::from(seen.flashes_per_second)));
    }
}

fn check_sound(audio: Option<&AudioFacts>, found: &mut Vec<Finding>) {
    match audio {
        None => found.push(finding("no_sound", Level::Info, 0.0)),
        Some(audio) if audio.audible => found.push(finding("audible_sound", Level::Info, audio.loudest_db)),
        Some(audio) => found.push(finding("silent_sound", Level::Info, audio.loudest_db)),
    }
}

pub(crate) fn finding(code: &'static str, level: Level, value: f64) -> Finding {
    let value = (value * 100.0).round() / 100.0;
    let (message_ar, message_en) = messages::of_check(code, level, value);
    Finding { code: code.to_owned(), level, value, message_ar, message_en, at_ms: None, picture: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Turn;

    fn good_video() -> VideoFacts {
        VideoFacts {
            codec: "h264".into(),
            width: 1280,
            height: 720,
            display_width: 1280,
            display_height: 720,
            rotation: 0,
            turn: Turn::None,
            sample_aspect: (1, 1),
            fps: 30.0,
            effective_fps: 30.0,
            output_fps: 30.0,
            frames: 300,
            damaged: 0,
            patched: 0,
            vfr: false,
            duration_ms: 10_000,
            interlaced: false,
            hdr: false,
            bit_depth: 8,
            sharpness: 100.0,
            rhythm: String::new(),
        }
    }

    fn good_seen() -> Seen {
        Seen { mean_luma: 110.0, sharpness: 100.0, ..Seen::default() }
    }

    fn at(fps: f64, seconds: f64) -> Timeline {
        let count = (fps * seconds).round() as i64;
        Timeline::new((0..count).map(|n| (n as f64 * 1e6 / fps) as i64).collect(), None)
    }

    fn codes(video: &VideoFacts, timeline: &Timeline, seen: &Seen) -> Vec<(String, Level)> {
        let evidence = Evidence { video, audio: None, timeline, seen };
        let found = check(&evidence, &Thresholds { sharpness_floor: Some(50.0), ..Thresholds::default() });
        found.into_iter().filter(|f| f.code != "no_sound").map(|f| (f.code, f.level)).collect()
    }

    fn one(code: &str, level: Level) -> Vec<(String, Level)> {
        vec![(code.to_owned(), level)]
    }

    #[test]
    fn a_good_clip_raises_nothing() {
        assert_eq!(codes(&good_video(), &at(30.0, 10.0), &good_seen()), []);
    }

    #[test]
    fn frame_rate_blocks_below_twenty_and_warns_below_twenty_five() {
        let has = |fps: f64| codes(&good_video(), &at(fps, 10.0), &good_seen());
        assert!(has(15.0).contains(&("low_frame_rate".into(), Level::Block)));
        assert_eq!(has(22.0), one("low_frame_rate", Level::Warn));
        assert_eq!(has(20.0), one("low_frame_rate", Level::Warn));
        assert_eq!(has(24.0), one("low_frame_rate", Level::Warn));
        assert_eq!(has(25.0), []);
    }

    #[test]
    fn long_gaps_block_inside_and_pass_at_the_ends() {
        let with_gap = |at_us: i64| {
            let times =
                (0..300).map(|n| n * 33_333).filter(|t| !(at_us..at_us + 300_000).contains(t)).collect();
            codes(&good_video(), &Timeline::new(times, None), &good_seen())
        };
        assert!(with_gap(5_000_000).contains(&("picture_gaps".into(), Level::Block)));
        assert!(!with_gap(100_000).iter().any(|(code, _)| code == "picture_gaps"));
    }

    #[test]
    fn size_blocks_below_360_and_warns_below_720() {
        let short = |side: u32| {
            let video = VideoFacts { display_width: side * 2, display_height: side, ..good_video() };
            codes(&video, &at(30.0, 10.0), &good_seen())
        };
        assert_eq!(short(240), one("small_picture", Level::Block));
        assert_eq!(short(480), one("small_picture", Level::Warn));
        assert_eq!(short(720), []);
    }

    #[test]
    fn length_follows_the_kind_of_clip() {
        assert_eq!(codes(&good_video(), &at(30.0, 100.0), &good_seen()), one("long_clip", Level::Warn));
        assert_eq!(codes(&good_video(), &at(30.0, 301.0), &good_seen()), one("too_long", Level::Block));
        let timeline = at(30.0, 61.0);
        let (video, seen) = (good_video(), good_seen());
        let evidence = Evidence { video: &video, audio: None, timeline: &timeline, seen: &seen };
        let awareness = Thresholds { length: LengthRule::AWARENESS, ..Thresholds::default() };
        assert!(check(&evidence, &awareness).iter().any(|f| f.code == "too_long" && f.level == Level::Block));
    }

    #[test]
    fn a_question_is_refused_for_its_length_or_for_showing_nothing() {
        let blocks = |fps: f64, seconds: f64, seen: Seen| {
            let (video, timeline) = (VideoFacts { display_height: 240, ..good_video() }, at(fps, seconds));
            let evidence = Evidence { video: &video, audio: None, timeline: &timeline, seen: &seen };
            let found = check(&evidence, &Thresholds::of_question());
            found.into_iter().filter(|f| f.level == Level::Block).map(|f| f.code).collect::<Vec<_>>()
        };
        let poor = Seen { frozen_share: 0.7, black_share: 0.6, flashes_per_second: 5, ..good_seen() };
        assert_eq!(blocks(8.0, 91.0, poor), [""; 0]);
        assert_eq!(blocks(30.0, 96.0, good_seen()), ["too_long"]);
        assert_eq!(blocks(30.0, 10.0, Seen { black_share: 1.0, ..good_seen() }), ["black_picture"]);
    }

    #[test]
    fn each_picture_check_triggers_alone() {
        let see = |seen: Seen| codes(&good_video(), &at(30.0, 10.0), &seen);
        let base = good_seen;
        assert_eq!(see(Seen { black_share: 0.6, ..base() }), one("black_picture", Level::Block));
        assert_eq!(see(Seen { black_at_end: 0.8, ..base() }), one("black_ends", Level::Warn));
        assert_eq!(see(Seen { frozen_share: 0.6, ..base() }), one("frozen_picture", Level::Block));
        assert_eq!(see(Seen { longest_inner_freeze: 1.2, ..base() }), one("frozen_moment", Level::Warn));
        assert_eq!(see(Seen { mean_luma: 40.0, ..base() }), one("too_dark", Level::Warn));
        assert_eq!(see(Seen { mean_luma: 210.0, ..base() }), one("too_bright", Level::Warn));
        assert_eq!(see(Seen { edge_motion_share: 0.2, ..base() }), one("hands_leave_frame", Level::Warn));
        assert_eq!(see(Seen { flashes_per_second: 4, ..base() }), one("flashing", Level::Block));
        assert_eq!(see(Seen { sharpness: 10.0, ..base() }), one("blurred", Level::Warn));
        assert_eq!(see(Seen { new_shape_at: Some(2.0), ..base() }), one("shape_changes", Level::Warn));
    }

    #[test]
    fn a_clip_that_is_mostly_damage_is_blocked() {
        let with = |damaged| codes(&VideoFacts { damaged, ..good_video() }, &at(30.0, 10.0), &good_seen());
        assert_eq!(with(100), one("damaged", Level::Block));
        assert_eq!(with(3), []);
        let with = |patched| codes(&VideoFacts { patched, ..good_video() }, &at(30.0, 10.0), &good_seen());
        assert_eq!((with(100), with(3)), (one("damaged", Level::Block), vec![]));
    }

    #[test]
    fn conversions_are_told_and_never_block() {
        let told = |video: VideoFacts| codes(&video, &at(30.0, 10.0), &good_seen());
        assert_eq!(told(VideoFacts { rotation: 90, ..good_video() }), one("rotated", Level::Info));
        assert_eq!(told(VideoFacts { interlaced: true, ..good_video() }), one("interlaced", Level::Warn));
        assert_eq!(told(VideoFacts { hdr: true, ..good_video() }), one("converted_colour", Level::Info));
        assert_eq!(
            told(VideoFacts { codec: "hevc".into(), ..good_video() }),
            one("converted_colour", Level::Info)
        );
    }

    #[test]
    fn sound_is_advice_only() {
        let (video, seen, timeline) = (good_video(), good_seen(), at(30.0, 10.0));
        let hear = |audible| {
            let audio = AudioFacts {
                codec: "aac".into(),
                sample_rate: 48_000,
                channels: 1,
                audible,
                loudest_db: -20.0,
            };
            let evidence = Evidence { video: &video, audio: Some(&audio), timeline: &timeline, seen: &seen };
            check(&evidence, &Thresholds::default()).remove(0)
        };
        assert_eq!((hear(true).code.as_str(), hear(true).level), ("audible_sound", Level::Info));
        assert_eq!(hear(false).code, "silent_sound");
    }
}
