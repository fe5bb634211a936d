//! Real transcodes of clips of every shape, looked at again with ffprobe.

#![allow(clippy::unwrap_used, reason = "a test stops where its own means fail")]

mod support;

use media::RungName;
use support::{clip, colour_at, ffmpeg, ffprobe, keyframes};

const MOVING: &str = "testsrc2=s=960x540:r=30:d=2";

/// A picture whose top left quarter is red, so that turning it shows.
fn red_corner(size: &str) -> String {
    format!("color=c=blue:s={size}:r=25:d=1,drawbox=x=0:y=0:w=iw/2:h=ih/2:color=red:t=fill")
}

fn is_red([r, _, b]: [u8; 3]) -> bool {
    r > 150 && b < 100
}

#[test]
fn every_rendition_keeps_frames_rate_length_and_shape() {
    let bench = clip(MOVING, "-c:v libx264 -pix_fmt yuv420p", "a.mp4");
    let (result, out) = bench.transcode();
    assert_eq!(
        result.renditions.iter().map(|r| (r.width, r.height)).collect::<Vec<_>>(),
        [(640, 360), (960, 540)]
    );
    for rendition in &result.renditions {
        let entries =
            "stream=width,height,sample_aspect_ratio,r_frame_rate,nb_read_frames,color_space,pix_fmt,profile";
        let seen = ffprobe(&out.join(&rendition.file), entries);
        let profile = if rendition.name == RungName::Saver { "Main" } else { "High" };
        let (width, height) = (rendition.width.to_string(), rendition.height.to_string());
        assert_eq!(seen, [profile, &width, &height, "1:1", "yuv420p", "bt709", "30/1", "60"]);
        assert_eq!((rendition.frames, rendition.duration_ms), (60, 2000));
    }
    assert_eq!((result.duplicated, result.dropped, result.audio), (0, 0, false));
}

#[test]
fn keyframes_are_at_most_a_second_apart_and_the_index_comes_first() {
    for rate in ["24000/1001", "25", "30000/1001", "50"] {
        let bench = clip(&format!("testsrc2=s=640x360:r={rate}:d=3"), "-c:v libx264", "a.mp4");
        let (result, out) = bench.transcode();
        let file = out.join(&result.renditions[0].file);
        let keys = keyframes(&file);
        assert!(keys.len() >= 3 && keys.windows(2).all(|pair| pair[1] - pair[0] <= 1.0), "{rate}: {keys:?}");
        let bytes = std::fs::read(&file).unwrap();
        let place = |name: &[u8]| bytes.windows(4).position(|window| window == name).unwrap();
        assert!(place(b"moov") < place(b"mdat"));
    }
}

#[test]
fn phones_held_sideways_come_out_upright_without_a_tag() {
    // FFmpeg's muxer writes "rotate" as an anticlockwise angle; the red corner shows where the picture really went.
    for (tag, clockwise, size, corner) in [
        ("90", 270, (360, 640), "20:20:10:600"),
        ("180", 180, (640, 360), "20:20:600:320"),
        ("270", 90, (360, 640), "20:20:320:10"),
    ] {
        let flat = clip(&red_corner("640x360"), "-c:v libx264 -pix_fmt yuv420p", "flat.mp4");
        let turned = flat.dir.path().join("turned.mp4");
        ffmpeg(&format!("-i {} -c copy -metadata:s:v rotate={tag}", flat.clip.display()), &turned);
        let bench = support::Bench { clip: turned, dir: flat.dir };
        assert_eq!(bench.facts().rotation, clockwise);
        let (result, out) = bench.transcode();
        let rendition = &result.renditions[0];
        let file = out.join(&rendition.file);
        assert_eq!((rendition.width, rendition.height), size, "{tag}");
        assert!(ffprobe(&file, "stream_side_data=rotation").is_empty(), "{tag}");
        assert!(is_red(colour_at(&file, corner)), "{tag}: {:?}", colour_at(&file, corner));
    }
}

#[test]
fn portrait_stays_portrait_and_pixels_become_square() {
    let portrait = clip("testsrc2=s=720x1280:r=30:d=1", "-c:v libx264", "a.mov").transcode().0;
    let sizes: Vec<_> = portrait.renditions.iter().map(|r| (r.width, r.height)).collect();
    assert_eq!(sizes, [(360, 640), (540, 960), (720, 1280)]);
    let wide = clip("testsrc2=s=720x576:r=25:d=1", "-vf setsar=64/45 -c:v libx264", "a.mp4");
    assert_eq!((wide.facts().display_width, wide.facts().display_height), (1024, 576));
    assert_eq!(wide.transcode().0.renditions.last().map(|r| (r.width, r.height)), Some((960, 540)));
}

