//! Where the change feed stands, for everything that is kept until something published changes.

use crate::app::App;
use crate::db::feed;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long this process believes that no other one has changed anything.
const KEPT: Duration = Duration::from_millis(300);

/// The last known position. It is read again after every commit of this process and at least three times a second,
/// because another process may have published or withdrawn something.
#[derive(Default)]
pub(super) struct Position {
    known: Mutex<Option<(u64, Instant, i64)>>,
}

impl Position {
    /// The newest position of the feed.
    pub(super) async fn now(&self, app: &App) -> sqlx::Result<i64> {
        // Counted before the row is read: a change in between makes the answer stale at once.
        let rung = app.db.bells().changes_rung.load(Ordering::SeqCst);
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, looked, position)) = known
            && at == rung
            && looked.elapsed() < KEPT
        {
            return Ok(position);
        }
        let mut read = app.db.read().await?;
        let position = feed::newest(&mut read).await?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((rung, Instant::now(), position));
        Ok(position)
    }
}
