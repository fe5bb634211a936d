//! The tus 1.0.0 checklist, point by point (`reference/reliability.md`, section 4), on both engines.

use crate::client::Tus;
use crate::support::TestApp;
use axum::body::Body;
use axum::http::Method;
use ishara::people::Role;
use ishara::uploads::{OPEN_FOR, Owner, consume};
use sha2::{Digest as _, Sha256};
use std::time::Duration;

on_both_engines! {
    options_tell_what_the_server_can_do,
    another_version_of_the_protocol_is_refused_and_nothing_is_done,
    head_tells_the_offset_and_is_never_cached,
    a_piece_needs_the_right_type_and_the_right_offset,
    creation_checks_the_length,
    a_length_said_later_is_final,
    metadata_comes_back_exactly_as_it_was_sent,
    a_checksum_that_does_not_fit_leaves_everything_as_it_was,
    an_expired_upload_is_gone_and_its_room_is_free,
    a_terminated_upload_is_gone,
    the_override_header_wins,
    only_the_creator_may_touch_an_upload,
    the_first_bytes_may_come_with_the_creation,
    the_finished_file_has_the_hash_of_what_was_sent,
    an_upload_larger_than_allowed_is_refused_before_a_byte_is_sent,
    asked_again_with_the_same_key_the_same_upload_answers,
}

async fn options_tell_what_the_server_can_do(app: TestApp) {
    let answer = Tus::nobody(&app).raw(Method::OPTIONS, "/api/v1/uploads", &[], Body::empty()).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("tus-version"), Some("1.0.0"));
    assert_eq!(answer.header("tus-max-size"), Some("2147483648"));
    assert_eq!(answer.header("tus-checksum-algorithm"), Some("sha1,sha256"));
    let extensions = "creation,creation-with-upload,checksum,expiration,termination,creation-defer-length";
    assert_eq!(answer.header("tus-extension"), Some(extensions));
    let odd = [("tus-resumable", "0.1.0")];
    let answer = Tus::nobody(&app).raw(Method::OPTIONS, "/api/v1/uploads", &odd, Body::empty()).await;
    assert_eq!(answer.status, 204, "the version does not matter to OPTIONS");
}

async fn another_version_of_the_protocol_is_refused_and_nothing_is_done(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(4).await;
    let piece = [("upload-offset", "0"), ("content-type", "application/offset+octet-stream")];
    for version in [&[][..], &[("tus-resumable", "0.2.2")][..], &[("tus-resumable", "1.0.1")][..]] {
        let headers = [version, &piece[..]].concat();
        let answer = tus.raw(Method::PATCH, &at, &headers, Body::from("0123")).await;
        assert_eq!(answer.status, 412);
        assert_eq!(answer.header("tus-version"), Some("1.0.0"));
        assert_eq!(answer.header("tus-resumable"), Some("1.0.0"));
        assert_eq!(answer.problem(), "upload.wrong_version");
        let headers = [version, &[("upload-length", "4")][..]].concat();
        assert_eq!(tus.raw(Method::POST, "/api/v1/uploads", &headers, Body::empty()).await.status, 412);
    }
    assert_eq!(tus.offset(&at).await, 0);
}

