//! The CPU time of this process, as the kernel accounts for it.
//!
//! Children are not in it, so a load generator that a server starts costs the server nothing here.

use std::time::Duration;

/// User and system time of all threads so far.
///
/// # Panics
///
/// If the kernel does not tell, which it always does.
pub fn cpu_time() -> Duration {
    // SAFETY: all-zero bytes are a valid `rusage`, a struct of integers.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: `usage` is valid for writes, and the call keeps no pointer to it.
    let result = unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) };
    assert_eq!(result, 0, "getrusage failed: {}", std::io::Error::last_os_error());
    duration(usage.ru_utime) + duration(usage.ru_stime)
}

fn duration(time: libc::timeval) -> Duration {
    Duration::new(time.tv_sec as u64, time.tv_usec as u32 * 1000)
}
