//! Each upload check on a real file: one that triggers it, and a good clip that triggers none.

#![allow(clippy::unwrap_used, reason = "a test stops where its own means fail")]

mod support;

use media::{LengthRule, Level, ProbeReport, Thresholds};
use support::{clip, probe, probe_with};

/// A lamp-lit scene with a hand moving in the middle: passes every check.
const GOOD: &str = "color=c=0x808890:s=1280x720:r=30:d=4,noise=alls=6:allf=t";

fn level(report: &ProbeReport, code: &str) -> Option<Level> {
    report.checks.iter().find(|check| check.code == code).map(|check| check.level)
}

fn check(source: &str, arguments: &str, code: &str) -> Option<Level> {
    let bench = clip(source, &format!("{arguments} -c:v libx264 -preset ultrafast"), "a.mp4");
    level(&probe(&bench.clip).unwrap(), code)
}

#[test]
fn a_good_clip_has_nothing_but_the_note_on_sound() {
    assert_eq!(signing_codes("scale=960:720"), ["no_sound"]);
}

/// The findings about a real signing clip after a filter.
fn signing_codes(filter: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let signing = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/signing/night.mkv");
    let made = dir.path().join("a.mp4");
    let arguments = format!("-i {signing} -filter_complex {filter} -an -c:v libx264 -preset ultrafast");
    support::ffmpeg(&arguments, &made);
    probe(&made).unwrap().checks.into_iter().map(|check| check.code).collect()
}

#[test]
fn framing_of_a_real_signer() {
    let has = |filter: &str, code: &str| {
        let codes = signing_codes(filter);
        assert!(codes.iter().any(|found| found == code), "{filter}: {codes:?}");
    };
    has("pad=iw*2.1:ih*2.1:iw*0.55:ih*0.55:color=gray,scale=960:720", "face_far");
    has("crop=iw*0.42:ih*0.42:iw*0.27:ih*0.15,scale=960:720", "face_near");
    has("crop=iw:ih*0.8:0:ih*0.2,scale=1200:720", "headroom");
    has("crop=iw*0.62:ih:iw*0.38:0,scale=720:-2", "off_centre");
    has("split[a][b];[a][b]hstack,scale=1920:720", "many_faces");
    has("lutyuv=y=min(val\\,125),scale=960:720", "face_contrast");
}

#[test]
fn a_clip_without_a_face_is_only_told_so() {
    let signer = "-f lavfi -i color=c=0xd0b0a0:s=120x160:r=30:d=4 -filter_complex [0][1]overlay=x=500+200*sin(t*7):y=250";
    let bench = clip(GOOD, &format!("{signer} -c:v libx264 -preset ultrafast"), "a.mp4");
    let report = probe(&bench.clip).unwrap();
    let told: Vec<_> = report.checks.iter().map(|check| (check.code.as_str(), check.level)).collect();
    assert_eq!(told, [("no_face", Level::Info), ("no_sound", Level::Info)]);
}

#[test]
fn too_few_pictures_a_second() {
    assert_eq!(check("testsrc2=s=1280x720:r=12:d=3", "", "low_frame_rate"), Some(Level::Block));
    assert_eq!(check("testsrc2=s=1280x720:r=22:d=3", "", "low_frame_rate"), Some(Level::Warn));
    assert_eq!(check("testsrc2=s=1280x720:r=25:d=3", "", "low_frame_rate"), None);
}

#[test]
fn a_hole_in_the_middle() {
    let hole = "-vf select='not(between(n\\,40\\,50))' -fps_mode vfr";
    assert_eq!(check("testsrc2=s=640x360:r=30:d=4", hole, "picture_gaps"), Some(Level::Block));
}

#[test]
fn uneven_motion_and_a_rhythm_that_is_made_even() {
    let lost = |of: u32| format!("-vf select='gt(mod(n\\,{of})\\,1)' -fps_mode vfr");
    let source = "testsrc2=s=640x360:r=30:d=6";
    assert_eq!(check(source, &lost(15), "uneven_motion"), Some(Level::Warn));
    assert_eq!(check(source, &lost(90), "uneven_motion"), None);
    assert_eq!(check(source, &lost(15), "variable_frame_rate"), Some(Level::Info));
    assert_eq!(check(source, "", "variable_frame_rate"), None);
}

