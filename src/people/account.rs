//! Staff accounts.

use super::{Role, session};
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::{DepartmentId, StaffId};
use crate::refusal::refuse;
use serde_json::json;

/// A member of staff.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Which person.
    pub id: StaffId,
    /// Signs in with it.
    pub email: String,
    /// Shown to colleagues, never to the public.
    pub display_name: String,
    /// What the person may do.
    pub role: Role,
    /// Where the person belongs; department reviewers always belong somewhere.
    pub department_id: Option<DepartmentId>,
    /// May receive questions whose asker wants a woman.
    pub woman: bool,
    /// Whether the person may sign in.
    pub active: bool,
    /// When the account was made.
    pub created_at: Millis,
    /// For `If-Match` and lost updates.
    pub row_version: i64,
}

/// What a new account needs.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// Signs in with it; lower-cased.
    pub email: String,
    /// Shown to colleagues.
    pub display_name: String,
    /// What the person may do.
    pub role: Role,
    /// Required for department reviewers.
    pub department_id: Option<DepartmentId>,
    /// May receive questions whose asker wants a woman.
    pub woman: bool,
    /// From [`super::Passwords::hash`].
    pub password_hash: String,
}

/// Why an account cannot be made or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountProblem {
    /// Not an e-mail address.
    #[error("this is not an e-mail address")]
    BadEmail,
    /// Another account has it.
    #[error("an account with this e-mail address exists already")]
    EmailTaken,
    /// Empty or over 100 characters.
    #[error("give a name of 1 to 100 characters")]
    BadName,
    /// A department reviewer belongs to a department.
    #[error("a department reviewer needs a department")]
    NoDepartment,
    /// The last active administrator must stay.
    #[error("the last administrator cannot be switched off or changed")]
    LastAdministrator,
    /// Somebody changed the account in between.
    #[error("the account was changed in the meantime; load it again")]
    Stale,
}

#[derive(sqlx::FromRow)]
struct StaffRow {
    id: StaffId,
    email: String,
    display_name: String,
    role: String,
    department_id: Option<DepartmentId>,
    woman: bool,
    active: bool,
    created_at: Millis,
    row_version: i64,
}

const COLUMNS: &str = "id, email, display_name, role, department_id, woman, active, created_at, row_version";

impl TryFrom<StaffRow> for Staff {
    type Error = sqlx::Error;
    fn try_from(row: StaffRow) -> sqlx::Result<Self> {
        let role = Role::parse(&row.role).ok_or_else(|| {
            sqlx::Error::Decode(format!("staff {}: no such role: {}", row.id, row.role).into())
        })?;
        Ok(Self {
            id: row.id,
            email: row.email,
            display_name: row.display_name,
            role,
            department_id: row.department_id,
            woman: row.woman,
            active: row.active,
            created_at: row.created_at,
            row_version: row.row_version,
        })
    }
}

fn check(
    email: &str,
    name: &str,
    role: Role,
    department: Option<DepartmentId>,
) -> Result<(), AccountProblem> {
    let well_formed = email.len() <= 254
        && email
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') || host == "localhost")
        && !email.contains(char::is_whitespace);
    if !well_formed {
        return Err(AccountProblem::BadEmail);
    }
    if name.trim().is_empty() || name.chars().count() > 100 {
        return Err(AccountProblem::BadName);
    }
    if role == Role::DepartmentReviewer && department.is_none() {
        return Err(AccountProblem::NoDepartment);
    }
    Ok(())
}

/// Adds an account.
pub async fn add(tx: &mut Tx, actor: Actor, new: NewStaff) -> anyhow::Result<StaffId> {
    let email = new.email.trim().to_lowercase();
    check(&email, &new.display_name, new.role, new.department_id).map_err(refuse)?;
    let now = tx.now();
    let id = StaffId::new(now);
    let added = query(
        "INSERT INTO staff (id, email, display_name, role, department_id, password_hash, active, woman, created_at,
                            row_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) ON CONFLICT (email) DO NOTHING",
    )
    .bind(id)
    .bind(email)
    .bind(new.display_name.trim().to_owned())
    .bind(new.role.as_str())
    .bind(new.department_id)
    .bind(new.password_hash)
    .bind(true)
    .bind(new.woman)
    .bind(now)
    .execute(tx)
    .await?;
    if added == 0 {
        return Err(refuse(AccountProblem::EmailTaken));
    }
    tx.record(Entry::new(actor, "staff.added", "staff", id).with(json!({ "role": new.role.as_str() })));
    Ok(id)
}

