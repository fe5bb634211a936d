//! Real files with damage of every kind, through the caged program as in production: each ends as a result or a refusal
//! in both languages, in bounded time, and leaves nothing behind. Bounded: the same damage in each run.
#![allow(clippy::unwrap_used, reason = "a test stops where its own means fail")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ishara");
/// Files made from each original.
const MUTANTS: u64 = 12;
/// Probing a damaged clip of a few seconds; the cage itself would allow two minutes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A small generator, so that a number in a failure says exactly which file it was (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

/// Damages a copy: flipped bits, lost, repeated or moved pieces, absurd numbers, a cut end.
fn mutate(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    for _ in 0..=dice.roll(4) {
        let (from, length) = (dice.roll(copy.len()), 1 + dice.roll(2000));
        let to = (from + length).min(copy.len());
        match dice.roll(7) {
            0 => (0..20).for_each(|_| flip(&mut copy, dice)),
            1 => drop(copy.drain(from..to)),
            2 => {
                let piece = copy[from..to].to_vec();
                copy.splice(from..from, piece);
            }
            3 => copy.truncate(from.max(16)),
            // Sizes, counts and times are four bytes in most containers: the largest, the smallest, minus one.
            4 => overwrite(&mut copy, from, [0xff; 4]),
            5 => overwrite(&mut copy, from, [0; 4]),
            _ => overwrite(&mut copy, dice.roll(600), [0x7f, 0xff, 0xff, 0xff]),
        }
        if copy.len() < 16 {
            break;
        }
    }
    copy
}

fn flip(copy: &mut [u8], dice: &mut Dice) {
    let at = dice.roll(copy.len());
    copy[at] ^= 1 << dice.roll(8);
}

fn overwrite(copy: &mut [u8], at: usize, number: [u8; 4]) {
    if let Some(place) = copy.get_mut(at..at + 4) {
        place.copy_from_slice(&number);
    }
}

/// One real signing clip in each container that staff may bring.
fn originals(folder: &Path) -> Vec<PathBuf> {
    let signing = Path::new(env!("CARGO_MANIFEST_DIR")).join("media/fixtures/signing/yes.mkv");
    let mut files = vec![signing.clone()];
    for (name, arguments) in [
        ("a.mp4", "-c copy"),
        ("b.mp4", "-c copy -movflags frag_keyframe+empty_moov"),
        ("c.mov", "-c:v mpeg4 -t 1"),
        ("d.webm", "-c:v libvpx -deadline realtime -t 1"),
        ("e.avi", "-c:v mpeg4 -t 1"),
        ("f.ts", "-c:v mpeg2video -t 1"),
        ("g.flv", "-c:v flv1 -t 1"),
        ("h.mpg", "-c:v mpeg1video -r 25 -t 1"),
    ] {
        let file = folder.join(name);
        let made = Command::new("ffmpeg")
            .args(["-v", "error", "-nostdin", "-y", "-i"])
            .arg(&signing)
            .args(arguments.split(' '))
            .args(["-pix_fmt", "yuv420p"].iter().filter(|_| !arguments.contains("copy")))
            .arg(&file)
            .status()
            .unwrap();
        assert!(made.success(), "{name}");
        files.push(file);
    }
    files
}

/// Runs `ishara probe --json` and checks everything that must hold for any file at all.
fn probe(file: &Path, told: &str) -> bool {
    let began = Instant::now();
    let ran = Command::new(PROGRAM).args(["probe", "--json"]).arg(file).output().unwrap();
    let took = began.elapsed();
    assert!(took < PATIENCE, "{told}: {took:?}");
    let code = ran.status.code();
    assert!(matches!(code, Some(0 | 3)), "{told}: {code:?} {}", String::from_utf8_lossy(&ran.stderr));
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let accepted = report["accepted"].as_bool().unwrap();
    assert_eq!(accepted, code == Some(0), "{told}");
    if !accepted {
        let sentence = |name: &str| report["reason"][name].as_str().unwrap_or_default().to_owned();
        let arabic = sentence("message_ar").chars().any(|c| ('\u{0621}'..='\u{064a}').contains(&c));
        assert!(arabic && sentence("message_en").ends_with('.'), "{told}: {report}");
    }
    accepted
}

#[test]
fn damaged_real_files_end_in_a_result_or_a_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let damaged = folder.path().join("damaged");
    let (mut accepted, mut refused) = (0, 0);
    for (number, original) in (1u64..).zip(originals(folder.path())) {
        let bytes = std::fs::read(&original).unwrap();
        assert!(probe(&original, "the original"), "{}", original.display());
        for seed in 1..=MUTANTS {
            let mut dice = Dice(number * 1_000_003 + seed * 7_919);
            std::fs::write(&damaged, mutate(&bytes, &mut dice)).unwrap();
            let told = format!("{} with seed {seed}", original.display());
            if probe(&damaged, &told) { accepted += 1 } else { refused += 1 }
        }
    }
    assert!(
        accepted > 10 && refused > 10,
        "{accepted} taken, {refused} refused: the damage is too weak or too strong"
    );
}

#[test]
fn references_to_other_files_are_never_opened() {
    if Command::new("strace").arg("-V").output().is_err() {
        panic!("strace is needed for this test");
    }
    let folder = tempfile::tempdir().unwrap();
    let planted = folder.path().join("planted-private.ts");
    let made = Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-nostdin",
            "-y",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=320x240:r=25:d=1",
            "-c:v",
            "libx264",
        ])
        .args(["-f", "mpegts"])
        .arg(&planted)
        .status()
        .unwrap();
    assert!(made.success());
    let path = planted.display();
    let texts = [
        format!("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\nfile://{path}\n#EXT-X-ENDLIST\n"),
        format!("ffconcat version 1.0\nfile '{path}'\n"),
        format!(
            "<?xml version=\"1.0\"?><MPD><Period><AdaptationSet><Representation><BaseURL>{path}</BaseURL></Representation></AdaptationSet></Period></MPD>"
        ),
        format!("v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n# {path}\n"),
    ];
    for (n, text) in texts.iter().enumerate() {
        let upload = folder.path().join(format!("upload-{n}.mp4"));
        std::fs::write(&upload, text).unwrap();
        let trace = folder.path().join("trace");
        let ran = Command::new("strace")
            .args(["-f", "-e", "trace=open,openat,socket,connect", "-o"])
            .arg(&trace)
            .args([PROGRAM, "probe", "--json"])
            .arg(&upload)
            .output()
            .unwrap();
        assert_eq!(ran.status.code(), Some(3), "{text}");
        let calls = std::fs::read_to_string(&trace).unwrap();
        let touched: Vec<_> = calls.lines().filter(|line| line.contains("planted-private")).collect();
        assert!(touched.is_empty(), "{touched:?}");
        assert!(!calls.contains("AF_INET"), "a network socket was asked for");
    }
}
