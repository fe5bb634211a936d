//! What the queue promises about rows: enqueued with the fact, once for a key, seen and retried by people.

use crate::support::TestApp;
use ishara::app::App;
use ishara::db::query;
use ishara::ids::{ClipId, JobId};
use ishara::jobs::{self, Job, JobError, JobState, Queue, Run, Runner};
use std::time::Duration;

on_both_engines!(
    a_rolled_back_fact_leaves_no_job,
    one_key_is_enqueued_once_while_it_waits,
    a_job_for_later_waits_for_its_time,
    a_job_that_cannot_succeed_is_dead_with_its_reason_and_can_be_retried,
    a_failing_job_is_tried_again_later_and_later_until_it_is_dead,
    a_second_crash_buries_the_job,
    a_panic_counts_as_a_crash_and_does_not_end_the_worker,
    a_cancelled_job_does_not_run,
    smaller_priority_runs_first,
    a_job_begins_when_the_work_before_it_is_done_each_kind_at_its_own_pace,
);

#[derive(serde::Serialize, serde::Deserialize)]
enum Ending {
    Well,
    Fail,
    Retry,
    Crash,
    Panic,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Probe {
    clip: ClipId,
    ending: Ending,
}

impl Job<App> for Probe {
    const KIND: &'static str = "test.probe";
    const MAX_ATTEMPTS: i64 = 3;

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.clip.uuid())
    }

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("test.probe:{}", self.clip))
    }

    async fn run(self, _app: App, _run: Run) -> Result<(), JobError> {
        match self.ending {
            Ending::Well => Ok(()),
            Ending::Fail => Err(JobError::Fail("لا يمكن".to_owned())),
            Ending::Retry => Err(JobError::Retry(anyhow::anyhow!("the disk was away"))),
            Ending::Crash => Err(JobError::Crash("signal 11".to_owned())),
            Ending::Panic => panic!("a bug"),
        }
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Urgent {
    clip: ClipId,
}

impl Job<App> for Urgent {
    const KIND: &'static str = "test.urgent";
    const PRIORITY: i64 = 1;

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.clip.uuid())
    }

    async fn run(self, _app: App, _run: Run) -> Result<(), JobError> {
        Ok(())
    }
}

fn runner(app: &TestApp) -> Runner<App> {
    Runner::new(app.db.clone(), App::clone(app)).with::<Probe>().with::<Urgent>()
}

fn clip(app: &TestApp) -> ClipId {
    ClipId::new(app.clock.now())
}

async fn enqueue(app: &TestApp, ending: Ending) -> JobId {
    let mut tx = app.db.begin().await.unwrap();
    let id = jobs::enqueue::<App, _>(&mut tx, &Probe { clip: clip(app), ending }).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    id
}

async fn job(app: &TestApp, id: JobId) -> jobs::JobRow {
    let mut read = app.db.read().await.unwrap();
    jobs::find(&mut read, id).await.unwrap().unwrap()
}

async fn a_rolled_back_fact_leaves_no_job(app: TestApp) {
    let mut tx = app.db.begin().await.unwrap();
    let probe = Probe { clip: clip(&app), ending: Ending::Well };
    let id = jobs::enqueue::<App, _>(&mut tx, &probe).await.unwrap().unwrap();
    drop(tx);
    let mut read = app.db.read().await.unwrap();
    assert!(jobs::find(&mut read, id).await.unwrap().is_none());
}

async fn one_key_is_enqueued_once_while_it_waits(app: TestApp) {
    let clip = clip(&app);
    let mut tx = app.db.begin().await.unwrap();
    assert!(jobs::enqueue::<App, _>(&mut tx, &Probe { clip, ending: Ending::Well }).await.unwrap().is_some());
    assert!(jobs::enqueue::<App, _>(&mut tx, &Probe { clip, ending: Ending::Well }).await.unwrap().is_none());
    tx.commit().await.unwrap();
    assert!(runner(&app).run_one(Queue::Default).await.unwrap());
    let mut tx = app.db.begin().await.unwrap();
    let again = jobs::enqueue::<App, _>(&mut tx, &Probe { clip, ending: Ending::Well }).await.unwrap();
    assert!(again.is_some(), "a finished job does not block the next");
}

async fn a_job_for_later_waits_for_its_time(app: TestApp) {
    let later = app.clock.now() + Duration::from_secs(3600);
    let mut tx = app.db.begin().await.unwrap();
    let probe = Probe { clip: clip(&app), ending: Ending::Well };
    jobs::enqueue_at::<App, _>(&mut tx, &probe, later).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!runner(&app).run_one(Queue::Default).await.unwrap());
    app.clock.advance(Duration::from_secs(3601));
    assert!(runner(&app).run_one(Queue::Default).await.unwrap());
}

