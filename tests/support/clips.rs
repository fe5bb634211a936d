//! Clips at every stage of their life, for tests.

use super::TestApp;
use ishara::catalog::captions::Cue;
use ishara::catalog::{self, By, ClipKind, ClipText, Decision, Lane, NewCaptions, NewClip, PublicationTimes};
use ishara::db::query;
use ishara::ids::{ClipId, RenditionId, StaffId};
use ishara::people::{self, Role, Staff};
use ishara::store::{Area, FileType, record_blob};

/// One person for each part of the work, all different.
pub struct Crew {
    pub producer: Staff,
    pub linguist: Staff,
    pub department: Staff,
}

impl TestApp {
    /// The account with this id.
    pub async fn person(&self, id: StaffId) -> Staff {
        let mut read = self.db.read().await.expect("a read");
        people::find(&mut read, id).await.expect("a read").expect("the account is there")
    }

    /// A producer, a linguistic reviewer, and a reviewer of the department `documents`.
    pub async fn crew(&self) -> Crew {
        let producer = self.staff("producer", Role::Producer).await;
        let linguist = self.staff("linguist", Role::LinguisticReviewer).await;
        let department = self.staff("department", Role::DepartmentReviewer).await;
        Crew {
            producer: self.person(producer).await,
            linguist: self.person(linguist).await,
            department: self.person(department).await,
        }
    }

    /// Words of a clip about renewing an ID, which belongs to `documents`.
    pub async fn words(&self, title: &str) -> ClipText {
        catalog::seed_at_first_start(&self.db).await.expect("the starting set");
        let mut read = self.db.read().await.expect("a read");
        let service = catalog::service_by_code(&mut read, "id.renew").await.expect("a read");
        ClipText {
            service_id: service.expect("the starting set has it").id,
            signer_id: None,
            sign_language: "sdl".to_owned(),
            title_ar: title.to_owned(),
            title_en: String::new(),
            question_ar: String::new(),
            summary_ar: "حدّث صورتك ثم قدّم الطلب في أبشر.".to_owned(),
            alt_ar: String::new(),
            sources: String::new(),
            fees_ar: String::new(),
            deadline_ar: String::new(),
        }
    }

    /// An empty draft of the producer.
    pub async fn draft(&self, producer: &Staff, title: &str) -> ClipId {
        let text = self.words(title).await;
        let new = NewClip { kind: ClipKind::Answer, text, external_id: None, sample: false };
        let mut tx = self.db.begin().await.expect("a transaction");
        let id = catalog::create_clip(&mut tx, By::Staff(producer), new).await.expect("a clip");
        tx.commit().await.expect("a commit");
        id
    }

    /// Gives the latest version finished media without FFmpeg: one rendition of the given bytes.
    pub async fn finish_media(&self, clip: ClipId, bytes: &'static [u8]) {
        let blob = self
            .store
            .put_bytes(Area::Renditions, bytes::Bytes::from_static(bytes), FileType::Mp4)
            .await
            .expect("a blob");
        let mut tx = self.db.begin().await.expect("a transaction");
        let version = catalog::latest_version(&mut tx, clip).await.expect("a version");
        record_blob(&mut tx, &blob).await.expect("a row");
        query(
            "INSERT INTO rendition (id, version_id, rung, storage_key, mime, width, height, fps_milli, frames, bytes,
                                    bitrate)
             VALUES ($1, $2, 'saver', $3, 'video/mp4', 360, 640, 25000, 250, $4, 600000)",
        )
        .bind(RenditionId::new(tx.now()))
        .bind(version.id)
        .bind(blob.key)
        .bind(i64::try_from(blob.bytes).expect("small"))
        .execute(&mut tx)
        .await
        .expect("a rendition");
        let row = catalog::clip(&mut tx, clip).await.expect("a read").expect("the clip");
        let hashes = catalog::actual_hashes(&mut tx, &row, version.id).await.expect("hashes");
        query(
            "UPDATE clip_version SET state = 'ready', media_state = 'ready', media_progress = 1000,
                    duration_ms = 10000, fps_milli = 25000, video_hash = $1 WHERE id = $2",
        )
        .bind(hashes.video)
        .bind(version.id)
        .execute(&mut tx)
        .await
        .expect("a ready version");
        tx.commit().await.expect("a commit");
    }

    /// Saves Arabic captions of one cue.
    pub async fn caption(&self, by: &Staff, clip: ClipId, text: &str) {
        let cues = vec![Cue { start_ms: 500, end_ms: 4_500, text: text.to_owned() }];
        let new = NewCaptions { lang: "ar", origin: "editor", cues };
        let mut tx = self.db.begin().await.expect("a transaction");
        catalog::save_captions(&mut tx, By::Staff(by), clip, None, new).await.expect("captions");
        tx.commit().await.expect("a commit");
    }

    /// A clip with video and captions, ready to be sent to review.
    pub async fn ready_clip(&self, crew: &Crew, title: &str) -> ClipId {
        let clip = self.draft(&crew.producer, title).await;
        self.finish_media(clip, b"rendition").await;
        self.caption(&crew.producer, clip, "حدّث صورتك ثم قدّم طلب التجديد").await;
        clip
    }

    /// The same, sent to review.
    pub async fn clip_in_review(&self, crew: &Crew, title: &str) -> ClipId {
        let clip = self.ready_clip(crew, title).await;
        self.submit(&crew.producer, clip).await;
        clip
    }

    /// Sends a clip to review.
    pub async fn submit(&self, producer: &Staff, clip: ClipId) {
        let mut tx = self.db.begin().await.expect("a transaction");
        catalog::submit(&mut tx, By::Staff(producer), clip, None, None).await.expect("all guards are met");
        tx.commit().await.expect("a commit");
    }

    /// One lane approves.
    pub async fn approve(&self, reviewer: &Staff, clip: ClipId, lane: Lane) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        catalog::decide(&mut tx, By::Staff(reviewer), clip, None, lane, Decision::Approved).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Both lanes approve.
    pub async fn approve_both(&self, crew: &Crew, clip: ClipId) {
        self.approve(&crew.linguist, clip, Lane::Linguistic).await.expect("the linguist may");
        self.approve(&crew.department, clip, Lane::Factual).await.expect("the department may");
    }

    /// A clip that both lanes approved.
    pub async fn approved_clip(&self, crew: &Crew, title: &str) -> ClipId {
        let clip = self.clip_in_review(crew, title).await;
        self.approve_both(crew, clip).await;
        clip
    }

    /// The latest version of a clip goes the whole way to the public.
    pub async fn review_and_publish(&self, crew: &Crew, clip: ClipId) {
        self.submit(&crew.producer, clip).await;
        self.approve_both(crew, clip).await;
        self.publish(&crew.producer, clip).await.expect("it is approved");
    }

    /// Publishes now.
    pub async fn publish(&self, producer: &Staff, clip: ClipId) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        catalog::publish(&mut tx, By::Staff(producer), clip, None, PublicationTimes::default()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A clip that the public sees.
    pub async fn published_clip(&self, crew: &Crew, title: &str) -> ClipId {
        let clip = self.approved_clip(crew, title).await;
        self.publish(&crew.producer, clip).await.expect("it is approved");
        clip
    }
}