#[test]
fn a_variable_rate_becomes_constant_without_losing_a_picture() {
    // Every third picture is missing in the second half, as when a phone slows down in the dark.
    let bench = clip(
        "testsrc2=s=640x360:r=30:d=4",
        "-vf select='lt(n\\,60)+not(eq(mod(n\\,3)\\,1))' -fps_mode vfr -c:v libx264",
        "a.mp4",
    );
    let facts = bench.facts();
    assert!(facts.vfr && facts.frames == 100, "{facts:?}");
    let (result, out) = bench.transcode();
    assert_eq!((result.dropped, result.duplicated), (0, 20));
    assert_eq!(
        ffprobe(&out.join(&result.renditions[0].file), "stream=r_frame_rate,nb_read_frames"),
        ["30/1", "120"]
    );
}

#[test]
fn fifty_fields_become_fifty_pictures() {
    let bench = clip("testsrc2=s=720x576:r=50:d=2", "-vf interlace -c:v libx264 -flags +ildct+ilme", "a.mp4");
    assert!(bench.facts().interlaced);
    let (result, _) = bench.transcode();
    assert_eq!((result.renditions[0].fps, result.renditions[0].frames), (50.0, 100));
    assert!(result.checks.iter().any(|check| check.code == "interlaced"));
}

#[test]
fn hdr_becomes_bt709_eight_bit() {
    let hdr = "-vf format=yuv420p10le -c:v libx265 -x265-params log-level=none -color_primaries bt2020 \
               -color_trc smpte2084 -colorspace bt2020nc -tag:v hvc1";
    let bench = clip("testsrc2=s=640x360:r=30:d=1", hdr, "a.mp4");
    let facts = bench.facts();
    assert!(facts.hdr && facts.bit_depth == 10, "{facts:?}");
    let (result, out) = bench.transcode();
    let seen = ffprobe(
        &out.join(&result.renditions[0].file),
        "stream=pix_fmt,color_range,color_space,color_transfer",
    );
    assert_eq!(seen, ["yuv420p", "tv", "bt709", "bt709"]);
}

#[test]
fn colours_of_full_range_phone_video_are_kept() {
    let source = "color=c=red:s=640x480:r=25:d=1";
    let bench = clip(source, "-vf scale=out_range=pc,format=yuvj420p -c:v libx264", "a.mkv");
    let (result, out) = bench.transcode();
    let [r, g, b] = colour_at(&out.join(&result.renditions[0].file), "100:100:50:50");
    assert!(r > 240 && g < 15 && b < 15, "{r} {g} {b}");
}

#[test]
fn a_file_without_a_duration_gets_one_from_its_pictures() {
    let bench =
        clip("testsrc2=s=640x360:r=25:d=2", "-c:v libvpx -deadline realtime -live 1 -f webm", "a.webm");
    let facts = bench.facts();
    assert_eq!((facts.frames, facts.duration_ms), (50, 2000));
    assert_eq!(bench.transcode().0.duration_ms, 2000);
}

#[test]
fn audible_sound_is_kept_as_mono_and_silence_is_stripped() {
    let loud = clip(MOVING, "-f lavfi -i sine=f=440:d=2 -ac 2 -c:v libx264 -c:a aac -shortest", "a.mp4");
    let (result, out) = loud.transcode();
    assert!(result.audio);
    let listed = std::process::Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-select_streams",
            "a",
            "-show_entries",
            "stream=codec_name,channels,duration",
            "-of",
            "csv=p=0",
        ])
        .arg(out.join(&result.renditions[0].file))
        .output()
        .unwrap();
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let parts: Vec<_> = listed.trim().split(',').collect();
    assert_eq!(parts[..2], ["aac", "1"]);
    assert!((parts[2].parse::<f64>().unwrap() - 2.0).abs() < 0.05, "{listed}");
    let silent = clip(MOVING, "-f lavfi -i anullsrc -c:v libx264 -c:a aac -shortest", "a.mp4").transcode().0;
    assert!(!silent.audio && silent.checks.iter().any(|check| check.code == "silent_sound"));
}

