//! The search index follows what is published, and heals itself when it cannot be trusted.

use crate::support::TestApp;
use ishara::db::{feed, query};
use ishara::ids::ClipId;
use ishara::search::{CLIP_CHANGES, Follower, Query, SearchIndex};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

on_both_engines!(
    a_published_clip_is_found_at_the_moment_of_its_words,
    a_withdrawn_clip_is_found_no_more,
    a_signed_title_is_not_found_nor_suggested,
    the_newest_captions_and_aliases_are_searched,
    a_restart_continues_where_the_index_was,
    a_trimmed_feed_and_a_restored_database_lead_to_a_rebuild,
    a_running_follower_sees_a_commit_by_itself,
);

async fn follower(app: &TestApp) -> (Arc<SearchIndex>, Follower) {
    let index = Arc::new(SearchIndex::open(&app.folder().join("index")).unwrap());
    let follower = Follower::new(app.db.clone(), index.clone());
    follower.catch_up().await.unwrap();
    (index, follower)
}

fn found(index: &SearchIndex, text: &str) -> Vec<String> {
    let query = Query { text: text.into(), limit: 10, ..Query::default() };
    index.search(&query).unwrap().hits.into_iter().map(|hit| hit.clip_id).collect()
}

/// A clip with one published version and one cue a line.
pub async fn publish(app: &TestApp, title: &str, lines: &[&str]) -> ClipId {
    let department = app.department("documents").await;
    let (clip, version) = (ClipId::new(app.clock.now()), new_id());
    let mut tx = app.db.begin().await.unwrap();
    query(
        "INSERT INTO service (id, code, parent_id, topic, name_ar, name_en, kind, icon, sort, department_id, active, \
         created_at, row_version) VALUES ($1, 'id.renew', NULL, 'id', 'خدمة', 'Service', 'transaction', '', 1, $2, TRUE, 0, 1) \
         ON CONFLICT (code) DO NOTHING",
    )
    .bind(new_id())
    .bind(department)
    .execute(&mut tx)
    .await
    .unwrap();
    query(
        "INSERT INTO clip (id, slug, kind, service_id, title_ar, title_en, question_ar, summary_ar, alt_ar, \
         sign_language, sources, sample, created_at, updated_at, published_version_id, row_version) SELECT $1, $2, \
         'answer', id, $3, '', '', '', '', 'sdl', '[]', FALSE, 0, 0, $4, 1 FROM service WHERE code = 'id.renew'",
    )
    .bind(clip)
    .bind(clip.to_string())
    .bind(title.to_owned())
    .bind(version)
    .execute(&mut tx)
    .await
    .unwrap();
    query(
        "INSERT INTO clip_version (id, clip_id, n, state, state_since, change_note, original_name, video_hash, \
         captions_hash, text_hash, media_state, media_progress, has_audio, probe, checks, created_at, row_version) \
         VALUES ($1, $2, 1, 'published', 0, '', '', '', '', '', 'ready', 1000, FALSE, '{}', '[]', 0, 1)",
    )
    .bind(version)
    .bind(clip)
    .execute(&mut tx)
    .await
    .unwrap();
    tx.changed(CLIP_CHANGES, clip);
    tx.commit().await.unwrap();
    caption(app, clip, version, 1, lines).await;
    clip
}

async fn caption(app: &TestApp, clip: ClipId, version: Uuid, n: i64, lines: &[&str]) {
    let revision = new_id();
    let mut tx = app.db.begin().await.unwrap();
    query(
        "INSERT INTO caption_revision (id, version_id, lang, n, origin, hash, findings, errors, created_at) \
         VALUES ($1, $2, 'ar', $3, 'editor', '', '[]', 0, 0)",
    )
    .bind(revision)
    .bind(version)
    .bind(n)
    .execute(&mut tx)
    .await
    .unwrap();
    for (seq, line) in (0..).zip(lines) {
        query("INSERT INTO cue (revision_id, seq, start_ms, end_ms, body) VALUES ($1, $2, $3, $4, $5)")
            .bind(revision)
            .bind(seq)
            .bind(seq * 4000)
            .bind(seq * 4000 + 3000)
            .bind((*line).to_owned())
            .execute(&mut tx)
            .await
            .unwrap();
    }
    tx.changed(CLIP_CHANGES, clip);
    tx.commit().await.unwrap();
}

pub async fn withdraw(app: &TestApp, clip: ClipId) {
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE clip SET published_version_id = NULL WHERE id = $1")
        .bind(clip)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.changed(CLIP_CHANGES, clip);
    tx.commit().await.unwrap();
}

fn new_id() -> Uuid {
    Uuid::from_bytes(ishara::ids::random_bytes())
}

