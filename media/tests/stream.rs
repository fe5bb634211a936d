//! HLS of clips longer than ninety seconds: the same packets, byte ranges that agree with the file, playable as a whole.
#![allow(clippy::unwrap_used, reason = "a test stops where its own means fail")]

mod support;

use std::process::Command;
use support::{clip, ffprobe};

#[test]
fn a_long_clip_gets_playlists_over_the_same_packets() {
    let source = "color=c=0x607080:s=640x480:r=25:d=95[a];color=c=0xd0b0a0:s=80x120:r=25:d=95[b];\
                  [a][b]overlay=x=mod(n*5\\,400):y=80";
    let bench = clip(source, "-f lavfi -i sine=d=95 -c:v libx264 -preset ultrafast -c:a aac", "a.mp4");
    let (result, out) = bench.transcode();
    assert_eq!(result.playlist.as_deref(), Some("main.m3u8"));
    let main = std::fs::read_to_string(out.join("main.m3u8")).unwrap();
    assert_eq!(main.matches("#EXT-X-STREAM-INF").count(), result.renditions.len());
    for rendition in &result.renditions {
        let stream = rendition.stream.as_ref().unwrap();
        assert!(main.contains(&stream.playlist) && main.contains("avc1."), "{main}");
        let playlist = std::fs::read_to_string(out.join(&stream.playlist)).unwrap();
        let ranges: Vec<(u64, u64)> = playlist
            .lines()
            .filter_map(|line| line.strip_prefix("#EXT-X-BYTERANGE:")?.split_once('@'))
            .map(|(bytes, offset)| (offset.parse().unwrap(), bytes.parse().unwrap()))
            .collect();
        assert!(ranges.windows(2).all(|pair| pair[0].0 + pair[0].1 == pair[1].0), "ranges follow each other");
        let size = std::fs::metadata(out.join(&stream.file)).unwrap().len();
        assert!(ranges.last().map(|(offset, bytes)| offset + bytes).unwrap() <= size);
        let seen = ffprobe(&out.join(&stream.playlist), "stream=nb_read_frames");
        assert_eq!(seen[0], rendition.frames.to_string());
        assert_eq!(packets(&out.join(&stream.file)), packets(&out.join(&rendition.file)));
    }
}

#[test]
fn a_short_clip_needs_no_playlist() {
    let (result, out) = clip("testsrc2=s=640x360:r=25:d=2", "-c:v libx264", "a.mp4").transcode();
    assert!(result.playlist.is_none() && result.renditions.iter().all(|r| r.stream.is_none()));
    assert!(!out.join("main.m3u8").exists());
}

/// Hashes of the encoded pictures.
fn packets(file: &std::path::Path) -> Vec<String> {
    let ran = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v:0", "-show_packets", "-show_data_hash", "crc32"])
        .args(["-show_entries", "packet=data_hash", "-of", "csv=p=0"])
        .arg(file)
        .output()
        .unwrap();
    String::from_utf8_lossy(&ran.stdout).lines().map(str::to_owned).collect()
}
