//! Linux: a timerfd for deadlines that `epoll_wait` cannot hit, since mio rounds its timeout up to milliseconds.
//!
//! Not every deadline goes through it: arming is a system call. A deadline further away than [`NEAR`] first
//! waits for its whole milliseconds with the poll's own timeout, and something else usually comes before that is
//! over; a deadline that is a whole number of milliseconds away needs no timer at all. Invariant: `armed` is the
//! time at which the timerfd fires or fired last.

use mio::unix::SourceFd;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::{Duration, Instant};

/// epoll reports new bytes, and new room after a short write, as a new edge. A read also stops short at the mark
/// of out-of-band data: the bytes behind it then wait for the peer's next packet, or its close.
pub(crate) const SHORT_TRANSFER_MEANS_DRAINED: bool = true;

/// A deadline at least this far away is first waited for without the timer.
const NEAR: Duration = Duration::from_millis(2);

/// How much later than the deadline the timer is armed, so that a caller who computes the same deadline again, a
/// few nanoseconds off, need not arm it again.
const LATER: Duration = Duration::from_micros(5);

/// An armed time this much later than the deadline still serves it.
const TOLERANCE: Duration = Duration::from_micros(50);

const MILLISECOND_NS: u32 = 1_000_000;

/// A timerfd in the poll, edge-triggered, never read: arming it anew resets its count.
#[derive(Debug)]
pub(crate) struct FineTimer {
    fd: OwnedFd,
    /// When it fires, or fired last.
    armed: Option<Instant>,
}

impl FineTimer {
    /// Opens the timer and registers it.
    pub(crate) fn open(registry: &mio::Registry, token: mio::Token) -> io::Result<Self> {
        // SAFETY: takes no pointer.
        let raw =
            unsafe { libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_NONBLOCK | libc::TFD_CLOEXEC) };
        if raw < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call above opened `raw` for us, and nobody else knows it.
        let fd = unsafe { OwnedFd::from_raw_fd(raw) };
        registry.register(&mut SourceFd(&raw), token, mio::Interest::READABLE)?;
        Ok(Self { fd, armed: None })
    }

    /// The timeout to poll with; arms the timer if the deadline is near and not on a whole millisecond.
    pub(crate) fn arm(&mut self, left: Duration, deadline: Instant) -> Duration {
        let is_whole = left.subsec_nanos() % MILLISECOND_NS == 0;
        if is_whole {
            return left;
        }
        if left >= NEAR {
            // Ends before the deadline; what is left then is near.
            return left - Duration::from_nanos(u64::from(left.subsec_nanos() % MILLISECOND_NS));
        }
        let serves = |armed| armed >= deadline && armed <= deadline + TOLERANCE;
        if !self.armed.is_some_and(serves) {
            self.armed = self.set(left + LATER).ok().map(|()| deadline + LATER);
        }
        // The poll rounds this up to a millisecond, so the timer comes first; without one, this is the fallback.
        left
    }

    fn set(&self, after: Duration) -> io::Result<()> {
        let zero = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // `after` is below NEAR + LATER, so no seconds, and the nanoseconds fit every `c_long`.
        let value = libc::timespec { tv_nsec: after.subsec_nanos() as libc::c_long, ..zero };
        let timer = libc::itimerspec { it_interval: zero, it_value: value };
        // SAFETY: the fd is ours and open; `timer` lives through the call; the old value is not asked for.
        let result = unsafe { libc::timerfd_settime(self.fd.as_raw_fd(), 0, &timer, std::ptr::null_mut()) };
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }
}