/// Changes name, role, department; all sessions of the person end, so that a lost role is lost at once.
pub async fn update(tx: &mut Tx, actor: Actor, changed: &Staff) -> anyhow::Result<()> {
    check(&changed.email, &changed.display_name, changed.role, changed.department_id).map_err(refuse)?;
    if changed.role != Role::Administrator || !changed.active {
        keep_an_administrator(tx, changed.id).await?;
    }
    let rows = query(
        "UPDATE staff SET display_name = $1, role = $2, department_id = $3, woman = $4, active = $5,
                          row_version = row_version + 1
         WHERE id = $6 AND row_version = $7",
    )
    .bind(changed.display_name.trim().to_owned())
    .bind(changed.role.as_str())
    .bind(changed.department_id)
    .bind(changed.woman)
    .bind(changed.active)
    .bind(changed.id)
    .bind(changed.row_version)
    .execute(tx)
    .await?;
    if rows == 0 {
        return Err(refuse(AccountProblem::Stale));
    }
    session::end_all_sessions(tx, changed.id).await?;
    let facts = json!({ "role": changed.role.as_str(), "active": changed.active });
    tx.record(Entry::new(actor, "staff.changed", "staff", changed.id).with(facts));
    Ok(())
}

/// Lets a person in or keeps them out; ends their sessions.
pub async fn set_active(tx: &mut Tx, actor: Actor, id: StaffId, active: bool) -> anyhow::Result<()> {
    let Some(mut staff) = find(tx, id).await? else {
        return Err(refuse(AccountProblem::Stale));
    };
    staff.active = active;
    update(tx, actor, &staff).await
}

/// Sets a new password and ends all sessions.
pub async fn change_password(
    tx: &mut Tx,
    actor: Actor,
    id: StaffId,
    password_hash: String,
) -> sqlx::Result<()> {
    query("UPDATE staff SET password_hash = $1, row_version = row_version + 1 WHERE id = $2")
        .bind(password_hash)
        .bind(id)
        .execute(tx)
        .await?;
    session::end_all_sessions(tx, id).await?;
    tx.record(Entry::new(actor, "staff.password_changed", "staff", id));
    Ok(())
}

async fn keep_an_administrator(tx: &mut Tx, leaving: StaffId) -> anyhow::Result<()> {
    let (is_one, others): (i64, i64) = query(
        "SELECT CAST(COALESCE(SUM(CASE WHEN id = $1 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN id = $1 THEN 0 ELSE 1 END), 0) AS BIGINT)
         FROM staff WHERE role = 'administrator' AND active = $2",
    )
    .bind(leaving)
    .bind(true)
    .one(tx)
    .await?;
    if is_one == 1 && others == 0 { Err(refuse(AccountProblem::LastAdministrator)) } else { Ok(()) }
}

/// One account.
pub async fn find(conn: &mut impl Conn, id: StaffId) -> sqlx::Result<Option<Staff>> {
    let row: Option<StaffRow> =
        query_text(format!("SELECT {COLUMNS} FROM staff WHERE id = $1")).bind(id).optional(conn).await?;
    row.map(Staff::try_from).transpose()
}

/// The account that signs in with `email`, with its password hash.
pub async fn find_by_email(
    conn: &mut impl Conn,
    email: &str,
) -> sqlx::Result<Option<(Staff, Option<String>)>> {
    let email = email.trim().to_lowercase();
    let found: Option<(StaffId, Option<String>)> =
        query("SELECT id, password_hash FROM staff WHERE email = $1").bind(email).optional(conn).await?;
    let Some((id, hash)) = found else { return Ok(None) };
    Ok(find(conn, id).await?.map(|staff| (staff, hash)))
}

/// All accounts by name.
pub async fn list(conn: &mut impl Conn) -> sqlx::Result<Vec<Staff>> {
    let rows: Vec<StaffRow> =
        query_text(format!("SELECT {COLUMNS} FROM staff ORDER BY active DESC, display_name, id"))
            .all(conn)
            .await?;
    rows.into_iter().map(Staff::try_from).collect()
}

/// Whether anybody active has the role.
pub async fn active_with_role(conn: &mut impl Conn, role: Role) -> sqlx::Result<i64> {
    query("SELECT COUNT(*) FROM staff WHERE role = $1 AND active = $2")
        .bind(role.as_str())
        .bind(true)
        .value(conn)
        .await
}
