//! Exactly one post for a reply and a channel, whatever breaks in between.

use crate::stage::{answered, ask, claimed, code, load, published, run_jobs, staff, with_clip};
use crate::support::TestApp;
use futures::future::BoxFuture;
use ishara::app::App;
use ishara::audit::Actor;
use ishara::channels::{self, Outbound, Outcome, Parcel, Repeat};
use ishara::db::query;
use ishara::ids::{ClipId, QuestionId, ReplyId};
use ishara::jobs::{self, Job, JobError, Queue, Run, Runner};
use ishara::people::Role;
use ishara::questions::state::QuestionState;
use ishara::questions::{self, Force, NewQuestion, UNDO_FOR};
use ishara::text::Privacy;
use std::sync::{Arc, Mutex};
use std::time::Duration;

on_both_engines!(
    a_web_reply_is_confirmed_once,
    a_busy_channel_is_tried_again_and_gets_one_post,
    a_worker_that_dies_after_posting_asks_a_person_and_posts_nothing_more,
    a_channel_that_knows_the_parcel_may_be_asked_again,
    a_refused_post_waits_for_a_person,
    a_webhook_question_is_answered_by_hand_once,
    a_withdrawn_clip_does_not_go_out,
);

/// A channel that does what the test says and remembers every post.
struct Fake {
    script: Mutex<Vec<Outcome>>,
    posts: Mutex<Vec<Parcel>>,
    repeat: Repeat,
}

impl Outbound for Fake {
    fn repeat(&self) -> Repeat {
        self.repeat
    }

    fn post<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Outcome> {
        self.posts.lock().unwrap().push(parcel.clone());
        let outcome = self.script.lock().unwrap().remove(0);
        Box::pin(async move {
            // The worker dies after the channel took the post and before it could be noted.
            assert!(outcome != Outcome::Posted(Some("died".to_owned())), "the worker dies here");
            outcome
        })
    }
}

/// Sends through the fake, as the product's job does through the real channel.
#[derive(serde::Serialize, serde::Deserialize)]
struct TestSend {
    reply: ReplyId,
}

impl Job<(App, Arc<Fake>)> for TestSend {
    const KIND: &'static str = "test.send";

    fn subject(&self) -> Option<uuid::Uuid> {
        None
    }

    async fn run(self, (app, fake): (App, Arc<Fake>), run: Run) -> Result<(), JobError> {
        questions::send_once(&app, &*fake, self.reply, &run).await
    }
}

/// A held reply whose sending goes through a fake with this script; the clock stands after the time to undo.
async fn held(app: &TestApp, repeat: Repeat, script: &[Outcome]) -> (QuestionId, ReplyId, Arc<Fake>) {
    let (receipt, clip, agent) = claimed(app, "كيف أجدد الهوية الوطنية؟").await;
    let reply =
        questions::write_reply(app, &agent, receipt.id, with_clip(clip, Privacy::Public)).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    jobs::cancel_for_subject(&mut tx, reply.id).await.unwrap();
    jobs::enqueue::<(App, Arc<Fake>), _>(&mut tx, &TestSend { reply: reply.id }).await.unwrap();
    tx.commit().await.unwrap();
    app.clock.advance(UNDO_FOR);
    let fake = Fake { script: Mutex::new(script.to_vec()), posts: Mutex::default(), repeat };
    (receipt.id, reply.id, Arc::new(fake))
}

/// Runs the sending until nothing is left to do, over every wait.
async fn drive(app: &TestApp, fake: &Arc<Fake>) {
    let runner = Runner::new(app.db.clone(), ((**app).clone(), fake.clone())).with::<TestSend>();
    for _ in 0..6 {
        while runner.run_one(Queue::Default).await.unwrap() {}
        app.clock.advance(Duration::from_secs(120));
    }
}

async fn delivery(app: &TestApp, reply: ReplyId) -> (String, i64, String) {
    let mut read = app.db.read().await.unwrap();
    query("SELECT d.state, d.attempts, r.state FROM delivery d JOIN reply r ON r.id = d.reply_id WHERE r.id = $1")
        .bind(reply)
        .one(&mut read)
        .await
        .unwrap()
}

fn words(found: &(String, i64, String)) -> (&str, i64, &str) {
    (&found.0, found.1, &found.2)
}

async fn a_web_reply_is_confirmed_once(app: TestApp) {
    let (_, _, _, reply) = answered(&app).await;
    assert_eq!(words(&delivery(&app, reply.id).await), ("confirmed", 1, "sent"));
    run_jobs(&app).await;
    assert_eq!(words(&delivery(&app, reply.id).await), ("confirmed", 1, "sent"));
}

