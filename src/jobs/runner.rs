//! The workers: claim, run with heartbeat, settle. Ends within 25 s of the drain signal.

use super::claim::{self, Claimed, HEARTBEAT};
use super::{Job, JobError, JobState, Queue, Run, delay};
use crate::db::{Db, query};
use crate::ids::{WorkerId, random_bytes};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument as _, error, info, info_span, warn};

/// Workers also look by themselves this often: a bell may ring in another process.
const POLL: Duration = Duration::from_secs(1);
/// A running job looks this often whether somebody cancelled it.
const CANCEL_CHECK: Duration = Duration::from_millis(500);
/// After the drain signal running jobs may finish for this long; then they are stopped and given back.
const DRAIN: Duration = Duration::from_secs(18);

/// A media job that ran at so many ends of the program runs beside no other the next time, so that it takes none with it;
/// at one more any job is given up (reliability.md section 3, 6).
const DEATHS_ALONE: i64 = 2;
const DEATHS_GIVEN_UP: i64 = 3;
/// A media job that finds no place waits this long; it is not running meanwhile, so it cannot be blamed for an end.
const WITHOUT_PLACE: Duration = Duration::from_secs(20);

type Runs<C> = Box<dyn Fn(C, String, Run) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;
type Burials<C> = Box<dyn Fn(C, String, String) -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync>;

struct Kind<C> {
    run: Runs<C>,
    bury: Burials<C>,
    timeout: Duration,
}

/// Knows the kinds of jobs and runs them; it knows nothing about what they do.
pub struct Runner<C> {
    db: Db,
    context: C,
    kinds: HashMap<&'static str, Kind<C>>,
    worker: WorkerId,
    /// Shared by media jobs, taken whole by one that must run alone.
    floor: RwLock<()>,
}

