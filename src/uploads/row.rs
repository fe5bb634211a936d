//! Rows of uploads.

use crate::audit::Actor;
use crate::clock::Millis;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::{StaffId, TicketId, UploadId};
use crate::store::BlobKey;

/// Who sends it. Only the owner may see, continue, use or end an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A member of staff.
    Staff(StaffId),
    /// A citizen with a ticket.
    Ticket(TicketId),
}

impl Owner {
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::Ticket(_) => "ticket",
        }
    }

    pub(super) fn uuid(self) -> uuid::Uuid {
        match self {
            Self::Staff(id) => id.uuid(),
            Self::Ticket(id) => id.uuid(),
        }
    }

    pub(super) fn actor(self) -> Actor {
        match self {
            Self::Staff(id) => Actor::Staff(id),
            Self::Ticket(_) => Actor::Citizen,
        }
    }
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadState {
    /// Bytes are missing.
    Open,
    /// All bytes are safely stored; nothing uses them yet.
    Complete,
    /// Nobody continued or used it in time.
    Expired,
    /// Its owner ended it.
    Aborted,
    /// A clip version or a question uses it.
    Consumed,
}

impl UploadState {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Open, Self::Complete, Self::Expired, Self::Aborted, Self::Consumed];

    /// The word in the `state` column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Complete => "complete",
            Self::Expired => "expired",
            Self::Aborted => "aborted",
            Self::Consumed => "consumed",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A file on its way in, or arrived.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Which one.
    pub id: UploadId,
    /// Whose.
    pub owner: Owner,
    /// Where it stands.
    pub state: UploadState,
    /// Bytes of the whole file, once known.
    pub length: Option<u64>,
    /// Bytes that are safely on disk.
    pub received: u64,
    /// Bytes it may have at most.
    pub max_bytes: u64,
    /// `Upload-Metadata` as it was sent.
    pub metadata: String,
    /// A name to show.
    pub file_name: String,
    /// Where the complete file is stored.
    pub storage_key: Option<BlobKey>,
    /// When it expires if nobody goes on.
    pub expires_at: Millis,
}

impl Upload {
    /// Whether every byte has arrived.
    pub fn has_all_bytes(&self) -> bool {
        self.length == Some(self.received)
    }
}

#[derive(sqlx::FromRow)]
struct UploadRow {
    id: UploadId,
    owner_kind: String,
    owner_id: uuid::Uuid,
    state: String,
    length: Option<i64>,
    received: i64,
    max_bytes: i64,
    metadata: String,
    file_name: String,
    storage_key: Option<BlobKey>,
    expires_at: Millis,
}

pub(super) fn unsigned(bytes: i64) -> u64 {
    u64::try_from(bytes).unwrap_or(0)
}

pub(super) fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

impl TryFrom<UploadRow> for Upload {
    type Error = sqlx::Error;
    fn try_from(row: UploadRow) -> sqlx::Result<Self> {
        let bad = |what: &str| sqlx::Error::Decode(format!("upload {}: {what}", row.id).into());
        let owner = match row.owner_kind.as_str() {
            "staff" => Owner::Staff(row.owner_id.into()),
            "ticket" => Owner::Ticket(row.owner_id.into()),
            other => return Err(bad(&format!("no such kind of owner: {other}"))),
        };
        Ok(Self {
            owner,
            state: UploadState::parse(&row.state).ok_or_else(|| bad("no such state"))?,
            id: row.id,
            length: row.length.map(unsigned),
            received: unsigned(row.received),
            max_bytes: unsigned(row.max_bytes),
            metadata: row.metadata,
            file_name: row.file_name,
            storage_key: row.storage_key,
            expires_at: row.expires_at,
        })
    }
}

const COLUMNS: &str = "id, owner_kind, owner_id, state, length, received, max_bytes, metadata, file_name, \
                       storage_key, expires_at";

/// One upload, whoever owns it.
pub(super) async fn find(conn: &mut impl Conn, id: UploadId) -> sqlx::Result<Option<Upload>> {
    let row: Option<UploadRow> =
        query_text(format!("SELECT {COLUMNS} FROM upload WHERE id = $1")).bind(id).optional(conn).await?;
    row.map(Upload::try_from).transpose()
}

