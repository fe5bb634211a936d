//! Leave for a citizen, who has no account, to send one file.

use super::{Limits, TICKET_FOR, UploadProblem};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{TicketId, UploadId, secret, secret_hash};
use crate::refusal::refuse;

/// A ticket just made. The secret is shown once; only its hash is kept.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// Which one.
    pub id: TicketId,
    /// Sent as `Authorization: Ticket …`.
    pub secret: String,
    /// The file may have this many bytes.
    pub max_bytes: u64,
    /// The video may last this many seconds.
    pub max_seconds: i64,
    /// Until when the upload must have begun.
    pub expires_at: Millis,
}

/// Makes a ticket; refuses when very many wait already.
pub(super) async fn create(tx: &mut Tx, limits: &Limits) -> anyhow::Result<NewTicket> {
    let now = tx.now();
    let waiting: i64 =
        query("SELECT COUNT(*) FROM upload_ticket WHERE upload_id IS NULL AND expires_at > $1")
            .bind(now)
            .value(tx)
            .await?;
    if waiting >= limits.tickets_waiting {
        return Err(refuse(UploadProblem::TooManyOpen));
    }
    let ticket = NewTicket {
        id: TicketId::new(now),
        secret: secret(),
        max_bytes: limits.ticket_bytes,
        max_seconds: limits.ticket_seconds,
        expires_at: now + TICKET_FOR,
    };
    query(
        "INSERT INTO upload_ticket (id, secret_hash, max_bytes, max_seconds, upload_id, expires_at, created_at)
         VALUES ($1, $2, $3, $4, NULL, $5, $6)",
    )
    .bind(ticket.id)
    .bind(secret_hash(&ticket.secret))
    .bind(super::row::signed(ticket.max_bytes))
    .bind(ticket.max_seconds)
    .bind(ticket.expires_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(ticket)
}

/// The ticket with this secret. A used one stays good for its own upload; an unused one only until it expires.
pub(super) async fn find(conn: &mut impl Conn, secret: &str, now: Millis) -> sqlx::Result<Option<TicketId>> {
    let found: Option<(TicketId,)> = query(
        "SELECT id FROM upload_ticket WHERE secret_hash = $1 AND (upload_id IS NOT NULL OR expires_at > $2)",
    )
    .bind(secret_hash(secret))
    .bind(now)
    .optional(conn)
    .await?;
    Ok(found.map(|row| row.0))
}

/// Binds the ticket to its one upload and returns the bytes it allows.
pub(super) async fn use_up(tx: &mut Tx, id: TicketId, upload: UploadId) -> anyhow::Result<u64> {
    let now = tx.now();
    let bound: Option<(i64,)> = query(
        "UPDATE upload_ticket SET upload_id = $1 WHERE id = $2 AND upload_id IS NULL AND expires_at > $3
         RETURNING max_bytes",
    )
    .bind(upload)
    .bind(id)
    .bind(now)
    .optional(tx)
    .await?;
    bound.map(|row| super::row::unsigned(row.0)).ok_or_else(|| refuse(UploadProblem::BadTicket))
}

/// How long the video of a ticket's upload may last, in seconds.
pub(super) async fn seconds_allowed(conn: &mut impl Conn, id: TicketId) -> sqlx::Result<Option<i64>> {
    let found: Option<(i64,)> =
        query("SELECT max_seconds FROM upload_ticket WHERE id = $1").bind(id).optional(conn).await?;
    Ok(found.map(|row| row.0))
}

/// Deletes tickets that were never used and no longer can be.
pub(super) async fn forget_unused(tx: &mut Tx) -> sqlx::Result<u64> {
    let now = tx.now();
    query("DELETE FROM upload_ticket WHERE upload_id IS NULL AND expires_at <= $1")
        .bind(now)
        .execute(tx)
        .await
}
