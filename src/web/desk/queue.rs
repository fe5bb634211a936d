//! The queue: who waits, how long still, and who works on it.

use crate::clock::Millis;
use crate::people::Permission;
use crate::questions::state::QuestionState;
use crate::questions::{self, Cursor, DeskCounts, DeskRow, Filter as Wanted, Part, VideoLoss};
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, StaffShell, page};
use crate::web::present::{MaskedPiece, masked_pieces, time_left};
use crate::web::staff::Visit;
use crate::web::staff::table::Filter;
use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

const PAGE: i64 = 40;
/// From here on the clock warns: a shift is eight hours, an answer takes less than three.
const SOON_MS: i64 = 3 * 60 * 60 * 1_000;

/// Which part of the queue is shown.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "desk/list.html")]
struct DeskPage {
    t: Words,
    shell: StaffShell,
    queue: Queue,
    approvals: i64,
}

/// The queue beside every page of the desk.
pub(super) struct Queue {
    pub(super) open: i64,
    pub(super) late: i64,
    pub(super) filters: Vec<Filter>,
    pub(super) rows: Vec<QueueRow>,
    pub(super) filtered: bool,
    pub(super) empty: String,
    pub(super) more: Option<String>,
    /// The matcher has words only.
    pub(super) lexical_only: bool,
}

/// One question of the queue.
pub(super) struct QueueRow {
    pub(super) href: String,
    pub(super) current: bool,
    pub(super) clock: Clock,
    pub(super) marks: Vec<Mark>,
    pub(super) text: Vec<MaskedPiece>,
    pub(super) state: String,
    pub(super) holder: Option<String>,
}

/// How much time is left, with its colour.
pub(super) struct Clock {
    pub(super) tone: &'static str,
    pub(super) text: String,
}

/// A word with its icon.
pub(super) struct Mark {
    pub(super) icon: &'static str,
    pub(super) text: String,
}

impl Mark {
    pub(super) fn new(icon: &'static str, text: String) -> Self {
        Self { icon, text }
    }
}

/// The clock of a question.
pub(super) fn clock(t: Words, due_at: Millis, now: Millis) -> Clock {
    let tone = match due_at.since(now) {
        left if left <= 0 => "late",
        left if left < SOON_MS => "soon",
        _ => "ok",
    };
    Clock { tone, text: time_left(t, due_at, now) }
}

/// `GET /desk`. A department reviewer works in the approvals.
pub(super) async fn show(visit: Visit, Query(shown): Query<Shown>) -> Result<Response, AppError> {
    visit.require(Permission::ViewDesk)?;
    if visit.may(Permission::ReviewFacts) && shown.show.is_empty() {
        return Ok(Redirect::to("/desk/approvals").into_response());
    }
    let (queue, counts) = load(&visit, &shown, None).await?;
    let shell = visit.shell(StaffSection::Desk);
    page(&DeskPage { t: visit.t(), shell, queue, approvals: counts.awaiting_approval })
}

/// The queue with its counts; `current` is the question whose page this is.
pub(super) async fn load(
    visit: &Visit,
    shown: &Shown,
    current: Option<crate::ids::QuestionId>,
) -> Result<(Queue, DeskCounts), AppError> {
    let t = visit.t();
    let now = visit.app.clock.now();
    let staff = &visit.caller.staff;
    let (part, state) = match shown.show.as_str() {
        "mine" => (Part::Mine, None),
        "gap" => (Part::All, Some(QuestionState::Gap)),
        "late" => (Part::Overdue, None),
        _ => (Part::All, None),
    };
    let wanted = Wanted { state, service: None, part, after: shown.after.parse::<Cursor>().ok() };
    let mut read = visit.app.db.read().await?;
    let counts = questions::counts(&mut read, staff, now).await?;
    let (rows, next) = questions::list(&mut read, staff, &wanted, now, PAGE).await?;
    drop(read);
    let filtered = part != Part::All || state.is_some();
    let queue = Queue {
        open: counts.open,
        late: counts.overdue,
        filters: filters(t, &shown.show, &counts),
        rows: rows.iter().map(|row| queue_row(visit, t, row, now, current)).collect(),
        filtered,
        empty: t.get(if filtered { "desk-empty-filter" } else { "desk-empty" }),
        lexical_only: !visit.app.meanings.is_ready(),
        more: next.map(|next| format!("/desk?show={}&after={next}", word(&shown.show))),
    };
    Ok((queue, counts))
}

