//! API tokens: for programs, on behalf of a member of staff, limited by scopes.

use super::{Permission, Staff, account};
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{StaffId, TokenId, secret, secret_hash};
use serde_json::json;

/// What a token may be used for; the person's role limits it further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Read what the person may read.
    Read,
    /// Create and change clips.
    Write,
    /// Approve and return.
    Review,
    /// Work at the desk.
    Desk,
    /// Administer.
    Admin,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Review, Self::Desk, Self::Admin];

    /// The word in commands and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Review => "review",
            Self::Desk => "desk",
            Self::Admin => "admin",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }

    /// The scope that a token needs for an action.
    pub fn needed_for(permission: Permission) -> Self {
        use Permission as P;
        match permission {
            P::ViewStudio | P::ViewDesk | P::ViewJobs | P::ViewAudit => Self::Read,
            P::Produce | P::Publish | P::ManageJobs => Self::Write,
            P::ReviewSigning | P::ReviewFacts => Self::Review,
            P::Answer | P::SuperviseDesk => Self::Desk,
            P::Administer => Self::Admin,
        }
    }
}

/// Makes a token and returns its text, `ish_…`, which is shown once and kept only as a hash.
pub async fn create_token(
    tx: &mut Tx,
    actor: Actor,
    staff: StaffId,
    scopes: &[Scope],
) -> sqlx::Result<String> {
    let text = format!("ish_{}", secret());
    let now = tx.now();
    let id = TokenId::new(now);
    let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    query(
        "INSERT INTO api_token (id, staff_id, secret_hash, scopes, created_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(staff)
    .bind(secret_hash(&text))
    .bind(words.join(" "))
    .bind(now)
    .execute(tx)
    .await?;
    let facts = json!({ "staff": staff.to_string(), "scopes": words });
    tx.record(Entry::new(actor, "token.created", "token", id).with(facts));
    Ok(text)
}

/// Whose token this is and what it may do, if it is good and the person active.
pub async fn find_token(
    conn: &mut impl Conn,
    text: &str,
    now: Millis,
) -> sqlx::Result<Option<(Staff, Vec<Scope>)>> {
    let found: Option<(StaffId, String)> = query(
        "SELECT staff_id, scopes FROM api_token
         WHERE secret_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
    )
    .bind(secret_hash(text))
    .bind(now)
    .optional(conn)
    .await?;
    let Some((staff_id, words)) = found else { return Ok(None) };
    let scopes = words.split(' ').filter_map(Scope::parse).collect();
    let staff = account::find(conn, staff_id).await?.filter(|staff| staff.active);
    Ok(staff.map(|staff| (staff, scopes)))
}

/// Makes a token useless from the next request on.
pub async fn revoke_token(tx: &mut Tx, actor: Actor, id: TokenId) -> sqlx::Result<()> {
    let now = tx.now();
    query("UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
        .bind(now)
        .bind(id)
        .execute(tx)
        .await?;
    tx.record(Entry::new(actor, "token.revoked", "token", id));
    Ok(())
}
