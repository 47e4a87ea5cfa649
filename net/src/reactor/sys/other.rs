//! Platforms whose poll takes the timeout as it is: kqueue with its nanoseconds; Windows, where mio rounds it up
//! to milliseconds and we leave it at that.

use std::io;
use std::time::{Duration, Instant};

/// kqueue reports new bytes as a new edge; on Windows mio re-arms a socket only when a call would block. Miri's epoll
/// does not report the peer's close of its direction, which a short read before it would then hide.
pub(crate) const SHORT_TRANSFER_MEANS_DRAINED: bool = !cfg!(any(windows, miri));

/// Nothing: the poll's own timeout serves.
#[derive(Debug)]
pub(crate) struct FineTimer;

impl FineTimer {
    /// Cannot fail.
    pub(crate) fn open(_registry: &mio::Registry, _token: mio::Token) -> io::Result<Self> {
        Ok(Self)
    }

    /// The timeout as it is.
    pub(crate) fn arm(&mut self, left: Duration, _deadline: Instant) -> Duration {
        left
    }
}
