//! Sources of every rate and shape that cameras and editors write, each held to the plan of deaf-users.md 1.2.
#![allow(clippy::unwrap_used, reason = "a test stops where its own means fail")]

mod support;

use std::process::Command;
use support::{Bench, clip, colour_at, ffmpeg, ffprobe, options};

/// A box that moves over a plain picture: real movement without the sharp lines that confuse field detection.
fn moving(size: &str, rate: &str, seconds: u32) -> String {
    format!(
        "color=c=0x607080:s={size}:r={rate}:d={seconds}[a];color=c=0xd0b0a0:s=40x60:r={rate}:d={seconds}[b];\
         [a][b]overlay=x=10+mod(n*7\\,40):y=10:shortest=1"
    )
}

fn frames_and_rate(bench: &Bench) -> (u64, u64, u64, String) {
    let (result, out) = bench.transcode();
    let file = out.join(&result.renditions[0].file);
    let seen = ffprobe(&file, "stream=r_frame_rate,nb_read_frames");
    (seen[1].parse().unwrap(), result.duplicated, result.dropped, seen[0].clone())
}

#[test]
fn every_standard_rate_keeps_each_picture() {
    for rate in ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60"] {
        let bench = clip(&moving("640x360", rate, 2), "-c:v libx264 -preset ultrafast", "a.mp4");
        let sent: u64 = ffprobe(&bench.clip, "stream=nb_read_frames")[0].parse().unwrap();
        let told = if rate.contains('/') { rate.to_owned() } else { format!("{rate}/1") };
        assert_eq!(frames_and_rate(&bench), (sent, 0, 0, told), "{rate}");
    }
}

#[test]
fn fields_become_pictures_whether_the_file_says_so_or_not() {
    let fields = |order: &str| format!("tinterlace=mode=interleave_{order}");
    for (filter, flags) in [
        (fields("top") + ",setfield=prog", ""),
        (fields("bottom") + ",setfield=prog", ""),
        (fields("top"), "-flags +ildct+ilme -x264opts tff=1"),
    ] {
        let arguments = format!("-vf {filter} -c:v libx264 -crf 18 {flags}");
        let bench = clip(&moving("720x576", "50", 2), &arguments, "a.mp4");
        let facts = bench.facts();
        assert!(facts.interlaced && facts.output_fps == 50.0, "{filter} {flags}: {facts:?}");
        let (frames, _, dropped, rate) = frames_and_rate(&bench);
        assert!(rate == "50/1" && (99..=100).contains(&frames) && dropped == 0, "{filter}: {frames} {rate}");
    }
}

/// Where the bright box is across each picture, in pixels.
fn box_places(file: &std::path::Path, width: usize) -> Vec<f64> {
    let row = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(file)
        .args(["-vf", "crop=iw:20:0:30,scale=iw:1:flags=area,format=gray", "-f", "rawvideo", "-"])
        .output()
        .unwrap()
        .stdout;
    let place = |picture: &[u8]| {
        let bright = |at: &usize| picture[*at] > 140;
        let (sum, count) = (0..width).filter(bright).fold((0, 0), |(sum, count), at| (sum + at, count + 1));
        sum as f64 / f64::from(count)
    };
    row.chunks_exact(width).map(place).collect()
}

#[test]
fn what_moves_goes_on_from_field_to_field_and_never_back() {
    let moves = "color=c=0x607080:s=720x576:r=50:d=2[a];color=c=0xd0b0a0:s=60x200:r=50:d=2[b];\
                 [a][b]overlay=x=20+6*n:y=10:shortest=1";
    for (order, flag) in [("top", "tff"), ("bottom", "bff")] {
        let arguments = format!(
            "-vf tinterlace=mode=interleave_{order} -c:v libx264 -crf 12 -flags +ildct+ilme -x264opts {flag}=1"
        );
        let bench = clip(moves, &arguments, "a.mp4");
        let (result, out) = bench.transcode();
        let rendition = &result.renditions[0];
        let places = box_places(&out.join(&rendition.file), rendition.width as usize);
        // Six pixels of the source a field; the first and last fields have no neighbour to be completed from.
        let step = 6.0 * f64::from(rendition.width) / 720.0;
        let steps: Vec<f64> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let inner = &steps[2..steps.len() - 3];
        assert!(
            inner.len() > 85 && inner.iter().all(|one| (one - step).abs() < step * 0.5),
            "{order}: {steps:?}"
        );
    }
}

