//! The reactor: turns what the OS says of file descriptors into wakes.
//!
//! It runs no tasks and reads no sockets: it stores readiness and wakes; the woken task tries its call. Whoever
//! holds the [`Reactor`] polls it, one thread at a time; who that is (an idle worker, the duty thread, or the
//! process-wide thread of [`global`]) is not decided here. Invariants:
//! 1. A turn panics on nothing that the OS answers and on no waker, and a failing poll does not spin.
//! 2. A park does not end before its timeout unless something came.
//! 3. Wakers are woken under no lock.
//!
//! The way of an event: poll -> [`token`] -> [`table`] -> [`entry`] (readiness word, wakers) -> `Waker::wake`.
//! [`registration`] is the tasks' side.
//!
//! Rejected designs: pointers as tokens (an event in flight would outlive its entry); level-triggered
//! registration (a re-arming system call for every wait); one registration per direction (two system calls per
//! connection); deregistering and registering anew for each wait, as `epoll` in one-shot mode asks for.

pub(crate) mod entry;
pub(crate) mod global;
pub(crate) mod handle;
#[cfg(all(test, loom))]
mod model;
pub(crate) mod readiness;
pub(crate) mod registration;
mod retry;
mod sys;
mod table;
#[cfg(all(test, not(loom)))]
mod tests;
mod token;
mod waiters;

use handle::ReactorHandle;
use mini_runtime::driver::{Driver, DriverParts, DriverSource, EventLimits, Unpark};
use std::any::Any;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use token::Token;

/// The longest pause after a poll that failed, in milliseconds; the first is 1.
const LONGEST_PAUSE_MS: u64 = 64;

/// The polled side of a reactor; its shared side is the [`ReactorHandle`].
#[derive(Debug)]
pub(crate) struct Reactor {
    poller: sys::Poller,
    events: sys::Events,
    /// In place of `events` for a turn that does not wait, if such a one takes fewer.
    events_if_busy: Option<sys::Events>,
    handle: Arc<ReactorHandle>,
    /// The pause after the next failing poll, in milliseconds.
    pause_ms: u64,
}

impl Reactor {
    /// Opens a reactor.
    pub(crate) fn open(limits: EventLimits) -> io::Result<Self> {
        let poller = sys::Poller::open()?;
        let waker = mio::Waker::new(poller.registry(), Token::WAKE.into())?;
        let handle = Arc::new(ReactorHandle::new(poller.registry().try_clone()?, waker));
        let events = sys::Events::with_capacity(limits.per_turn.max(1));
        let events_if_busy = (limits.per_busy_turn != limits.per_turn)
            .then(|| sys::Events::with_capacity(limits.per_busy_turn.max(1)));
        Ok(Self { poller, events, events_if_busy, handle, pause_ms: 1 })
    }

    /// The shared side.
    pub(crate) fn handle(&self) -> &Arc<ReactorHandle> {
        &self.handle
    }

    /// Polls until something comes or the timeout has passed. A timeout of zero only looks.
    fn wait(&mut self, timeout: Option<Duration>) {
        if timeout == Some(Duration::ZERO) {
            self.poll_once(timeout);
            return;
        }
        // A timeout beyond what the clock can tell is no timeout.
        let Some((mut left, deadline)) =
            timeout.and_then(|left| Instant::now().checked_add(left).map(|deadline| (left, deadline)))
        else {
            while !self.poll_once(None) {}
            return;
        };
        while !left.is_zero() {
            if self.poll_once(Some(left)) {
                return;
            }
            left = deadline.saturating_duration_since(Instant::now());
        }
    }

    /// One call of the poll. Whether it is worth ending the park for.
    fn poll_once(&mut self, timeout: Option<Duration>) -> bool {
        match self.poller.poll(&mut self.events, timeout) {
            Ok(()) => {
                self.pause_ms = 1;
                !self.events.is_empty()
            }
            Err(error) => {
                self.events.clear();
                // A signal handler ran; the wait goes on with what is left of its time.
                if error.kind() == io::ErrorKind::Interrupted {
                    return false;
                }
                self.pause_after_failure(timeout);
                true
            }
        }
    }

    /// A poll that fails (no descriptor can cause it; a closed or exhausted kernel object may) fails again at
    /// once: without a pause the thread would spin.
    fn pause_after_failure(&mut self, timeout: Option<Duration>) {
        let pause = Duration::from_millis(self.pause_ms);
        self.pause_ms = (self.pause_ms * 2).min(LONGEST_PAUSE_MS);
        thread::sleep(timeout.map_or(pause, |timeout| timeout.min(pause)));
    }
}

impl Reactor {
    fn turn(&mut self, timeout: Option<Duration>) {
        self.wait(timeout);
        let events = self.events.iter().filter(|&(token, _)| token != Token::WAKE);
        self.handle.table.dispatch(events);
        self.handle.retries.fire(&self.handle.table);
        // The poll and its events are over: released keys may be used again.
        self.handle.table.free_released();
    }
}

impl Driver for Reactor {
    fn park(&mut self, timeout: Option<Duration>) {
        let timeout = self.handle.retries.limit(timeout);
        match self.events_if_busy.take() {
            Some(few) if timeout == Some(Duration::ZERO) => {
                let many = std::mem::replace(&mut self.events, few);
                self.turn(timeout);
                self.events_if_busy = Some(std::mem::replace(&mut self.events, many));
            }
            few => {
                self.events_if_busy = few;
                self.turn(timeout);
            }
        }
    }
}

impl Drop for Reactor {
    /// Whoever still waits on a source of this reactor is woken and told.
    fn drop(&mut self) {
        self.handle.table.close();
    }
}

/// Gives a runtime its reactor: the source to name in the `Builder` and `Runtime` of `mini-runtime`.
///
/// ```
/// use mini_net::ReactorSource;
/// use mini_runtime::driver::{Driver, DriverSource, EventLimits, Unpark};
/// use std::time::Duration;
///
/// let mut parts = ReactorSource::open(EventLimits::default())?;
/// parts.unpark.unpark();
/// parts.driver.park(None); // ends at once: it was unparked before
/// parts.driver.park(Some(Duration::ZERO)); // only looks
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub enum ReactorSource {}

impl DriverSource for ReactorSource {
    fn open(limits: EventLimits) -> io::Result<DriverParts> {
        let reactor = Reactor::open(limits)?;
        let handle = Arc::clone(reactor.handle());
        Ok(DriverParts {
            driver: Box::new(reactor),
            unpark: Arc::clone(&handle) as Arc<dyn Unpark>,
            handle: handle as Arc<dyn Any + Send + Sync>,
        })
    }
}
