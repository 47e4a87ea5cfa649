//! What this process has used so far, as the kernel accounts for it, and the limit of files that it may open.
//!
//! Children are not in it, so a load generator that a server starts costs the server nothing here.

use std::fs;
use std::io;
use std::time::Duration;

/// All threads' use, up to now.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// User and system time.
    pub cpu: Duration,
    /// Times that a thread gave the processor up of its own will: it had nothing to do.
    pub switches: u64,
}

impl Usage {
    /// The use of this process.
    ///
    /// # Panics
    ///
    /// If the kernel does not tell, which it always does.
    pub fn of_this_process() -> Self {
        Self::of(libc::RUSAGE_SELF)
    }

    /// The use of the children that have ended and been waited for, and of theirs.
    ///
    /// # Panics
    ///
    /// If the kernel does not tell, which it always does.
    pub fn of_children() -> Self {
        Self::of(libc::RUSAGE_CHILDREN)
    }

    fn of(whom: libc::c_int) -> Self {
        // SAFETY: all-zero bytes are a valid `rusage`, a struct of integers.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: `usage` is valid for writes, and the call keeps no pointer to it.
        let result = unsafe { libc::getrusage(whom, &mut usage) };
        assert_eq!(result, 0, "getrusage failed: {}", io::Error::last_os_error());
        Self { cpu: duration(usage.ru_utime) + duration(usage.ru_stime), switches: usage.ru_nvcsw as u64 }
    }
}

fn duration(time: libc::timeval) -> Duration {
    Duration::new(time.tv_sec as u64, time.tv_usec as u32 * 1000)
}

/// Bytes of this process that are in memory now, and no file's.
///
/// # Panics
///
/// If the kernel does not tell, which it always does.
pub fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("the kernel tells");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kibibytes.expect("the kernel tells") * 1024
}

/// Lets this process run as soon as it can, whatever else does, if its user may do that.
///
/// For one that only watches: else what it sees of busy threads is how the kernel shares the processors among them
/// and it.
pub fn take_precedence() {
    const MOST: i32 = -20;
    // SAFETY: takes numbers only. One who may not do it goes on as before.
    unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, MOST) };
}

/// Lets this process open as many files as its user may allow it.
///
/// # Errors
///
/// The kernel's, if it refuses what it said it would grant.
pub fn open_many_files() -> io::Result<()> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is valid for writes, and the call keeps no pointer to it.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) } != 0 {
        return Err(io::Error::last_os_error());
    }
    limit.rlim_cur = limit.rlim_max;
    // SAFETY: `limit` is valid for reads, and the call keeps no pointer to it.
    if unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