async fn head_tells_the_offset_and_is_never_cached(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(10).await;
    tus.patch(&at, 0, "0123").await;
    let answer = tus.head(&at).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("upload-offset"), Some("4"));
    assert_eq!(answer.header("upload-length"), Some("10"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    for unknown in [format!("{at}0"), at.replace("upload_", "clip_"), at[..at.len() - 4].to_owned() + "0000"]
    {
        let answer = tus.head(&unknown).await;
        assert_eq!(answer.status, 404, "{unknown}");
        assert_eq!(answer.header("upload-offset"), None);
    }
}

async fn a_piece_needs_the_right_type_and_the_right_offset(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(8).await;
    let answer = tus.patch(&at, 0, "0123").await;
    assert_eq!((answer.status.as_u16(), answer.header("upload-offset")), (204, Some("4")));
    let offset = [("upload-offset", "4")];
    let answer = tus.send(Method::PATCH, &at, &offset, "4567").await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (415, "upload.wrong_type"));
    let typed = [("upload-offset", "4"), ("content-type", "application/octet-stream")];
    assert_eq!(tus.send(Method::PATCH, &at, &typed, "4567").await.status, 415);
    for wrong in [0, 3, 5, 8] {
        let answer = tus.patch(&at, wrong, "4567").await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "upload.wrong_offset"));
        assert_eq!(answer.json()["details"]["upload_offset"], 4);
    }
    for bad in ["", "-4", "four"] {
        let headers = [("upload-offset", bad), ("content-type", "application/offset+octet-stream")];
        assert_eq!(tus.send(Method::PATCH, &at, &headers, "4567").await.status, 400, "{bad}");
    }
    assert_eq!(tus.offset(&at).await, 4);
    assert_eq!(tus.patch(&at[..at.len() - 4], 0, "0123").await.status, 404);
}

async fn creation_checks_the_length(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let answer = tus.create(&[("upload-length", "5")]).await;
    assert_eq!(answer.status, 201);
    assert!(answer.header("location").is_some_and(|at| at.starts_with("/api/v1/uploads/upload_")));
    for headers in [
        &[][..],
        &[("upload-length", "5"), ("upload-defer-length", "1")],
        &[("upload-defer-length", "2")],
        &[("upload-defer-length", "0")],
        &[("upload-length", "-5")],
        &[("upload-length", "5"), ("upload-length", "6")],
    ] {
        let answer = tus.create(headers).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            (400, "upload.bad_header"),
            "{headers:?}"
        );
    }
    let empty = tus.begin(0).await;
    let answer = tus.head(&empty).await;
    assert_eq!((answer.header("upload-offset"), answer.header("upload-length")), (Some("0"), Some("0")));
}

async fn a_length_said_later_is_final(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let answer = tus.create(&[("upload-defer-length", "1")]).await;
    let at = answer.header("location").unwrap().to_owned();
    tus.patch(&at, 0, "0123").await;
    let answer = tus.head(&at).await;
    assert_eq!((answer.header("upload-length"), answer.header("upload-defer-length")), (None, Some("1")));
    let too_short = tus.patch_with(&at, 4, &[("upload-length", "3")], "").await;
    assert_eq!((too_short.status.as_u16(), too_short.problem().as_str()), (400, "upload.bad_length"));
    assert_eq!(tus.patch_with(&at, 4, &[("upload-length", "8")], "").await.status, 204);
    assert_eq!(tus.patch_with(&at, 4, &[("upload-length", "9")], "").await.status, 400);
    assert_eq!(tus.head(&at).await.header("upload-length"), Some("8"));
    assert_eq!(
        tus.patch_with(&at, 4, &[("upload-length", "8")], "4567").await.header("upload-offset"),
        Some("8")
    );
}

async fn metadata_comes_back_exactly_as_it_was_sent(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let sent = "filename 2KzZiNin2KgubXA0,is_confidential, kind  YQ==";
    let answer = tus.create(&[("upload-length", "5"), ("upload-metadata", sent)]).await;
    let at = answer.header("location").unwrap().to_owned();
    assert_eq!(tus.head(&at).await.header("upload-metadata"), Some(sent));
    for bad in ["filename YQ==,filename Yg==", "filename not base64!", ",", "filename YQ==,"] {
        let answer = tus.create(&[("upload-length", "5"), ("upload-metadata", bad)]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            (400, "upload.bad_metadata"),
            "{bad}"
        );
    }
    let plain = tus.begin(5).await;
    assert_eq!(tus.head(&plain).await.header("upload-metadata"), None);
}