#[test]
fn faces_in_hdr_keep_the_light_and_hue_they_were_recorded_with() {
    // Black, three greys, white, red, green and skin: coded as SDR first, then as both kinds of HDR around a white of 203.
    let patches = [0x000000, 0x404040, 0x808080, 0xc0c0c0, 0xffffff, 0xc03020, 0x30a040, 0xd0a080u32];
    let boxes = (0..)
        .zip(patches)
        .map(|(n, colour)| format!(",drawbox=x={}:y=0:w=80:h=360:color=0x{colour:06x}:t=fill", n * 80));
    let source = format!("color=c=black:s=640x360:r=25:d=1,format=gbrp{}", boxes.collect::<String>());
    for curve in ["smpte2084", "arib-std-b67"] {
        let arguments = format!(
            "-vf scale=out_color_matrix=bt709:out_range=tv,format=yuv444p,\
             setparams=colorspace=bt709:color_trc=bt709:color_primaries=bt709:range=tv,\
             zscale=t=linear:npl=203,format=gbrpf32le,\
             zscale=p=bt2020:t={curve}:m=bt2020nc:r=limited:npl=203,format=yuv420p10le \
             -c:v libx265 -x265-params log-level=none:crf=10 -color_primaries bt2020 -color_trc {curve} \
             -colorspace bt2020nc -color_range tv -tag:v hvc1"
        );
        let bench = clip(&source, &arguments, "a.mp4");
        let (result, out) = bench.transcode();
        let file = out.join(&result.renditions[0].file);
        for (n, colour) in patches.into_iter().enumerate() {
            let seen = colour_at(&file, &format!("40:100:{}:100", n * 80 + 20));
            let sent = [(colour >> 16) as u8, (colour >> 8) as u8, colour as u8];
            // White makes room for highlights.
            let far = if colour == 0xffffff { 32 } else { 8 };
            let near = sent.iter().zip(seen).all(|(sent, seen)| sent.abs_diff(seen) <= far);
            assert!(near, "{curve}: {sent:?} became {seen:?}");
        }
    }
}

#[test]
fn progressive_pictures_are_never_taken_for_fields() {
    for source in ["testsrc2=s=960x540:r=30:d=2", "testsrc=s=640x480:r=25:d=2", "mandelbrot=s=640x480:r=25"] {
        let bench = clip(source, "-t 2 -c:v libx264 -preset ultrafast", "a.mp4");
        assert!(!bench.facts().interlaced, "{source}");
    }
}

#[test]
fn odd_sizes_alpha_full_range_and_ten_bits_become_plain_video() {
    for (source, arguments, file) in [
        (moving("641x361", "25", 1), "-c:v libx264 -pix_fmt yuv444p", "odd.mp4"),
        (moving("640x360", "25", 1), "-c:v libx264 -pix_fmt yuvj420p", "full.mp4"),
        (moving("640x360", "25", 1), "-c:v libx264 -pix_fmt yuv420p10le", "ten.mp4"),
        (moving("640x360", "25", 1), "-c:v libvpx-vp9 -pix_fmt yuva420p -cpu-used 8", "alpha.webm"),
        (moving("640x360", "25", 1), "-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le", "alpha.mov"),
        (moving("96x80", "25", 1), "-c:v libx264", "tiny.mp4"),
    ] {
        let bench = clip(&source, arguments, file);
        let (result, out) = bench.transcode();
        for rendition in &result.renditions {
            let seen =
                ffprobe(&out.join(&rendition.file), "stream=pix_fmt,color_range,color_space,nb_read_frames");
            assert_eq!(seen, ["yuv420p", "tv", "bt709", "25"], "{file}");
            assert!(rendition.width % 2 == 0 && rendition.height % 2 == 0 && rendition.ssim > 0.8, "{file}");
        }
    }
}

