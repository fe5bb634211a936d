//! seccomp: a list of what decoding and encoding need. Everything else, sockets, programs, tracing, mounts, keys,
//! new processes, answers "no such call", which the C library takes as an old kernel.

use anyhow::Context;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use std::collections::BTreeMap;

const ALLOWED: &[i64] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_openat,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_unlinkat,
    libc::SYS_ftruncate,
    libc::SYS_fallocate,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_fcntl,
    libc::SYS_dup,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_set_tid_address,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_setaffinity,
    libc::SYS_sched_getparam,
    libc::SYS_sched_getscheduler,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_getppid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_ppoll,
    libc::SYS_membarrier,
];

/// The older spellings, which only this architecture has.
#[cfg(target_arch = "x86_64")]
const ALLOWED_HERE: &[i64] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_unlink,
    libc::SYS_poll,
    libc::SYS_time,
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: &[i64] = &[];

/// Installs the filter for this thread and every later one.
pub(super) fn restrict() -> anyhow::Result<()> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    rules.extend(ALLOWED.iter().chain(ALLOWED_HERE).map(|call| (*call, Vec::new())));
    // clone may make threads, never processes; clone3 cannot be looked into, so it is absent and glibc falls back.
    rules.insert(libc::SYS_clone, vec![only_with_bits(0, libc::CLONE_THREAD as u64)?]);
    // prctl may name threads; a limit may be read, of this process, but not set.
    rules.insert(libc::SYS_prctl, vec![only_equal(0, libc::PR_SET_NAME as u64)?, only_equal(0, PR_SET_VMA)?]);
    rules.insert(libc::SYS_prlimit64, vec![only_equal(2, 0)?]);
    // A process may end itself (abort), which aims at its own threads.
    rules.insert(libc::SYS_tgkill, vec![only_equal(0, u64::from(std::process::id()))?]);
    let absent = SeccompAction::Errno(libc::ENOSYS as u32);
    let architecture =
        std::env::consts::ARCH.try_into().context("no system call filter for this processor")?;
    let filter = SeccompFilter::new(rules, absent, SeccompAction::Allow, architecture)?;
    let program: BpfProgram = filter.try_into()?;
    seccompiler::apply_filter(&program).context("cannot install the system call filter")
}

/// Names anonymous memory; glibc does so for thread stacks.
const PR_SET_VMA: u64 = 0x5356_4d41;

fn only_equal(argument: u8, value: u64) -> anyhow::Result<SeccompRule> {
    let width = SeccompCmpArgLen::Qword;
    Ok(SeccompRule::new(vec![SeccompCondition::new(argument, width, SeccompCmpOp::Eq, value)?])?)
}

fn only_with_bits(argument: u8, bits: u64) -> anyhow::Result<SeccompRule> {
    let (width, masked) = (SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(bits));
    Ok(SeccompRule::new(vec![SeccompCondition::new(argument, width, masked, bits)?])?)
}