/// Only words that we know go back into an address.
fn word(show: &str) -> &'static str {
    match show {
        "mine" => "mine",
        "gap" => "gap",
        "late" => "late",
        _ => "all",
    }
}

fn filters(t: Words, shown: &str, counts: &DeskCounts) -> Vec<Filter> {
    let filter =
        |show: &str, href: &str, text| Filter { href: href.to_owned(), text, current: word(shown) == show };
    vec![
        filter("all", "/desk?show=all", t.get("desk-filter-all")),
        filter("mine", "/desk?show=mine", t.count("desk-filter-mine", counts.mine)),
        filter("gap", "/desk?show=gap", t.count("desk-filter-gap", counts.gaps)),
        filter("late", "/desk?show=late", t.count("desk-filter-late", counts.overdue)),
    ]
}

fn queue_row(
    visit: &Visit,
    t: Words,
    row: &DeskRow,
    now: Millis,
    current: Option<crate::ids::QuestionId>,
) -> QueueRow {
    let text = match (row.is_closed_to_me, row.redacted.is_empty()) {
        (true, _) => vec![MaskedPiece::Words(t.get("desk-women-only"))],
        (false, true) => vec![MaskedPiece::Words(t.get("desk-signed-question"))],
        (false, false) => masked_pieces(&row.redacted),
    };
    let holder = row.is_claimed_at(now).then(|| holder(visit, t, row));
    QueueRow {
        href: format!("/desk/questions/{}", row.id),
        current: current == Some(row.id),
        clock: clock(t, row.due_at, now),
        marks: marks(t, row, now),
        text,
        state: t.get(state_key(row.state)),
        holder,
    }
}

/// In whose hands the question is.
pub(super) fn holder(visit: &Visit, t: Words, row: &DeskRow) -> String {
    if row.claimed_by == Some(visit.id()) {
        return t.get("desk-mine");
    }
    t.with("desk-held", "name", row.claimed_name.clone().unwrap_or_else(|| t.get("staff-former")))
}

fn marks(t: Words, row: &DeskRow, now: Millis) -> Vec<Mark> {
    let mut marks = Vec::new();
    if row.escalated_at.is_some() && row.is_overdue_at(now) {
        marks.push(Mark::new("warning", t.get("desk-handed-up")));
    }
    if row.urgent {
        marks.push(Mark::new("shield", t.get("desk-urgent")));
    }
    if row.wants_woman {
        marks.push(Mark::new("person", t.get("desk-woman")));
    }
    if row.privacy == "private" {
        marks.push(Mark::new("lock", t.get("desk-private")));
    }
    if row.video_state == "kept" {
        marks.push(Mark::new("hand", t.get("desk-signing")));
    }
    if VideoLoss::of(&row.video_state, "").is_some() {
        marks.push(Mark::new("camera", t.get("desk-video-lost")));
    }
    if marks.is_empty() {
        marks.push(Mark::new("pencil", t.get("desk-writing")));
    }
    marks
}

/// The key of a state's name.
pub(super) fn state_key(state: QuestionState) -> &'static str {
    match state {
        QuestionState::New => "question-new",
        QuestionState::Screened => "question-screened",
        QuestionState::Matched => "question-matched",
        QuestionState::Gap => "question-gap",
        QuestionState::Claimed => "question-claimed",
        QuestionState::Drafted => "question-drafted",
        QuestionState::AwaitingApproval => "question-awaiting-approval",
        QuestionState::QueuedToSend => "question-queued-to-send",
        QuestionState::Sent => "question-sent",
        QuestionState::Resolved => "question-resolved",
        QuestionState::WaitingCitizen => "question-waiting-citizen",
        QuestionState::Reopened => "question-reopened",
        QuestionState::Briefed => "question-briefed",
        QuestionState::Spam => "question-spam",
        QuestionState::Duplicate => "question-duplicate",
    }
}
