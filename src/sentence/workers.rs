//! The threads that compute: one for each core, each on its own, because two threads on one short text are slower than
//! one (matching.md section 5), and padded batches slower still.

use anyhow::Context;
use std::sync::{Condvar, Mutex, PoisonError};

/// Pools of one thread; candle finds its parallelism in the pool that it runs in, which holds it to that thread.
pub(super) struct Workers {
    idle: Mutex<Vec<rayon::ThreadPool>>,
    returned: Condvar,
    count: usize,
}

impl Workers {
    pub(super) fn start() -> anyhow::Result<Workers> {
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        let start = |number: usize| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(1)
                .thread_name(move |_| format!("sentence-{number}"))
                .build()
                .context("cannot start a thread for the sentence model")
        };
        let idle = (0..count).map(start).collect::<anyhow::Result<_>>()?;
        Ok(Workers { idle: Mutex::new(idle), returned: Condvar::new(), count })
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Runs work on an idle thread, waiting for one if need be.
    pub(super) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let worker = self.take();
        let lease = Lease { workers: self, worker: Some(worker) };
        match &lease.worker {
            Some(worker) => worker.install(work),
            None => work(),
        }
    }

    fn take(&self) -> rayon::ThreadPool {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(worker) = idle.pop() {
                return worker;
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Gives the thread back, after a panic too.
struct Lease<'a> {
    workers: &'a Workers,
    worker: Option<rayon::ThreadPool>,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut idle = self.workers.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.worker.take());
        self.workers.returned.notify_one();
    }
}
