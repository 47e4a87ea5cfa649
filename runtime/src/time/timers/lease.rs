//! [`Lease`]: timers for the length of a scheduler's life, out of a stock that is never freed.
//!
//! Not a count of users. A sleep may outlive its runtime, and holds a plain reference to the timers it is registered
//! with: a count would cost two atomic operations for each timeout that waits, a fifth of the whole. So `Timers` live
//! for ever, and go from one scheduler to the next; there are never more than there were in use at once.
//!
//! The invariant: timers that are in stock are closed and empty, and no key of an earlier lease finds anything in a
//! later one.

use std::ops::Deref;
use std::sync::OnceLock;

use super::{NO_DEADLINE, Tenant, Timers};
use crate::driver::Unpark;
use crate::primitive::sync::Mutex;
use crate::primitive::sync::atomic::Ordering;
use crate::time::clock::SharedClock;

/// Timers in stock.
fn stock() -> &'static Mutex<Vec<&'static Timers>> {
    // Not a constant, which loom's mutex cannot be.
    static STOCK: OnceLock<Mutex<Vec<&'static Timers>>> = OnceLock::new();
    STOCK.get_or_init(|| Mutex::new(Vec::new()))
}

/// Timers that belong to one scheduler until this is dropped, which closes them.
#[derive(Debug)]
pub(crate) struct Lease(&'static Timers);

impl Lease {
    /// See [`Timers::new`].
    #[allow(dead_code)] // Called by the schedulers.
    pub(crate) fn new(clock: SharedClock, unpark: Option<std::sync::Arc<dyn Unpark>>) -> Self {
        let in_stock = stock().lock().pop();
        Self(match in_stock {
            Some(timers) => {
                timers.let_to(Tenant { clock, unpark });
                timers
            }
            None => Timers::leaked(clock, unpark),
        })
    }

    /// The timers, by themselves; they are closed when the lease ends.
    #[allow(dead_code)] // Called by the schedulers.
    pub(crate) fn timers(&self) -> &'static Timers {
        self.0
    }
}

impl Deref for Lease {
    type Target = Timers;

    fn deref(&self) -> &Timers {
        self.0
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.close();
        stock().lock().push(self.0);
    }
}

impl Timers {
    /// Opens timers that were closed, for another scheduler.
    pub(super) fn let_to(&self, tenant: Tenant) {
        let former = std::mem::replace(&mut *self.tenant.lock(), tenant);
        let mut state = self.state.lock();
        state.wheel.restart();
        state.is_closed = false;
        // Ordering: Relaxed, all; nobody drives them yet, and what is read without the lock is published by the first
        // `fire`.
        self.first_generation.store(state.wheel.next_generation(), Ordering::Relaxed);
        self.fired_until.store(0, Ordering::Relaxed);
        self.last_fired.store(0, Ordering::Relaxed);
        self.earliest.store(NO_DEADLINE, Ordering::Relaxed);
        self.is_estimate.store(false, Ordering::Relaxed);
        drop(state);
        drop(former);
    }
}
