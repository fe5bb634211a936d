//! What the tests of questions set up: services, published clips, questions, and the jobs that run.

use crate::support::TestApp;
use bytes::Bytes;
use ishara::app::App;
use ishara::channels;
use ishara::db::query;
use ishara::ids::{ChannelId, ClipId, QuestionId, ServiceId, TicketId, UploadId, VersionId};
use ishara::jobs::{Queue, Runner};
use ishara::people::{self, Role, Staff};
use ishara::questions::{self, Finish, Force, NewQuestion, NewReply, OwnSigning, Question, Receipt, Reply};
use ishara::refusal::Refusal;
use ishara::search::Follower;
use ishara::store::{Area, Blob, FileType, record_blob};
use ishara::text::Privacy;
use std::path::Path;
use std::process::Command;

/// Runs every job that is due.
pub async fn run_jobs(app: &TestApp) {
    index(app).await;
    let runner: Runner<App> = questions::register(Runner::new(app.db.clone(), (**app).clone()));
    while runner.run_one(Queue::Default).await.unwrap() {}
}

/// Brings the search index in step with what is published.
pub async fn index(app: &TestApp) {
    Follower::new(app.db.clone(), app.search.clone()).catch_up().await.unwrap();
}

/// The web channel.
pub async fn web(app: &TestApp) -> ChannelId {
    let mut tx = app.db.begin().await.unwrap();
    let id = channels::web(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// A question by the public form; the same text is the same delivery.
pub async fn ask(app: &TestApp, text: &str) -> Receipt {
    let channel = web(app).await;
    let name = format!("t:{:x?}", ishara::ids::secret_hash(text));
    questions::receive(app, NewQuestion::text(channel, name, text)).await.unwrap()
}

/// A question as the desk has it.
pub async fn load(app: &TestApp, id: QuestionId) -> Question {
    let mut read = app.db.read().await.unwrap();
    questions::find(&mut read, id).await.unwrap().unwrap()
}

/// A service of the department `documents`.
pub async fn service(app: &TestApp, code: &str) -> ServiceId {
    let department = app.department("documents").await;
    let mut tx = app.db.begin().await.unwrap();
    let now = tx.now();
    let known: Option<(ServiceId,)> = query("SELECT id FROM service WHERE code = $1")
        .bind(code.to_owned())
        .optional(&mut tx)
        .await
        .unwrap();
    if let Some((id,)) = known {
        return id;
    }
    let id = ServiceId::new(now);
    query(
        "INSERT INTO service (id, code, topic, name_ar, name_en, kind, icon, sort, department_id, active, created_at,
                              row_version)
         VALUES ($1, $2, 'id', $2, $2, 'information', 'id', 1, $3, $4, $5, 1)",
    )
    .bind(id)
    .bind(code.to_owned())
    .bind(department)
    .bind(true)
    .bind(now)
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

/// A clip of a kind (`answer`, `safety`) with this title, not yet published.
pub async fn clip(app: &TestApp, slug: &str, kind: &str, title: &str) -> ClipId {
    let service = service(app, "id.renew").await;
    let mut tx = app.db.begin().await.unwrap();
    let now = tx.now();
    let id = ClipId::new(now);
    query(
        "INSERT INTO clip (id, slug, kind, service_id, title_ar, title_en, question_ar, summary_ar, alt_ar,
                           sign_language, sources, sample, created_at, updated_at, row_version)
         VALUES ($1, $2, $3, $4, $5, '', '', $6, '', 'sdl', '[]', $7, $8, $8, 1)",
    )
    .bind(id)
    .bind(slug.to_owned())
    .bind(kind.to_owned())
    .bind(service)
    .bind(title.to_owned())
    .bind(format!("{title} في أبشر."))
    .bind(false)
    .bind(now)
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

/// Makes a clip public, as publication leaves it in the rows.
pub async fn publish(app: &TestApp, clip: ClipId) {
    let mut tx = app.db.begin().await.unwrap();
    let now = tx.now();
    let version = VersionId::new(now);
    query(
        "INSERT INTO clip_version (id, clip_id, n, state, state_since, change_note, original_name, video_hash,
                                   captions_hash, text_hash, media_state, media_progress, has_audio, probe, checks,
                                   published_at, duration_ms, created_at, row_version)
         VALUES ($1, $2, 1, 'published', $3, '', '', '', '', '', 'ready', 1000, $4, '{}', '[]', $3, 12000, $3, 1)",
    )
    .bind(version)
    .bind(clip)
    .bind(now)
    .bind(false)
    .execute(&mut tx)
    .await
    .unwrap();
    query(
        "UPDATE clip SET published_version_id = $1, first_published_at = $2, published_at = $2 WHERE id = $3",
    )
    .bind(version)
    .bind(now)
    .bind(clip)
    .execute(&mut tx)
    .await
    .unwrap();
    tx.changed("clip", clip);
    tx.commit().await.unwrap();
}

/// Other published answers: a matcher judges a suggestion against the rest of the library.
const LIBRARY: [&str; 14] = [
    "كيف أسجل مولودًا جديدًا؟",
    "كيف أوثق واقعة زواج؟",
    "أين أجد فروع الأحوال المدنية؟",
    "كيف أحجز موعدًا؟",
    "كيف أستعيد حساب أبشر؟",
    "ما خدمة تقدير ومن يستفيد منها؟",
    "كيف أقدم شكوى أو اقتراحًا في تحسين؟",
    "متى أسجل واقعة الوفاة؟",
    "كيف أحدّث العنوان الوطني؟",
    "ما ضوابط الصورة الشخصية؟",
    "كيف أغير اسم ابنتي؟",
    "كيف أستخرج سجل الأسرة؟",
    "كيف أسجل واقعة طلاق؟",
    "ما خدمة بياناتي؟",
];

/// A published answer, in a library of others.
pub async fn published(app: &TestApp, slug: &str, title: &str) -> ClipId {
    let mut read = app.db.read().await.unwrap();
    let clips: i64 = query("SELECT COUNT(*) FROM clip").value(&mut read).await.unwrap();
    drop(read);
    if clips == 0 {
        for (n, other) in LIBRARY.into_iter().enumerate() {
            let id = clip(app, &format!("other-{n}"), "answer", other).await;
            publish(app, id).await;
        }
    }
    let id = clip(app, slug, "answer", title).await;
    publish(app, id).await;
    id
}

/// Every file of the program's folder that holds `needle`, as bytes.
pub fn files_with(app: &TestApp, needle: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![app.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read(&path)
                .unwrap()
                .windows(needle.len())
                .any(|window| window == needle.as_bytes())
            {
                found.push(path);
            }
        }
    }
    found
}