#[test]
fn length_by_the_kind_of_clip() {
    let of = |length: LengthRule, seconds: u32, code: &str| {
        let bench =
            clip(&format!("testsrc2=s=640x360:r=25:d={seconds}"), "-c:v libx264 -preset ultrafast", "a.mp4");
        level(&probe_with(&bench.clip, &Thresholds { length, ..Thresholds::default() }).unwrap(), code)
    };
    let title = LengthRule::TITLE;
    assert_eq!(of(LengthRule { block_s: 10.0, ..title }, 11, "too_long"), Some(Level::Block));
    assert_eq!((of(title, 11, "too_long"), of(title, 11, "long_clip")), (None, Some(Level::Warn)));
    assert_eq!((of(title, 2, "too_long"), of(title, 2, "long_clip")), (None, None));
}

#[test]
fn softer_than_the_clips_of_the_house() {
    let sharp = clip("testsrc2=s=640x360:r=30:d=1", "-c:v libx264 -preset ultrafast", "a.mp4");
    let floor = sharp.facts().sharpness / 2.0;
    let house = Thresholds { sharpness_floor: Some(floor), ..Thresholds::default() };
    let soft =
        clip("testsrc2=s=640x360:r=30:d=1", "-vf gblur=sigma=6 -c:v libx264 -preset ultrafast", "a.mp4");
    let blurred = |clip: &std::path::Path| level(&probe_with(clip, &house).unwrap(), "blurred");
    assert_eq!((blurred(&soft.clip), blurred(&sharp.clip)), (Some(Level::Warn), None));
}

#[test]
fn a_file_that_was_damaged_on_its_way() {
    let bench = damaged();
    assert_eq!(level(&probe(&bench.clip).unwrap(), "damaged"), Some(Level::Block));
}

/// A clip of which many bytes are wrong.
fn damaged() -> support::Bench {
    let bench = clip("testsrc2=s=640x360:r=30:d=4", "-c:v libx264 -preset ultrafast -g 15", "a.mp4");
    assert_eq!(level(&probe(&bench.clip).unwrap(), "damaged"), None);
    let mut bytes = std::fs::read(&bench.clip).unwrap();
    let (from, to) = (bytes.len() / 10, bytes.len() * 8 / 10);
    for at in (from..to).step_by(211) {
        bytes[at] ^= 0x5a;
    }
    std::fs::write(&bench.clip, bytes).unwrap();
    bench
}

#[test]
fn sound_is_told_and_silence_too() {
    let with = |sound: &str, code: &str| {
        let arguments = format!("-f lavfi -i {sound} -shortest -c:a aac");
        check("testsrc2=s=640x360:r=30:d=2", &arguments, code)
    };
    assert_eq!(with("sine=f=440:d=2", "audible_sound"), Some(Level::Info));
    assert_eq!(with("anullsrc=d=2", "audible_sound"), None);
    assert_eq!(with("anullsrc=d=2", "silent_sound"), Some(Level::Info));
}

#[test]
fn small_pictures() {
    assert_eq!(check("testsrc2=s=426x240:r=30:d=1", "", "small_picture"), Some(Level::Block));
    assert_eq!(check("testsrc2=s=640x480:r=30:d=1", "", "small_picture"), Some(Level::Warn));
    assert_eq!(check("testsrc2=s=720x1280:r=30:d=1", "", "small_picture"), None);
}