/// Holds a job's place beside the others, or the whole floor.
enum Place<'a> {
    Anywhere,
    Among { _floor: RwLockReadGuard<'a, ()> },
    Alone { _floor: RwLockWriteGuard<'a, ()> },
}

/// The running workers; dropping it does not stop them.
pub struct RunnerHandle {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl RunnerHandle {
    /// Stops claiming, lets running jobs finish or gives them back, and returns when all workers have ended.
    pub async fn drain(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl<C: Clone + Send + Sync + 'static> Runner<C> {
    /// A runner with a random identity: a restarted worker never takes its predecessor's leases for its own.
    pub fn new(db: Db, context: C) -> Self {
        let worker = WorkerId::new(db.clock().now());
        Self { db, context, kinds: HashMap::new(), worker, floor: RwLock::new(()) }
    }

    /// Adds a kind of job.
    #[must_use]
    pub fn with<J: Job<C>>(mut self) -> Self {
        let run: Runs<C> = Box::new(|context, payload, run| match serde_json::from_str::<J>(&payload) {
            Ok(job) => job.run(context, run).boxed(),
            Err(wrong) => {
                futures::future::ready(Err(JobError::Fail(format!("unreadable payload: {wrong}")))).boxed()
            }
        });
        let bury: Burials<C> =
            Box::new(|context, payload, reason| match serde_json::from_str::<J>(&payload) {
                Ok(job) => job.buried(context, reason).boxed(),
                Err(_) => futures::future::ready(Ok(())).boxed(),
            });
        self.kinds.insert(J::KIND, Kind { run, bury, timeout: J::TIMEOUT });
        self
    }

    /// Frees orphans of an earlier start, then starts `media` workers and two for everything else.
    pub async fn start(self, media_workers: usize) -> anyhow::Result<RunnerHandle> {
        if !self.db.is_shared() {
            let freed = claim::reap_orphans(&self.db, self.worker).await?;
            if freed > 0 {
                info!(jobs = freed, "gave back jobs that were running when the program last ended");
            }
        }
        let runner = Arc::new(self);
        let handle = RunnerHandle { stop: CancellationToken::new(), tasks: TaskTracker::new() };
        let queues = std::iter::repeat_n(Queue::Media, media_workers).chain([Queue::Default, Queue::Default]);
        for queue in queues {
            handle.tasks.spawn(runner.clone().work(queue, handle.stop.clone()));
        }
        Ok(handle)
    }

    /// Runs one job of `queue` now, if one is due, or buries one that somebody cancelled; says whether it did. Tests drive
    /// the queue with it.
    pub async fn run_one(&self, queue: Queue) -> anyhow::Result<bool> {
        if self.bury_cancelled(queue).await? {
            return Ok(true);
        }
        let Some(claimed) = claim::claim_next(&self.db, queue, self.worker).await? else {
            return Ok(false);
        };
        self.run_claimed(claimed, &CancellationToken::new()).await;
        Ok(true)
    }

    async fn work(self: Arc<Self>, queue: Queue, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let bell = self.db.bells().jobs.notified();
            match self.bury_cancelled(queue).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(trouble) => {
                    warn!(error = %format!("{trouble:#}"), "could not bury a cancelled job")
                }
            }
            match claim::claim_next(&self.db, queue, self.worker).await {
                Ok(Some(claimed)) => self.run_claimed(claimed, &stop).await,
                Ok(None) => {
                    tokio::select! {
                        () = bell => {}
                        () = tokio::time::sleep(POLL) => {}
                        () = stop.cancelled() => {}
                    }
                }
                Err(trouble) => {
                    warn!(error = %trouble, "could not look for a job");
                    tokio::select! { () = tokio::time::sleep(POLL * 3) => {} () = stop.cancelled() => {} }
                }
            }
        }
    }

    async fn run_claimed(&self, claimed: Claimed, drain: &CancellationToken) {
        let span =
            info_span!("job", job.id = %claimed.id, job.kind = %claimed.kind, attempt = claimed.attempt);
        let stop = CancellationToken::new();
        let run = Run::new(self.db.clone(), &claimed, stop.clone());
        let Some(_place) = self.place(&claimed) else {
            if let Err(trouble) = self.give_back(&run, Some(WITHOUT_PLACE)).await {
                warn!(error = %format!("{trouble:#}"), "could not give a job back; its lease will run out");
            }
            return;
        };
        let outcome = async {
            let watch = tokio::spawn(watch(self.db.clone(), run.clone(), drain.clone()).in_current_span());
            let outcome = self.attempt(&claimed, run.clone()).await;
            watch.abort();
            outcome
        }
        .instrument(span.clone())
        .await;
        if let Err(trouble) = self.settle(&claimed, &run, outcome, drain).instrument(span).await {
            error!(job.id = %claimed.id, error = %format!("{trouble:#}"), "could not settle a job; its lease will run out");
        }
    }

    async fn attempt(&self, claimed: &Claimed, run: Run) -> Result<(), JobError> {
        let Some(kind) = self.kinds.get(claimed.kind.as_str()) else {
            return Err(JobError::Fail(format!("no such kind of job: {}", claimed.kind)));
        };
        if claimed.deaths >= DEATHS_GIVEN_UP {
            return Err(JobError::Fail(format!(
                "the program ended {} times while this job ran",
                claimed.deaths
            )));
        }
        let stop = run.stop().clone();
        let work =
            AssertUnwindSafe((kind.run)(self.context.clone(), claimed.payload.clone(), run)).catch_unwind();
        tokio::select! {
            done = work => done.unwrap_or_else(|_| Err(JobError::Crash("the job panicked".to_owned()))),
            () = tokio::time::sleep(kind.timeout) => {
                stop.cancel();
                Err(JobError::Retry(anyhow::anyhow!("took longer than {} s", kind.timeout.as_secs())))
            }
        }
    }

    /// A job's place; none while another has to run alone, or this one has to and others run.
    fn place(&self, claimed: &Claimed) -> Option<Place<'_>> {
        // A job that is given up does not run.
        if claimed.queue != Queue::Media.as_str() || claimed.deaths >= DEATHS_GIVEN_UP {
            return Some(Place::Anywhere);
        }
        if claimed.deaths < DEATHS_ALONE {
            return self.floor.try_read().ok().map(|floor| Place::Among { _floor: floor });
        }
        let floor = self.floor.try_write().ok()?;
        warn!(deaths = claimed.deaths, "the program ended while this job ran; it runs alone now");
        Some(Place::Alone { _floor: floor })
    }

    /// Tells one feature that a person cancelled its job; says whether there was one. Where that fails the others come
    /// first, and it is told again.
    async fn bury_cancelled(&self, queue: Queue) -> anyhow::Result<bool> {
        let Some((id, kind, payload)) = claim::take_burial(&self.db, queue).await? else { return Ok(false) };
        let Some(kind) = self.kinds.get(kind.as_str()) else { return Ok(true) };
        let told = (kind.bury)(self.context.clone(), payload, "cancelled".to_owned()).await;
        if told.is_err() {
            claim::put_burial_back(&self.db, id).await?;
        }
        told.map(|()| true)
    }

    async fn settle(
        &self,
        claimed: &Claimed,
        run: &Run,
        outcome: Result<(), JobError>,
        drain: &CancellationToken,
    ) -> anyhow::Result<()> {
        match outcome {
            Ok(()) => self.finish(run).await,
            Err(JobError::Lost) => {
                warn!("the job was taken over or cancelled; its result is void");
                Ok(())
            }
            Err(JobError::Stopped) if drain.is_cancelled() => self.give_back(run, None).await,
            Err(JobError::Stopped) => Ok(()),
            Err(JobError::Retry(why)) if claimed.attempt < claimed.max_attempts => {
                warn!(error = %format!("{why:#}"), "the job failed and will be tried again");
                self.again(claimed, run, &format!("{why:#}"), claimed.crashes).await
            }
            Err(JobError::Crash(why)) if claimed.crashes == 0 && claimed.attempt < claimed.max_attempts => {
                warn!(error = %why, "the job crashed once and will be tried once more");
                self.again(claimed, run, &why, 1).await
            }
            Err(other) => {
                let reason = other.to_string();
                error!(error = %reason, "the job is given up");
                self.bury(claimed, run, reason).await
            }
        }
    }

    /// Marks the job done unless its own last write already did.
    async fn finish(&self, run: &Run) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        if run.complete(&mut tx).await.is_ok() {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Gives a job back as if it had not been claimed: to its place in the queue, or for so long.
    async fn give_back(&self, run: &Run, wait: Option<Duration>) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        let now = tx.now();
        query(
            "UPDATE job SET state = 'queued', run_after = COALESCE($1, run_after), attempt = attempt - 1,
                            lease_owner = NULL, lease_until = NULL
             WHERE id = $2 AND fence = $3 AND state = 'running'",
        )
        .bind(wait.map(|wait| now + wait))
        .bind(run.id())
        .bind(run.fence())
        .execute(&mut tx)
        .await?;
        tx.wake_workers();
        tx.commit().await?;
        info!("gave the job back");
        Ok(())
    }

    async fn again(&self, claimed: &Claimed, run: &Run, why: &str, crashes: i64) -> anyhow::Result<()> {
        let wait = delay(claimed.attempt, random_bytes::<1>()[0]);
        let mut tx = self.db.begin().await?;
        let now = tx.now();
        query(
            "UPDATE job SET state = 'retry_at', run_after = $1, error = $2, crashes = $3, lease_owner = NULL,
                            lease_until = NULL
             WHERE id = $4 AND fence = $5 AND state = 'running'",
        )
        .bind(now + wait)
        .bind(why.to_owned())
        .bind(crashes)
        .bind(run.id())
        .bind(run.fence())
        .execute(&mut tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn bury(&self, claimed: &Claimed, run: &Run, reason: String) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        let now = tx.now();
        let changed = query(
            "UPDATE job SET state = $1, finished_at = $2, error = $3, lease_owner = NULL, lease_until = NULL
             WHERE id = $4 AND fence = $5 AND state = 'running'",
        )
        .bind(JobState::Dead.as_str())
        .bind(now)
        .bind(reason.clone())
        .bind(run.id())
        .bind(run.fence())
        .execute(&mut tx)
        .await?;
        tx.commit().await?;
        if let (1, Some(kind)) = (changed, self.kinds.get(claimed.kind.as_str())) {
            (kind.bury)(self.context.clone(), claimed.payload.clone(), reason).await?;
        }
        Ok(())
    }
}

/// Renews the lease, notices a cancelled or lost job, and stops the job some time after the drain signal.
async fn watch(db: Db, run: Run, drain: CancellationToken) {
    let mut since_heartbeat = Duration::ZERO;
    let mut draining = Duration::ZERO;
    loop {
        tokio::time::sleep(CANCEL_CHECK).await;
        since_heartbeat += CANCEL_CHECK;
        if drain.is_cancelled() {
            draining += CANCEL_CHECK;
        }
        let alive = if since_heartbeat >= HEARTBEAT {
            since_heartbeat = Duration::ZERO;
            heartbeat(&db, &run).await
        } else {
            still_mine(&db, &run).await
        };
        // An unreachable database says nothing about the lease: the fencing token decides at the write.
        if !alive.unwrap_or(true) || draining >= DRAIN {
            run.stop().cancel();
            return;
        }
    }
}

async fn heartbeat(db: &Db, run: &Run) -> sqlx::Result<bool> {
    let mut tx = db.begin().await?;
    let renewed = run.renew(&mut tx, None).await?;
    tx.commit().await?;
    Ok(renewed == 1)
}

async fn still_mine(db: &Db, run: &Run) -> sqlx::Result<bool> {
    let mut read = db.read().await?;
    let held: i64 = query("SELECT COUNT(*) FROM job WHERE id = $1 AND fence = $2 AND state = 'running'")
        .bind(run.id())
        .bind(run.fence())
        .value(&mut read)
        .await?;
    Ok(held == 1)
}
