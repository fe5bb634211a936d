//! Leases and fences: a worker that was away too long writes nothing, and the job's effect happens once.

use crate::support::TestApp;
use ishara::app::App;
use ishara::db::query;
use ishara::ids::{ClipId, JobId};
use ishara::jobs::{self, Job, JobError, Queue, Run, Runner};
use ishara::people::{self, NewDepartment};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;

on_both_engines!(
    a_job_of_a_silent_worker_is_taken_over_and_the_late_writer_is_refused,
    a_cancelled_running_job_is_told_to_stop,
    draining_lets_a_running_job_finish,
    orphans_of_an_earlier_start_run_again,
    a_job_that_ends_the_program_again_and_again_is_given_up,
    what_asked_for_a_cancelled_job_is_told,
);

/// Opens when the test says so; shared by all runs of one test through its name.
#[derive(Clone)]
struct Gates {
    app: App,
    started: Arc<Notify>,
    go: Arc<Notify>,
    /// Why jobs were buried.
    buried: Arc<Mutex<Vec<String>>>,
}

/// Adds a department named by the attempt, so that the test sees whose write counted.
#[derive(serde::Serialize, serde::Deserialize)]
struct Slow {
    clip: ClipId,
}

impl Job<Gates> for Slow {
    const KIND: &'static str = "test.slow";

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.clip.uuid())
    }

    async fn buried(self, gates: Gates, reason: String) -> anyhow::Result<()> {
        gates.buried.lock().unwrap().push(reason);
        Ok(())
    }

    async fn run(self, gates: Gates, run: Run) -> Result<(), JobError> {
        gates.started.notify_one();
        tokio::select! {
            () = gates.go.notified() => {}
            () = run.stop().cancelled() => return Err(JobError::Stopped),
        }
        let mut tx = gates.app.db.begin().await?;
        let new = NewDepartment {
            code: format!("attempt-{}", run.attempt()),
            name_ar: "أ".to_owned(),
            name_en: "A".to_owned(),
            approval_minutes: 60,
        };
        people::add_department(&mut tx, ishara::audit::Actor::System, new).await?;
        run.complete(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn gates(app: &TestApp) -> Gates {
    Gates { app: App::clone(app), started: Arc::default(), go: Arc::default(), buried: Arc::default() }
}

fn runner(gates: &Gates) -> Arc<Runner<Gates>> {
    Arc::new(Runner::new(gates.app.db.clone(), gates.clone()).with::<Slow>())
}

async fn enqueue(app: &TestApp) -> JobId {
    let mut tx = app.db.begin().await.unwrap();
    let job = Slow { clip: ClipId::new(app.clock.now()) };
    let id = jobs::enqueue::<Gates, _>(&mut tx, &job).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    id
}

async fn state(app: &TestApp, id: JobId) -> String {
    let mut read = app.db.read().await.unwrap();
    jobs::find(&mut read, id).await.unwrap().unwrap().state
}

async fn attempts_that_counted(app: &TestApp) -> i64 {
    let mut read = app.db.read().await.unwrap();
    query("SELECT COUNT(*) FROM department WHERE code LIKE 'attempt-%'").value(&mut read).await.unwrap()
}

async fn a_job_of_a_silent_worker_is_taken_over_and_the_late_writer_is_refused(app: TestApp) {
    let id = enqueue(&app).await;
    let slow = gates(&app);
    let first = runner(&slow);
    let first_run = tokio::spawn(async move { first.run_one(Queue::Default).await.unwrap() });
    slow.started.notified().await;
    // The lease runs out before the first worker's next heartbeat.
    app.clock.advance(Duration::from_secs(31));
    let quick = gates(&app);
    quick.go.notify_one();
    assert!(runner(&quick).run_one(Queue::Default).await.unwrap(), "another worker takes the job over");
    assert_eq!(state(&app, id).await, "succeeded");
    slow.go.notify_one();
    first_run.await.unwrap();
    assert_eq!(attempts_that_counted(&app).await, 1, "the late write is void");
}

async fn a_cancelled_running_job_is_told_to_stop(app: TestApp) {
    let id = enqueue(&app).await;
    let gates = gates(&app);
    let runner = runner(&gates);
    let running = tokio::spawn(async move { runner.run_one(Queue::Default).await.unwrap() });
    gates.started.notified().await;
    let mut tx = app.db.begin().await.unwrap();
    jobs::cancel(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(5), running).await;
    assert!(ended.is_ok(), "the job hears of it");
    assert_eq!(state(&app, id).await, "cancelled");
    assert_eq!(attempts_that_counted(&app).await, 0);
}

async fn draining_lets_a_running_job_finish(app: TestApp) {
    let id = enqueue(&app).await;
    let gates = gates(&app);
    let handle = Runner::new(app.db.clone(), gates.clone()).with::<Slow>().start(1).await.unwrap();
    gates.started.notified().await;
    let drained = tokio::spawn(handle.drain());
    gates.go.notify_one();
    drained.await.unwrap();
    assert_eq!(state(&app, id).await, "succeeded");
}

/// On a database that no other process shares, a start gives back at once what the last start left running.
async fn orphans_of_an_earlier_start_run_again(app: TestApp) {
    let id = enqueue(&app).await;
    let dead = gates(&app);
    let killed = runner(&dead);
    let run = tokio::spawn(async move { killed.run_one(Queue::Default).await });
    dead.started.notified().await;
    run.abort();
    if app.db.is_shared() {
        app.clock.advance(Duration::from_secs(31));
    }
    let fresh = gates(&app);
    let handle = Runner::new(app.db.clone(), fresh.clone()).with::<Slow>().start(1).await.unwrap();
    fresh.go.notify_one();
    fresh.started.notified().await;
    handle.drain().await;
    assert_eq!(state(&app, id).await, "succeeded");
    assert_eq!(attempts_that_counted(&app).await, 1);
}

async fn a_job_that_ends_the_program_again_and_again_is_given_up(app: TestApp) {
    let id = enqueue(&app).await;
    for _ in 0..3 {
        let dead = gates(&app);
        let killed = runner(&dead);
        let run = tokio::spawn(async move { killed.run_one(Queue::Default).await });
        dead.started.notified().await;
        run.abort();
        app.clock.advance(Duration::from_secs(31));
    }
    let last = gates(&app);
    assert!(runner(&last).run_one(Queue::Default).await.unwrap());
    assert_eq!(state(&app, id).await, "dead");
    assert_eq!(*last.buried.lock().unwrap(), ["the program ended 3 times while this job ran"]);
    let mut tx = app.db.begin().await.unwrap();
    jobs::retry(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    last.go.notify_one();
    assert!(runner(&last).run_one(Queue::Default).await.unwrap(), "a person may try again");
    assert_eq!(state(&app, id).await, "succeeded");
}

async fn what_asked_for_a_cancelled_job_is_told(app: TestApp) {
    let id = enqueue(&app).await;
    let mut tx = app.db.begin().await.unwrap();
    jobs::cancel(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    let gates = gates(&app);
    let runner = runner(&gates);
    assert!(runner.run_one(Queue::Default).await.unwrap());
    assert!(!runner.run_one(Queue::Default).await.unwrap(), "told once");
    assert_eq!(*gates.buried.lock().unwrap(), ["cancelled"]);
    assert_eq!(state(&app, id).await, "cancelled");
}
