//! One question as the desk sees it: masked text, route, suggestions, replies, clock.

use super::access;
use super::card::{ClipCard, SuggestionCard, card, suggestions};
use super::case_video::{self, CaseVideo};
use super::desk::{DeskRow, ROW};
use super::message::{self, Message};
use super::reason::{Reason, reason};
use super::reply::{self, Reply};
use super::row;
use super::text::{Segment, segments};
use crate::clock::Millis;
use crate::db::{Conn, query, query_text};
use crate::ids::{BriefId, ClipId, QuestionId};
use crate::people::{self, Staff};
use crate::refusal::{Refusal, refuse};
use crate::store::BlobKey;

/// Everything that the page of a question shows.
#[derive(Debug, Clone)]
pub struct QuestionDetail {
    /// The line of the list.
    pub row: DeskRow,
    /// The text with its masks as pieces.
    pub segments: Vec<Segment>,
    /// Why it is public or private.
    pub reasons: Vec<Reason>,
    /// What asker and desk wrote to each other, oldest first.
    pub messages: Vec<Message>,
    /// Published clips that may answer, best first.
    pub suggestions: Vec<SuggestionCard>,
    /// Everything written to the asker, oldest first.
    pub replies: Vec<ReplyDetail>,
    /// Whether the clear text can still be opened.
    pub can_reveal: bool,
    /// Until when the clear text is kept.
    pub clear_until: Millis,
    /// Where the signed question is stored, once it is checked and encoded.
    pub video_key: Option<BlobKey>,
    /// Whether the question was signed, or something that the asker added to it.
    pub asked_in_sign: bool,
    /// What the studio was asked.
    pub brief: Option<BriefNote>,
    /// What happened, oldest first.
    pub history: Vec<HistoryEntry>,
}

/// A reply with the names that people know.
#[derive(Debug, Clone)]
pub struct ReplyDetail {
    /// The reply.
    pub reply: Reply,
    /// Its clip.
    pub clip: Option<ClipCard>,
    /// What its author signed for this asker.
    pub video: Option<CaseVideo>,
    /// Who wrote it.
    pub author: String,
    /// Who decided.
    pub decided_by: Option<String>,
    /// What the asker said, once they did.
    pub understood: Option<bool>,
    /// Where the posting stands.
    pub delivery: Option<String>,
}

/// What the studio was asked.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct BriefNote {
    /// Which brief.
    pub id: BriefId,
    /// The words.
    pub note: String,
    /// `proposed`, `accepted` or `done`.
    pub state: String,
    /// The clip being made.
    pub clip_id: Option<ClipId>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// When.
    pub at: Millis,
    /// For example `question.claimed`.
    pub verb: String,
    /// The member of staff, if it was one.
    pub by: Option<String>,
}

/// The question, if this person may open it.
pub async fn detail(conn: &mut impl Conn, staff: &Staff, id: QuestionId) -> anyhow::Result<QuestionDetail> {
    let question = row::get(conn, id).await?;
    access::check(conn, staff, &question).await?;
    let row: Option<DeskRow> = query_text(format!("{ROW} WHERE q.id = $1")).bind(id).optional(conn).await?;
    let row = row.ok_or_else(|| refuse(Refusal::not_found()))?;
    let kinds = row::redaction_kinds(conn, id).await?;
    let mut replies = Vec::new();
    for reply in reply::of_question(conn, id).await? {
        replies.push(reply_detail(conn, reply).await?);
    }
    let sealed: i64 = query(
        "SELECT COUNT(*) FROM question
         WHERE id = $1 AND (clear_sealed IS NOT NULL OR contact_sealed IS NOT NULL OR thread_sealed IS NOT NULL
                           OR EXISTS (SELECT 1 FROM message m WHERE m.question_id = question.id
                                                                AND m.clear_sealed IS NOT NULL))",
    )
    .bind(id)
    .value(conn)
    .await?;
    Ok(QuestionDetail {
        segments: segments(&row.redacted, &kinds),
        row,
        reasons: question.reasons().iter().filter_map(|code| reason(code)).collect(),
        messages: message::of_question(conn, id).await?,
        suggestions: suggestions(conn, id).await?,
        replies,
        asked_in_sign: case_video::asked_in_sign(conn, &question).await?,
        can_reveal: sealed == 1,
        clear_until: question.clear_until,
        // Nobody sees the original: it has not been checked.
        video_key: question.video_key.filter(|_| question.video_state == "kept"),
        brief: query("SELECT id, note, state, clip_id FROM brief WHERE question_id = $1")
            .bind(id)
            .optional(conn)
            .await?,
        history: history(conn, id).await?,
    })
}

async fn reply_detail(conn: &mut impl Conn, reply: Reply) -> anyhow::Result<ReplyDetail> {
    let clip = match reply.clip_id {
        Some(clip) => card(conn, clip).await?,
        None => None,
    };
    let author = people::find(conn, reply.author_id).await?.map(|staff| staff.display_name);
    let decided_by = match reply.decided_by {
        Some(staff) => people::find(conn, staff).await?.map(|staff| staff.display_name),
        None => None,
    };
    let delivery: Option<(String,)> =
        query("SELECT state FROM delivery WHERE reply_id = $1").bind(reply.id).optional(conn).await?;
    let understood = understood(conn, &reply).await?;
    Ok(ReplyDetail {
        clip,
        video: case_video::of_reply(conn, reply.id).await?,
        author: author.unwrap_or_default(),
        decided_by,
        understood,
        delivery: delivery.map(|row| row.0),
        reply,
    })
}

/// What the asker said about a reply, once they did.
pub(super) async fn understood(conn: &mut impl Conn, reply: &Reply) -> sqlx::Result<Option<bool>> {
    let said: Option<(bool,)> = query("SELECT understood FROM reply_feedback WHERE reply_id = $1")
        .bind(reply.id)
        .optional(conn)
        .await?;
    Ok(said.map(|row| row.0))
}

async fn history(conn: &mut impl Conn, id: QuestionId) -> sqlx::Result<Vec<HistoryEntry>> {
    let rows: Vec<(Millis, String, Option<String>)> = query(
        "SELECT a.at, a.verb, m.display_name FROM audit a
         LEFT JOIN staff m ON m.id = a.actor_id AND a.actor_kind = 'staff'
         WHERE a.subject_id = $1 ORDER BY a.seq",
    )
    .bind(id.uuid())
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|(at, verb, by)| HistoryEntry { at, verb, by }).collect())
}
