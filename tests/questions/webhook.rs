//! Questions by signed webhook: believed only when signed, fresh and unaltered, and taken once.

use crate::http::{Answer, Call, router};
use crate::stage::load;
use crate::support::TestApp;
use axum::body::Body;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ishara::audit::Actor;
use ishara::channels;
use ishara::db::query;
use ishara::ids::{ChannelId, QuestionId};
use serde_json::json;
use sha2::Sha256;
use std::time::Duration;

on_both_engines!(
    a_signed_delivery_becomes_a_question,
    a_replay_gives_the_first_answer_and_no_second_question,
    unsigned_forged_altered_and_stale_deliveries_are_refused,
    a_channel_cannot_sign_for_another,
    a_delivery_with_unknown_or_wrong_fields_is_refused,
    a_private_message_stays_private_and_its_clock_runs_from_its_own_time,
    a_channel_name_is_taken_once_and_its_secret_is_sealed,
);

struct Sender {
    id: ChannelId,
    secret: String,
    router: axum::Router,
}

async fn sender(app: &TestApp, name: &str) -> Sender {
    let mut tx = app.db.begin().await.unwrap();
    let (id, secret) = channels::add_webhook(&mut tx, &app.sealer, Actor::System, name).await.unwrap();
    tx.commit().await.unwrap();
    Sender { id, secret, router: router(app) }
}

impl Sender {
    fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        let key = STANDARD.decode(self.secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    async fn deliver(&self, app: &TestApp, body: &str) -> Answer {
        let seconds = app.clock.now().0 / 1000;
        self.deliver_as(self.id, seconds, &self.sign("msg_1", seconds, body), body).await
    }

    async fn deliver_as(&self, channel: ChannelId, seconds: i64, signature: &str, body: &str) -> Answer {
        Call::new("POST", &format!("/intake/{channel}"))
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", &seconds.to_string())
            .header("webhook-signature", signature)
            .send_bytes(&self.router, Body::from(body.to_owned()))
            .await
    }
}

async fn count(app: &TestApp) -> i64 {
    let mut read = app.db.read().await.unwrap();
    query("SELECT COUNT(*) FROM question").value(&mut read).await.unwrap()
}

fn body(external_id: &str, text: &str) -> String {
    json!({ "external_id": external_id, "text": text }).to_string()
}

async fn a_signed_delivery_becomes_a_question(app: TestApp) {
    let sender = sender(&app, "care").await;
    let answer = sender.deliver(&app, &body("m1", "كيف أجدد الهوية الوطنية؟")).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let id: QuestionId = answer.json["id"].as_str().unwrap().parse().unwrap();
    let question = load(&app, id).await;
    assert_eq!((question.channel_id, question.external_id.as_str()), (sender.id, "m1"));
}

async fn a_replay_gives_the_first_answer_and_no_second_question(app: TestApp) {
    let sender = sender(&app, "care").await;
    let first = sender.deliver(&app, &body("m1", "كيف أجدد الهوية الوطنية؟")).await;
    let again = sender.deliver(&app, &body("m1", "كيف أجدد الهوية الوطنية؟")).await;
    app.clock.advance(Duration::from_secs(3_600));
    let later = sender.deliver(&app, &body("m1", "نص آخر بالاسم نفسه")).await;
    for answer in [again, later] {
        assert_eq!((answer.status, &answer.json), (StatusCode::CREATED, &first.json));
    }
    assert_eq!(count(&app).await, 1);
}

async fn unsigned_forged_altered_and_stale_deliveries_are_refused(app: TestApp) {
    let sender = sender(&app, "care").await;
    let body = body("m1", "كيف أجدد الهوية الوطنية؟");
    let now = app.clock.now().0 / 1000;
    let good = sender.sign("msg_1", now, &body);
    let altered = body.replace("أجدد", "ألغي");
    let old = now - 301;
    for (seconds, signature, body) in [
        (now, String::new(), body.clone()),
        (now, "v1,AAAA".to_owned(), body.clone()),
        (now, good.clone(), altered),
        (now + 1, good.clone(), body.clone()),
        (old, sender.sign("msg_1", old, &body), body.clone()),
    ] {
        let answer = sender.deliver_as(sender.id, seconds, &signature, &body).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::UNAUTHORIZED, "intake.signature"));
    }
    let path = format!("/intake/{}", sender.id);
    let bare = Call::new("POST", &path).send_bytes(&sender.router, Body::from(body)).await;
    assert_eq!(bare.status, StatusCode::UNAUTHORIZED);
    assert_eq!(count(&app).await, 0);
}

