//! The desk's list: who waits, since when, and who works on it.

use super::access;
use super::state::QuestionState;
use crate::clock::Millis;
use crate::db::{Conn, query, query_text};
use crate::ids::{DepartmentId, QuestionId, StaffId};
use crate::people::Staff;

/// Which questions to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of this state; all open ones when not given.
    pub state: Option<QuestionState>,
    /// Only about this service, by its code.
    pub service: Option<String>,
    /// Which part of the list.
    pub part: Part,
    /// Where the page before ended.
    pub after: Option<Cursor>,
}

/// Parts of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// Everything.
    #[default]
    All,
    /// Only what is late.
    Overdue,
    /// Only what this person works on.
    Mine,
}

/// A place in the list: urgent and late first, then by due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    urgency: i64,
    due_at: Millis,
    id: QuestionId,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.urgency, self.due_at.0, self.id)
    }
}

impl std::str::FromStr for Cursor {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().ok_or(());
        let urgency = next()?.parse().map_err(|_| ())?;
        let due_at = Millis(next()?.parse().map_err(|_| ())?);
        let id = next()?.parse().map_err(|_| ())?;
        Ok(Self { urgency, due_at, id })
    }
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct DeskRow {
    /// Which question.
    pub id: QuestionId,
    /// What the asker types.
    pub code: String,
    /// The text with masks; empty when this person may not read it.
    pub redacted: String,
    /// Whether only women staff may open it and this person is not one.
    #[sqlx(default)]
    pub is_closed_to_me: bool,
    /// Where it stands.
    pub state: QuestionState,
    /// CONTRACT section 6.
    pub intent: String,
    /// What the rule proposes.
    pub privacy: String,
    /// A code, password or fraud.
    pub urgent: bool,
    /// The asker wants a woman.
    pub wants_woman: bool,
    /// `none`, `waiting`, `kept`, `refused`, `failed` or `deleted`.
    pub video_state: String,
    /// The channel's name.
    pub channel: String,
    /// Code of the service, when known.
    pub service: Option<String>,
    /// Its Arabic name.
    pub service_ar: Option<String>,
    /// Its English name.
    pub service_en: Option<String>,
    /// In thousandths.
    pub confidence: Option<i64>,
    /// Title of the best suggestion.
    pub best_title_ar: Option<String>,
    /// Who works on it.
    pub claimed_by: Option<StaffId>,
    /// Their name.
    pub claimed_name: Option<String>,
    /// Until when.
    pub claim_until: Option<Millis>,
    /// How often it was asked, from 1.
    pub cycle: i64,
    /// When it arrived.
    pub received_at: Millis,
    /// When an answer is due.
    pub due_at: Millis,
    /// When the supervisors were told that the answer is late.
    pub escalated_at: Option<Millis>,
    /// For `If-Match`.
    pub row_version: i64,
}

impl DeskRow {
    /// Whether the answer is late at `now`.
    pub fn is_overdue_at(&self, now: Millis) -> bool {
        self.state.is_open() && self.due_at <= now
    }

    /// Whether somebody's claim is good at `now`.
    pub fn is_claimed_at(&self, now: Millis) -> bool {
        let being_worked_on = matches!(self.state, QuestionState::Claimed | QuestionState::Drafted);
        being_worked_on && self.claim_until.is_some_and(|until| until > now)
    }

    fn cursor(&self, now: Millis) -> Cursor {
        let pressing = self.urgent || self.due_at <= now;
        Cursor { urgency: i64::from(!pressing), due_at: self.due_at, id: self.id }
    }
}

pub(super) const ROW: &str = "SELECT q.id, q.code, q.redacted, q.state, q.intent, q.privacy, q.urgent, q.wants_woman, \
     q.video_state, ch.name AS channel, s.code AS service, s.name_ar AS service_ar, s.name_en AS service_en, \
     q.confidence, (SELECT c.title_ar FROM suggestion g JOIN clip c ON c.id = g.clip_id \
                    WHERE g.question_id = q.id AND g.verdict NOT IN ('rejected', 'weak') AND c.published_version_id IS NOT NULL \
                    ORDER BY g.place LIMIT 1) AS best_title_ar, \
     q.claimed_by, m.display_name AS claimed_name, q.claim_until, q.cycle, q.received_at, q.due_at, \
     q.escalated_at, q.row_version \
     FROM question q JOIN channel ch ON ch.id = q.channel_id LEFT JOIN service s ON s.id = q.service_id \
     LEFT JOIN staff m ON m.id = q.claimed_by";

/// Whose cases: all, or those of one department.
const IN_REACH: &str = "($1 IS NULL OR s.department_id = $1 \
     OR EXISTS (SELECT 1 FROM reply r WHERE r.question_id = q.id AND r.department_id = $1))";

