//! The cage around FFmpeg. A stranger's file may take over the decoder; inside the cage that gains nothing: no file
//! but the upload can be read, nothing but the job's folder written, no network, no new program, bounded memory and
//! time, and the process dies with its parent. Every layer that the kernel lacks is named, never silently missing.

mod filesystem;
mod limits;
mod syscalls;
mod walls;

pub use limits::Limits;
pub use walls::{WallTest, Walls};

use crate::job::JobSpec;
use anyhow::{Context, ensure};
use nix::sched::CloneFlags;
use nix::sys::prctl;
use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

/// One wall of the cage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Cannot gain rights through a set-uid program.
    NoNewPrivileges,
    /// CPU time, memory, file size and open files are bounded; no core dumps.
    ResourceLimits,
    /// Landlock: the file system is the upload and the job folder.
    Filesystem,
    /// Landlock: no TCP connection or listener.
    NetworkRules,
    /// A network namespace without any interface.
    NetworkNamespace,
    /// seccomp: only the system calls that decoding needs.
    SystemCalls,
    /// The child dies with its parent.
    ParentDeath,
}

impl Layer {
    pub const ALL: [Layer; 7] = [
        Layer::NoNewPrivileges,
        Layer::ResourceLimits,
        Layer::Filesystem,
        Layer::NetworkRules,
        Layer::NetworkNamespace,
        Layer::SystemCalls,
        Layer::ParentDeath,
    ];

    /// What its absence means, for the readiness page.
    pub fn missing_sentence(self) -> &'static str {
        match self {
            Layer::NoNewPrivileges => "the kernel cannot forbid new privileges",
            Layer::ResourceLimits => "memory and time limits could not be set",
            Layer::Filesystem => "the kernel has no Landlock: other files are guarded by rights only",
            Layer::NetworkRules => "Landlock here has no network rules; the system call filter stands in",
            Layer::NetworkNamespace => {
                "no private network namespace is allowed here; the system call filter stands in"
            }
            Layer::SystemCalls => "the kernel has no seccomp filter",
            Layer::ParentDeath => "the kernel cannot end a child with its parent",
        }
    }
}

/// Shuts the calling process in, for good. Must run while it has one thread, before any byte of the upload is read.
///
/// # Errors
/// When the parent has already gone, or a layer that every supported kernel has cannot be set. Landlock, network
/// namespace and seccomp are left out where the kernel has none; the returned list says so.
pub(crate) fn enter(spec: &JobSpec) -> anyhow::Result<Vec<Layer>> {
    let mut layers = Vec::new();
    prctl::set_pdeathsig(Signal::SIGKILL).context("cannot tie the child to its parent")?;
    // The parent may have gone between fork and the line above.
    let parent = nix::unistd::getppid().as_raw();
    ensure!(u32::try_from(parent).is_ok_and(|pid| pid == spec.parent), "the parent process is gone");
    layers.push(Layer::ParentDeath);
    prctl::set_no_new_privs().context("cannot forbid new privileges")?;
    layers.push(Layer::NoNewPrivileges);
    prctl::set_dumpable(false).context("cannot forbid core dumps")?;
    spec.limits.apply()?;
    layers.push(Layer::ResourceLimits);
    if leave_network().is_ok() {
        layers.push(Layer::NetworkNamespace);
    }
    layers.extend(filesystem::restrict(&spec.input, &spec.out_dir)?);
    if syscalls::restrict().is_ok() {
        layers.push(Layer::SystemCalls);
    }
    Ok(layers)
}

/// Root may make an empty network at once; others need a user namespace of their own, where the system allows it.
fn leave_network() -> nix::Result<()> {
    nix::sched::unshare(CloneFlags::CLONE_NEWNET)
        .or_else(|_| nix::sched::unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET))
}
