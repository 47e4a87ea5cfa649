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
///
/// ```
/// use mini_runtime::driver::Driver;
/// use std::sync::mpsc::{Receiver, channel};
/// use std::task::Waker;
/// use std::time::Duration;
///
/// /// Wakes whom other threads send it.
/// struct Wakers(Receiver<Waker>);
///
/// impl Driver for Wakers {
///     fn park(&mut self, timeout: Option<Duration>) {
///         let first = match timeout {
///             Some(timeout) => self.0.recv_timeout(timeout).ok(),
///             None => self.0.recv().ok(),
///         };
///         first.into_iter().chain(self.0.try_iter()).for_each(Waker::wake);
///     }
/// }
///
/// let (sender, receiver) = channel();
/// sender.send(Waker::noop().clone()).unwrap();
/// let mut driver = Wakers(receiver);
/// driver.park(None); // Returns at once, since something happened already.
/// driver.park(Some(Duration::ZERO));
/// ```
pub trait Driver: Send + 'static {
    /// One turn: waits for an event, for [`Unpark::unpark`] or for `timeout` to pass, then wakes what became ready.
    ///
    /// `None` waits without limit; `Some(Duration::ZERO)` only looks. An unpark that came before is not lost:
    /// the next park returns at once. May return early for no reason. Never panics on what the OS answers.
    ///
    /// ```
    /// use mini_runtime::driver::Driver;
    /// use std::time::Duration;
    ///
    /// /// Nothing ever happens in it.
    /// struct Sleep;
    ///
    /// impl Driver for Sleep {
    ///     fn park(&mut self, timeout: Option<Duration>) {
    ///         match timeout {
    ///             Some(timeout) => std::thread::park_timeout(timeout),
    ///             None => std::thread::park(),
    ///         }
    ///     }
    /// }
    ///
    /// let thread = std::thread::spawn(|| Sleep.park(None));
    /// thread.thread().unpark();
    /// thread.join().unwrap();
    /// ```
    fn park(&mut self, timeout: Option<Duration>);
}

/// Ends a [`Driver::park`] from another thread.
///
/// ```
/// use mini_runtime::driver::Unpark;
/// use std::thread::{self, Thread};
///
/// /// Ends the sleep of one thread.
/// struct Parked(Thread);
///
/// impl Unpark for Parked {
///     fn unpark(&self) {
///         self.0.unpark();
///     }
/// }
///
/// Parked(thread::current()).unpark();
/// thread::park(); // Returns at once: the permit was there.
/// ```
pub trait Unpark: Send + Sync + 'static {
    /// Ends the park under way, or else the next one.
    ///
    /// ```
    /// use mini_runtime::driver::Unpark;
    /// use std::sync::mpsc::{Sender, channel};
    ///
    /// /// The driver sleeps in the other end of the channel.
    /// struct Nudge(Sender<()>);
    ///
    /// impl Unpark for Nudge {
    ///     fn unpark(&self) {
    ///         // Without a driver there is nobody to unpark.
    ///         let _ = self.0.send(());
    ///     }
    /// }
    ///
    /// let (sender, receiver) = channel();
    /// std::thread::spawn(move || Nudge(sender).unpark());
    /// assert!(receiver.recv().is_ok());
    /// ```
    fn unpark(&self);
}

/// A driver in the pieces that a runtime needs of it.
///
/// ```
/// use mini_runtime::driver::{Driver, DriverParts, Unpark};
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// struct Never;
///
/// impl Driver for Never {
///     fn park(&mut self, _timeout: Option<Duration>) {}
/// }
///
/// impl Unpark for Never {
///     fn unpark(&self) {}
/// }
///
/// let mut parts = DriverParts { driver: Box::new(Never), unpark: Arc::new(Never), handle: Arc::new("resources") };
/// parts.unpark.unpark();
/// parts.driver.park(None);
/// assert_eq!(parts.handle.downcast_ref(), Some(&"resources"));
/// ```
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
///
/// ```
/// use mini_runtime::driver::{Driver, DriverParts, DriverSource, EventLimits, Unpark};
/// use mini_runtime::runtime::Builder;
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// /// A driver without events, which sleeps until it is unparked.
/// #[derive(Default)]
/// struct Quiet {
///     is_unparked: std::sync::Mutex<bool>,
///     change: std::sync::Condvar,
/// }
///
/// struct Sleeper(Arc<Quiet>);
///
/// impl Driver for Sleeper {
///     fn park(&mut self, timeout: Option<Duration>) {
///         let timeout = timeout.unwrap_or(Duration::from_secs(60));
///         let is_unparked = self.0.is_unparked.lock().unwrap();
///         let wait = self.0.change.wait_timeout_while(is_unparked, timeout, |is_unparked| !*is_unparked);
///         *wait.unwrap().0 = false;
///     }
/// }
///
/// impl Unpark for Quiet {
///     fn unpark(&self) {
///         *self.is_unparked.lock().unwrap() = true;
///         self.change.notify_one();
///     }
/// }
///
/// impl DriverSource for Quiet {
///     fn open(_: EventLimits) -> std::io::Result<DriverParts> {
///         let quiet = Arc::new(Quiet::default());
///         Ok(DriverParts { driver: Box::new(Sleeper(quiet.clone())), unpark: quiet.clone(), handle: quiet })
///     }
/// }
///
/// # fn main() -> std::io::Result<()> {
/// let runtime = Builder::<Quiet>::new_multi_thread().worker_threads(2).enable_io().build()?;
/// assert_eq!(runtime.block_on(async { 42 }), 42);
/// # Ok(())
/// # }
/// ```
pub trait DriverSource: 'static {
    /// True for the source that has no driver to give: `enable_io` then does nothing.
    ///
    /// ```
    /// use mini_runtime::driver::DriverSource;
    /// use mini_runtime::runtime::NoDriver;
    ///
    /// assert!(NoDriver::IS_NONE);
    /// ```
    const IS_NONE: bool = false;

    /// Opens a driver, or returns the OS error.
    ///
    /// ```
    /// use mini_runtime::driver::{DriverSource, EventLimits};
    /// use mini_runtime::runtime::NoDriver;
    ///
    /// let error = NoDriver::open(EventLimits::default()).unwrap_err();
    /// assert_eq!(error.kind(), std::io::ErrorKind::Unsupported);
    /// ```
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
