//! Where a case stands in the asker's words; by the short code nothing else is told.

use super::row::{self, Question};
use super::state::QuestionState;
use crate::clock::Millis;
use crate::db::Conn;
use crate::refusal::{Refusal, refuse};
use crate::text::ascii_digit;

/// Where a case stands, in the asker's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AskerStatus {
    /// It has arrived.
    Received,
    /// Somebody is writing the answer.
    InProgress,
    /// A new clip is being signed for it.
    Filming,
    /// The answer is here.
    Answered,
    /// The asker understood it.
    Understood,
    /// The asker asked again.
    Reopened,
    /// We asked something back.
    WaitingForYou,
    /// It is not being answered.
    Closed,
}

impl AskerStatus {
    /// The asker's word for a state of the desk.
    pub fn of(state: QuestionState) -> Self {
        match state {
            QuestionState::New | QuestionState::Screened | QuestionState::Matched | QuestionState::Gap => {
                Self::Received
            }
            QuestionState::Claimed
            | QuestionState::Drafted
            | QuestionState::AwaitingApproval
            | QuestionState::QueuedToSend => Self::InProgress,
            QuestionState::Briefed => Self::Filming,
            QuestionState::Sent => Self::Answered,
            QuestionState::Resolved => Self::Understood,
            QuestionState::Reopened => Self::Reopened,
            QuestionState::WaitingCitizen => Self::WaitingForYou,
            QuestionState::Spam | QuestionState::Duplicate => Self::Closed,
        }
    }

    /// The word in JSON and style sheets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InProgress => "in_progress",
            Self::Filming => "filming",
            Self::Answered => "answered",
            Self::Understood => "understood",
            Self::Reopened => "reopened",
            Self::WaitingForYou => "waiting_for_you",
            Self::Closed => "closed",
        }
    }
}

/// What the short code shows: nothing personal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CodeStatus {
    /// As typed.
    pub code: String,
    /// Where it stands.
    pub status: AskerStatus,
    /// When it arrived.
    pub received_at: Millis,
    /// When an answer is due.
    pub due_at: Millis,
    /// Since when it stands there.
    pub state_since: Millis,
    /// Whether the answer is late.
    pub is_late: bool,
}

/// A code as it is stored; upper and lower case, Arabic digits, spaces and a missing dash do not matter.
fn read_code(typed: &str) -> Option<String> {
    let read = |c: char| ascii_digit(c).or_else(|| c.is_ascii_alphabetic().then_some(c));
    let letters: String = typed.chars().filter_map(read).take(8).collect();
    let letters = letters.to_ascii_uppercase();
    (letters.len() == 7).then(|| format!("{}-{}", &letters[..3], &letters[3..]))
}

/// The question whose code was typed.
pub(super) async fn find_typed(conn: &mut impl Conn, typed: &str) -> sqlx::Result<Option<Question>> {
    match read_code(typed) {
        Some(code) => row::find_by_code(conn, &code).await,
        None => Ok(None),
    }
}

/// Where the case with this code stands.
pub async fn status_by_code(conn: &mut impl Conn, typed: &str, now: Millis) -> anyhow::Result<CodeStatus> {
    let question = find_typed(conn, typed).await?.ok_or_else(|| refuse(Refusal::not_found()))?;
    Ok(CodeStatus {
        is_late: question.is_overdue_at(now),
        status: AskerStatus::of(question.state),
        code: question.code,
        received_at: question.received_at,
        due_at: question.due_at,
        state_since: question.state_since,
    })
}
