//! One request at a time for each upload. A request whose connection has died must not keep the next one waiting, so a
//! newcomer ends a predecessor that stands still; one that is still receiving is waited for, and the offset then
//! decides between the two.

use super::UploadProblem;
use crate::ids::UploadId;
use sha2::Sha256;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often a newcomer looks.
const LOOK: Duration = Duration::from_millis(50);

/// When a newcomer takes over.
#[derive(Clone, Copy)]
struct Patience {
    /// A sender that has delivered nothing for this long gives way.
    stands_still: Duration,
    /// A newcomer waits at most this long for a sender that is still receiving.
    wait: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { stands_still: Duration::from_secs(1), wait: Duration::from_secs(10) }
    }
}

/// What is remembered of an upload between its pieces.
#[derive(Default)]
pub(super) struct Progress {
    /// The hash of the bytes so far, and how many; saves reading the file again at the end.
    pub hashed: Option<(u64, Sha256)>,
}

#[derive(Default)]
struct Slot {
    progress: Arc<tokio::sync::Mutex<Progress>>,
    sender: Mutex<Option<Sender>>,
}

#[derive(Clone)]
struct Sender {
    stop: CancellationToken,
    heard: Arc<Mutex<Instant>>,
}

/// All uploads that were touched since the start and are not ended.
#[derive(Default)]
pub(super) struct Slots {
    slots: Mutex<HashMap<UploadId, Arc<Slot>>>,
    patience: Patience,
}

/// The right to work on one upload, until dropped.
pub(super) struct Turn {
    /// What is remembered between the pieces.
    pub progress: OwnedMutexGuard<Progress>,
    /// Cancelled when another request should take over.
    pub stop: CancellationToken,
    heard: Arc<Mutex<Instant>>,
}

impl Turn {
    /// Notes that bytes have just arrived.
    pub(super) fn heard(&self) {
        *locked(&self.heard) = Instant::now();
    }
}

/// How a newcomer treats the request before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// Waits for it while it receives.
    Patient,
    /// Ends it at once: the owner gives the upload up.
    Impatient,
}

impl Slots {
    /// Waits for the turn; fails with [`UploadProblem::Busy`] when another request keeps receiving.
    pub(super) async fn take_turn(&self, id: UploadId, arrival: Arrival) -> Result<Turn, UploadProblem> {
        let slot = locked(&self.slots).entry(id).or_default().clone();
        let since = Instant::now();
        loop {
            if let Ok(progress) = slot.progress.clone().try_lock_owned() {
                let sender =
                    Sender { stop: CancellationToken::new(), heard: Arc::new(Mutex::new(Instant::now())) };
                *locked(&slot.sender) = Some(sender.clone());
                return Ok(Turn { progress, stop: sender.stop, heard: sender.heard });
            }
            if let Some(sender) = locked(&slot.sender).as_ref()
                && (arrival == Arrival::Impatient
                    || locked(&sender.heard).elapsed() >= self.patience.stands_still)
            {
                sender.stop.cancel();
            }
            if since.elapsed() >= self.patience.wait {
                return Err(UploadProblem::Busy);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Whether nobody works on the upload.
    #[cfg(test)]
    pub(super) fn is_free(&self, id: UploadId) -> bool {
        locked(&self.slots).get(&id).is_none_or(|slot| slot.progress.try_lock().is_ok())
    }

    /// Forgets an upload that has ended.
    pub(super) fn forget(&self, id: UploadId) {
        locked(&self.slots).remove(&id);
    }

    /// Ends all senders, for the shutdown.
    pub(super) fn stop_all(&self) {
        for slot in locked(&self.slots).values() {
            if let Some(sender) = locked(&slot.sender).as_ref() {
                sender.stop.cancel();
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;

    fn slots(stands_still: Duration, wait: Duration) -> (Slots, UploadId) {
        let slots = Slots { patience: Patience { stands_still, wait }, ..Slots::default() };
        (slots, UploadId::new(Millis(1)))
    }

    #[tokio::test]
    async fn a_sender_that_stands_still_gives_way() {
        let (slots, id) = slots(Duration::ZERO, Duration::from_secs(60));
        let first = slots.take_turn(id, Arrival::Patient).await.unwrap();
        let stop = first.stop.clone();
        let release = async {
            stop.cancelled().await;
            drop(first);
        };
        let (second, ()) = tokio::join!(slots.take_turn(id, Arrival::Patient), release);
        assert!(second.is_ok());
    }

    #[tokio::test]
    async fn a_sender_that_receives_is_not_cut_off_by_a_patient_request() {
        let (slots, id) = slots(Duration::from_secs(60), Duration::ZERO);
        let first = slots.take_turn(id, Arrival::Patient).await.unwrap();
        let second = slots.take_turn(id, Arrival::Patient).await;
        assert_eq!(second.err(), Some(UploadProblem::Busy));
        assert!(!first.stop.is_cancelled());
        let _ = slots.take_turn(id, Arrival::Impatient).await;
        assert!(first.stop.is_cancelled());
    }
}
