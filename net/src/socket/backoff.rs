//! [`Backoff`]: after an accept that failed for want of resources, no accept for a while.
//!
//! The connection stays in the backlog and the listener stays ready, so a loop that ignores the error would
//! otherwise spin until somebody closes a descriptor.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long accepting pauses.
const PAUSE: Duration = Duration::from_millis(10);

/// Until when accepting pauses.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    /// Microseconds since [`epoch`]; 0: no pause yet. Any accepting task writes and reads it; it orders nothing.
    until_us: AtomicU64,
}

/// A time before every pause.
fn epoch() -> Instant {
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    *EPOCH.get_or_init(Instant::now)
}

fn since_epoch_us(instant: Instant) -> u64 {
    u64::try_from(instant.saturating_duration_since(epoch()).as_micros()).unwrap_or(u64::MAX)
}

impl Backoff {
    /// Starts a pause; the time at which it is over.
    pub(super) fn start(&self) -> Instant {
        epoch();
        let until = Instant::now() + PAUSE;
        self.until_us.store(since_epoch_us(until), Ordering::Relaxed);
        until
    }

    /// Whether the pause is still on. Over at latest at the time that `start` returned.
    pub(super) fn is_on(&self) -> bool {
        let until = self.until_us.load(Ordering::Relaxed);
        until != 0 && since_epoch_us(Instant::now()) < until
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_over_when_it_says() {
        let backoff = Backoff::default();
        assert!(!backoff.is_on());
        let until = backoff.start();
        while Instant::now() < until {
            std::thread::sleep(until.saturating_duration_since(Instant::now()));
        }
        assert!(!backoff.is_on());
    }
}
