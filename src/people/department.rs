//! Departments: they own services and approve what is said about them.

use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::DepartmentId;
use crate::refusal::refuse;
use serde_json::json;

/// A department.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Department {
    /// Which one.
    pub id: DepartmentId,
    /// Short Latin name for commands and imports.
    pub code: String,
    /// Shown in Arabic pages.
    pub name_ar: String,
    /// Shown in English pages.
    pub name_en: String,
    /// Minutes it has to approve a reply.
    pub approval_minutes: i64,
    /// Whether new things may be assigned to it.
    pub active: bool,
    /// When it was added.
    pub created_at: Millis,
    /// For lost updates.
    pub row_version: i64,
}

/// What a new department needs.
#[derive(Debug, Clone)]
pub struct NewDepartment {
    /// Latin letters, digits and dashes.
    pub code: String,
    /// Arabic name.
    pub name_ar: String,
    /// English name.
    pub name_en: String,
    /// Minutes it has to approve a reply.
    pub approval_minutes: i64,
}

/// Why a department cannot be saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DepartmentProblem {
    /// Letters, digits, dots and dashes, 2 to 40 of them.
    #[error("the code needs 2 to 40 Latin letters, digits, dots or dashes")]
    BadCode,
    /// Both names are needed.
    #[error("give the name in Arabic and in English")]
    BadName,
    /// Between a quarter of an hour and 30 days.
    #[error("the approval time must be between 15 minutes and 30 days")]
    BadMinutes,
    /// Another department has the code.
    #[error("a department with this code exists already")]
    CodeTaken,
    /// Somebody changed it in between.
    #[error("the department was changed in the meantime; load it again")]
    Stale,
}

fn check(code: &str, name_ar: &str, name_en: &str, minutes: i64) -> Result<(), DepartmentProblem> {
    let code_fits = (2..=40).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.' || b == b'_');
    if !code_fits {
        return Err(DepartmentProblem::BadCode);
    }
    if [name_ar, name_en].iter().any(|name| name.trim().is_empty() || name.chars().count() > 120) {
        return Err(DepartmentProblem::BadName);
    }
    if !(15..=43_200).contains(&minutes) {
        return Err(DepartmentProblem::BadMinutes);
    }
    Ok(())
}

/// Adds a department.
pub async fn add_department(tx: &mut Tx, actor: Actor, new: NewDepartment) -> anyhow::Result<DepartmentId> {
    check(&new.code, &new.name_ar, &new.name_en, new.approval_minutes).map_err(refuse)?;
    let now = tx.now();
    let id = DepartmentId::new(now);
    let added = query(
        "INSERT INTO department (id, code, name_ar, name_en, approval_minutes, active, created_at, row_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT (code) DO NOTHING",
    )
    .bind(id)
    .bind(new.code)
    .bind(new.name_ar.trim().to_owned())
    .bind(new.name_en.trim().to_owned())
    .bind(new.approval_minutes)
    .bind(true)
    .bind(now)
    .execute(tx)
    .await?;
    if added == 0 {
        return Err(refuse(DepartmentProblem::CodeTaken));
    }
    tx.record(Entry::new(actor, "department.added", "department", id));
    Ok(id)
}

/// Changes names, approval time and whether it is active.
pub async fn update_department(tx: &mut Tx, actor: Actor, changed: &Department) -> anyhow::Result<()> {
    check(&changed.code, &changed.name_ar, &changed.name_en, changed.approval_minutes).map_err(refuse)?;
    let rows = query(
        "UPDATE department SET name_ar = $1, name_en = $2, approval_minutes = $3, active = $4,
                               row_version = row_version + 1
         WHERE id = $5 AND row_version = $6",
    )
    .bind(changed.name_ar.trim().to_owned())
    .bind(changed.name_en.trim().to_owned())
    .bind(changed.approval_minutes)
    .bind(changed.active)
    .bind(changed.id)
    .bind(changed.row_version)
    .execute(tx)
    .await?;
    if rows == 0 {
        return Err(refuse(DepartmentProblem::Stale));
    }
    let facts = json!({ "approval_minutes": changed.approval_minutes, "active": changed.active });
    tx.record(Entry::new(actor, "department.changed", "department", changed.id).with(facts));
    Ok(())
}

/// One department.
pub async fn department(conn: &mut impl Conn, id: DepartmentId) -> sqlx::Result<Option<Department>> {
    query(
        "SELECT id, code, name_ar, name_en, approval_minutes, active, created_at, row_version
         FROM department WHERE id = $1",
    )
    .bind(id)
    .optional(conn)
    .await
}

/// The department with this code.
pub async fn department_by_code(conn: &mut impl Conn, code: &str) -> sqlx::Result<Option<Department>> {
    query(
        "SELECT id, code, name_ar, name_en, approval_minutes, active, created_at, row_version
         FROM department WHERE code = $1",
    )
    .bind(code.to_owned())
    .optional(conn)
    .await
}

/// All departments by name.
pub async fn departments(conn: &mut impl Conn) -> sqlx::Result<Vec<Department>> {
    query(
        "SELECT id, code, name_ar, name_en, approval_minutes, active, created_at, row_version
         FROM department ORDER BY active DESC, name_ar, id",
    )
    .all(conn)
    .await
}