async fn a_channel_cannot_sign_for_another(app: TestApp) {
    let (care, other) = (sender(&app, "care").await, sender(&app, "other").await);
    let body = body("m1", "سؤال");
    let now = app.clock.now().0 / 1000;
    let signature = care.sign("msg_1", now, &body);
    let web = crate::stage::web(&app).await;
    for channel in [other.id, web, ChannelId::new(app.clock.now())] {
        let answer = care.deliver_as(channel, now, &signature, &body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(count(&app).await, 0);
}

async fn a_delivery_with_unknown_or_wrong_fields_is_refused(app: TestApp) {
    let sender = sender(&app, "care").await;
    for (body, status, problem) in [
        (
            json!({ "external_id": "m1", "text": "سؤال", "media_url": "http://127.0.0.1/x" }).to_string(),
            422,
            "intake.unreadable",
        ),
        (json!({ "text": "سؤال" }).to_string(), 422, "intake.unreadable"),
        (json!({ "external_id": "", "text": "سؤال" }).to_string(), 422, "question.bad_external_id"),
        (json!({ "external_id": "m1" }).to_string(), 422, "question.empty"),
        (
            json!({ "external_id": "m1", "text": "سؤال", "received_at": "yesterday" }).to_string(),
            422,
            "intake.bad_time",
        ),
        (
            json!({ "external_id": "m1", "text": "سؤال", "visibility": "secret" }).to_string(),
            422,
            "intake.unreadable",
        ),
        ("{".to_owned(), 400, "intake.unreadable"),
    ] {
        let answer = sender.deliver(&app, &body).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (status, problem), "{body}");
        assert!(!answer.json["detail"].as_str().unwrap().contains("سؤال"), "the problem repeats no text");
    }
    let huge = sender.deliver(&app, &body("m1", &"a".repeat(70 * 1024))).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(count(&app).await, 0);
}

async fn a_private_message_stays_private_and_its_clock_runs_from_its_own_time(app: TestApp) {
    let sender = sender(&app, "care").await;
    let asked_at = ishara::clock::Millis(app.clock.now().0 - 3_600_000).rfc3339();
    let body = json!({
        "external_id": "m1", "text": "كيف أجدد الهوية الوطنية؟", "thread_id": "t-9", "sender": "0551234567",
        "received_at": asked_at, "visibility": "private",
    });
    let answer = sender.deliver(&app, &body.to_string()).await;
    let question = load(&app, answer.json["id"].as_str().unwrap().parse().unwrap()).await;
    assert_eq!(question.privacy, "private");
    assert_eq!(app.clock.now().since(question.received_at), 3_600_000);
    assert_eq!(question.due_at.since(app.clock.now()), 23 * 3_600_000);
    assert!(crate::stage::files_with(&app, "0551234567").is_empty(), "the sender is sealed");
}

async fn a_channel_name_is_taken_once_and_its_secret_is_sealed(app: TestApp) {
    let sender = sender(&app, "care").await;
    let mut tx = app.db.begin().await.unwrap();
    for (name, code) in
        [("care", "channel.name_taken"), (" ", "channel.bad_name"), ("web", "channel.bad_name")]
    {
        let refused = channels::add_webhook(&mut tx, &app.sealer, Actor::System, name).await;
        assert_eq!(crate::stage::code(refused), code);
    }
    drop(tx);
    assert!(sender.secret.starts_with("whsec_"));
    let key = STANDARD.decode(&sender.secret[6..]).unwrap();
    let mut read = app.db.read().await.unwrap();
    let sealed: Vec<u8> =
        query("SELECT secret_sealed FROM channel WHERE kind = 'webhook'").value(&mut read).await.unwrap();
    assert!(!sealed.windows(key.len()).any(|window| window == key));
}
