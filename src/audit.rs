//! The append-only, hash-chained record of who did what. It never holds personal text.

use crate::clock::Millis;
use crate::db::{Conn, Tx, feed::advance_head, query};
use crate::ids::{ChannelId, StaffId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A member of staff, by page or token.
    Staff(StaffId),
    /// A deaf citizen; nobody is named.
    Citizen,
    /// An account or system that delivers questions.
    Channel(ChannelId),
    /// The program itself: jobs, schedules, imports.
    System,
}

impl Actor {
    fn kind(self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::Citizen => "citizen",
            Self::Channel(_) => "channel",
            Self::System => "system",
        }
    }

    fn id(self) -> Option<uuid::Uuid> {
        match self {
            Self::Staff(id) => Some(id.uuid()),
            Self::Channel(id) => Some(id.uuid()),
            Self::Citizen | Self::System => None,
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Entry {
    actor: Actor,
    verb: &'static str,
    subject_kind: &'static str,
    subject_id: uuid::Uuid,
    detail: Value,
}

impl Entry {
    /// `verb` is in the field's words, for example `clip.published`.
    pub fn new(
        actor: Actor,
        verb: &'static str,
        subject_kind: &'static str,
        id: impl Into<uuid::Uuid>,
    ) -> Self {
        Self { actor, verb, subject_kind, subject_id: id.into(), detail: json!({}) }
    }

    /// Adds facts: ids, states, hashes, counts. Never names or text of people.
    pub fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

/// A row of the chain as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Record {
    /// Position, gapless from 1.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// `staff`, `citizen`, `channel` or `system`.
    pub actor_kind: String,
    /// Which member of staff or channel.
    pub actor_id: Option<uuid::Uuid>,
    /// What was done.
    pub verb: String,
    /// To what kind of thing.
    pub subject_kind: String,
    /// To which one.
    pub subject_id: uuid::Uuid,
    /// JSON object of facts.
    pub detail: String,
    /// Hash of the row before; empty for the first.
    pub prev_hash: Vec<u8>,
    /// SHA-256 over the previous hash and this row's fields.
    pub hash: Vec<u8>,
}

impl Record {
    fn expected_hash(&self) -> Vec<u8> {
        let actor_id = self.actor_id.map(|id| id.to_string());
        let fields = json!([
            self.seq,
            self.at.0,
            self.actor_kind,
            actor_id,
            self.verb,
            self.subject_kind,
            self.subject_id.to_string(),
            self.detail
        ]);
        let mut hasher = Sha256::new();
        hasher.update(&self.prev_hash);
        hasher.update(fields.to_string());
        hasher.finalize().to_vec()
    }
}

pub(crate) async fn append(tx: &mut Tx, entries: Vec<Entry>) -> sqlx::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let (mut seq, mut prev_hash) = advance_head(tx, "audit", count).await?;
    for entry in entries {
        seq += 1;
        let mut record = Record {
            seq,
            at: tx.now(),
            actor_kind: entry.actor.kind().to_owned(),
            actor_id: entry.actor.id(),
            verb: entry.verb.to_owned(),
            subject_kind: entry.subject_kind.to_owned(),
            subject_id: entry.subject_id,
            detail: entry.detail.to_string(),
            prev_hash,
            hash: Vec::new(),
        };
        record.hash = record.expected_hash();
        prev_hash = record.hash.clone();
        insert(tx, record).await?;
    }
    query("UPDATE log_head SET hash = $1 WHERE log = 'audit'").bind(prev_hash).execute(tx).await?;
    Ok(())
}

async fn insert(tx: &mut Tx, record: Record) -> sqlx::Result<()> {
    query(
        "INSERT INTO audit (seq, at, actor_kind, actor_id, verb, subject_kind, subject_id, detail, prev_hash, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(record.seq)
    .bind(record.at)
    .bind(record.actor_kind)
    .bind(record.actor_id)
    .bind(record.verb)
    .bind(record.subject_kind)
    .bind(record.subject_id)
    .bind(record.detail)
    .bind(record.prev_hash)
    .bind(record.hash)
    .execute(tx)
    .await?;
    Ok(())
}

/// What is wrong with the chain at `seq`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Break {
    /// The first row that does not fit.
    pub seq: i64,
    /// In words.
    pub problem: &'static str,
}

/// At most `limit` rows after `last`, oldest first.
pub async fn after(conn: &mut impl Conn, last: i64, limit: i64) -> sqlx::Result<Vec<Record>> {
    query(
        "SELECT seq, at, actor_kind, actor_id, verb, subject_kind, subject_id, detail, prev_hash, hash
         FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
    )
    .bind(last)
    .bind(limit)
    .all(conn)
    .await
}

/// At most `limit` rows before `seq`, newest first.
pub async fn newest(conn: &mut impl Conn, before: i64, limit: i64) -> sqlx::Result<Vec<Record>> {
    query(
        "SELECT seq, at, actor_kind, actor_id, verb, subject_kind, subject_id, detail, prev_hash, hash
         FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2",
    )
    .bind(before)
    .bind(limit)
    .all(conn)
    .await
}

/// The rows about one thing, oldest first.
pub async fn about(conn: &mut impl Conn, subject: uuid::Uuid) -> sqlx::Result<Vec<Record>> {
    query(
        "SELECT seq, at, actor_kind, actor_id, verb, subject_kind, subject_id, detail, prev_hash, hash
         FROM audit WHERE subject_id = $1 ORDER BY seq",
    )
    .bind(subject)
    .all(conn)
    .await
}

/// Reads the whole chain and returns the first break: an edited, missing, reordered or cut-off row.
pub async fn verify(conn: &mut impl Conn) -> sqlx::Result<Option<Break>> {
    const PAGE: i64 = 1_000;
    let mut last = 0;
    let mut prev_hash: Vec<u8> = Vec::new();
    loop {
        let page = after(conn, last, PAGE).await?;
        for record in &page {
            if let Some(problem) = misfit(record, last, &prev_hash) {
                return Ok(Some(Break { seq: last + 1, problem }));
            }
            last = record.seq;
            prev_hash.clone_from(&record.hash);
        }
        if page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
            break;
        }
    }
    let head: Option<(i64, Vec<u8>)> =
        query("SELECT seq, hash FROM log_head WHERE log = 'audit'").optional(conn).await?;
    let cut_off = head.unwrap_or_default() != (last, prev_hash);
    Ok(cut_off.then_some(Break { seq: last + 1, problem: "rows at the end are missing" }))
}

fn misfit(record: &Record, last: i64, prev_hash: &[u8]) -> Option<&'static str> {
    if record.seq != last + 1 {
        return Some("a row is missing");
    }
    if record.prev_hash != prev_hash {
        return Some("the row does not follow the one before");
    }
    (record.expected_hash() != record.hash).then_some("the row was changed")
}