async fn a_checksum_that_does_not_fit_leaves_everything_as_it_was(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(11).await;
    let right = ("upload-checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=");
    let answer = tus.patch_with(&at, 0, &[right], "hello w0rld").await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (460, "upload.checksum_mismatch"));
    for unknown in ["md5 XrY7u+Ae7tCTyyK7j1rNww==", "sha1 %%", "sha1", ""] {
        let answer = tus.patch_with(&at, 0, &[("upload-checksum", unknown)], "hello world").await;
        assert_eq!(answer.status, 400, "{unknown}");
    }
    assert_eq!(tus.offset(&at).await, 0);
    assert_eq!(tus.patch_with(&at, 0, &[right], "hello world").await.status, 204);
    let sha256 = ("upload-checksum", "sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=");
    let other = tus.begin(11).await;
    assert_eq!(tus.patch_with(&other, 0, &[sha256], "hello world").await.status, 204);
    let with_creation = [("upload-length", "11"), ("content-type", "application/offset+octet-stream"), right];
    let answer = tus.send(Method::POST, "/api/v1/uploads", &with_creation, "hello w0rld").await;
    assert_eq!(answer.status, 460, "also with the creation");
}

async fn an_expired_upload_is_gone_and_its_room_is_free(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let created = tus.create(&[("upload-length", "8")]).await;
    let at = created.header("location").unwrap().to_owned();
    // The test's clock stands at 22 November 2026, 06:00 UTC.
    assert_eq!(created.header("upload-expires"), Some("Mon, 23 Nov 2026 06:00:00 GMT"));
    app.clock.advance(Duration::from_secs(60));
    let answer = tus.patch(&at, 0, "0123").await;
    assert_eq!(answer.header("upload-expires"), Some("Mon, 23 Nov 2026 06:01:00 GMT"));
    app.clock.advance(OPEN_FOR);
    let answer = tus.head(&at).await;
    assert_eq!((answer.status.as_u16(), answer.header("upload-offset")), (410, None));
    let answer = tus.patch(&at, 4, "4567").await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (410, "upload.gone"));
    app.uploads.sweep().await.unwrap();
    let left = std::fs::read_dir(app.config.data.join("uploads")).unwrap().count();
    assert_eq!(left, 0, "the disk space is returned");
    assert_eq!(tus.head(&at).await.status, 410);
}

async fn a_terminated_upload_is_gone(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(8).await;
    tus.patch(&at, 0, "0123").await;
    assert_eq!(tus.delete(&at).await.status, 204);
    assert_eq!(tus.head(&at).await.status, 410);
    assert_eq!(tus.patch(&at, 4, "4567").await.status, 410);
    assert_eq!(tus.delete(&at).await.status, 410);
    assert_eq!(std::fs::read_dir(app.config.data.join("uploads")).unwrap().count(), 0);
}

async fn the_override_header_wins(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(4).await;
    let piece = [
        ("x-http-method-override", "PATCH"),
        ("upload-offset", "0"),
        ("content-type", "application/offset+octet-stream"),
    ];
    assert_eq!(tus.send(Method::POST, &at, &piece, "01").await.header("upload-offset"), Some("2"));
    let ask = [("x-http-method-override", "HEAD")];
    assert_eq!(tus.send(Method::PATCH, &at, &ask, "").await.header("upload-offset"), Some("2"));
    assert_eq!(tus.send(Method::POST, &at, &[], "").await.status, 405);
    let end = [("x-http-method-override", "DELETE")];
    assert_eq!(tus.send(Method::POST, &at, &end, "").await.status, 204);
    assert_eq!(tus.head(&at).await.status, 410);
}

async fn only_the_creator_may_touch_an_upload(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(8).await;
    let other = Tus::staff(&app, "other", Role::Producer).await;
    assert_eq!(other.head(&at).await.status, 404);
    assert_eq!(other.patch(&at, 0, "0123").await.status, 404);
    assert_eq!(other.delete(&at).await.status, 404);
    let nobody = Tus::nobody(&app);
    assert_eq!(nobody.head(&at).await.status, 401);
    let answer = nobody.create(&[("upload-length", "5")]).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (401, "sign_in"));
    let reader = Tus::staff(&app, "reader", Role::Auditor).await;
    assert_eq!(reader.create(&[("upload-length", "5")]).await.status, 403);
    assert_eq!(tus.offset(&at).await, 0);
}