#[test]
fn place_and_device_do_not_survive() {
    let marks = "-metadata location=+24.7136+046.6753/ -metadata artist=Noura -metadata comment=SECRETMARK \
                 -movflags use_metadata_tags -c:v libx264";
    let bench = clip(MOVING, marks, "a.mov");
    let source = std::fs::read(&bench.clip).unwrap();
    let holds = |bytes: &[u8], mark: &str| bytes.windows(mark.len()).any(|window| window == mark.as_bytes());
    assert!(
        holds(&source, "24.7136") && holds(&source, "SECRETMARK"),
        "the test's own clip must carry the marks"
    );
    let (_, out) = bench.transcode();
    for entry in std::fs::read_dir(out).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(["24.7136", "046.6753", "Noura", "SECRETMARK"].iter().all(|mark| !holds(&bytes, mark)));
    }
}

#[test]
fn posters_preview_and_storyboard_come_from_the_same_pass() {
    let bench = clip("testsrc2=s=960x540:r=25:d=7", "-c:v libx264", "a.mp4");
    let (result, out) = bench.transcode();
    let small = std::fs::read(out.join(&result.poster_small)).unwrap();
    assert!(small.len() <= 15 * 1024);
    let poster = image::open(out.join(&result.poster)).unwrap();
    assert_eq!((poster.width(), poster.height()), (960, 540));
    assert_eq!(result.poster_candidates.len(), 6);
    let seen = ffprobe(&out.join(&result.preview), "stream=r_frame_rate,nb_read_frames,start_time");
    assert!(
        seen[0] == "25/1" && (50..=75).contains(&seen[2].parse::<u32>().unwrap()) && seen[1] == "0.000000",
        "{seen:?}"
    );
    let map = &result.storyboard_map;
    let sheet = image::open(out.join(&result.storyboard)).unwrap();
    assert_eq!((map.tiles, map.interval_ms, sheet.width()), (7, 1000, map.columns * map.tile_width));
    let vtt = std::fs::read_to_string(out.join(&result.storyboard_vtt)).unwrap();
    assert_eq!(vtt.matches("-->").count(), 7);
}

#[test]
fn the_poster_is_not_black_even_when_the_clip_begins_black() {
    let bench = clip("testsrc2=s=640x360:r=25:d=4", "-vf fade=in:0:50 -c:v libx264", "a.mp4");
    let (result, out) = bench.transcode();
    let poster = image::open(out.join(&result.poster)).unwrap().into_luma8();
    let mean = poster.iter().map(|&v| u64::from(v)).sum::<u64>() / poster.len() as u64;
    assert!(mean > 60, "{mean}");
}

#[test]
fn the_poster_shows_the_signer_and_not_a_crisp_title() {
    // A signer, and from a tenth to a third of the clip a title that is far sharper than any person.
    let signing = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/signing/night.mkv");
    let dir = tempfile::tempdir().unwrap();
    let made = dir.path().join("a.mp4");
    let title = "color=c=0x208020:s=960x720:r=30,drawgrid=w=12:h=12:t=2:c=white";
    let arguments = format!(
        "-stream_loop 3 -i {signing} -filter_complex {title}[title];[0]scale=960:720,fps=30[a];\
         [a][title]overlay=enable='between(t\\,0.4\\,1.4)' -t 4 -an -c:v libx264 -preset ultrafast"
    );
    ffmpeg(&arguments, &made);
    let bench = support::Bench { clip: made, dir };
    let (result, out) = bench.transcode();
    let green = |file: &str| {
        let [r, g, b] = colour_at(&out.join(file), "100:100:100:100");
        i32::from(g) - i32::from(r.max(b))
    };
    let candidates = result.poster_candidates.iter().map(|candidate| green(&candidate.file));
    assert!(candidates.clone().any(|green| green > 40), "the title must be among the candidates");
    assert!(green(&result.poster) < 20, "{}", green(&result.poster));
}

#[test]
fn the_grainiest_clip_stays_within_its_cap() {
    let bench = clip("nullsrc=s=480x360:r=30:d=6,noise=alls=80:allf=t", "-c:v libx264 -crf 18", "a.mp4");
    let result = bench.transcode().0;
    let saver = &result.renditions[0];
    assert!(saver.name == RungName::Saver && saver.bitrate < 660_000, "{saver:?}");
}

#[test]
fn asking_to_stop_stops() {
    let bench = clip("testsrc2=s=1280x720:r=30:d=5", "-c:v libx264", "a.mp4");
    let out = bench.dir.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let mut seen = 0;
    let mut stop = |_| {
        seen += 1;
        if seen < 10 { std::ops::ControlFlow::Continue(()) } else { std::ops::ControlFlow::Break(()) }
    };
    let ended = media::transcode(&bench.clip, &out, &support::options(), &mut stop, &mut |_| {});
    assert!(matches!(ended, Err(media::MediaError::Cancelled)) && seen == 10);
    assert!(!out.join("result.json").exists());
}
