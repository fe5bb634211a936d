//! Resource limits of one job.

use anyhow::Context;
use nix::sys::resource::{Resource, setrlimit};
use serde::{Deserialize, Serialize};

const MIB: u64 = 1024 * 1024;

/// How much one job may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Seconds of processor time over all threads.
    pub cpu_s: u64,
    /// Bytes of written memory (heap, stacks); four renditions of 1080p60 need about 400 MB.
    pub memory: u64,
    /// Bytes of address space: libraries, arenas and the above.
    pub address_space: u64,
    /// Bytes of the largest file written.
    pub file_size: u64,
    /// Open files.
    pub files: u64,
}

impl Limits {
    /// Limits for a job on a clip of this length; unknown is taken as the shortest deadline's worth. Wall time is ten
    /// times the clip and at least two minutes (reliability.md, C6); every core may be used that long.
    pub fn for_wall_seconds(wall_s: u64) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, |n| n.get() as u64);
        Limits {
            cpu_s: wall_s.saturating_mul(cores),
            memory: 1024 * MIB,
            address_space: 4096 * MIB,
            file_size: 2048 * MIB,
            files: 64,
        }
    }

    pub(super) fn apply(&self) -> anyhow::Result<()> {
        let set = |resource, soft, hard| setrlimit(resource, soft, hard);
        // The soft limit ends the process with a signal of its own, so the parent can tell it from other kills.
        set(Resource::RLIMIT_CPU, self.cpu_s, self.cpu_s + 5).context("cannot limit processor time")?;
        set(Resource::RLIMIT_DATA, self.memory, self.memory).context("cannot limit memory")?;
        set(Resource::RLIMIT_AS, self.address_space, self.address_space)
            .context("cannot limit address space")?;
        set(Resource::RLIMIT_FSIZE, self.file_size, self.file_size).context("cannot limit file size")?;
        set(Resource::RLIMIT_NOFILE, self.files, self.files).context("cannot limit open files")?;
        set(Resource::RLIMIT_CORE, 0, 0).context("cannot forbid core files")
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits::for_wall_seconds(120)
    }
}