async fn a_busy_channel_is_tried_again_and_gets_one_post(app: TestApp) {
    let script = [Outcome::Busy, Outcome::Busy, Outcome::Posted(Some("p1".to_owned()))];
    let (question, reply, fake) = held(&app, Repeat::PostsAgain, &script).await;
    drive(&app, &fake).await;
    assert_eq!(words(&delivery(&app, reply).await), ("posted", 3, "sent"));
    assert_eq!(load(&app, question).await.state, QuestionState::Sent);
    let posts = fake.posts.lock().unwrap();
    assert!(posts.iter().all(|post| post.id == posts[0].id), "always the same parcel");
    assert!(posts[0].clip_url.as_deref().unwrap().ends_with("/clips/renew"));
}

async fn a_worker_that_dies_after_posting_asks_a_person_and_posts_nothing_more(app: TestApp) {
    let script = [Outcome::Posted(Some("died".to_owned()))];
    let (question, reply, fake) = held(&app, Repeat::PostsAgain, &script).await;
    drive(&app, &fake).await;
    assert_eq!(fake.posts.lock().unwrap().len(), 1);
    assert_eq!(words(&delivery(&app, reply).await), ("uncertain", 1, "manual_post"));
    let supervisor = staff(&app, "supervisor", Role::Supervisor).await;
    questions::mark_posted(&app, &supervisor, reply, Some("found it".to_owned())).await.unwrap();
    assert_eq!(words(&delivery(&app, reply).await), ("posted", 1, "sent"));
    assert_eq!(load(&app, question).await.state, QuestionState::Sent);
}

async fn a_channel_that_knows_the_parcel_may_be_asked_again(app: TestApp) {
    let script = [Outcome::Posted(Some("died".to_owned())), Outcome::Confirmed(None)];
    let (_, reply, fake) = held(&app, Repeat::Harmless, &script).await;
    drive(&app, &fake).await;
    let posts = fake.posts.lock().unwrap().clone();
    assert_eq!((posts.len(), posts[0].id), (2, posts[1].id));
    assert_eq!(words(&delivery(&app, reply).await), ("confirmed", 1, "sent"));
}

async fn a_refused_post_waits_for_a_person(app: TestApp) {
    let (question, reply, fake) =
        held(&app, Repeat::PostsAgain, &[Outcome::Refused("too long".to_owned())]).await;
    drive(&app, &fake).await;
    assert_eq!(words(&delivery(&app, reply).await), ("failed", 1, "manual_post"));
    assert_eq!(load(&app, question).await.state, QuestionState::QueuedToSend);
}

async fn a_webhook_question_is_answered_by_hand_once(app: TestApp) {
    let clip = published(&app, "renew", "كيف أجدد الهوية الوطنية؟").await;
    let agent = staff(&app, "agent", Role::Agent).await;
    let mut tx = app.db.begin().await.unwrap();
    let (channel, _) = channels::add_webhook(&mut tx, &app.sealer, Actor::System, "care").await.unwrap();
    tx.commit().await.unwrap();
    let new = NewQuestion::text(channel, "m1", "كيف أجدد الهوية الوطنية؟");
    let receipt = questions::receive(&app, new).await.unwrap();
    run_jobs(&app).await;
    questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    let reply =
        questions::write_reply(&app, &agent, receipt.id, with_clip(clip, Privacy::Public)).await.unwrap();
    app.clock.advance(UNDO_FOR);
    run_jobs(&app).await;
    assert_eq!(words(&delivery(&app, reply.id).await), ("pending", 1, "manual_post"));
    assert!(questions::asker_page(&app, &receipt.secret).await.unwrap().replies.is_empty());
    questions::mark_posted(&app, &agent, reply.id, Some("post-77".to_owned())).await.unwrap();
    assert_eq!(code(questions::mark_posted(&app, &agent, reply.id, None).await), "reply.wrong_state");
    assert_eq!(words(&delivery(&app, reply.id).await), ("posted", 1, "sent"));
}

async fn withdraw(app: &TestApp, clip: ClipId) {
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE clip SET published_version_id = NULL WHERE id = $1")
        .bind(clip)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn a_withdrawn_clip_does_not_go_out(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, "كيف أجدد الهوية الوطنية؟").await;
    questions::write_reply(&app, &agent, receipt.id, with_clip(clip, Privacy::Public)).await.unwrap();
    withdraw(&app, clip).await;
    app.clock.advance(UNDO_FOR);
    run_jobs(&app).await;
    let question = load(&app, receipt.id).await;
    let waits = matches!(question.state, QuestionState::Matched | QuestionState::Gap);
    assert!(waits && question.claimed_by.is_none(), "back on the list");
    assert!(questions::asker_page(&app, &receipt.secret).await.unwrap().replies.is_empty());
    ask(&app, "سؤال آخر").await;
}
