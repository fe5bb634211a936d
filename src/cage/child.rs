//! One child from start to end, on a thread of its own.

use super::News;
use super::trouble::CageError;
use anyhow::Context;
use media::job::{JobSpec, Line, Outcome};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Between looks at cancel, deadline and stall; a kill follows within this.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// From a child's answer to its end.
const LAST_BREATH: Duration = Duration::from_secs(10);
const SHORTEST_DEADLINE: Duration = Duration::from_secs(120);
/// Ten times the longest clip that is accepted.
const LONGEST_DEADLINE: Duration = Duration::from_secs(18_000);
/// A child that was taken over may write for ever: one line holds a result, all lines a long progress.
const LINE_BYTES: u64 = 512 * 1024;
const LINES: usize = 20_000;
const STDERR_BYTES: usize = 4096;

/// Ten times the clip's length, at least two minutes.
pub(super) fn deadline(clip_ms: u64) -> Duration {
    Duration::from_millis(clip_ms.saturating_mul(10)).clamp(SHORTEST_DEADLINE, LONGEST_DEADLINE)
}

/// What ends a job before it is done.
pub(super) struct Patience {
    pub(super) stop: CancellationToken,
    /// No line for this long means that the child hangs.
    pub(super) stall: Duration,
}

/// Starts the child and stays with it until it is gone.
pub(super) fn supervise(
    program: &Path,
    scratch: &Path,
    spec: &JobSpec,
    on_news: impl FnMut(News),
    patience: &Patience,
) -> Result<Outcome, CageError> {
    if patience.stop.is_cancelled() {
        return Err(CageError::Cancelled);
    }
    let order = write_order(scratch, spec)?;
    let mut running = Running { child: start(program, order.path(), &spec.out_dir)? };
    let stdout = running.child.stdout.take().context("the child has no standard output")?;
    let stderr = running.child.stderr.take().context("the child has no standard error")?;
    let (send, lines) = sync_channel(64);
    let reader = std::thread::spawn(move || read_lines(stdout, &send));
    let tail = std::thread::spawn(move || read_tail(stderr));
    let listened = listen(&lines, on_news, patience, &spec.out_dir);
    if listened.is_err() {
        running.kill();
    }
    drop(lines);
    let status = running.end(&patience.stop)?;
    let _ = reader.join();
    let stderr_tail = tail.join().unwrap_or_default();
    judge(listened, status, stderr_tail, spec)
}

/// Kills the whole group on every way out; killing what has ended is harmless before it was waited for.
struct Running {
    child: Child,
}

impl Running {
    /// Waits until the child is gone. One that has answered has nothing more to do, and is not waited for long.
    fn end(&mut self, stop: &CancellationToken) -> anyhow::Result<ExitStatus> {
        let answered = Instant::now();
        while answered.elapsed() < LAST_BREATH && !stop.is_cancelled() {
            if let Some(status) = self.child.try_wait().context("cannot wait for the media job")? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        self.kill();
        self.child.wait().context("cannot wait for the media job")
    }

    fn kill(&mut self) {
        if let Ok(group) = i32::try_from(self.child.id()) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.kill();
            let _ = self.child.wait();
        }
    }
}

fn write_order(scratch: &Path, spec: &JobSpec) -> anyhow::Result<tempfile::NamedTempFile> {
    let mut order = tempfile::Builder::new().prefix("order-").suffix(".json").tempfile_in(scratch)?;
    serde_json::to_writer(&mut order, spec)?;
    order.flush().context("cannot write the order of a media job")?;
    Ok(order)
}

/// No environment, no input, a group of its own.
fn start(program: &Path, order: &Path, folder: &Path) -> anyhow::Result<Child> {
    Command::new(program)
        .arg("media-job")
        .arg(order)
        .env_clear()
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .context("cannot start the media job")
}

