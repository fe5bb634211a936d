//! Real clips through upload, cage and storage.

use crate::client::{Client, VTT};
use crate::support::TestApp;
use axum::http::Method;
use ishara::app::App;
use ishara::catalog::Prepare;
use ishara::jobs::{Queue, Runner};
use ishara::people::Role;
use serde_json::json;

fn runner(app: &TestApp) -> Runner<App> {
    Runner::new(app.db.clone(), (**app).clone()).with::<Prepare>()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/media/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

async fn processed(app: &TestApp, producer: &Client, id: &str, bytes: Vec<u8>) -> serde_json::Value {
    let upload = producer.upload(bytes).await;
    producer.post(&format!("/clips/{id}/versions"), json!({ "upload_id": upload })).await.expect(201);
    while runner(app).run_one(Queue::Media).await.unwrap() {}
    producer.get(&format!("/clips/{id}")).await.expect(200).json()
}

async fn stage(app: &TestApp) -> Client {
    ishara::catalog::seed_at_first_start(&app.db).await.unwrap();
    Client::with_role(app, "producer", Role::Producer).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_clip_becomes_ready_with_sizes_and_pictures() {
    let app = TestApp::sqlite().await;
    let producer = stage(&app).await;
    let id = producer.draft("كتاب").await;
    producer.captions(&id, VTT).await.expect(200);
    let clip = processed(&app, &producer, &id, fixture("signing/book.mkv")).await;
    let media = &clip["version"]["media"];
    assert_eq!(media["state"], "ready", "{media}");
    assert_eq!(media["progress"], 100);
    assert!(!media["renditions"].as_array().unwrap().is_empty());
    for rendition in media["renditions"].as_array().unwrap() {
        let key = rendition["url"].as_str().unwrap().trim_start_matches("/media/").parse().unwrap();
        assert_eq!(app.store.condition(key).await.unwrap(), ishara::store::Condition::Sound);
    }
    for picture in ["poster", "poster_small", "preview", "storyboard", "storyboard_map"] {
        assert!(media[picture].as_str().is_some_and(|url| url.starts_with("/media/pictures/")), "{picture}");
    }
    producer.post(&format!("/clips/{id}/review"), json!({})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_video_is_refused_with_a_reason_and_another_file_is_welcome() {
    let app = TestApp::sqlite().await;
    let producer = stage(&app).await;
    let id = producer.draft("ملف").await;
    let clip = processed(&app, &producer, &id, b"#EXTM3U\nfile:///etc/hostname\n".to_vec()).await;
    assert_eq!(clip["version"]["state"], "failed");
    assert_eq!(clip["version"]["media"]["state"], "refused");
    assert!(clip["version"]["media"]["error"]["message_ar"].as_str().unwrap().contains("فيديو"));
    let clip = processed(&app, &producer, &id, fixture("signing/thanks.mkv")).await;
    assert_eq!((clip["version"]["n"].as_i64(), clip["version"]["state"].as_str()), (Some(1), Some("ready")));
}

/// A signed title may last ten seconds.
#[tokio::test(flavor = "multi_thread")]
async fn a_clip_that_is_too_long_is_refused_and_its_part_is_welcome() {
    let app = TestApp::sqlite_with(|config| config.clip_lengths.title.block_s = 10.0).await;
    let producer = stage(&app).await;
    let mut title = crate::client::new_clip("اسألنا بلغتك");
    title["kind"] = json!("signed_title");
    let made = producer.post("/clips", title).await.expect(201).json();
    let id = made["id"].as_str().unwrap();
    let vtt = "WEBVTT\n\n00:03.000 --> 00:04.000\nاسألنا\n";
    producer.captions(id, vtt).await.expect(200);
    let clip = processed(&app, &producer, id, fixture("clips/id-found-own.mp4")).await;
    assert_eq!(clip["version"]["media"]["error"]["code"], "too_long", "{clip}");

    let trim = format!("/clips/{id}/trim");
    let cut = async |from_ms: u64, to_ms: u64| {
        producer.send(Method::PUT, &trim, json!({ "from_ms": from_ms, "to_ms": to_ms })).await.expect(202);
        while runner(&app).run_one(Queue::Media).await.unwrap() {}
        producer.get(&format!("/clips/{id}")).await.expect(200).json()["version"].clone()
    };
    let long = cut(1_000, 12_500).await;
    assert_eq!(long["media"]["error"]["code"], "too_long", "the part is held to the limits");
    assert_eq!(long["media"]["renditions"], json!([]), "nothing of it is left to be watched");
    let right = cut(2_000, 4_500).await;
    assert_eq!(right["media"]["state"], "ready", "{right}");
    assert_eq!(
        right["media"]["trim"],
        json!({ "from_ms": 2_000, "to_ms": 4_500 }),
        "counted from the original"
    );
    let track = producer.get(&format!("/clips/{id}/captions/ar")).await.expect(200).text();
    assert!(track.contains("00:00:01.000 --> 00:00:02.000"), "the words stay with their signs: {track}");
    let length = right["media"]["duration_ms"].as_i64().unwrap();
    assert!((2_400..=2_600).contains(&length), "{length}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_again_takes_the_finished_results_over() {
    let app = TestApp::sqlite().await;
    let producer = stage(&app).await;
    let first = producer.draft("أول").await;
    let one = processed(&app, &producer, &first, fixture("signing/bird.mkv")).await;
    let second = producer.draft("ثان").await;
    let two = processed(&app, &producer, &second, fixture("signing/bird.mkv")).await;
    assert_eq!(two["version"]["media"]["state"], "ready");
    assert_eq!(one["version"]["hashes"]["video"], two["version"]["hashes"]["video"]);
    let codes = |clip: &serde_json::Value| clip["version"]["media"]["checks"].to_string();
    assert!(codes(&two).contains("same_file") && !codes(&one).contains("same_file"));
}
