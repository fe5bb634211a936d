//! Files made to break in or to break down. Here they meet the code without the cage: it must refuse by itself.

#![allow(clippy::unwrap_used, reason = "a test stops where its own means fail")]

mod support;

use media::{Intake, MediaError, Thresholds};
use std::ops::ControlFlow;
use std::path::Path;
use support::{clip, probe};

fn refusal(clip: &Path) -> String {
    match probe(clip) {
        Err(MediaError::Refused(reason)) => reason.code,
        other => panic!("{} was not refused: {other:?}", clip.display()),
    }
}

fn refusal_of_bytes(name: &str, bytes: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let clip = dir.path().join(name);
    std::fs::write(&clip, bytes).unwrap();
    refusal(&clip)
}

#[test]
fn playlists_scripts_and_manifests_under_a_video_name_open_nothing() {
    let planted = clip("testsrc2=s=640x360:r=25:d=1", "-c:v libx264 -f mpegts", "private.ts");
    let path = planted.clip.display();
    let texts = [
        format!("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\nfile://{path}\n#EXT-X-ENDLIST\n"),
        format!("ffconcat version 1.0\nfile '{path}'\n"),
        format!("<?xml version=\"1.0\"?><MPD><Period><BaseURL>file://{path}</BaseURL></Period></MPD>"),
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n".to_owned(),
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"file:///etc/hostname\"/></svg>".to_owned(),
        "مرحبا".to_owned(),
    ];
    for text in texts {
        for name in ["a.mp4", "a.webm", "a.m3u8"] {
            assert_eq!(refusal_of_bytes(name, text.as_bytes()), "not_video", "{text}");
        }
    }
    assert_eq!(refusal_of_bytes("a.mp4", b""), "empty_file");
}

#[test]
fn a_page_before_the_video_is_refused() {
    let good = clip("testsrc2=s=640x360:r=25:d=1", "-c:v libx264", "a.mp4");
    let page = b"<script>alert(1)</script>%PDF-1.7";
    let mut bytes = (page.len() as u32 + 8).to_be_bytes().to_vec();
    bytes.extend_from_slice(b"free");
    bytes.extend_from_slice(page);
    bytes.extend(std::fs::read(&good.clip).unwrap());
    assert_eq!(refusal_of_bytes("a.mp4", &bytes), "hidden_content");
}

#[test]
fn what_holds_no_moving_picture_is_refused() {
    let still = clip("testsrc2=s=640x360:r=1:d=1", "-c:v libx264 -frames:v 1", "a.mp4");
    assert_eq!(refusal(&still.clip), "still_picture");
    let dot = clip("color=s=2x2:r=25:d=1", "-c:v libx264", "a.mp4");
    assert_eq!(refusal(&dot.clip), "too_small");
    let sound = clip("sine=d=1", "-c:a aac", "a.mp4");
    assert_eq!(refusal(&sound.clip), "no_picture");
    let cover = tempfile::tempdir().unwrap();
    let (art, song) = (cover.path().join("art.jpg"), cover.path().join("song.m4a"));
    support::ffmpeg("-f lavfi -i testsrc2=s=640x480 -frames:v 1", &art);
    let attach = format!(
        "-f lavfi -i sine=d=1 -i {} -map 0 -map 1 -c:v copy -disposition:v attached_pic",
        art.display()
    );
    support::ffmpeg(&attach, &song);
    assert_eq!(refusal(&song), "still_picture");
}

#[test]
fn rare_codecs_are_refused_before_they_are_decoded() {
    for codec in ["magicyuv", "ffv1", "huffyuv", "utvideo", "snow", "cinepak", "rawvideo"] {
        let rare = clip("testsrc2=s=128x128:r=25:d=1", &format!("-c:v {codec} -strict -2"), "a.mkv");
        assert_eq!(refusal(&rare.clip), "codec_not_allowed", "{codec}");
    }
}

#[test]
fn eight_k_and_a_day_of_video_are_refused_at_once() {
    let huge = clip("color=s=8192x4320:r=25:d=0.2", "-c:v libx264 -preset ultrafast", "a.mp4");
    let began = std::time::Instant::now();
    assert_eq!(refusal(&huge.clip), "too_many_pixels");
    let day = clip("color=s=64x64:r=1:d=86400", "-c:v libx264 -preset ultrafast", "b.mp4");
    assert_eq!(refusal(&day.clip), "too_long");
    assert!(began.elapsed().as_secs() < 30);
}

#[test]
fn two_frames_twenty_hours_apart_do_not_become_two_million() {
    let gap = clip(
        "testsrc2=s=320x240:r=1:d=2",
        "-vf setpts=PTS*72000 -fps_mode passthrough -c:v libx264",
        "a.mp4",
    );
    assert_eq!(refusal(&gap.clip), "too_long");
}

#[test]
fn citizens_cannot_send_what_only_camcorders_write() {
    let dir = clip("testsrc2=s=640x360:r=25:d=1", "-c:v mpeg2video -f mpegts", "a.ts");
    let go = &mut |_| ControlFlow::Continue(());
    let ended = media::probe(&dir.clip, None, Intake::Public, &Thresholds::default(), go);
    assert!(matches!(ended, Err(MediaError::Refused(reason)) if reason.code == "container_not_allowed"));
    assert!(probe(&dir.clip).unwrap().accepted);
}