#[test]
fn full_range_white_stays_white_and_black_stays_black() {
    for (colour, wanted) in [("white", 250..=255), ("black", 0..=5)] {
        let still = format!("color=c={colour}:s=640x360:r=25:d=1");
        let arguments = "-vf scale=out_range=pc,format=yuvj420p -c:v libx264 -color_range pc";
        let bench = clip(&still, arguments, "a.mp4");
        let (result, out) = bench.transcode();
        let seen = colour_at(&out.join(&result.renditions[0].file), "100:100:100:100");
        assert!(seen.iter().all(|level| wanted.contains(level)), "{colour}: {seen:?}");
    }
}

#[test]
fn four_k_gets_four_sizes_and_no_more() {
    let bench = clip(&moving("3840x2160", "30", 1), "-c:v libx264 -preset ultrafast", "a.mp4");
    let result = bench.transcode().0;
    let sizes: Vec<_> = result.renditions.iter().map(|r| r.height).collect();
    assert_eq!(sizes, [360, 540, 720, 1080]);
}

#[test]
fn clocks_that_start_late_or_early_and_edit_lists_lose_nothing() {
    let base = clip(&moving("640x360", "25", 3), "-c:v libx264 -bf 2 -g 25", "base.mp4");
    let path = base.clip.display();
    for (arguments, file, frames) in [
        (format!("-itsoffset 5 -i {path} -c copy -avoid_negative_ts disabled -copyts"), "late.mkv", 75..=75),
        (format!("-itsoffset 1400 -i {path} -c copy -copyts"), "late.ts", 75..=75),
        // Cut inside a group: the edit list hides the pictures before 0.5 s, which are still in the file.
        (format!("-ss 0.5 -i {path} -c copy"), "edited.mp4", 62..=63),
    ] {
        let shifted = base.dir.path().join(file);
        ffmpeg(&arguments, &shifted);
        let bench = Bench { clip: shifted, dir: tempfile::tempdir().unwrap() };
        let (seen, _, dropped, _) = frames_and_rate(&bench);
        assert!(frames.contains(&seen) && dropped <= 1, "{file}: {seen} frames, {dropped} dropped");
    }
}

#[test]
fn mirrored_selfies_come_out_as_they_were_shown() {
    // A matrix that mirrors: the left half of the stored picture is red, the right half of the result must be.
    let half = "color=c=blue:s=640x360:r=25:d=1,drawbox=x=0:y=0:w=iw/2:h=ih:color=red:t=fill";
    let flat = clip(half, "-c:v libx264 -pix_fmt yuv420p", "flat.mp4");
    let mut bytes = std::fs::read(&flat.clip).unwrap();
    let track = bytes.windows(4).position(|window| window == b"tkhd").unwrap();
    // Version 0 header: the matrix starts 40 bytes behind the flags; its first cell is the x scale.
    bytes[track + 44..track + 48].copy_from_slice(&(-65_536i32).to_be_bytes());
    std::fs::write(&flat.clip, &bytes).unwrap();
    let (result, out) = flat.transcode();
    let [red, _, blue] = colour_at(&out.join(&result.renditions[0].file), "40:40:560:160");
    assert!(red > 150 && blue < 100, "{red} {blue}");
}

