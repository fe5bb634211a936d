//! Rows and blobs as the studio and the desk leave them, written directly: these tests are about who may read them.

use crate::support::TestApp;
use axum::body::Bytes;
use ishara::db::{Tx, query};
use ishara::ids::{ChannelId, ClipId, PictureId, QuestionId, RenditionId, ServiceId, VersionId};
use ishara::store::{Area, Blob, BlobKey, FileType, record_blob};

/// A stored file without any row that refers to it.
pub async fn blob(app: &TestApp, area: Area, content: impl Into<Bytes>, file_type: FileType) -> BlobKey {
    let blob = app.store.put_bytes(area, content.into(), file_type).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    record_blob(&mut tx, &Blob { key: blob.key, bytes: blob.bytes }).await.unwrap();
    tx.commit().await.unwrap();
    blob.key
}

/// A clip with one version that is not published.
pub struct Shelved {
    pub clip: ClipId,
    pub version: VersionId,
}

pub async fn clip(app: &TestApp, slug: &str) -> Shelved {
    let department = app.department("documents").await;
    let mut tx = app.db.begin().await.unwrap();
    let now = tx.now();
    let (service, clip, version) = (ServiceId::new(now), ClipId::new(now), VersionId::new(now));
    query(
        "INSERT INTO service (id, code, topic, name_ar, name_en, kind, icon, sort, department_id, active, created_at,
                              row_version)
         VALUES ($1, $2, 't', 'خدمة', 'Service', 'information', 'id', 1, $3, $4, $5, 1)",
    )
    .bind(service)
    .bind(slug)
    .bind(department)
    .bind(true)
    .bind(now)
    .execute(&mut tx)
    .await
    .unwrap();
    query(
        "INSERT INTO clip (id, slug, kind, service_id, title_ar, title_en, question_ar, summary_ar, alt_ar,
                           sign_language, sources, sample, created_at, updated_at, row_version)
         VALUES ($1, $2, 'answer', $3, 'عنوان', '', '', '', '', 'sdl', '', $4, $5, $5, 1)",
    )
    .bind(clip)
    .bind(slug)
    .bind(service)
    .bind(false)
    .bind(now)
    .execute(&mut tx)
    .await
    .unwrap();
    query(
        "INSERT INTO clip_version (id, clip_id, n, state, state_since, change_note, original_name, video_hash,
                                   captions_hash, text_hash, media_state, media_progress, has_audio, probe, checks,
                                   created_at, row_version)
         VALUES ($1, $2, 1, 'published', $3, '', '', '', '', '', 'ready', 1000, $4, '{}', '[]', $3, 1)",
    )
    .bind(version)
    .bind(clip)
    .bind(now)
    .bind(false)
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    Shelved { clip, version }
}

pub async fn rendition(app: &TestApp, of: &Shelved, rung: &str, content: impl Into<Bytes>) -> BlobKey {
    let key = blob(app, Area::Renditions, content, FileType::Mp4).await;
    let mut tx = app.db.begin().await.unwrap();
    let now = tx.now();
    query(
        "INSERT INTO rendition (id, version_id, rung, storage_key, mime, width, height, fps_milli, frames, bytes, bitrate)
         VALUES ($1, $2, $3, $4, 'video/mp4', 640, 360, 25000, 25, 1, 1)",
    )
    .bind(RenditionId::new(now))
    .bind(of.version)
    .bind(rung)
    .bind(key)
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    key
}

pub async fn poster(app: &TestApp, of: &Shelved, content: &'static str) -> BlobKey {
    let key = blob(app, Area::Pictures, content, FileType::Jpeg).await;
    let mut tx = app.db.begin().await.unwrap();
    let now = tx.now();
    query(
        "INSERT INTO picture (id, version_id, role, n, storage_key, mime, width, height, bytes)
         VALUES ($1, $2, 'poster', 1, $3, 'image/jpeg', 640, 360, 1)",
    )
    .bind(PictureId::new(now))
    .bind(of.version)
    .bind(key)
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    key
}

/// Shows a version to the public, or with `None` takes the clip back.
pub async fn publish(app: &TestApp, clip: ClipId, version: Option<VersionId>) {
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE clip SET published_version_id = $1 WHERE id = $2")
        .bind(version)
        .bind(clip)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.changed("clip", clip);
    tx.commit().await.unwrap();
}

/// Whether the asker of a signed question wants a woman to look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Anybody,
    Woman,
}

/// A signed question.
pub async fn question(app: &TestApp, wish: Wish, content: &'static str) -> BlobKey {
    let key = blob(app, Area::Questions, content, FileType::Mp4).await;
    let mut tx = app.db.begin().await.unwrap();
    let now = tx.now();
    let (channel, id) = (ChannelId::new(now), QuestionId::new(now));
    query("INSERT INTO channel (id, kind, name, active, created_at) VALUES ($1, 'web', $2, $3, $4)")
        .bind(channel)
        .bind(id.to_string())
        .bind(true)
        .bind(now)
        .execute(&mut tx)
        .await
        .unwrap();
    insert_question(&mut tx, channel, id, key, wish).await;
    tx.commit().await.unwrap();
    key
}

async fn insert_question(tx: &mut Tx, channel: ChannelId, id: QuestionId, key: BlobKey, wish: Wish) {
    let now = tx.now();
    query(
        "INSERT INTO question (id, code, secret_hash, channel_id, external_id, clear_until, redacted, video_key,
                               video_state, intent, privacy, route_reasons, urgent, wants_woman, had_secret, state,
                               state_since, cycle, received_at, due_at, row_version)
         VALUES ($1, $2, $3, $4, $2, $5, '', $6, 'ready', 'information', 'private', '[]', $7, $8, $7, 'new', $5, 1, $5,
                 $5, 1)",
    )
    .bind(id)
    .bind(id.to_string())
    .bind(id.to_string().into_bytes())
    .bind(channel)
    .bind(now)
    .bind(key)
    .bind(false)
    .bind(wish == Wish::Woman)
    .execute(tx)
    .await
    .unwrap();
}