#[test]
fn black_frozen_dark_and_bright() {
    let black = "-vf drawbox=c=black:t=fill:enable='lt(t\\,1)'";
    assert_eq!(check("testsrc2=s=640x360:r=30:d=4", black, "black_ends"), Some(Level::Warn));
    let bench =
        clip("testsrc2=s=640x360:r=30:d=4", &format!("{black} -c:v libx264 -preset ultrafast"), "a.mp4");
    let offered = probe(&bench.clip).unwrap().trim.unwrap();
    assert!(offered.from_ms.abs_diff(1_000) <= 40 && offered.to_ms == 4_000, "{offered:?}");
    assert_eq!(check("color=c=black:s=640x360:r=30:d=2", "", "black_picture"), Some(Level::Block));
    assert_eq!(check("color=c=gray:s=640x360:r=30:d=2", "", "frozen_picture"), Some(Level::Block));
    let freeze = "-vf loop=loop=45:size=1:start=60";
    assert_eq!(check("testsrc2=s=640x360:r=30:d=4", freeze, "frozen_moment"), Some(Level::Warn));
    assert_eq!(check("color=c=0x282828:s=640x360:r=30:d=1", "", "too_dark"), Some(Level::Warn));
    assert_eq!(check("color=c=0xfafafa:s=640x360:r=30:d=1", "", "too_bright"), Some(Level::Warn));
}

#[test]
fn flashing_blocks() {
    let flash = "color=c=white:s=640x360:r=30:d=3,drawbox=c=black:t=fill:enable='lt(mod(t\\,0.2)\\,0.1)'";
    assert_eq!(check(flash, "", "flashing"), Some(Level::Block));
}

#[test]
fn red_flashing_blocks_where_brightness_alone_says_little() {
    let flash = |on: &str, off: &str, length: f64| {
        let half = length / 2.0;
        let source = format!(
            "color=c={on}:s=640x360:r=30:d=3,drawbox=c={off}:t=fill:enable='lt(mod(t\\,{length})\\,{half})'"
        );
        check(&source, "", "flashing")
    };
    assert_eq!(flash("red", "black", 0.2), Some(Level::Block));
    assert_eq!(flash("red", "0x009400", 0.2), Some(Level::Block));
    assert_eq!(flash("red", "black", 1.0), None);
    assert_eq!(flash("blue", "black", 0.2), None);
}

#[test]
fn hands_at_the_edge() {
    let edge =
        "-f lavfi -i color=c=0xd0b0a0:s=30x100:r=30:d=2 -filter_complex [0][1]overlay=x=0:y=100+80*sin(t*9)";
    assert_eq!(check("color=c=0x808890:s=640x360:r=30:d=2", edge, "hands_leave_frame"), Some(Level::Warn));
}

#[test]
fn twenty_four_a_second_is_a_warning_as_the_table_says() {
    assert_eq!(check("testsrc2=s=1280x720:r=24:d=2", "", "low_frame_rate"), Some(Level::Warn));
    assert_eq!(check("testsrc2=s=1280x720:r=24000/1001:d=2", "", "low_frame_rate"), Some(Level::Warn));
}

#[test]
fn a_still_head_and_tail_are_offered_for_trimming() {
    let source = "color=c=0x607080:s=640x360:r=25:d=6[a];color=c=0xd0b0a0:s=80x120:r=25:d=6[b];\
                  [a][b]overlay=x=40+if(between(n\\,50\\,100)\\,mod(n*7\\,200)\\,0):y=60";
    let bench = clip(source, "-c:v libx264 -preset ultrafast", "a.mp4");
    let report = probe(&bench.clip).unwrap();
    let trim = report.trim.unwrap();
    assert!((1_500..=1_800).contains(&trim.from_ms) && (4_300..=4_700).contains(&trim.to_ms), "{trim:?}");
    assert_eq!(level(&report, "still_head"), Some(Level::Info));
    assert_eq!(level(&report, "still_tail"), Some(Level::Info));
}

#[test]
fn findings_bring_a_picture_and_a_moment() {
    let edge =
        "-f lavfi -i color=c=0xd0b0a0:s=30x100:r=30:d=2 -filter_complex [0][1]overlay=x=0:y=100+80*sin(t*9)";
    let bench = clip("color=c=0x808890:s=640x360:r=30:d=2", &format!("{edge} -c:v libx264"), "a.mp4");
    let out = bench.dir.path();
    let go = &mut |_| std::ops::ControlFlow::Continue(());
    let limits = media::Thresholds::default();
    let report = media::probe(&bench.clip, Some(out), media::Intake::Staff, &limits, go).unwrap();
    let finding = report.checks.iter().find(|check| check.code == "hands_leave_frame").unwrap();
    let picture = image::open(out.join(finding.picture.as_ref().unwrap())).unwrap();
    assert!(picture.width() == 320 && finding.at_ms.is_some());
}

