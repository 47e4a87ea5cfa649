//! What differs between platforms in the reactor. Each must define:
//!
//! - `FineTimer::open(&mio::Registry, mio::Token) -> io::Result<FineTimer>`: ends a poll at a deadline that the
//!   poll's own timeout is too coarse for; its events carry the token.
//! - `FineTimer::arm(&mut self, left: Duration, deadline: Instant) -> Duration`: the timeout to poll with, `left`
//!   before `deadline`. The poll may return early by up to a millisecond, and is then repeated.
//! - `SHORT_TRANSFER_MEANS_DRAINED: bool`: whether a read or write of fewer bytes than asked proves that the next
//!   readiness will be reported as a new edge.

// Miri has no timerfd.
#[cfg(all(any(target_os = "linux", target_os = "android"), not(miri)))]
mod linux;
#[cfg(all(any(target_os = "linux", target_os = "android"), not(miri)))]
pub(super) use linux::{FineTimer, SHORT_TRANSFER_MEANS_DRAINED};

#[cfg(not(all(any(target_os = "linux", target_os = "android"), not(miri))))]
mod other;
#[cfg(not(all(any(target_os = "linux", target_os = "android"), not(miri))))]
pub(super) use other::{FineTimer, SHORT_TRANSFER_MEANS_DRAINED};