/// A member of staff of the department `documents`, where that matters.
pub async fn staff(app: &TestApp, name: &str, role: Role) -> Staff {
    let id = app.staff(name, role).await;
    let mut read = app.db.read().await.unwrap();
    people::find(&mut read, id).await.unwrap().unwrap()
}

/// A woman of the desk.
pub async fn woman(app: &TestApp, name: &str, role: Role) -> Staff {
    let mut staff = staff(app, name, role).await;
    staff.woman = true;
    let mut tx = app.db.begin().await.unwrap();
    people::update(&mut tx, ishara::audit::Actor::System, &staff).await.unwrap();
    tx.commit().await.unwrap();
    staff
}

/// The code of the refusal inside an error.
pub fn code<T: std::fmt::Debug>(outcome: anyhow::Result<T>) -> &'static str {
    let error = outcome.unwrap_err();
    error.downcast_ref::<Refusal>().unwrap_or_else(|| panic!("not a refusal: {error:#}")).code
}

/// A submitted reply with this clip.
pub fn with_clip(clip: ClipId, privacy: Privacy) -> NewReply {
    NewReply {
        clip_id: Some(clip),
        text: String::new(),
        privacy,
        override_reason: String::new(),
        unsigned_reason: Some(String::new()),
        signing: OwnSigning::AsItIs,
        finish: Finish::Submit,
    }
}

/// A submitted reply with this text.
pub fn with_text(text: &str, privacy: Privacy) -> NewReply {
    NewReply {
        clip_id: None,
        text: text.to_owned(),
        privacy,
        override_reason: String::new(),
        unsigned_reason: Some(String::new()),
        signing: OwnSigning::AsItIs,
        finish: Finish::Submit,
    }
}

/// A matched question, its answer, and the agent who has claimed it.
pub async fn claimed(app: &TestApp, text: &str) -> (Receipt, ClipId, Staff) {
    let clip = published(app, "renew", "كيف أجدد الهوية الوطنية؟").await;
    let agent = staff(app, "agent", Role::Agent).await;
    let receipt = ask(app, text).await;
    run_jobs(app).await;
    questions::claim(app, &agent, receipt.id, Force::Polite).await.unwrap();
    (receipt, clip, agent)
}

/// A question that was answered by its clip, and the reply.
pub async fn answered(app: &TestApp) -> (Receipt, ClipId, Staff, Reply) {
    let (receipt, clip, agent) = claimed(app, "كيف أجدد الهوية الوطنية؟").await;
    let reply =
        questions::write_reply(app, &agent, receipt.id, with_clip(clip, Privacy::Public)).await.unwrap();
    app.clock.advance(questions::UNDO_FOR);
    run_jobs(app).await;
    (receipt, clip, agent, reply)
}

/// A phone's film: a real signing clip, with `place` written into it.
pub fn film(app: &TestApp, place: &str) -> Vec<u8> {
    let clip = Path::new(env!("CARGO_MANIFEST_DIR")).join("media/fixtures/signing/help.mkv");
    let out = app.folder().join("film.mp4");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y", "-i"])
        .arg(clip)
        .args(["-c", "copy", "-metadata", &format!("location={place}"), "-movflags", "use_metadata_tags"])
        .arg(&out)
        .status()
        .unwrap();
    assert!(made.success());
    let bytes = std::fs::read(&out).unwrap();
    std::fs::remove_file(out).unwrap();
    bytes
}

/// A complete upload under a ticket.
pub async fn sent(app: &TestApp, bytes: Vec<u8>) -> (UploadId, Blob) {
    let blob = app.store.put_bytes(Area::Questions, Bytes::from(bytes), FileType::Mp4).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let now = tx.now();
    let upload = UploadId::new(now);
    record_blob(&mut tx, &blob).await.unwrap();
    query(
        "INSERT INTO upload (id, owner_kind, owner_id, state, length, received, max_bytes, metadata, file_name,
                             storage_key, expires_at, created_at)
         VALUES ($1, 'ticket', $2, 'complete', 5, 5, 100, '', 'v.mp4', $3, $4, $4)",
    )
    .bind(upload)
    .bind(TicketId::new(now))
    .bind(blob.key)
    .bind(now)
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    (upload, blob)
}

/// Runs every job of every queue that is due: videos are encoded, and what is no longer needed is deleted.
pub async fn run_media(app: &TestApp) {
    let runner: Runner<App> = questions::register(Runner::new(app.db.clone(), (**app).clone()));
    for queue in [Queue::Media, Queue::Default] {
        while runner.run_one(queue).await.unwrap() {}
    }
}
