//! Background work: rows enqueued in the transaction of the fact that needs them, run by leased, fenced workers.
//!
//! This room knows no feature. A feature defines a struct of ids, implements [`Job`] for it and registers it with
//! the [`Runner`]. Delivery is at least once; a job's final write calls [`Run::complete`] in its own transaction, so
//! that its effect happens once.

mod backoff;
mod claim;
mod desk;
mod enqueue;
mod estimate;
mod run;
mod runner;
mod state;

pub use backoff::delay;
pub use desk::{JobRow, cancel, cancel_for_subject, count_by_state, discard, find, list, retry};
pub use enqueue::{enqueue, enqueue_at};
pub use estimate::starts_in;
pub use run::{Lost, Run};
pub use runner::{Runner, RunnerHandle};
pub use state::JobState;

use std::future::Future;
use std::time::Duration;

/// Where a job waits: media work is heavy and few run at once, everything else is quick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Caged FFmpeg children; as many at once as `ISHARA_WORKERS` says.
    Media,
    /// Everything else.
    Default,
}

impl Queue {
    /// The word in the `queue` column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Media => "media",
            Self::Default => "default",
        }
    }
}

/// Why a run ended without its effect. The job's author decides by name; `?` on other errors means retry.
///
/// Deliberately not `std::error::Error`: that leaves room for the blanket conversion below.
#[derive(Debug)]
pub enum JobError {
    /// Try again later: the network, the disk or a lock was in the way.
    Retry(anyhow::Error),
    /// Trying again cannot help; the sentence is shown to people.
    Fail(String),
    /// A child of the job died by a signal; the second time the job is dead.
    Crash(String),
    /// A person or the draining server asked it to stop.
    Stopped,
    /// Another worker has taken the job over; nothing may be written any more.
    Lost,
}

impl std::fmt::Display for JobError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Retry(why) => write!(f, "{why:#}"),
            Self::Fail(why) | Self::Crash(why) => f.write_str(why),
            Self::Stopped => f.write_str("stopped"),
            Self::Lost => f.write_str("the lease was lost"),
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for JobError {
    /// Errors of the database, storage and so on may pass: retry.
    fn from(error: E) -> Self {
        let error = error.into();
        if error.is::<Lost>() { Self::Lost } else { Self::Retry(error) }
    }
}

/// A job's place in the fair order of its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Whose queue it lengthens.
    pub owner: uuid::Uuid,
    /// How much work it is, in units that only need to agree with each other; at least 1.
    pub cost: i64,
}

/// A piece of background work; the struct's fields are its payload: ids, never text.
pub trait Job<C>: serde::Serialize + serde::de::DeserializeOwned + Send + Sync + 'static {
    /// The name in the `kind` column; old names stay readable for one release.
    const KIND: &'static str;
    /// Where it waits.
    const QUEUE: Queue = Queue::Default;
    /// After this many attempts the job is dead and a person decides.
    const MAX_ATTEMPTS: i64 = 5;
    /// Smaller runs first.
    const PRIORITY: i64 = 100;
    /// A run that takes longer is stopped and counts as failed.
    const TIMEOUT: Duration = Duration::from_secs(120);

    /// Whose work this is and how much of it, where one owner's long queue must not hold up the others.
    fn share(&self) -> Option<Share> {
        None
    }

    /// The thing the job works on, so that pages can show its progress.
    fn subject(&self) -> Option<uuid::Uuid>;

    /// While a job with the same key waits or runs, enqueueing another does nothing.
    fn dedupe_key(&self) -> Option<String> {
        None
    }

    /// Loads, checks that the work still applies, does it, and writes the result with [`Run::complete`].
    /// Safe to run twice.
    fn run(self, context: C, run: Run) -> impl Future<Output = Result<(), JobError>> + Send;

    /// Called once when the job is given up, with the reason; writes what people should see.
    fn buried(self, context: C, reason: String) -> impl Future<Output = anyhow::Result<()>> + Send {
        let _ = (context, reason);
        async { Ok(()) }
    }
}
