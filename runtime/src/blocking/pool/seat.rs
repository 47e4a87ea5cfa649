//! [`Seat`]: where one thread of the pool waits, and where the [`Call`] is put that it is unparked for.
//!
//! Does not decide who gets a job: that is `State`'s, under the pool's lock.

use crate::park::Unparker;
use crate::primitive::sync::Mutex;

/// What a thread is unparked for.
pub(super) enum Call<J> {
    /// To run this job.
    Job(J),
    /// To look at the queue.
    Look,
}

/// The part of a pool thread that a spawner may touch.
pub(super) struct Seat<J> {
    /// The thread's number, which is also the key of its join handle.
    pub(super) number: usize,
    /// Filled by whoever took the seat from the idle stack or made it, under the pool's lock; emptied by the
    /// seat's own thread. So it is contended only when a thread gives up just as it is handed a job.
    call: Mutex<Option<Call<J>>>,
    /// Ends the thread's sleep.
    unparker: Unparker,
}

impl<J> Seat<J> {
    pub(super) fn new(number: usize, unparker: Unparker) -> Self {
        Self { number, call: Mutex::new(None), unparker }
    }

    /// Puts a call in. The caller took this seat from the idle stack, or has made it, and holds the pool's lock.
    pub(super) fn put(&self, call: Call<J>) {
        let former = self.call.lock().replace(call);
        debug_assert!(former.is_none(), "invariant 3: one hand-off per time a seat is idle");
    }

    /// Takes the call, if there is one. Called by the seat's own thread, or if that could not be
    /// made by the one that filled it.
    pub(super) fn take(&self) -> Option<Call<J>> {
        self.call.lock().take()
    }

    /// Wakes the thread, to look into its seat or to see that the pool is closed. Called under no lock.
    pub(super) fn unpark(&self) {
        self.unparker.unpark();
    }
}
