//! Bytes on their way out: ranges, tags and headers.

use crate::client::{Answer, Tus};
use crate::shelf;
use crate::support::TestApp;
use axum::body::Body;
use axum::http::Method;
use ishara::store::{Area, BlobKey, FileType};

const FILM: &str = "0123456789abcdef";

async fn published(app: &TestApp) -> BlobKey {
    let clip = shelf::clip(app, "lost-id").await;
    let key = shelf::rendition(app, &clip, "normal", FILM).await;
    shelf::publish(app, clip.clip, Some(clip.version)).await;
    key
}

async fn get(app: &TestApp, key: BlobKey, headers: &[(&str, &str)]) -> Answer {
    Tus::nobody(app).raw(Method::GET, &format!("/media/{key}"), headers, Body::empty()).await
}

fn etag(key: BlobKey) -> String {
    format!("\"{}\"", key.hash)
}

#[tokio::test]
async fn a_public_clip_comes_whole_and_may_be_kept_for_ever() {
    let app = TestApp::sqlite().await;
    let key = published(&app).await;
    let answer = get(&app, key, &[]).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_slice()), (200, FILM.as_bytes()));
    for (name, value) in [
        ("content-type", "video/mp4"),
        ("content-length", "16"),
        ("etag", &etag(key)),
        ("accept-ranges", "bytes"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("content-disposition", "inline"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert_eq!(answer.header("content-encoding"), None);
}

#[tokio::test]
async fn head_describes_without_bytes() {
    let app = TestApp::sqlite().await;
    let key = published(&app).await;
    let path = format!("/media/{key}");
    let ranged = [("range", "bytes=0-3")];
    let answer = Tus::nobody(&app).raw(Method::HEAD, &path, &ranged, Body::empty()).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-length"), Some("16"));
    assert_eq!(answer.header("etag"), Some(etag(key).as_str()));
    let answer = Tus::nobody(&app).raw(Method::POST, &path, &[], Body::empty()).await;
    assert_eq!(answer.status, 405);
}

#[tokio::test]
async fn one_range_is_served_and_one_past_the_end_refused() {
    let app = TestApp::sqlite().await;
    let key = published(&app).await;
    for (range, shown, bytes) in [
        ("bytes=0-3", "bytes 0-3/16", "0123"),
        ("bytes=12-", "bytes 12-15/16", "cdef"),
        ("bytes=-2", "bytes 14-15/16", "ef"),
        ("bytes=10-999", "bytes 10-15/16", "abcdef"),
    ] {
        let answer = get(&app, key, &[("range", range)]).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_slice()), (206, bytes.as_bytes()), "{range}");
        assert_eq!(answer.header("content-range"), Some(shown));
        assert_eq!(answer.header("content-length"), Some(bytes.len().to_string().as_str()));
    }
    for range in ["bytes=16-", "bytes=99-100", "bytes=-0"] {
        let answer = get(&app, key, &[("range", range)]).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (416, 0), "{range}");
        assert_eq!(answer.header("content-range"), Some("bytes */16"));
    }
    let many = format!("bytes={}", vec!["0-0"; 1_000].join(","));
    for range in [many.as_str(), "bytes=0-1,4-5", "bytes=5-1", "lines=1-2"] {
        assert_eq!(get(&app, key, &[("range", range)]).await.status, 200);
    }
}

#[tokio::test]
async fn a_range_counts_only_for_the_tag_it_was_begun_with() {
    let app = TestApp::sqlite().await;
    let key = published(&app).await;
    let ask =
        async |tag: &str| get(&app, key, &[("range", "bytes=0-3"), ("if-range", tag)]).await.status.as_u16();
    assert_eq!(ask(&etag(key)).await, 206);
    assert_eq!(ask(&format!("W/{}", etag(key))).await, 200);
    assert_eq!(ask("\"other\"").await, 200);
    assert_eq!(ask("Sun, 22 Nov 2026 06:00:00 GMT").await, 200);
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let app = TestApp::sqlite().await;
    let key = published(&app).await;
    for tag in [etag(key), format!("W/{}", etag(key)), format!("\"x\", {}", etag(key)), "*".to_owned()] {
        let answer = get(&app, key, &[("if-none-match", &tag)]).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (304, 0), "{tag}");
    }
    assert_eq!(get(&app, key, &[("if-none-match", "\"x\"")]).await.status, 200);
}

#[tokio::test]
async fn a_clip_too_large_for_memory_is_streamed() {
    let app = TestApp::sqlite().await;
    let clip = shelf::clip(&app, "long").await;
    let content: Vec<u8> = (0..33 * 1024 * 1024_u32).map(|n| (n % 253) as u8).collect();
    let key = shelf::rendition(&app, &clip, "full", content.clone()).await;
    shelf::publish(&app, clip.clip, Some(clip.version)).await;
    assert!(get(&app, key, &[]).await.body == content);
    let answer = get(&app, key, &[("range", "bytes=20000000-20999999")]).await;
    assert!(answer.body == content[20_000_000..21_000_000]);
    assert_eq!(answer.header("content-length"), Some("1000000"));
}

#[tokio::test]
async fn a_damaged_clip_is_not_handed_out() {
    let app = TestApp::sqlite().await;
    let key = published(&app).await;
    let path = app.store.local_path(key).unwrap();
    std::fs::write(&path, FILM.replace('7', "8")).unwrap();
    for headers in [&[][..], &[("range", "bytes=7-7")]] {
        let answer = get(&app, key, headers).await;
        assert_eq!(answer.status, 503);
        assert!(answer.header("retry-after").is_some());
    }
}

#[tokio::test]
async fn no_other_spelling_names_a_file() {
    let app = TestApp::sqlite().await;
    let key = published(&app).await;
    let poster = shelf::blob(&app, Area::Pictures, "unused", FileType::Png).await;
    let hash = key.hash.to_string();
    for path in [
        format!("renditions/{}.mp4", hash.to_uppercase()),
        format!("renditions/{hash}.webm"),
        format!("renditions/{hash}"),
        format!("renditions/{hash}.mp4/"),
        format!("renditions//{hash}.mp4"),
        format!("./renditions/{hash}.mp4"),
        format!("pictures/../renditions/{hash}.mp4"),
        format!("renditions%2F{hash}.mp4"),
        format!("%72enditions/{hash}.mp4"),
        format!("renditions/{hash}.mp4%00"),
        format!("renditions/{hash}.mp4;x"),
        "../ishara.db".to_owned(),
        "%2e%2e/secret.key".to_owned(),
        "..%2f..%2fetc/passwd".to_owned(),
        "renditions/..%5c..%5csecret.key".to_owned(),
        poster.to_string(),
    ] {
        let answer = Tus::nobody(&app).raw(Method::GET, &format!("/media/{path}"), &[], Body::empty()).await;
        assert_eq!(answer.status, 404, "{path}");
    }
}
