//! The media cage from outside: its walls hold, and no child outlives its reason to live.
#![allow(clippy::unwrap_used, reason = "a test stops where its own means fail")]

use ishara::cage::{Cage, CageError, Layer, News, Operation, Order, Outcome, WallTest};
use media::{Checks, Intake, Thresholds, TranscodeOptions};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ishara");

/// A scratch folder, a cage in it, and a clip long enough to be interrupted.
struct House {
    dir: tempfile::TempDir,
    cage: Cage,
}

impl House {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let cage = Cage::new(PROGRAM, dir.path().join("scratch")).unwrap();
        House { dir, cage }
    }

    fn clip(&self, source: &str) -> PathBuf {
        let clip = self.dir.path().join("clip.mp4");
        if clip.exists() {
            return clip;
        }
        let made = Command::new("ffmpeg")
            .args(["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", source, "-c:v", "libx264"])
            .args(["-preset", "ultrafast"])
            .arg(&clip)
            .status()
            .unwrap();
        assert!(made.success());
        clip
    }

    fn order(&self, operation: Operation, input: PathBuf) -> (Order, tempfile::TempDir) {
        let folder = self.cage.job_folder().unwrap();
        (Order { operation, input, out_dir: folder.path().to_owned(), clip_ms: None }, folder)
    }

    fn long_transcode(&self) -> (Order, tempfile::TempDir) {
        let clip = self.clip("testsrc2=s=1280x720:r=60:d=15");
        self.order(transcode(), clip)
    }
}

fn transcode() -> Operation {
    Operation::Transcode(TranscodeOptions {
        intake: Intake::Staff,
        checks: Checks::Reported,
        limits: Thresholds::default(),
        trim: None,
    })
}

fn probe() -> Operation {
    Operation::Probe { intake: Intake::Staff, checks: Checks::Enforced, limits: Thresholds::default() }
}

/// Media children of a process, found in /proc by parent and verb.
fn children_of(parent: u32) -> Vec<i32> {
    let is_child = |pid: &i32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let words: Vec<_> = after_name.split_whitespace().collect();
        let verb = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let is_job = verb.windows(9).any(|window| window == b"media-job");
        is_job && words.first() != Some(&"Z") && words.get(1) == Some(&parent.to_string().as_str())
    };
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(is_child).collect()
}

