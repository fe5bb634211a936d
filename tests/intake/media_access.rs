//! No byte of a file that is not public without a right to it, on both engines.

use crate::client::Tus;
use crate::shelf::{self, Wish};
use crate::support::TestApp;
use axum::body::Body;
use axum::http::Method;
use ishara::db::query;
use ishara::people::{self, Role};
use ishara::store::{Area, BlobKey, FileType};
use ishara::web::media::link;
use std::time::Duration;

on_both_engines! {
    before_publication_only_staff_see_a_clip,
    a_withdrawn_clip_is_closed_at_once,
    a_link_opens_one_file_for_a_while,
    originals_are_never_shown,
    a_signed_question_is_for_the_desk,
    each_viewing_of_a_signed_question_is_on_record,
    a_woman_who_asked_for_a_woman_is_seen_by_women_only,
}

/// Every way of asking; 0 bytes and no sign that the file exists.
async fn sees_nothing(who: &Tus, key: BlobKey) {
    let tag = format!("\"{}\"", key.hash);
    let ways: [(Method, &[(&str, &str)]); 5] = [
        (Method::GET, &[]),
        (Method::HEAD, &[]),
        (Method::GET, &[("range", "bytes=0-0")]),
        (Method::GET, &[("range", "bytes=999999-")]),
        (Method::GET, &[("if-none-match", &tag)]),
    ];
    for (method, headers) in ways {
        let answer = who.raw(method, &format!("/media/{key}"), headers, Body::empty()).await;
        assert_eq!(answer.status, 404, "{headers:?}");
        assert_eq!(answer.header("etag"), None);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

async fn sees(who: &Tus, path: &str) -> u16 {
    let answer = who.raw(Method::GET, path, &[], Body::empty()).await;
    if answer.status == 200 {
        assert_eq!(answer.header("cache-control"), Some("private, no-store"));
    }
    answer.status.as_u16()
}

async fn before_publication_only_staff_see_a_clip(app: TestApp) {
    let clip = shelf::clip(&app, "draft").await;
    let video = shelf::rendition(&app, &clip, "normal", "a film").await;
    let poster = shelf::poster(&app, &clip, "a poster").await;
    let (nobody, producer) = (Tus::nobody(&app), Tus::producer(&app).await);
    for key in [video, poster] {
        sees_nothing(&nobody, key).await;
        sees_nothing(&nobody.with_ticket("anything"), key).await;
        assert_eq!(sees(&producer, &format!("/media/{key}")).await, 200);
    }
    shelf::publish(&app, clip.clip, Some(clip.version)).await;
    for key in [video, poster] {
        let answer = nobody.raw(Method::GET, &format!("/media/{key}"), &[], Body::empty()).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    }
}

async fn a_withdrawn_clip_is_closed_at_once(app: TestApp) {
    let clip = shelf::clip(&app, "withdrawn").await;
    let key = shelf::rendition(&app, &clip, "normal", "a film").await;
    shelf::publish(&app, clip.clip, Some(clip.version)).await;
    let nobody = Tus::nobody(&app);
    assert_eq!(nobody.raw(Method::GET, &format!("/media/{key}"), &[], Body::empty()).await.status, 200);
    shelf::publish(&app, clip.clip, None).await;
    sees_nothing(&nobody, key).await;
}

async fn a_link_opens_one_file_for_a_while(app: TestApp) {
    let clip = shelf::clip(&app, "linked").await;
    let key = shelf::rendition(&app, &clip, "normal", "a film").await;
    let other = shelf::rendition(&app, &clip, "saver", "another film").await;
    let nobody = Tus::nobody(&app);
    let good = link(&app, key, Duration::from_secs(600));
    assert_eq!(sees(&nobody, &good).await, 200);
    let query = good.split_once('?').unwrap().1;
    assert_eq!(sees(&nobody, &format!("/media/{other}?{query}")).await, 404);
    let (expiry, signature) = query.split_once("&s=").unwrap();
    let later: i64 = expiry.trim_start_matches("e=").parse::<i64>().unwrap() + 1;
    for forged in [
        format!("e={later}&s={signature}"),
        format!("{expiry}&s={}{}", if signature.starts_with('A') { 'B' } else { 'A' }, &signature[1..]),
        format!("{expiry}&s="),
        expiry.to_owned(),
        format!("s={signature}"),
        format!("e=-1&s={signature}"),
    ] {
        assert_eq!(sees(&nobody, &format!("/media/{key}?{forged}")).await, 404, "{forged}");
    }
    app.clock.advance(Duration::from_secs(600));
    assert_eq!(sees(&nobody, &good).await, 404);
    let endless = link(&app, key, Duration::from_secs(1_000_000));
    assert_eq!(sees(&nobody, &endless).await, 200);
    app.clock.advance(Duration::from_secs(3_600));
    assert_eq!(sees(&nobody, &endless).await, 404, "an hour at most");
}

async fn originals_are_never_shown(app: TestApp) {
    let key = shelf::blob(&app, Area::Originals, "with a place in it", FileType::Mp4).await;
    sees_nothing(&Tus::staff(&app, "admin", Role::Administrator).await, key).await;
    assert_eq!(sees(&Tus::nobody(&app), &link(&app, key, Duration::from_secs(60))).await, 404);
}

async fn a_signed_question_is_for_the_desk(app: TestApp) {
    let key = shelf::question(&app, Wish::Anybody, "signed").await;
    sees_nothing(&Tus::nobody(&app), key).await;
    sees_nothing(&Tus::producer(&app).await, key).await;
    let agent = Tus::staff(&app, "agent", Role::Agent).await;
    assert_eq!(sees(&agent, &format!("/media/{key}")).await, 200);
    assert_eq!(sees(&Tus::nobody(&app), &link(&app, key, Duration::from_secs(60))).await, 200);
    let unused = shelf::blob(&app, Area::Questions, "no question yet", FileType::Mp4).await;
    sees_nothing(&agent, unused).await;
}

async fn each_viewing_of_a_signed_question_is_on_record(app: TestApp) {
    let key = shelf::question(&app, Wish::Anybody, "signed").await;
    let path = format!("/media/{key}");
    sees_nothing(&Tus::nobody(&app), key).await;
    assert_eq!(viewings(&app).await, 0);
    let agent = Tus::staff(&app, "agent", Role::Agent).await;
    for range in ["bytes=0-1", "bytes=2-3"] {
        let answer = agent.raw(Method::GET, &path, &[("range", range)], Body::empty()).await;
        assert_eq!(answer.status, 206);
    }
    assert_eq!(viewings(&app).await, 1, "the ranges of a player are one viewing");
    let supervisor = Tus::staff(&app, "supervisor", Role::Supervisor).await;
    assert_eq!(sees(&supervisor, &path).await, 200);
    assert_eq!(viewings(&app).await, 2);
}

async fn viewings(app: &TestApp) -> i64 {
    let mut read = app.db.read().await.unwrap();
    let rows = query("SELECT COUNT(*) FROM audit WHERE verb = 'question.video_viewed'");
    rows.value(&mut read).await.unwrap()
}

async fn a_woman_who_asked_for_a_woman_is_seen_by_women_only(app: TestApp) {
    let key = shelf::question(&app, Wish::Woman, "signed for a woman").await;
    let man = Tus::staff(&app, "man", Role::Supervisor).await;
    sees_nothing(&man, key).await;
    let id = app.staff("woman", Role::Agent).await;
    let mut tx = app.db.begin().await.unwrap();
    let mut woman = people::find(&mut tx, id).await.unwrap().unwrap();
    woman.woman = true;
    people::update(&mut tx, ishara::audit::Actor::System, &woman).await.unwrap();
    tx.commit().await.unwrap();
    let her = Tus::nobody(&app).with_token(&app.token(id).await);
    assert_eq!(sees(&her, &format!("/media/{key}")).await, 200);
}
