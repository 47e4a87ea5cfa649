//! The one place from which a driver is polled: [`Seat`].
//!
//! Not a queue for the seat: whoever does not get it at the first try goes elsewhere to sleep. The reactor thread
//! (`scheduler::multi_thread::watch`) owns the duty to poll; a worker that takes the seat for a while only borrows it.
//!
//! What others read of it: `turns`, which moves whenever someone polls, and `occupancy`, which says whether someone
//! sleeps in the driver now. A thread that leaves the seat after a sleep tells nobody; the protocol that makes
//! sure that somebody polls is written at `watch`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::primitive::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use crate::primitive::sync::{Mutex, MutexGuard};
use crate::primitive::thread;

use super::{Driver, Unpark};

const VACANT: u8 = 0;
const LOOKING: u8 = 1;
const WORKER_SLEEPS: u8 = 2;
const WATCHER_SLEEPS: u8 = 3;

/// Who sleeps in the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sleeper {
    /// A worker, which runs itself what it wakes.
    Worker,
    /// The reactor thread.
    Watcher,
}

/// See the head of this file.
pub(crate) struct Seat {
    driver: Mutex<Box<dyn Driver>>,
    unpark: Arc<dyn Unpark>,
    /// How many turns were begun. Written by the holder of the seat, read by the reactor thread.
    turns: AtomicU64,
    /// Written by the holder of the seat, read by all.
    occupancy: AtomicU8,
}

impl Seat {
    pub(crate) fn new(driver: Box<dyn Driver>, unpark: Arc<dyn Unpark>) -> Self {
        Self {
            driver: Mutex::new(driver),
            unpark,
            turns: AtomicU64::new(0),
            occupancy: AtomicU8::new(VACANT),
        }
    }

    /// Takes the seat if it is free.
    pub(crate) fn try_take(&self) -> Option<Occupant<'_>> {
        let driver = self.driver.try_lock()?;
        Some(Occupant { seat: self, driver })
    }

    /// Drops the driver, and with it the ties of all that was registered there: a waiter elsewhere is told. For the
    /// last to leave a scheduler, when nobody will poll any more.
    pub(crate) fn close(&self) {
        let driver = std::mem::replace(&mut *self.driver.lock(), Box::new(Gone));
        // Outside the lock: it wakes tasks of others.
        drop(driver);
    }

    /// Ends the sleep of whoever is in the driver, or else the next one.
    pub(crate) fn unpark(&self) {
        self.unpark.unpark();
    }

    /// Ends the sleep of the reactor thread, if it sleeps here, and waits until it has woken what is ready, but no longer
    /// than `limit`. For a worker that did not get the seat, and has nothing to run but what waits for that.
    #[cold]
    pub(crate) fn hurry_watcher(&self, limit: Duration) {
        // Ordering: Acquire pairs with the Release at the end of the turn, so that what it woke is seen.
        let is_asleep = || self.occupancy.load(Ordering::Acquire) == WATCHER_SLEEPS;
        if !is_asleep() {
            return;
        }
        self.unpark();
        let begun = Instant::now();
        while is_asleep() && begun.elapsed() < limit {
            thread::yield_now();
        }
    }

    /// How many turns were begun so far.
    pub(crate) fn turns(&self) -> u64 {
        // Ordering: Relaxed; a staleness hint that is read again later.
        self.turns.load(Ordering::Relaxed)
    }

    /// Who sleeps in the driver now.
    pub(crate) fn sleeper(&self) -> Option<Sleeper> {
        // Ordering: Relaxed; the protocols that rest on it put a SeqCst fence before this load.
        match self.occupancy.load(Ordering::Relaxed) {
            WORKER_SLEEPS => Some(Sleeper::Worker),
            WATCHER_SLEEPS => Some(Sleeper::Watcher),
            _ => None,
        }
    }
}

/// What the seat is for once it is closed: nothing ever happens in it.
struct Gone;

impl Driver for Gone {
    fn park(&mut self, _timeout: Option<Duration>) {}
}

impl std::fmt::Debug for Seat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seat").field("turns", &self.turns()).field("sleeper", &self.sleeper()).finish()
    }
}

/// The holder of the seat; dropped, it leaves.
pub(crate) struct Occupant<'a> {
    seat: &'a Seat,
    driver: MutexGuard<'a, Box<dyn Driver>>,
}

impl Occupant<'_> {
    /// One turn that does not wait.
    pub(crate) fn look(&mut self) {
        self.turn(LOOKING, Some(Duration::ZERO));
    }

    /// One turn that waits for an event, an unpark or the timeout.
    pub(crate) fn sleep(&mut self, sleeper: Sleeper, timeout: Option<Duration>) {
        let occupancy = match sleeper {
            Sleeper::Worker => WORKER_SLEEPS,
            Sleeper::Watcher => WATCHER_SLEEPS,
        };
        self.turn(occupancy, timeout);
    }

    fn turn(&mut self, occupancy: u8, timeout: Option<Duration>) {
        // Ordering: Relaxed; only the holder of the seat writes.
        self.seat.turns.store(self.seat.turns.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        self.seat.occupancy.store(occupancy, Ordering::Relaxed);
        self.driver.park(timeout);
        // Ordering: Release; see `hurry_watcher`.
        self.seat.occupancy.store(VACANT, Ordering::Release);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A driver in which nothing happens but an unpark.
    struct Quiet(Receiver<()>);

    impl Driver for Quiet {
        fn park(&mut self, _timeout: Option<Duration>) {
            self.0.recv().expect("somebody unparks");
        }
    }

    struct UnparkQuiet(std::sync::Mutex<Sender<()>>);

    impl Unpark for UnparkQuiet {
        fn unpark(&self) {
            self.0.lock().expect("no panic").send(()).expect("the driver is there");
        }
    }

    /// A seat, and a thread that sleeps in it.
    fn taken_by(sleeper: Sleeper) -> (Arc<Seat>, std::thread::JoinHandle<()>) {
        let (sender, receiver) = channel();
        let unpark = Arc::new(UnparkQuiet(std::sync::Mutex::new(sender)));
        let seat = Arc::new(Seat::new(Box::new(Quiet(receiver)), unpark));
        let taken = seat.clone();
        let thread = std::thread::spawn(move || taken.try_take().expect("it is free").sleep(sleeper, None));
        while seat.sleeper().is_none() {
            std::thread::yield_now();
        }
        (seat, thread)
    }

    #[test]
    fn the_reactor_thread_is_hurried_out_of_its_sleep_and_a_worker_is_not() {
        let (seat, thread) = taken_by(Sleeper::Watcher);
        seat.hurry_watcher(Duration::MAX);
        assert_eq!(seat.sleeper(), None, "its turn is over");
        thread.join().expect("no panic");

        let (seat, thread) = taken_by(Sleeper::Worker);
        seat.hurry_watcher(Duration::MAX);
        assert_eq!(seat.sleeper(), Some(Sleeper::Worker));
        seat.unpark();
        thread.join().expect("no panic");
    }
}