/// At most `limit` uploads of `state` that have expired.
pub(super) async fn expired(
    conn: &mut impl Conn,
    state: UploadState,
    now: Millis,
    limit: i64,
) -> sqlx::Result<Vec<Upload>> {
    let rows: Vec<UploadRow> = query_text(format!(
        "SELECT {COLUMNS} FROM upload WHERE state = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3"
    ))
    .bind(state.as_str())
    .bind(now)
    .bind(limit)
    .all(conn)
    .await?;
    rows.into_iter().map(Upload::try_from).collect()
}

/// Open uploads whose last byte arrived but which were cut off before they were stored.
pub(super) async fn unfinished(conn: &mut impl Conn) -> sqlx::Result<Vec<UploadId>> {
    let rows: Vec<(UploadId,)> =
        query("SELECT id FROM upload WHERE state = 'open' AND received = length ORDER BY id LIMIT 100")
            .all(conn)
            .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub(super) async fn insert(tx: &mut Tx, upload: &Upload) -> sqlx::Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO upload (id, owner_kind, owner_id, state, length, received, max_bytes, metadata, file_name,
                             storage_key, expires_at, created_at, completed_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, NULL, $9, $10, NULL)",
    )
    .bind(upload.id)
    .bind(upload.owner.kind())
    .bind(upload.owner.uuid())
    .bind(UploadState::Open.as_str())
    .bind(upload.length.map(signed))
    .bind(signed(upload.max_bytes))
    .bind(upload.metadata.clone())
    .bind(upload.file_name.clone())
    .bind(upload.expires_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes how far an open upload has come; changes nothing when it is no longer open or stands elsewhere.
pub(super) async fn advance(tx: &mut Tx, upload: &Upload, from: u64) -> sqlx::Result<u64> {
    query(
        "UPDATE upload SET received = $1, length = $2, expires_at = $3
         WHERE id = $4 AND state = 'open' AND received = $5",
    )
    .bind(signed(upload.received))
    .bind(upload.length.map(signed))
    .bind(upload.expires_at)
    .bind(upload.id)
    .bind(signed(from))
    .execute(tx)
    .await
}

/// Marks an open upload complete.
pub(super) async fn complete(
    tx: &mut Tx,
    id: UploadId,
    key: BlobKey,
    expires_at: Millis,
) -> sqlx::Result<u64> {
    let now = tx.now();
    query(
        "UPDATE upload SET state = 'complete', storage_key = $1, completed_at = $2, expires_at = $3
         WHERE id = $4 AND state = 'open'",
    )
    .bind(key)
    .bind(now)
    .bind(expires_at)
    .bind(id)
    .execute(tx)
    .await
}

/// Ends an upload that nothing uses; it no longer refers to its blob.
pub(super) async fn end(tx: &mut Tx, id: UploadId, from: UploadState, to: UploadState) -> sqlx::Result<u64> {
    query("UPDATE upload SET state = $1, storage_key = NULL WHERE id = $2 AND state = $3")
        .bind(to.as_str())
        .bind(id)
        .bind(from.as_str())
        .execute(tx)
        .await
}

/// How many uploads an owner has open and how many bytes in uploads that nothing uses; all tickets count as one owner.
pub(super) async fn held_by(conn: &mut impl Conn, owner: Owner) -> sqlx::Result<(i64, u64)> {
    let staff = match owner {
        Owner::Staff(id) => Some(id),
        Owner::Ticket(_) => None,
    };
    let (open, bytes): (i64, i64) = query(
        "SELECT CAST(COALESCE(SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(COALESCE(length, received)), 0) AS BIGINT)
         FROM upload WHERE state IN ('open', 'complete') AND owner_kind = $1 AND (owner_kind = 'ticket' OR owner_id = $2)",
    )
    .bind(owner.kind())
    .bind(staff)
    .one(conn)
    .await?;
    Ok((open, unsigned(bytes)))
}