async fn a_job_that_cannot_succeed_is_dead_with_its_reason_and_can_be_retried(app: TestApp) {
    let id = enqueue(&app, Ending::Fail).await;
    runner(&app).run_one(Queue::Default).await.unwrap();
    let dead = job(&app, id).await;
    assert_eq!((dead.state.as_str(), dead.error.as_deref()), ("dead", Some("لا يمكن")));
    let mut tx = app.db.begin().await.unwrap();
    jobs::retry(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(job(&app, id).await.state, "queued");
    let mut tx = app.db.begin().await.unwrap();
    assert!(jobs::retry(&mut tx, id).await.is_err(), "a waiting job is not retried");
}

async fn a_failing_job_is_tried_again_later_and_later_until_it_is_dead(app: TestApp) {
    let id = enqueue(&app, Ending::Retry).await;
    let runner = runner(&app);
    let mut waits = Vec::new();
    while runner.run_one(Queue::Default).await.unwrap() {
        let row = job(&app, id).await;
        if row.state == JobState::RetryAt.as_str() {
            let wait = row.run_after.since(app.clock.now());
            assert!(!runner.run_one(Queue::Default).await.unwrap(), "not before its time");
            app.clock.advance(Duration::from_millis(u64::try_from(wait).unwrap() + 1));
            waits.push(wait);
        }
    }
    assert_eq!(job(&app, id).await.state, "dead");
    assert_eq!(waits.len(), 2);
    assert!(waits[1] > waits[0]);
}

async fn a_second_crash_buries_the_job(app: TestApp) {
    let id = enqueue(&app, Ending::Crash).await;
    let runner = runner(&app);
    runner.run_one(Queue::Default).await.unwrap();
    assert_eq!(job(&app, id).await.state, "retry_at");
    app.clock.advance(Duration::from_secs(60));
    runner.run_one(Queue::Default).await.unwrap();
    assert_eq!(job(&app, id).await.state, "dead");
}

async fn a_panic_counts_as_a_crash_and_does_not_end_the_worker(app: TestApp) {
    let id = enqueue(&app, Ending::Panic).await;
    let runner = runner(&app);
    runner.run_one(Queue::Default).await.unwrap();
    assert_eq!(job(&app, id).await.state, "retry_at");
    let well = enqueue(&app, Ending::Well).await;
    runner.run_one(Queue::Default).await.unwrap();
    assert_eq!(job(&app, well).await.state, "succeeded");
}

async fn a_cancelled_job_does_not_run(app: TestApp) {
    let id = enqueue(&app, Ending::Well).await;
    let mut tx = app.db.begin().await.unwrap();
    jobs::cancel(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    assert!(runner(&app).run_one(Queue::Default).await.unwrap(), "what asked for it is told");
    assert!(!runner(&app).run_one(Queue::Default).await.unwrap());
    assert_eq!(job(&app, id).await.state, "cancelled");
}

async fn smaller_priority_runs_first(app: TestApp) {
    let ordinary = enqueue(&app, Ending::Well).await;
    let mut tx = app.db.begin().await.unwrap();
    let urgent = jobs::enqueue::<App, _>(&mut tx, &Urgent { clip: clip(&app) }).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    runner(&app).run_one(Queue::Default).await.unwrap();
    assert_eq!(job(&app, urgent).await.state, "succeeded");
    assert_eq!(job(&app, ordinary).await.state, "queued");
}

/// A job of each kind that is over, after so many milliseconds.
async fn went(app: &TestApp, id: JobId, milliseconds: i64) {
    let mut tx = app.db.begin().await.unwrap();
    let over = "UPDATE job SET state = 'succeeded', started_at = 1000, finished_at = $1 WHERE id = $2";
    query(over).bind(1000 + milliseconds).bind(id).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn runs(app: &TestApp, id: JobId, thousandths: i64) {
    let mut tx = app.db.begin().await.unwrap();
    let half = "UPDATE job SET state = 'running', progress = $1 WHERE id = $2";
    query(half).bind(thousandths).bind(id).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn enqueue_urgent(app: &TestApp) -> JobId {
    let mut tx = app.db.begin().await.unwrap();
    let id = jobs::enqueue::<App, _>(&mut tx, &Urgent { clip: clip(app) }).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    id
}

async fn a_job_begins_when_the_work_before_it_is_done_each_kind_at_its_own_pace(app: TestApp) {
    went(&app, enqueue(&app, Ending::Well).await, 60_000).await;
    went(&app, enqueue_urgent(&app).await, 2_000).await;
    // A slow one that is three quarters done, and two quick ones that wait before ours.
    runs(&app, enqueue(&app, Ending::Well).await, 750).await;
    enqueue_urgent(&app).await;
    enqueue_urgent(&app).await;
    let ours = enqueue(&app, Ending::Well).await;
    let subject = job(&app, ours).await.subject_id.unwrap();
    let mut read = app.db.read().await.unwrap();
    let alone = jobs::starts_in(&mut read, Queue::Default, subject, 1).await.unwrap();
    assert_eq!(alone, Some(19_000));
    let with_a_free_worker = jobs::starts_in(&mut read, Queue::Default, subject, 4).await.unwrap();
    assert_eq!(with_a_free_worker, Some(0));
}