#[test]
fn a_picture_that_changes_its_size_in_the_middle_keeps_its_time() {
    let dir = tempfile::tempdir().unwrap();
    let part = |name: &str, size: &str| {
        let file = dir.path().join(name);
        ffmpeg(&format!("-f lavfi -i {} -c:v mpeg2video -f mpegts", moving(size, "25", 2)), &file);
        std::fs::read(file).unwrap()
    };
    let whole = dir.path().join("whole.ts");
    std::fs::write(&whole, [part("a.ts", "640x480"), part("b.ts", "720x576")].concat()).unwrap();
    let bench = Bench { clip: whole, dir };
    let (result, _) = bench.transcode();
    assert!(result.renditions.iter().all(|r| r.height <= 480 && r.frames >= 49), "{:?}", result.renditions);
}

/// Two clips of one second each, one after the other in one file, each with a white square of 120 pixels on grey.
fn one_after_the_other(sizes: [&str; 2]) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let parts = [0, 1].map(|second| {
        let size = sizes[second];
        let file = dir.path().join(format!("{size}.ts"));
        let source = format!(
            "color=c=0x607080:s={size}:r=25:d=1,drawbox=x=(iw-120)/2:y=(ih-120)/2:w=120:h=120:color=white:t=fill"
        );
        ffmpeg(&format!("-f lavfi -i {source} -c:v mpeg2video -q:v 2 -f mpegts -output_ts_offset {second}"), &file);
        std::fs::read(file).unwrap()
    });
    let whole = dir.path().join("whole.ts");
    std::fs::write(&whole, parts.concat()).unwrap();
    Bench { clip: whole, dir }
}

/// Width and height of what is white in the last picture, and how bright its left edge is.
fn white_square(file: &std::path::Path, width: usize) -> (usize, usize, u8) {
    let picture = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-sseof", "-0.3", "-i"])
        .arg(file)
        .args(["-frames:v", "1", "-vf", "format=gray", "-f", "rawvideo", "-"])
        .output()
        .unwrap()
        .stdout;
    let rows: Vec<&[u8]> = picture.chunks_exact(width).collect();
    let white = |level: u8| level > 190;
    let across = rows[rows.len() / 2].iter().filter(|&&level| white(level)).count();
    let down = rows.iter().filter(|row| white(row[width / 2])).count();
    (across, down, rows[rows.len() / 2][1])
}

#[test]
fn a_picture_that_changes_its_shape_is_never_stretched() {
    let bench = one_after_the_other(["640x480", "480x640"]);
    let probed = support::probe(&bench.clip).unwrap().checks;
    let (result, out) = bench.transcode();
    for checks in [&probed, &result.checks] {
        let told = checks.iter().find(|check| check.code == "shape_changes").unwrap();
        assert_eq!(told.level, media::Level::Warn);
        assert!(told.at_ms.unwrap().abs_diff(1_000) <= 80, "{told:?}");
    }
    assert!(out.join("check-shape.jpg").exists());
    for rendition in &result.renditions {
        let (across, down, edge) = white_square(&out.join(&rendition.file), rendition.width as usize);
        assert!(across > 40 && across.abs_diff(down) <= 3, "{across} by {down}");
        assert!(edge < 25, "{edge} where the bar should be");
    }
}

#[test]
fn a_smaller_picture_of_the_same_shape_fills_the_frame() {
    let bench = one_after_the_other(["640x480", "320x240"]);
    let (result, out) = bench.transcode();
    assert!(result.checks.iter().all(|check| check.code != "shape_changes"));
    let rendition = &result.renditions[0];
    let (across, down, edge) = white_square(&out.join(&rendition.file), rendition.width as usize);
    assert!(across > 150 && across.abs_diff(down) <= 3 && edge > 60, "{across} by {down}, {edge}");
}

