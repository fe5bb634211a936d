//! Who may open a question: a woman's wish is honoured, and a department reviewer sees the own department's cases.

use super::QuestionProblem;
use super::row::Question;
use crate::db::{Conn, query};
use crate::ids::DepartmentId;
use crate::people::{Role, Staff};
use crate::refusal::{Refusal, refuse};

/// Refuses staff who may not open this question.
pub(super) async fn check(conn: &mut impl Conn, staff: &Staff, question: &Question) -> anyhow::Result<()> {
    if question.wants_woman && !staff.woman {
        return Err(refuse(QuestionProblem::WomenOnly));
    }
    let Some(department) = department_limit(staff) else { return Ok(()) };
    let own: i64 = query(
        "SELECT COUNT(*) FROM question q LEFT JOIN service s ON s.id = q.service_id
         WHERE q.id = $1 AND (s.department_id = $2
                              OR EXISTS (SELECT 1 FROM reply r WHERE r.question_id = q.id AND r.department_id = $2))",
    )
    .bind(question.id)
    .bind(department)
    .value(conn)
    .await?;
    // "Not found" and not "forbidden": another department's case is nobody's business.
    if own == 0 { Err(refuse(Refusal::not_found())) } else { Ok(()) }
}

/// The only department whose cases this person sees; `None` for the account team, who see all.
pub(super) fn department_limit(staff: &Staff) -> Option<DepartmentId> {
    match staff.role {
        Role::DepartmentReviewer => staff.department_id,
        Role::Producer
        | Role::LinguisticReviewer
        | Role::Agent
        | Role::Supervisor
        | Role::Administrator
        | Role::Auditor => None,
    }
}
