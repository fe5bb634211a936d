//! Signed questions: always private, never public, deleted when their time is over.

use super::video_job::PrepareVideo;
use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::db::{Tx, query};
use crate::ids::{QuestionId, StaffId, UploadId};
use crate::jobs;
use crate::store::BlobKey;
use crate::uploads::consume_from_citizen;

/// Takes a citizen's complete upload for this question, once. The id is the proof: only its sender was told it.
pub(super) async fn attach(tx: &mut Tx, question: QuestionId, upload: UploadId) -> anyhow::Result<()> {
    let video = consume_from_citizen(tx, upload).await?;
    query("UPDATE question SET video_key = $1, video_upload_id = $2, video_state = 'waiting' WHERE id = $3")
        .bind(video.storage_key)
        .bind(upload)
        .bind(question)
        .execute(tx)
        .await?;
    jobs::enqueue::<App, _>(tx, &PrepareVideo { question_id: question, part: None }).await?;
    Ok(())
}

/// Records that a member of staff opens what is signed in a case and stored under `key`.
pub async fn record_viewing(app: &App, staff: StaffId, key: BlobKey) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let shown: Vec<(QuestionId,)> = query(
        "SELECT id FROM question WHERE video_key = $1
               UNION SELECT question_id FROM case_video WHERE video_key = $1 ORDER BY 1",
    )
    .bind(key)
    .all(&mut tx)
    .await?;
    for (question,) in shown {
        tx.record(Entry::new(Actor::Staff(staff), "question.video_viewed", "question", question));
    }
    tx.commit().await?;
    Ok(())
}
