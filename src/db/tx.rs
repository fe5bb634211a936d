//! Transactions. A write transaction collects its audit rows and feed entries and writes them right before the
//! commit, always in the same order: the numbered logs are then locked for the shortest time, never deadlock with
//! each other, and their numbers become visible in commit order (a follower that reads `seq > last` misses nothing).

use super::Bells;
use crate::audit::{self, Entry};
use crate::clock::Millis;
use sqlx::postgres::Postgres;
use sqlx::sqlite::Sqlite;
use sqlx::{Result, Transaction};
use std::sync::Arc;

pub enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A transaction that statements can run in: [`Tx`] or [`Read`].
pub trait Conn: Send {
    #[doc(hidden)]
    fn inner(&mut self) -> &mut Inner;
}

/// A write transaction; dropped without [`Tx::commit`] it rolls back.
pub struct Tx {
    inner: Inner,
    now: Millis,
    bells: Arc<Bells>,
    entries: Vec<Entry>,
    changes: Vec<(&'static str, uuid::Uuid)>,
    enqueued: bool,
}

impl Tx {
    pub(super) fn new(inner: Inner, now: Millis, bells: Arc<Bells>) -> Self {
        Self { inner, now, bells, entries: Vec::new(), changes: Vec::new(), enqueued: false }
    }

    /// The moment the transaction began: the stamp of every row it writes.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// Adds a row to the audit chain when the transaction commits.
    pub fn record(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Tells the followers of the change feed that this thing changed, when the transaction commits.
    pub fn changed(&mut self, kind: &'static str, subject: impl Into<uuid::Uuid>) {
        let change = (kind, subject.into());
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    /// Wakes the workers when the transaction commits.
    pub(crate) fn wake_workers(&mut self) {
        self.enqueued = true;
    }

    /// Writes the collected audit rows and feed entries and commits.
    pub async fn commit(mut self) -> Result<()> {
        let entries = std::mem::take(&mut self.entries);
        audit::append(&mut self, entries).await?;
        let changes = std::mem::take(&mut self.changes);
        let fed = !changes.is_empty();
        super::feed::append(&mut self, changes).await?;
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        if self.enqueued {
            self.bells.jobs.notify_waiters();
        }
        if fed {
            self.bells.changes_rung.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            self.bells.changes.notify_waiters();
        }
        Ok(())
    }

    /// Ends a claiming SELECT so that workers skip each other's rows; SQLite has one writer anyway.
    pub fn skip_locked(&self) -> &'static str {
        match self.inner {
            Inner::Sqlite(_) => "",
            Inner::Postgres(_) => "FOR UPDATE SKIP LOCKED",
        }
    }
}

impl Conn for Tx {
    fn inner(&mut self) -> &mut Inner {
        &mut self.inner
    }
}

/// A read transaction: one consistent picture of all tables.
pub struct Read {
    inner: Inner,
}

impl Read {
    pub(super) fn new(inner: Inner) -> Self {
        Self { inner }
    }
}

impl Conn for Read {
    fn inner(&mut self) -> &mut Inner {
        &mut self.inner
    }
}
