//! Clips of every shape, made by the FFmpeg command line, and an independent look at results by ffprobe.
#![allow(clippy::unwrap_used, reason = "a test stops where its own means fail")]
#![allow(dead_code, reason = "each test file uses its own part")]

use media::{Checks, Intake, MediaError, MediaResult, ProbeReport, Thresholds, TranscodeOptions};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of one test, with its clip.
pub struct Bench {
    pub dir: tempfile::TempDir,
    pub clip: PathBuf,
}

/// Two seconds of a moving test picture; `arguments` come between the source and the output name.
pub fn clip(source: &str, arguments: &str, file: &str) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let clip = dir.path().join(file);
    ffmpeg(&format!("-f lavfi -i {source} {arguments}"), &clip);
    Bench { dir, clip }
}

pub fn ffmpeg(arguments: &str, out: &Path) {
    let words = arguments.split_whitespace();
    let ran =
        Command::new("ffmpeg").args(["-v", "error", "-nostdin", "-y"]).args(words).arg(out).output().unwrap();
    assert!(ran.status.success(), "ffmpeg {arguments}: {}", String::from_utf8_lossy(&ran.stderr));
}

pub fn probe(clip: &Path) -> Result<ProbeReport, MediaError> {
    probe_with(clip, &Thresholds::default())
}

/// The checks with other limits.
pub fn probe_with(clip: &Path, limits: &Thresholds) -> Result<ProbeReport, MediaError> {
    media::probe(clip, None, Intake::Staff, limits, &mut |_| ControlFlow::Continue(()))
}

/// Everything as by default, blocking findings only reported.
pub fn options() -> TranscodeOptions {
    TranscodeOptions {
        intake: Intake::Staff,
        checks: Checks::Reported,
        limits: Thresholds::default(),
        trim: None,
    }
}

impl Bench {
    /// The transcode's result and the folder it is in.
    pub fn transcode(&self) -> (MediaResult, PathBuf) {
        let out = self.dir.path().join("out");
        std::fs::create_dir(&out).unwrap();
        let mut go = |_| ControlFlow::Continue(());
        let result = media::transcode(&self.clip, &out, &options(), &mut go, &mut |_| {});
        (result.unwrap(), out)
    }

    pub fn facts(&self) -> media::VideoFacts {
        probe(&self.clip).unwrap().video.unwrap()
    }
}

/// One value of ffprobe about the picture stream.
pub fn ffprobe(file: &Path, entries: &str) -> Vec<String> {
    let ran = Command::new("ffprobe")
        .args(["-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", entries])
        .args(["-of", "default=noprint_wrappers=1:nokey=1"])
        .arg(file)
        .output()
        .unwrap();
    String::from_utf8_lossy(&ran.stdout).lines().map(str::to_owned).collect()
}

/// Times of keyframes in seconds.
pub fn keyframes(file: &Path) -> Vec<f64> {
    let lines = ffprobe_packets(file);
    lines.iter().filter(|(_, flags)| flags.contains('K')).map(|(time, _)| *time).collect()
}

fn ffprobe_packets(file: &Path) -> Vec<(f64, String)> {
    let ran = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-select_streams",
            "v:0",
            "-show_entries",
            "packet=pts_time,flags",
            "-of",
            "csv=p=0",
        ])
        .arg(file)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    let parse =
        |line: &str| line.split_once(',').map(|(time, flags)| (time.parse().unwrap(), flags.to_owned()));
    text.lines().filter_map(parse).collect()
}

/// The mean colour of a small area of the first picture, as red, green, blue.
pub fn colour_at(file: &Path, crop: &str) -> [u8; 3] {
    let filter = format!("crop={crop},scale=1:1:flags=area,format=rgb24");
    let ran = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(file)
        .args(["-vf", &filter, "-frames:v", "1", "-f", "rawvideo", "-"])
        .output()
        .unwrap();
    ran.stdout[..3].try_into().unwrap()
}