/// The moment of a finding and the mean brightness of its picture.
fn shown(bench: &support::Bench, code: &str) -> (u64, u64) {
    let go = &mut |_| std::ops::ControlFlow::Continue(());
    let (out, limits) = (bench.dir.path(), Thresholds::default());
    let report = media::probe(&bench.clip, Some(out), media::Intake::Staff, &limits, go).unwrap();
    let finding = report.checks.iter().find(|check| check.code == code);
    let finding = finding.unwrap_or_else(|| panic!("{code}: {:?}", report.checks));
    let picture = image::open(out.join(finding.picture.as_ref().unwrap())).unwrap().into_luma8();
    let mean = picture.iter().map(|&level| u64::from(level)).sum::<u64>() / picture.len() as u64;
    (finding.at_ms.unwrap(), mean)
}

#[test]
fn faults_of_timing_and_transfer_bring_the_picture_where_they_are() {
    // Grey, and white from just before the hole: the picture before the hole is the white one.
    let hole = "-vf drawbox=c=white:t=fill:enable='between(n\\,38\\,40)',select='not(between(n\\,41\\,50))' \
                -fps_mode vfr -c:v libx264";
    let bench = clip("color=c=0x606060:s=640x360:r=30:d=4", hole, "a.mp4");
    let (at_ms, mean) = shown(&bench, "picture_gaps");
    assert!(at_ms.abs_diff(1_333) <= 2 && mean > 200, "{at_ms} {mean}");
    let black = "-vf drawbox=c=black:t=fill:enable='gt(t\\,3)' -c:v libx264";
    let (at_ms, mean) = shown(&clip("testsrc2=s=640x360:r=30:d=4", black, "a.mp4"), "black_ends");
    assert!(at_ms.abs_diff(3_033) <= 40 && mean < 30, "{at_ms} {mean}");
    // A black picture in the middle is not the black end.
    let earlier = "-vf drawbox=c=black:t=fill:enable='between(t\\,1\\,1.2)+gt(t\\,3)' -c:v libx264";
    let (at_ms, mean) = shown(&clip("testsrc2=s=640x360:r=30:d=4", earlier, "a.mp4"), "black_ends");
    assert!(at_ms.abs_diff(3_033) <= 40 && mean < 30, "{at_ms} {mean}");
    shown(&clip("testsrc2=s=1280x720:r=22:d=3", "-c:v libx264 -preset ultrafast", "a.mp4"), "low_frame_rate");
    shown(&damaged(), "damaged");
}

#[test]
fn arabic_sentences_have_arabic_digits_only() {
    let source = "testsrc2=s=320x240:r=12:d=3";
    let report = probe(&clip(source, "-c:v libx264", "a.mp4").clip).unwrap();
    assert!(report.checks.len() >= 3);
    for check in report.checks {
        let latin = check.message_ar.chars().any(|c| c.is_ascii_digit());
        assert!(!latin, "{}", check.message_ar);
    }
}

#[test]
fn enforced_checks_refuse_and_reported_ones_do_not() {
    let bench = clip("testsrc2=s=320x240:r=30:d=1", "-c:v libx264", "a.mp4");
    let out = bench.dir.path().join("enforced");
    std::fs::create_dir(&out).unwrap();
    let options = media::TranscodeOptions { checks: media::Checks::Enforced, ..support::options() };
    let mut go = |_| std::ops::ControlFlow::Continue(());
    let ended = media::transcode(&bench.clip, &out, &options, &mut go, &mut |_| {});
    assert!(matches!(ended, Err(media::MediaError::Refused(reason)) if reason.code == "small_picture"));
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
    assert_eq!(bench.transcode().0.renditions.len(), 1);
}
