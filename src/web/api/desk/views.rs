//! What the desk's calls answer; times in RFC 3339.

use super::super::case::{MessageView, SignedView};
use crate::catalog::media_url;
use crate::clock::Millis;
use crate::ids::{BriefId, ClipId, QuestionId, ReplyId, StaffId};
use crate::questions::state::{QuestionState, ReplyState};
use crate::questions::{
    BriefNote, Clear, ClipCard, Cursor, DeskRow, HistoryEntry, Question, QuestionDetail, Reason, Reply,
    ReplyDetail, Segment, SuggestionCard,
};
use serde::Serialize;
use utoipa::ToSchema;

fn when(at: Option<Millis>) -> Option<String> {
    at.map(Millis::rfc3339)
}

/// A page of the list.
#[derive(Serialize, ToSchema)]
pub(super) struct ListView {
    questions: Vec<RowView>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A line of the list.
#[derive(Serialize, ToSchema)]
pub(super) struct RowView {
    id: QuestionId,
    code: String,
    text: String,
    is_closed_to_me: bool,
    state: QuestionState,
    intent: String,
    privacy: String,
    urgent: bool,
    wants_woman: bool,
    video: String,
    channel: String,
    service: Option<String>,
    /// 0 to 1.
    confidence: Option<f64>,
    best_title_ar: Option<String>,
    claim: Option<ClaimOfRow>,
    cycle: i64,
    received_at: String,
    due_at: String,
    overdue: bool,
    /// When the supervisors were told that the answer is late.
    escalated_at: Option<String>,
}

/// Who works on it.
#[derive(Serialize, ToSchema)]
struct ClaimOfRow {
    by: Option<StaffId>,
    name: Option<String>,
    until: Option<String>,
}

impl RowView {
    fn of(row: DeskRow, now: Millis) -> Self {
        let claim = row.is_claimed_at(now).then(|| ClaimOfRow {
            by: row.claimed_by,
            name: row.claimed_name.clone(),
            until: when(row.claim_until),
        });
        Self {
            overdue: row.is_overdue_at(now),
            claim,
            confidence: row.confidence.map(|thousandths| thousandths as f64 / 1000.0),
            id: row.id,
            code: row.code,
            text: row.redacted,
            is_closed_to_me: row.is_closed_to_me,
            state: row.state,
            intent: row.intent,
            privacy: row.privacy,
            urgent: row.urgent,
            wants_woman: row.wants_woman,
            video: row.video_state,
            channel: row.channel,
            service: row.service,
            best_title_ar: row.best_title_ar,
            cycle: row.cycle,
            received_at: row.received_at.rfc3339(),
            due_at: row.due_at.rfc3339(),
            escalated_at: when(row.escalated_at),
        }
    }
}

impl ListView {
    pub(super) fn of(rows: Vec<DeskRow>, next: Option<Cursor>, now: Millis) -> Self {
        let questions = rows.into_iter().map(|row| RowView::of(row, now)).collect();
        Self { questions, next: next.map(|cursor| cursor.to_string()) }
    }
}

/// One question.
#[derive(Serialize, ToSchema)]
pub(super) struct QuestionView {
    #[serde(flatten)]
    row: RowView,
    segments: Vec<Segment>,
    reasons: Vec<Reason>,
    /// What asker and desk wrote to each other, oldest first.
    messages: Vec<MessageView>,
    suggestions: Vec<SuggestionCard>,
    replies: Vec<ReplyOfQuestion>,
    can_reveal: bool,
    clear_until: String,
    video_url: Option<String>,
    brief: Option<BriefView>,
    history: Vec<HistoryView>,
}

/// A reply with names.
#[derive(Serialize, ToSchema)]
struct ReplyOfQuestion {
    #[serde(flatten)]
    reply: ReplyView,
    clip: Option<ClipCard>,
    /// What its author signed for this asker alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    video: Option<SignedView>,
    author: String,
    decided_by_name: Option<String>,
    understood: Option<bool>,
    delivery: Option<String>,
}

/// What the studio was asked.
#[derive(Serialize, ToSchema)]
struct BriefView {
    id: BriefId,
    note: String,
    state: String,
    clip_id: Option<ClipId>,
}

/// One thing that happened.
#[derive(Serialize, ToSchema)]
struct HistoryView {
    at: String,
    verb: String,
    by: Option<String>,
}

impl QuestionView {
    pub(super) fn of(detail: QuestionDetail, now: Millis) -> Self {
        let video_url = detail.video_key.map(media_url);
        Self {
            row: RowView::of(detail.row, now),
            segments: detail.segments,
            reasons: detail.reasons,
            messages: detail.messages.into_iter().map(MessageView::of_desk).collect(),
            suggestions: detail.suggestions,
            replies: detail.replies.into_iter().map(ReplyOfQuestion::of).collect(),
            can_reveal: detail.can_reveal,
            clear_until: detail.clear_until.rfc3339(),
            video_url,
            brief: detail.brief.map(BriefView::of),
            history: detail.history.into_iter().map(HistoryView::of).collect(),
        }
    }
}

impl ReplyOfQuestion {
    fn of(detail: ReplyDetail) -> Self {
        Self {
            reply: ReplyView::of(&detail.reply),
            clip: detail.clip,
            video: detail.video.map(|video| {
                let url = video.key().map(media_url);
                SignedView::of(&video, url)
            }),
            author: detail.author,
            decided_by_name: detail.decided_by,
            understood: detail.understood,
            delivery: detail.delivery,
        }
    }
}

impl BriefView {
    fn of(note: BriefNote) -> Self {
        Self { id: note.id, note: note.note, state: note.state, clip_id: note.clip_id }
    }
}

impl HistoryView {
    fn of(entry: HistoryEntry) -> Self {
        Self { at: entry.at.rfc3339(), verb: entry.verb, by: entry.by }
    }
}

/// A claim.
#[derive(Serialize, ToSchema)]
pub(super) struct ClaimView {
    question_id: QuestionId,
    state: QuestionState,
    claimed_by: Option<StaffId>,
    until: Option<String>,
}

impl ClaimView {
    pub(super) fn of(question: &Question) -> Self {
        Self {
            question_id: question.id,
            state: question.state,
            claimed_by: question.claimed_by,
            until: when(question.claim_until),
        }
    }
}

/// A reply.
#[derive(Serialize, ToSchema)]
pub(super) struct ReplyView {
    id: ReplyId,
    question_id: QuestionId,
    state: ReplyState,
    clip_id: Option<ClipId>,
    text: String,
    privacy: String,
    override_reason: String,
    /// Why a question asked in sign is answered in writing alone.
    unsigned_reason: String,
    author_id: StaffId,
    needs_approval: bool,
    /// It can be taken back until then.
    undo_until: Option<String>,
    decided_by: Option<StaffId>,
    decision_reason: String,
    created_at: String,
    sent_at: Option<String>,
}

impl ReplyView {
    pub(super) fn of(reply: &Reply) -> Self {
        let held = reply.state == ReplyState::Held;
        Self {
            id: reply.id,
            question_id: reply.question_id,
            state: reply.state,
            clip_id: reply.clip_id,
            text: reply.body.clone(),
            privacy: reply.privacy.clone(),
            override_reason: reply.override_reason.clone(),
            unsigned_reason: reply.unsigned_reason.clone(),
            author_id: reply.author_id,
            needs_approval: reply.needs_approval,
            undo_until: when(reply.not_before.filter(|_| held)),
            decided_by: reply.decided_by,
            decision_reason: reply.decision_reason.clone(),
            created_at: reply.created_at.rfc3339(),
            sent_at: when(reply.sent_at),
        }
    }
}

/// The clear text.
#[derive(Serialize, ToSchema)]
pub(super) struct ClearView {
    text: Option<String>,
    /// What the asker wrote later, oldest first.
    later: Vec<String>,
    contact: Option<String>,
    thread: Option<String>,
}

impl ClearView {
    pub(super) fn of(clear: Clear) -> Self {
        Self { text: clear.text, later: clear.later, contact: clear.contact, thread: clear.thread }
    }
}
