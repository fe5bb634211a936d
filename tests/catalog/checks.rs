//! Warnings of the upload checks: accepted with a reason that everybody concerned sees, for this video only.

use crate::client::{Client, VTT};
use crate::support::TestApp;
use axum::http::Method;
use ishara::audit;
use ishara::catalog;
use ishara::db::query;
use ishara::ids::ClipId;
use ishara::people::Role;
use serde_json::{Value, json};

on_both_engines!(
    a_warning_is_accepted_with_a_reason_and_taken_back,
    what_blocks_and_what_was_never_said_cannot_be_accepted,
    what_was_accepted_stays_with_its_video,
);

/// A clip whose video is ready, and of which the checks said something of every level.
async fn warned(app: &TestApp, producer: &Client) -> (String, ClipId) {
    catalog::seed_at_first_start(&app.db).await.unwrap();
    let id = producer.draft("كيف أجدد هويتي؟").await;
    producer.captions(&id, VTT).await.expect(200);
    let clip: ClipId = id.parse().unwrap();
    app.finish_media(clip, b"rendition").await;
    let check = |code: &str, level: &str| json!({ "code": code, "level": level, "value": 1.0, "message_ar": "قصير", "message_en": "short" });
    let checks = json!([check("exposure", "warn"), check("silent", "info"), check("black", "block")]);
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE clip_version SET checks = $1 WHERE clip_id = $2")
        .bind(checks.to_string())
        .bind(clip)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    (id, clip)
}

fn accepted(answer: &Value) -> Vec<(&str, &str)> {
    let list = answer["version"]["media"]["accepted_checks"].as_array().unwrap().iter();
    list.map(|one| (one["code"].as_str().unwrap(), one["reason"].as_str().unwrap())).collect()
}

async fn a_warning_is_accepted_with_a_reason_and_taken_back(app: TestApp) {
    let producer = Client::with_role(&app, "producer", Role::Producer).await;
    let (id, clip) = warned(&app, &producer).await;
    let path = format!("/clips/{id}/checks/exposure");
    let none = producer.send(Method::PUT, &path, json!({ "reason": "  " })).await.expect(422);
    assert_eq!(none.problem(), "check.bad_reason");
    let reason = "صُوّر ليلًا في مكتب متنقل";
    let seen = producer.send(Method::PUT, &path, json!({ "reason": reason })).await.expect(200).json();
    assert_eq!(accepted(&seen), [("exposure", reason)]);
    let linguist = Client::with_role(&app, "linguist", Role::LinguisticReviewer).await;
    let theirs = linguist.get(&format!("/clips/{id}")).await.expect(200).json();
    assert_eq!(accepted(&theirs), [("exposure", reason)], "the reviewers see it");
    linguist.send(Method::PUT, &path, json!({ "reason": reason })).await.expect(403);
    let back = producer.send(Method::DELETE, &path, json!(null)).await.expect(200).json();
    assert!(accepted(&back).is_empty());
    let mut read = app.db.read().await.unwrap();
    let verbs: Vec<String> =
        audit::about(&mut read, clip.uuid()).await.unwrap().into_iter().map(|record| record.verb).collect();
    assert_eq!(verbs[verbs.len() - 2..], ["check.accepted", "check.unaccepted"]);
}

async fn what_blocks_and_what_was_never_said_cannot_be_accepted(app: TestApp) {
    let producer = Client::with_role(&app, "producer", Role::Producer).await;
    let (id, _) = warned(&app, &producer).await;
    for code in ["black", "silent", "blur"] {
        let path = format!("/clips/{id}/checks/{code}");
        let refused = producer.send(Method::PUT, &path, json!({ "reason": "لا بأس" })).await.expect(404);
        assert_eq!(refused.problem(), "check.no_warning", "{code}");
    }
}

async fn what_was_accepted_stays_with_its_video(app: TestApp) {
    let crew = app.crew().await;
    let producer = Client::with_role(&app, "second", Role::Producer).await;
    let (id, clip) = warned(&app, &producer).await;
    let path = format!("/clips/{id}/checks/exposure");
    producer.send(Method::PUT, &path, json!({ "reason": "صُوّر ليلًا" })).await.expect(200);
    let mut tx = app.db.begin().await.unwrap();
    let version = catalog::latest_version(&mut tx, clip).await.unwrap();
    assert_eq!(catalog::accepted_checks(&mut tx, version.id).await.unwrap().len(), 1);
    // The whole original again is another video, whatever it shows.
    query("UPDATE clip_version SET original_key = (SELECT MIN(storage_key) FROM blob) WHERE id = $1")
        .bind(version.id)
        .execute(&mut tx)
        .await
        .unwrap();
    let part = media::Trim { from_ms: 500, to_ms: 4_000 };
    catalog::trim_video(&mut tx, catalog::By::Staff(&crew.producer), clip, None, Some(part)).await.unwrap();
    let cut = catalog::latest_version(&mut tx, clip).await.unwrap();
    assert!(catalog::accepted_checks(&mut tx, cut.id).await.unwrap().is_empty());
}
