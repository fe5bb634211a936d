//! How many texts are computed at once: one for each core, each on its caller's thread, because two threads on one short
//! text are slower than one (matching.md section 5).

use std::sync::{Condvar, Mutex, PoisonError};

/// A place for each core.
pub(super) struct Workers {
    free: Mutex<usize>,
    returned: Condvar,
    count: usize,
}

impl Workers {
    pub(super) fn start() -> Workers {
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        Workers { free: Mutex::new(count), returned: Condvar::new(), count }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Runs work in a free place, waiting for one if need be.
    pub(super) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free =
            self.returned.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        drop(free);
        let _place = Place(self);
        work()
    }
}

/// Gives the place back, after a panic too.
struct Place<'a>(&'a Workers);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.returned.notify_one();
    }
}
