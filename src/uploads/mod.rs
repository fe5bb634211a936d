//! Uploads that survive a broken connection, a killed server and a power cut.
//!
//! Partial bytes lie in `$ISHARA_DATA/uploads/`; the row says how many of them are safe. A complete file moves to storage
//! (`originals/` for staff, `questions/` for citizens) and waits until a clip version or a question takes it.
//!
//! States: open → complete → consumed; open or complete → expired or aborted.

mod checksum;
mod create;
mod finish;
mod form;
mod limits;
mod metadata;
mod problem;
mod receive;
mod repeat;
mod row;
mod slot;
mod sweep;
#[cfg(test)]
mod tests;
mod ticket;

pub use checksum::{ALGORITHMS, Checksum};
pub use create::{Begun, NewUpload};
pub use finish::{CompletedUpload, consume, consume_from_citizen};
pub use limits::{Disk, Limits, OPEN_FOR, TICKET_FOR, UNUSED_FOR};
pub use metadata::Metadata;
pub use problem::UploadProblem;
pub use receive::{Incoming, Piece};
pub use repeat::RepeatKey;
pub use row::{Owner, Upload, UploadState};
pub use sweep::Swept;
pub use ticket::NewTicket;

use crate::db::Db;
use crate::ids::{TicketId, UploadId};
use crate::store::{Store, make_folder};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The room of uploads. Cheap to clone.
#[derive(Clone)]
pub struct Uploads {
    db: Db,
    store: Store,
    folder: Arc<PathBuf>,
    limits: Arc<Limits>,
    slots: Arc<slot::Slots>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Uploads {
    /// Makes the folder for partial files.
    pub fn open(db: Db, store: Store, folder: &Path, limits: Limits) -> anyhow::Result<Self> {
        make_folder(folder)?;
        Ok(Self {
            db,
            store,
            folder: Arc::new(folder.to_owned()),
            limits: Arc::new(limits),
            slots: Arc::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        })
    }

    /// What uploads are limited to.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Makes a ticket for a citizen.
    pub async fn create_ticket(&self) -> anyhow::Result<NewTicket> {
        let mut tx = self.db.begin().await?;
        let ticket = ticket::create(&mut tx, &self.limits).await?;
        tx.commit().await?;
        Ok(ticket)
    }

    /// The ticket with this secret, if it is good.
    pub async fn find_ticket(&self, secret: &str) -> anyhow::Result<Option<TicketId>> {
        let mut read = self.db.read().await?;
        Ok(ticket::find(&mut read, secret, self.db.clock().now()).await?)
    }

    /// Makes what has arrived safe, ends all senders and waits for them. Uploads go on after the restart.
    pub async fn drain(&self) {
        self.stop.cancel();
        self.slots.stop_all();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Only ids become names of files.
    fn partial_path(&self, id: UploadId) -> PathBuf {
        self.folder.join(id.to_string())
    }
}