async fn a_published_clip_is_found_at_the_moment_of_its_words(app: TestApp) {
    let (index, follower) = follower(&app).await;
    let clip = publish(&app, "تجديد الهوية", &["ادخل إلى حسابك", "ثم سدّد الرسوم"]).await;
    follower.catch_up().await.unwrap();
    let query = Query { text: "الرسوم".into(), limit: 10, ..Query::default() };
    let hit = &index.search(&query).unwrap().hits[0];
    assert_eq!((hit.clip_id.clone(), hit.cue.as_ref().unwrap().cue.start_ms), (clip.to_string(), 4000));
    assert_eq!(follower.lag().await.unwrap(), 0);
}

async fn a_withdrawn_clip_is_found_no_more(app: TestApp) {
    let (index, follower) = follower(&app).await;
    let clip = publish(&app, "تجديد الهوية", &["نص"]).await;
    follower.catch_up().await.unwrap();
    withdraw(&app, clip).await;
    follower.catch_up().await.unwrap();
    assert!(found(&index, "تجديد الهوية").is_empty());
}

async fn a_signed_title_is_not_found_nor_suggested(app: TestApp) {
    let answer = publish(&app, "كيف أسأل بالإشارة؟", &["اكتب سؤالك أو صوّره"]).await;
    let title = publish(&app, "اسألنا بالإشارة", &[]).await;
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE clip SET kind = 'signed_title' WHERE id = $1").bind(title).execute(&mut tx).await.unwrap();
    tx.changed(CLIP_CHANGES, title);
    tx.commit().await.unwrap();
    let (index, follower) = follower(&app).await;
    assert_eq!(found(&index, "اسأل بالإشارة"), [answer.to_string()]);
    follower.rebuild().await.unwrap();
    assert_eq!(found(&index, "اسأل بالإشارة"), [answer.to_string()]);
}

async fn the_newest_captions_and_aliases_are_searched(app: TestApp) {
    let (index, follower) = follower(&app).await;
    let clip = publish(&app, "عنوان", &["كلام قديم"]).await;
    let mut read = app.db.read().await.unwrap();
    let version: Uuid = query("SELECT published_version_id FROM clip").value(&mut read).await.unwrap();
    drop(read);
    caption(&app, clip, version, 2, &["كلام حديث"]).await;
    let mut tx = app.db.begin().await.unwrap();
    query(
        "INSERT INTO clip_alias (id, clip_id, text_ar, origin, created_at) VALUES ($1, $2, $3, 'editor', 0)",
    )
    .bind(new_id())
    .bind(clip)
    .bind("صيغة مرادفة".to_owned())
    .execute(&mut tx)
    .await
    .unwrap();
    tx.changed(CLIP_CHANGES, clip);
    tx.commit().await.unwrap();
    follower.catch_up().await.unwrap();
    assert_eq!(found(&index, "حديث"), [clip.to_string()]);
    assert_eq!(found(&index, "صيغة مرادفة"), [clip.to_string()]);
    assert!(found(&index, "قديم").is_empty());
}

async fn a_restart_continues_where_the_index_was(app: TestApp) {
    let (index, first) = follower(&app).await;
    publish(&app, "تجديد الهوية", &["نص"]).await;
    first.catch_up().await.unwrap();
    let position = index.last_seq();
    drop((index, first));
    let index = Arc::new(SearchIndex::open(&app.folder().join("index")).unwrap());
    assert_eq!(index.last_seq(), position);
    assert_eq!(found(&index, "تجديد").len(), 1);
}

async fn a_trimmed_feed_and_a_restored_database_lead_to_a_rebuild(app: TestApp) {
    let (index, follower) = follower(&app).await;
    let clips = [publish(&app, "تجديد الهوية", &["نص"]).await, publish(&app, "بدل فاقد", &["نص"]).await];
    feed::trim(&app.db, ishara::clock::Millis(i64::MAX)).await.unwrap();
    follower.catch_up().await.unwrap();
    assert_eq!((found(&index, "بدل فاقد")[0].clone(), index.clip_count()), (clips[1].to_string(), 2));
    index.apply(&[], 1_000_000).unwrap();
    follower.catch_up().await.unwrap();
    assert_eq!((follower.lag().await.unwrap(), index.clip_count()), (0, 2));
}

async fn a_running_follower_sees_a_commit_by_itself(app: TestApp) {
    let (index, follower) = follower(&app).await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(follower.run(stop.clone()));
    let clip = publish(&app, "تجديد الهوية", &["نص"]).await;
    let seen = async {
        while found(&index, "تجديد الهوية") != [clip.to_string()] {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), seen).await.expect("the clip is found in time");
    stop.cancel();
    running.await.unwrap();
}