fn is_alive(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

/// Looks again until it is so, at most so long; returns how long it took.
fn within(limit: Duration, mut holds: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < limit, "not within {limit:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
    began.elapsed()
}

async fn first_child(parent: u32) -> i32 {
    tokio::task::spawn_blocking(move || {
        within(Duration::from_secs(20), || !children_of(parent).is_empty());
        children_of(parent)[0]
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_outside_can_be_read_written_reached_or_run() {
    let house = House::new();
    let walls = house.cage.cage_layers().await.unwrap();
    assert!(walls.all_hold(), "{walls:?}");
    for layer in [Layer::NoNewPrivileges, Layer::ResourceLimits, Layer::SystemCalls, Layer::ParentDeath] {
        assert!(walls.layers.contains(&layer), "{layer:?} is missing: {walls:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_knows_no_secret_and_has_its_limits() {
    let house = House::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let test = WallTest {
        readable_outside: "/etc/hostname".into(),
        writable_outside: house.dir.path().to_owned(),
        listening: listener.local_addr().unwrap().port(),
        program: "/bin/true".into(),
        stay_ms: 3000,
    };
    let input = house.dir.path().join("input");
    std::fs::write(&input, b"x").unwrap();
    let (order, _folder) = house.order(Operation::TestWalls(test), input);
    let cage = house.cage.clone();
    let running = tokio::spawn(async move { cage.run(order, |_| {}, CancellationToken::new()).await });
    let child = first_child(std::process::id()).await;
    let status = || std::fs::read_to_string(format!("/proc/{child}/status")).unwrap_or_default();
    within(Duration::from_secs(3), || status().contains("Seccomp:\t2"));
    assert!(status().contains("NoNewPrivs:\t1"));
    let limits = std::fs::read_to_string(format!("/proc/{child}/limits")).unwrap();
    let limit =
        |name: &str| limits.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    assert!(limit("Max data size").contains("1073741824"), "{limits}");
    assert!(
        limit("Max core file size").contains(" 0 ") && limit("Max open files").contains(" 64 "),
        "{limits}"
    );
    assert_eq!(std::fs::read(format!("/proc/{child}/environ")).unwrap(), b"");
    assert!(matches!(running.await.unwrap().unwrap(), Outcome::Walls(walls) if walls.all_hold()));
    assert!(!house.dir.path().join("escaped").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_goes_through_the_cage() {
    let house = House::new();
    let clip = house.clip("testsrc2=s=640x360:r=30:d=2");
    let (order, folder) = house.order(transcode(), clip.clone());
    let (tell, told) = std::sync::mpsc::channel();
    let outcome = house.cage.run(order, move |news| tell.send(news).unwrap(), CancellationToken::new()).await;
    let Ok(Outcome::Transcoded(result)) = outcome else { panic!("{outcome:?}") };
    assert!(
        folder.path().join(&result.renditions[0].file).is_file()
            && folder.path().join("result.json").is_file()
    );
    let percents: Vec<_> = told.iter().filter_map(percent_of).collect();
    assert!(percents.len() > 10 && percents.is_sorted(), "{percents:?}");
    let (order, _folder) = house.order(probe(), clip);
    let outcome = house.cage.run(order, |_| {}, CancellationToken::new()).await;
    assert!(matches!(&outcome, Ok(Outcome::Probe(report)) if report.accepted), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_and_dropping_end_the_child_within_a_second() {
    let house = House::new();
    for way in ["cancel", "drop"] {
        let (order, _folder) = house.long_transcode();
        let (cage, cancel) = (house.cage.clone(), CancellationToken::new());
        let token = cancel.clone();
        let running = tokio::spawn(async move { cage.run(order, |_| {}, token).await });
        let child = first_child(std::process::id()).await;
        let began = Instant::now();
        if way == "cancel" {
            cancel.cancel();
            let ended = running.await.unwrap();
            assert!(matches!(ended, Err(CageError::Cancelled)), "{ended:?}");
        } else {
            running.abort();
        }
        within(Duration::from_secs(1), || !is_alive(child));
        assert!(began.elapsed() < Duration::from_secs(1), "{way}: {:?}", began.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_and_a_hang_are_told_apart() {
    let house = House::new();
    for (signal, stall) in
        [(Signal::SIGSEGV, Duration::from_secs(30)), (Signal::SIGSTOP, Duration::from_secs(1))]
    {
        let (order, _folder) = house.long_transcode();
        let cage = house.cage.clone().with_stall_limit(stall);
        let running = tokio::spawn(async move { cage.run(order, |_| {}, CancellationToken::new()).await });
        let child = first_child(std::process::id()).await;
        kill(Pid::from_raw(child), signal).unwrap();
        let error = running.await.unwrap().unwrap_err();
        let told_apart = match signal {
            Signal::SIGSEGV => error.is_crash() && error.reason().code == "media_crashed",
            _ => matches!(error, CageError::Stalled(_)),
        };
        assert!(told_apart, "{signal}: {error:?}");
        assert!(!is_alive(child));
    }
}

#[test]
fn children_die_with_a_killed_parent() {
    let house = House::new();
    let clip = house.clip("testsrc2=s=1280x720:r=60:d=15");
    let out = house.dir.path().join("out");
    let mut parent = Command::new(PROGRAM)
        .args([Path::new("transcode"), clip.as_path(), Path::new("--out"), out.as_path()])
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    within(Duration::from_secs(20), || !children_of(parent.id()).is_empty());
    let child = children_of(parent.id())[0];
    parent.kill().unwrap();
    within(Duration::from_secs(5), || !is_alive(child));
    parent.wait().unwrap();
}

#[test]
fn the_command_line_ends_with_the_agreed_codes() {
    let house = House::new();
    let clip = house.clip("testsrc2=s=320x240:r=30:d=1");
    let text = house.dir.path().join("text.mp4");
    std::fs::write(&text, "#EXTM3U\nfile:///etc/hostname\n").unwrap();
    let out = house.dir.path().join("out");
    let run = |arguments: &[&str], file: &Path| {
        let mut command = Command::new(PROGRAM);
        command.arg(arguments[0]).arg(file).args(&arguments[1..]);
        if arguments[0] == "transcode" {
            command.arg("--out").arg(&out);
        }
        let ran = command.output().unwrap();
        (ran.status.code().unwrap(), String::from_utf8_lossy(&ran.stdout).into_owned())
    };
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let (code, report) = run(&["probe", "--json"], &clip);
    assert_eq!((code, json(&report)["video"]["frames"].clone()), (0, 30.into()));
    let (code, report) = run(&["probe", "--json"], &text);
    assert_eq!((code, json(&report)["accepted"].clone()), (3, false.into()));
    assert_eq!(run(&["probe", "--intake", "nobody"], &clip).0, 2);
    assert_eq!(run(&["probe"], Path::new("/missing")).0, 4);
    let (code, refused) = run(&["transcode", "--json", "--enforce-checks"], &clip);
    assert_eq!((code, json(&refused)["error"]["code"].clone()), (3, "small_picture".into()));
    let (code, result) = run(&["transcode", "--json"], &clip);
    assert_eq!((code, json(&result)["renditions"][0]["height"].clone()), (0, 240.into()));
    assert!(out.join("source-240.mp4").is_file() && out.join("poster.jpg").is_file());
    let left: Vec<_> = std::fs::read_dir(&out).unwrap().flatten().filter(|e| e.path().is_dir()).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// What a program did: its exit code, its answer, and what it told meanwhile.
fn ishara(arguments: &[&std::ffi::OsStr]) -> (i32, serde_json::Value, String) {
    let ran = Command::new(PROGRAM).args(arguments).output().unwrap();
    let answer = serde_json::from_slice(&ran.stdout).unwrap_or_default();
    (ran.status.code().unwrap(), answer, String::from_utf8_lossy(&ran.stderr).into_owned())
}

#[test]
fn a_file_that_was_cut_off_on_its_way_is_refused_by_every_verb() {
    let house = House::new();
    let whole = house.dir.path().join("whole.mp4");
    let source = "testsrc2=s=640x360:r=30:d=6";
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-f", "lavfi", "-i", source, "-c:v", "libx264"])
        .args(["-movflags", "+faststart"])
        .arg(&whole)
        .status();
    assert!(made.unwrap().success());
    let half = house.dir.path().join("half.mp4");
    let bytes = std::fs::read(&whole).unwrap();
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let out = house.dir.path().join("out");
    let (code, answer, _) = ishara(&["probe".as_ref(), "--json".as_ref(), half.as_ref()]);
    assert_eq!((code, &answer["reason"]["code"]), (3, &"cut_off".into()));
    let transcode = ["transcode".as_ref(), half.as_ref(), "--json".as_ref(), "--out".as_ref(), out.as_ref()];
    let (code, answer, _) = ishara(&transcode);
    assert_eq!((code, &answer["error"]["code"]), (3, &"cut_off".into()));
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn progress_is_told_during_the_checks_too() {
    let house = House::new();
    let clip = house.clip("testsrc2=s=1280x720:r=30:d=4");
    let out = house.dir.path().join("out");
    let (code, _, told) = ishara(&["probe".as_ref(), clip.as_ref()]);
    assert_eq!(code, 0);
    assert!(told.contains("50 %  ") && told.contains(" s left"), "{told}");
    let checked = "--enforce-checks".as_ref();
    let (code, _, told) =
        ishara(&["transcode".as_ref(), clip.as_ref(), checked, "--out".as_ref(), out.as_ref()]);
    assert_eq!(code, 0);
    let tenths: Vec<&str> =
        told.lines().filter_map(|line| line.split_once(" %")).map(|line| line.0).collect();
    assert!(tenths.starts_with(&["10"]), "{told}");
}

fn percent_of(news: News) -> Option<u8> {
    match news {
        News::Progress(progress) => Some(progress.percent),
        News::Ready(_) => None,
    }
}