fn listen(
    lines: &Receiver<Line>,
    mut on_news: impl FnMut(News),
    patience: &Patience,
    folder: &Path,
) -> Result<Option<Line>, CageError> {
    let began = Instant::now();
    let mut heard = began;
    let mut allowed = SHORTEST_DEADLINE;
    loop {
        if patience.stop.is_cancelled() {
            return Err(CageError::Cancelled);
        }
        if began.elapsed() > allowed {
            return Err(CageError::TimedOut(allowed));
        }
        match lines.recv_timeout(LOOK_EVERY) {
            Ok(Line::Caged { .. }) => heard = Instant::now(),
            Ok(Line::Progress(progress)) => {
                heard = Instant::now();
                allowed = allowed.max(deadline(progress.clip_ms));
                on_news(News::Progress(progress));
            }
            Ok(Line::Ready(rendition)) => {
                heard = Instant::now();
                super::files::check_one(&rendition.file, folder)?;
                on_news(News::Ready(rendition));
            }
            Ok(last @ (Line::Done(_) | Line::Refused(_) | Line::Failed { .. })) => return Ok(Some(last)),
            Err(RecvTimeoutError::Timeout) if heard.elapsed() > patience.stall => {
                return Err(CageError::Stalled(patience.stall));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
}

/// Reads until the end, an unreadable line or too many: whatever then follows is not listened to.
fn read_lines(stdout: impl Read, send: &SyncSender<Line>) {
    let mut reader = BufReader::new(stdout);
    for _ in 0..LINES {
        let mut text = Vec::new();
        let read = reader.by_ref().take(LINE_BYTES).read_until(b'\n', &mut text);
        if !matches!(read, Ok(1..)) || !text.ends_with(b"\n") {
            return;
        }
        let Ok(line) = serde_json::from_slice(&text) else { return };
        if send.send(line).is_err() {
            return;
        }
    }
}

/// The last few kilobytes of what the child complained about.
fn read_tail(mut stderr: impl Read) -> String {
    let mut tail: Vec<u8> = Vec::new();
    let mut piece = [0; 1024];
    while let Ok(count @ 1..) = stderr.read(&mut piece) {
        tail.extend_from_slice(&piece[..count]);
        let excess = tail.len().saturating_sub(STDERR_BYTES);
        tail.drain(..excess);
    }
    String::from_utf8_lossy(&tail).into_owned()
}

/// Puts what was heard and how the child ended together.
fn judge(
    listened: Result<Option<Line>, CageError>,
    status: ExitStatus,
    stderr_tail: String,
    spec: &JobSpec,
) -> Result<Outcome, CageError> {
    let last = listened?;
    match (last, status.signal()) {
        (_, Some(signal)) if signal == Signal::SIGXCPU as i32 => {
            Err(CageError::TimedOut(Duration::from_secs(spec.limits.cpu_s)))
        }
        (_, Some(signal)) => Err(CageError::Crashed { signal, stderr_tail }),
        (Some(Line::Done(outcome)), None) => {
            super::files::check(&outcome, &spec.out_dir)?;
            Ok(outcome)
        }
        (Some(Line::Refused(reason)), None) => Err(CageError::Refused(reason)),
        (Some(Line::Failed { sentence }), None) => Err(CageError::Failed { sentence }),
        (Some(Line::Caged { .. } | Line::Progress(_) | Line::Ready(_)) | None, None) => {
            Err(CageError::Failed { sentence: format!("no answer; {status}; {stderr_tail}") })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_is_ten_clips_and_at_least_two_minutes() {
        assert_eq!(deadline(0), Duration::from_secs(120));
        assert_eq!(deadline(30_000), Duration::from_secs(300));
        assert_eq!(deadline(u64::MAX), LONGEST_DEADLINE);
    }

    #[test]
    fn lines_are_bounded_and_nonsense_ends_the_listening() {
        let (send, lines) = sync_channel(64);
        let good = serde_json::to_string(&Line::Failed { sentence: "x".into() }).unwrap();
        read_lines(format!("{good}\nnonsense\n{good}\n").as_bytes(), &send);
        let endless = std::io::repeat(b'x');
        read_lines(endless, &send);
        drop(send);
        assert_eq!(lines.iter().count(), 1);
    }

    #[test]
    fn only_the_tail_of_complaints_is_kept() {
        let long = vec![b'a'; 100_000];
        assert_eq!(read_tail(long.as_slice()).len(), STDERR_BYTES);
    }
}