/// At most `limit` questions that this person may see, most pressing first, and where the next page begins. By due time
/// what is late comes before what is urgent.
pub async fn list(
    conn: &mut impl Conn,
    staff: &Staff,
    filter: &Filter,
    now: Millis,
    limit: i64,
) -> sqlx::Result<(Vec<DeskRow>, Option<Cursor>)> {
    let urgency = "(CASE WHEN q.urgent OR q.due_at <= $10 THEN 0 ELSE 1 END)";
    let sql = format!(
        "{ROW} WHERE {IN_REACH}
           AND (q.state = $2 OR ($2 IS NULL AND q.state IN {open}))
           AND ($3 IS NULL OR s.code = $3)
           AND ($4 IS NULL OR (q.due_at <= $4 AND q.state IN {open}))
           AND ($5 IS NULL OR q.claimed_by = $5)
           AND ($6 IS NULL OR {urgency} > $6 OR ({urgency} = $6 AND (q.due_at > $7 OR (q.due_at = $7 AND q.id > $8))))
         ORDER BY {urgency}, q.due_at, q.id LIMIT $9",
        open = QuestionState::OPEN_SQL
    );
    let mut rows: Vec<DeskRow> = query_text(sql)
        .bind(access::department_limit(staff))
        .bind(filter.state)
        .bind(filter.service.clone())
        .bind(if filter.part == Part::Overdue { Some(now) } else { None })
        .bind(if filter.part == Part::Mine { Some(staff.id) } else { None })
        .bind(filter.after.map(|cursor| cursor.urgency))
        .bind(filter.after.map(|cursor| cursor.due_at))
        .bind(filter.after.map(|cursor| cursor.id))
        .bind(limit + 1)
        .bind(now)
        .all(conn)
        .await?;
    let keep = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > keep;
    rows.truncate(keep);
    let next = if more { rows.last().map(|row| row.cursor(now)) } else { None };
    rows.iter_mut().for_each(|row| close_to(row, staff));
    Ok((rows, next))
}

/// Empties what only women staff may read.
pub(super) fn close_to(row: &mut DeskRow, staff: &Staff) {
    if row.wants_woman && !staff.woman {
        row.is_closed_to_me = true;
        row.redacted.clear();
        row.best_title_ar = None;
    }
}

/// The numbers at the top of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct DeskCounts {
    /// Somebody waits for an answer.
    pub open: i64,
    /// Nobody works on it yet.
    pub unclaimed: i64,
    /// Past its time.
    pub overdue: i64,
    /// A code, password or fraud.
    pub urgent: i64,
    /// No published clip answers it.
    pub gaps: i64,
    /// Waits for a second person.
    pub awaiting_approval: i64,
    /// This person works on it.
    pub mine: i64,
    /// The studio is making a clip for it.
    pub briefed: i64,
}

/// Counts what this person may see.
pub async fn counts(conn: &mut impl Conn, staff: &Staff, now: Millis) -> sqlx::Result<DeskCounts> {
    let count = |condition: &str| {
        format!("CAST(COALESCE(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END), 0) AS BIGINT)")
    };
    let sql = format!(
        "SELECT COUNT(*) AS open, {} AS unclaimed, {} AS overdue, {} AS urgent, {} AS gaps, {} AS awaiting_approval,
                {} AS mine, {} AS briefed
         FROM question q LEFT JOIN service s ON s.id = q.service_id
         WHERE q.state IN {} AND {IN_REACH}",
        count("q.state IN ('screened', 'matched', 'gap', 'reopened')"),
        count("q.due_at <= $2"),
        count("q.urgent"),
        count("q.state = 'gap'"),
        count("q.state = 'awaiting_approval'"),
        count("q.claimed_by = $3"),
        count("q.state = 'briefed'"),
        QuestionState::OPEN_SQL,
    );
    query_text(sql).bind(access::department_limit(staff)).bind(now).bind(staff.id).one(conn).await
}

/// How many questions were handed up to the supervisors and still wait.
pub async fn handed_up(conn: &mut impl Conn, now: Millis) -> sqlx::Result<i64> {
    query_text(format!(
        "SELECT COUNT(*) FROM question WHERE state IN {} AND due_at <= $1 AND escalated_at IS NOT NULL",
        QuestionState::OPEN_SQL
    ))
    .bind(now)
    .value(conn)
    .await
}

/// A department's queue: replies that wait for its approval, oldest first; a supervisor sees all.
pub async fn awaiting_approval(conn: &mut impl Conn, staff: &Staff) -> sqlx::Result<Vec<super::Reply>> {
    let department: Option<DepartmentId> = access::department_limit(staff);
    let ids: Vec<(crate::ids::ReplyId,)> = query(
        "SELECT r.id FROM reply r JOIN question q ON q.id = r.question_id
         WHERE r.state = 'awaiting_approval' AND ($1 IS NULL OR r.department_id = $1)
           AND ($2 = 1 OR NOT q.wants_woman)
         ORDER BY r.state_since, r.id LIMIT 200",
    )
    .bind(department)
    .bind(i64::from(staff.woman))
    .all(conn)
    .await?;
    let mut replies = Vec::new();
    for (id,) in ids {
        replies.extend(super::reply::find(conn, id).await?);
    }
    Ok(replies)
}
