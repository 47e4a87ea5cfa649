//! The sockets under a foreign executor: `futures::executor::block_on` and plain threads, no runtime of ours
//! entered, so that the process-wide reactor thread alone serves.
//!
//! Each module is one group of faults that sockets meet. What changes the whole process (its descriptor table, its
//! limits) runs in a child process: see `limits`. Miri starts no processes, and its socket pairs, which signals need
//! too, cannot be made non-blocking.

mod connecting;
#[cfg(all(unix, not(miri)))]
mod descriptors;
#[cfg(all(target_os = "linux", not(miri)))]
mod limits;
#[cfg(unix)]
mod pipes;
#[cfg(all(target_os = "linux", feature = "process", not(miri)))]
mod process_ends;
#[cfg(all(target_os = "linux", feature = "process", not(miri)))]
mod process_limits;
#[cfg(all(target_os = "linux", feature = "process", not(miri)))]
mod process_pipes;
mod sharing;
#[cfg(all(unix, feature = "signal", not(miri)))]
mod signals;
mod streams;
mod support;
mod udp;
#[cfg(unix)]
mod unix_datagrams;
#[cfg(unix)]
mod unix_streams;
mod wakers;
#[cfg(all(target_os = "linux", feature = "process", not(miri)))]
mod without_pidfd;
