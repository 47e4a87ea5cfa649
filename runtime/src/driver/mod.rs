//! What a thread of ours may sleep in, other than its own parker: the [`Driver`] trait, which `mini-net`'s
//! reactor implements, and the protocol by which several threads share one driver.
//!
//! Not the reactor itself: this crate knows no file descriptor.

#[cfg(feature = "rt")]
pub(crate) mod seat;
mod shut_down;

#[cfg(feature = "rt")]
pub(crate) use shut_down::operation_shut_down_error;
pub use shut_down::{is_rt_shutdown_err, shut_down_error};

use std::any::Any;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Something that turns outside events into wakes while a thread sleeps in it.
///
/// Whoever holds the driver calls it, one thread at a time (hence `&mut self`).
pub trait Driver: Send + 'static {
    /// One turn: waits for an event, for [`Unpark::unpark`] or for `timeout` to pass, then wakes what became ready.
    ///
    /// `None` waits without limit; `Some(Duration::ZERO)` only looks. An unpark that came before is not lost:
    /// the next park returns at once. May return early for no reason. Never panics on what the OS answers.
    fn park(&mut self, timeout: Option<Duration>);
}

/// Ends a [`Driver::park`] from another thread.
pub trait Unpark: Send + Sync + 'static {
    /// Ends the park under way, or else the next one.
    fn unpark(&self);
}

/// A driver in the pieces that a runtime needs of it.
pub struct DriverParts {
    /// The part that is polled, by one thread at a time.
    pub driver: Box<dyn Driver>,
    /// Ends a park from any thread.
    pub unpark: Arc<dyn Unpark>,
    /// What resources register themselves with; found again through [`crate::context::io_handle`].
    pub handle: Arc<dyn Any + Send + Sync>,
}

impl std::fmt::Debug for DriverParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DriverParts").finish_non_exhaustive()
    }
}

/// How a runtime with I/O enabled gets its driver.
///
/// A type parameter of `Builder` and `Runtime`, so that this crate need not know the reactor.
pub trait DriverSource: 'static {
    /// True for the source that has no driver to give: `enable_io` then does nothing.
    const IS_NONE: bool = false;

    /// Opens a driver, or returns the OS error.
    fn open(limits: EventLimits) -> io::Result<DriverParts>;
}

/// How many events a turn of a driver takes at most.
///
/// ```
/// let limits = mini_runtime::driver::EventLimits::default();
/// assert_eq!(limits.per_turn, limits.per_busy_turn);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventLimits {
    /// One that may wait.
    pub per_turn: usize,
    /// One that only looks.
    pub per_busy_turn: usize,
}

impl Default for EventLimits {
    /// tokio's, and the room in a worker's queue: 256 for both.
    fn default() -> Self {
        Self { per_turn: 256, per_busy_turn: 256 }
    }
}