#[test]
fn cut_and_flipped_files_end_in_an_answer_never_in_a_crash() {
    let good = clip("testsrc2=s=320x240:r=25:d=2", "-c:v libx264 -movflags +faststart", "a.mp4");
    let bytes = std::fs::read(&good.clip).unwrap();
    let damaged = good.dir.path().join("damaged.mp4");
    let mut accepted = 0;
    for seed in 0..60usize {
        let mut copy = bytes.clone();
        if seed % 3 == 0 {
            copy.truncate(bytes.len() * (seed + 1) / 61);
        }
        for n in 0..(seed % 5) * 8 {
            let at = (seed * 7919 + n * 104_729) % copy.len();
            copy[at] ^= 1 << (n % 8);
        }
        std::fs::write(&damaged, &copy).unwrap();
        match probe(&damaged) {
            Ok(report) => {
                accepted += 1;
                assert!(report.video.unwrap().frames <= 60);
            }
            Err(MediaError::Refused(_)) => {}
            Err(other) => panic!("seed {seed}: {other}"),
        }
    }
    assert!(accepted > 5, "{accepted} of 60 still play");
}

#[test]
fn a_file_that_was_cut_off_on_its_way_is_sent_again() {
    let picture = "testsrc2=s=320x240:r=25:d=6";
    let half = |clip: &Path| {
        let bytes = std::fs::read(clip).unwrap();
        std::fs::write(clip, &bytes[..bytes.len() / 2]).unwrap();
    };
    for (arguments, name) in [
        ("-c:v libx264 -movflags +faststart", "a.mp4"),
        ("-f lavfi -i sine=d=6 -c:v libx264 -c:a aac -movflags +faststart", "a.mov"),
        ("-c:v libx264", "a.mkv"),
        ("-c:v libvpx -deadline realtime", "a.webm"),
        ("-c:v mpeg4", "a.avi"),
    ] {
        let whole = clip(picture, arguments, name);
        assert!(probe(&whole.clip).unwrap().accepted, "{name}");
        half(&whole.clip);
        assert_eq!(refusal(&whole.clip), "cut_off", "{name}");
    }
    let cut = clip(picture, "-c:v libx264 -bf 0 -crf 0 -movflags +faststart", "a.mp4");
    half(&cut.clip);
    let Err(MediaError::Refused(reason)) = probe(&cut.clip) else { panic!("half a file was taken") };
    assert!(reason.message_en.contains(" of 6 seconds"), "{reason:?}");
    assert!(reason.message_ar.contains("٦ ثوانٍ"), "{reason:?}");
}

#[test]
fn what_promises_no_length_or_ends_as_it_should_is_not_called_cut_off() {
    for (arguments, name, kept) in [
        // The sound goes on after the picture.
        ("-f lavfi -i sine=d=9 -c:v libx264 -c:a aac", "sound.mp4", 100),
        ("-f lavfi -i sine=d=9 -c:v libvpx -deadline realtime -c:a libopus", "sound.webm", 100),
        // Written while it ran: whatever arrived is what there is.
        ("-c:v libx264 -g 25 -movflags frag_keyframe+empty_moov", "fragments.mp4", 60),
        ("-c:v libx264 -g 75 -movflags frag_keyframe+empty_moov", "long-fragments.mp4", 30),
        ("-c:v libx264 -g 75 -movflags dash", "indexed-fragments.mp4", 30),
        ("-c:v libvpx -deadline realtime -live 1 -f webm", "live.webm", 60),
        ("-c:v libx264 -f mpegts", "a.ts", 60),
        // Less than a second is missing.
        ("-c:v libx264 -bf 0 -crf 0 -movflags +faststart", "end.mp4", 90),
    ] {
        let bench = clip("testsrc2=s=320x240:r=25:d=5", arguments, name);
        let bytes = std::fs::read(&bench.clip).unwrap();
        std::fs::write(&bench.clip, &bytes[..bytes.len() * kept / 100]).unwrap();
        assert!(probe(&bench.clip).is_ok_and(|report| report.accepted), "{name}");
    }
}

#[test]
fn the_shared_collections_hold_where_they_are_present() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/media");
    let files = |folder: &str| {
        let listed = std::fs::read_dir(root.join(folder));
        listed.into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()).collect::<Vec<_>>()
    };
    for clip in files("real") {
        let report = probe(&clip).unwrap_or_else(|error| panic!("{}: {error}", clip.display()));
        assert!(report.checks.iter().all(|check| check.code != "flashing"), "{}", clip.display());
        let counted = support::ffprobe(&clip, "stream=nb_read_frames");
        let counted: i64 = counted.iter().find_map(|line| line.parse().ok()).unwrap();
        assert!((report.video.unwrap().frames as i64 - counted).abs() <= 1, "{}", clip.display());
    }
    for clip in files("hostile") {
        assert!(
            !matches!(probe(&clip), Err(MediaError::Failed(_) | MediaError::Cancelled)),
            "{}",
            clip.display()
        );
    }
}