async fn the_first_bytes_may_come_with_the_creation(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let headers = [("upload-length", "8"), ("content-type", "application/offset+octet-stream")];
    let answer = tus.send(Method::POST, "/api/v1/uploads", &headers, "0123").await;
    assert_eq!((answer.status.as_u16(), answer.header("upload-offset")), (201, Some("4")));
    let at = answer.header("location").unwrap().to_owned();
    assert_eq!(tus.patch(&at, 4, "4567").await.header("upload-offset"), Some("8"));
    let answer = tus.send(Method::POST, "/api/v1/uploads", &headers, "01234567").await;
    assert_eq!(answer.header("upload-offset"), Some("8"));
    let untyped = [("upload-length", "8"), ("content-length", "4")];
    let answer = tus.send(Method::POST, "/api/v1/uploads", &untyped, "0123").await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (415, "upload.wrong_type"));
}

async fn the_finished_file_has_the_hash_of_what_was_sent(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let content: Vec<u8> = (0..3_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let at = tus.begin(content.len() as u64).await;
    for (n, piece) in content.chunks(700_000).enumerate() {
        let answer = tus.patch(&at, n as u64 * 700_000, piece.to_vec()).await;
        assert_eq!(answer.status, 204);
    }
    let id = at.rsplit('/').next().unwrap().parse().unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let staff = ishara::people::find_by_email(&mut tx, "producer@example.sa").await.unwrap().unwrap().0.id;
    let taken = consume(&mut tx, id, Owner::Staff(staff)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(taken.sha256.0, <[u8; 32]>::from(Sha256::digest(&content)));
    let path = app.store.local_path(taken.storage_key).unwrap();
    assert!(std::fs::read(path).unwrap() == content);
}

async fn an_upload_larger_than_allowed_is_refused_before_a_byte_is_sent(app: TestApp) {
    let tus = Tus::producer(&app).await;
    for length in ["2147483649", "1000000000000000", "99999999999999999999999999"] {
        let answer = tus.create(&[("upload-length", length)]).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (413, "upload.too_large"));
        assert_eq!(answer.json()["details"]["max_bytes"], 2_147_483_648_u64);
    }
    for _ in 0..20 {
        tus.begin(1).await;
    }
    let answer = tus.create(&[("upload-length", "1")]).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (429, "upload.too_many_open"));
    assert!(answer.header("retry-after").is_some());
}

async fn asked_again_with_the_same_key_the_same_upload_answers(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let key = ("idempotency-key", "upload-1");
    let first = tus.create(&[("upload-length", "8"), key]).await;
    let at = first.header("location").unwrap().to_owned();
    tus.patch(&at, 0, "0123").await;
    let with_bytes = [("upload-length", "8"), ("content-type", "application/offset+octet-stream"), key];
    let again = tus.send(Method::POST, "/api/v1/uploads", &with_bytes, "0123").await;
    assert_eq!((again.status.as_u16(), again.header("location")), (201, Some(at.as_str())));
    assert_eq!(again.header("upload-offset"), Some("4"), "bytes that are there are not taken twice");
    let other = tus.create(&[("upload-length", "9"), key]).await;
    assert_eq!((other.status.as_u16(), other.problem().as_str()), (409, "upload.key_reused"));
    let somebody = Tus::staff(&app, "other", Role::Producer).await;
    let theirs = somebody.create(&[("upload-length", "8"), key]).await;
    assert_ne!(theirs.header("location"), Some(at.as_str()), "a key belongs to its sender");
    assert_eq!(tus.create(&[("upload-length", "8"), ("idempotency-key", "")]).await.status, 400);
    assert_eq!(std::fs::read_dir(app.config.data.join("uploads")).unwrap().count(), 2);
}