#[test]
fn sound_that_is_absent_silent_or_late_is_handled() {
    let source = moving("640x360", "25", 2);
    let late = "-f lavfi -i sine=d=1,adelay=1000:all=1 -c:v libx264 -c:a aac";
    let bench = clip(&source, late, "a.mp4");
    let (result, out) = bench.transcode();
    assert!(result.audio);
    let seen = ffprobe(&out.join(&result.renditions[0].file), "stream=nb_read_frames");
    assert_eq!(seen, ["50"]);
    let silent = clip(&source, "-f lavfi -i anullsrc -shortest -c:v libx264 -c:a aac", "b.mp4").transcode().0;
    let none = clip(&source, "-c:v libx264", "c.mp4").transcode().0;
    assert!(!silent.audio && !none.audio);
}

#[test]
fn a_trim_keeps_exactly_what_was_asked_for() {
    let bench = clip(&moving("640x360", "25", 4), "-f lavfi -i sine=d=4 -c:v libx264 -c:a aac", "a.mp4");
    let out = bench.dir.path().join("cut");
    std::fs::create_dir(&out).unwrap();
    let trim = Some(media::Trim { from_ms: 1_000, to_ms: 3_000 });
    let wanted = media::TranscodeOptions { trim, ..options() };
    let mut go = |_| std::ops::ControlFlow::Continue(());
    let result = media::transcode(&bench.clip, &out, &wanted, &mut go, &mut |_| {}).unwrap();
    assert_eq!((result.duration_ms, result.renditions[0].frames), (2_000, 50));
    let file = out.join(&result.renditions[0].file);
    // The box stands where it stood one second in: 10 + 25 * 7 % 40 = 25, so it has left its first place.
    let ([red, ..], [past, ..]) = (colour_at(&file, "8:8:45:30"), colour_at(&file, "4:8:12:30"));
    assert!(red > 180 && past < 140, "{red} {past}");
}

#[test]
fn a_trim_tells_how_far_it_is_before_its_beginning_and_stops_after_its_end() {
    let bench = clip("testsrc2=s=320x240:r=30:d=12", "-c:v libx264 -g 30", "long.mp4");
    let out = bench.dir.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let trim = Some(media::Trim { from_ms: 4_000, to_ms: 6_000 });
    let wanted = media::TranscodeOptions { trim, ..options() };
    let mut shares = Vec::new();
    let mut told = |step: media::Step| {
        assert!(step.clip_us >= 5_900_000, "the deadline counts what is decoded before: {step:?}");
        shares.push(step.share);
        std::ops::ControlFlow::Continue(())
    };
    media::transcode(&bench.clip, &out, &wanted, &mut told, &mut |_| {}).unwrap();
    assert!(shares.first().is_some_and(|share| *share < 0.05), "nothing is told before the beginning");
    // Six seconds, a little beyond them, and the looks beside the examination; not the other six.
    let decoded = shares.iter().filter(|share| **share < 1.0).count();
    assert!((150..=260).contains(&decoded), "{decoded} pictures before the end");
}

#[test]
fn recordings_that_were_joined_byte_by_byte_are_one_clip() {
    for name in ["a.ts", "a.mpg"] {
        let codec = "-f lavfi -i sine=d=2 -c:v mpeg2video -q:v 4 -c:a mp2";
        let bench = clip("testsrc2=s=640x360:r=25:d=2", codec, name);
        let once = std::fs::read(&bench.clip).unwrap();
        let pictures = bench.facts().frames;
        std::fs::write(&bench.clip, [once.as_slice(), &once].concat()).unwrap();
        let (result, _) = bench.transcode();
        assert_eq!((result.source.frames, result.dropped), (2 * pictures, 0), "{name}");
        assert!(result.duration_ms.abs_diff(4_000) <= 80, "{name}: {}", result.duration_ms);
    }
}

#[test]
fn of_two_films_in_one_file_the_larger_is_taken() {
    let large = "-f lavfi -i testsrc2=s=640x360:r=30:d=1 -map 0 -map 1 -c:v libx264 -preset ultrafast";
    let facts = clip("testsrc2=s=320x180:r=15:d=1", large, "a.mkv").facts();
    assert_eq!((facts.width, facts.frames), (640, 30));
}
