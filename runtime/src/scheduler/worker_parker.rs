//! A worker's sleep: on its own parker, or in the driver if it got the seat.
//!
//! Not the decision to sleep (`idle`, `park`). The invariant: a permit given before or during a sleep ends it, and
//! the one that gives it ends the sleep where it takes place.

use std::time::Duration;

use crate::driver::seat::{Occupant, Seat, Sleeper};
use crate::park::{Parker, Unparker};
use crate::primitive::sync::Mutex;
use crate::primitive::sync::atomic::{AtomicU8, Ordering};

const EMPTY: u8 = 0;
const PARKED: u8 = 1;
const IN_DRIVER: u8 = 2;
const NOTIFIED: u8 = 3;

/// See the head of this file.
pub(crate) struct WorkerParker {
    /// Written by the sleeper (EMPTY, PARKED, IN_DRIVER) and by whoever unparks it (NOTIFIED).
    state: AtomicU8,
    /// Taken by the one thread that acts as this worker.
    parker: Mutex<Parker>,
    unparker: Unparker,
}

impl WorkerParker {
    pub(crate) fn new() -> Self {
        let parker = Parker::new();
        let unparker = parker.unparker();
        Self { state: AtomicU8::new(EMPTY), parker: Mutex::new(parker), unparker }
    }

    /// Sleeps until unparked or the timeout. May return early.
    pub(crate) fn park(&self, timeout: Option<Duration>) {
        if !self.begin(PARKED) {
            return;
        }
        let mut parker = self.parker.lock();
        match timeout {
            None => parker.park(),
            Some(timeout) => parker.park_timeout(timeout),
        }
        self.end();
    }

    /// Sleeps in the driver until an event, an unpark or the timeout.
    pub(crate) fn park_in_driver(
        &self,
        occupant: &mut Occupant<'_>,
        sleeper: Sleeper,
        timeout: Option<Duration>,
    ) {
        if !self.begin(IN_DRIVER) {
            // A permit is there; the turn is taken all the same, without waiting.
            return occupant.look();
        }
        occupant.sleep(sleeper, timeout);
        self.end();
    }

    /// False: a permit was there and is used up.
    fn begin(&self, place: u8) -> bool {
        // Ordering: AcqRel; Acquire takes the permit with what came before it.
        match self.state.compare_exchange(EMPTY, place, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => true,
            Err(_) => {
                // A swap, so that a second unpark just now is seen with what came before it.
                self.state.swap(EMPTY, Ordering::AcqRel);
                false
            }
        }
    }

    fn end(&self) {
        // Ordering: AcqRel, as above: a permit that ended the sleep is used up here.
        self.state.swap(EMPTY, Ordering::AcqRel);
    }

    /// Gives the permit and ends a sleep.
    pub(crate) fn unpark(&self, seat: Option<&Seat>) {
        // Ordering: AcqRel; Release gives the permit with what came before it.
        match self.state.swap(NOTIFIED, Ordering::AcqRel) {
            PARKED => self.unparker.unpark(),
            IN_DRIVER => {
                if let Some(seat) = seat {
                    seat.unpark();
                }
            }
            _ => {}
        }
    }

    /// Whether the worker sleeps in the driver just now.
    pub(crate) fn is_in_driver(&self) -> bool {
        self.state.load(Ordering::Relaxed) == IN_DRIVER
    }
}
