//! The thread inside `block_on` acts as worker 0, so that the main future and the tasks it speaks with share a queue.
//!
//! Not for a second `block_on` at the same time: worker 0 is taken then, and that thread only drives its own future.
//! While the guest is present the last worker is held in reserve, so that no more workers run than were asked for;
//! if the main future blocks its thread, the reactor thread lets the reserve go.
//!
//! tokio's main future is on no worker: each message between it and a task is a futex call and a thread switch.

use std::cell::RefCell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use futures_task::{ArcWake, waker_ref};

use crate::coop::{Budget, with_budget};
use crate::park::block_on_thread;
use crate::primitive::sync::atomic::{Ordering, fence};

use super::Shared;
use super::worker::{Core, Worker, with_current};

/// Wakes the main future.
struct MainWaker {
    shared: Weak<Shared>,
}

impl ArcWake for MainWaker {
    fn wake_by_ref(this: &Arc<Self>) {
        let Some(shared) = this.shared.upgrade() else { return };
        if !shared.main_woken.wake() {
            return;
        }
        let is_guest = with_current(|worker| {
            worker.is_some_and(|worker| worker.index == 0 && Arc::ptr_eq(&worker.shared, &shared))
        });
        if is_guest {
            return;
        }
        // Steps 2 and 3 of the protocol at `main_woken`.
        fence(Ordering::SeqCst);
        if shared.idle.is_parked(0) {
            shared.unpark(0);
        }
    }
}

/// Drives `future` on this thread, which meanwhile acts as worker 0 if nobody else does.
pub(crate) fn block_on<F: Future>(shared: &Arc<Shared>, future: F) -> F::Output {
    let mut future = pin!(future);
    if let Some(guest) = Guest::enter(shared) {
        if let Some(output) = guest.run(future.as_mut()) {
            return output;
        }
    }
    block_on_thread(future)
}

/// A thread's time as worker 0; dropped, also by a panic of the main future, it hands everything back.
struct Guest {
    worker: Worker,
}

impl Guest {
    fn enter(shared: &Arc<Shared>) -> Option<Self> {
        if shared.is_closed() {
            return None;
        }
        let core = shared.spare_cores[0].lock().take()?;
        shared.thread_came();
        shared.guest_came();
        Some(Self { worker: Worker { shared: shared.clone(), index: 0, core: RefCell::new(Some(core)) } })
    }

    /// The output, or `None` if this thread has to stop being a worker before the future is done.
    fn run<F: Future>(&self, mut future: Pin<&mut F>) -> Option<F::Output> {
        let worker = &self.worker;
        let shared = &worker.shared;
        let waker = Arc::new(MainWaker { shared: Arc::downgrade(shared) });
        let waker = waker_ref(&waker);
        let mut context = Context::from_waker(&waker);
        shared.main_woken.start();
        worker.enter(|| {
            while worker.has_core() && !shared.is_closed() {
                if shared.main_woken.take() {
                    // Whoever unparked us for a task shall not rely on us while we poll.
                    worker.found_work();
                    let poll = with_budget(Budget::initial(), || future.as_mut().poll(&mut context));
                    if let Poll::Ready(output) = poll {
                        return Some(output);
                    }
                    if !worker.has_core() {
                        break;
                    }
                }
                worker.step();
            }
            None
        })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let shared = self.worker.shared.clone();
        // Without the core, somebody else is the guest by now, or nobody is.
        if let Some(core) = self.worker.core.take() {
            shared.guest_leaves(core);
        }
        shared.thread_left();
    }
}

impl Shared {
    /// This thread acts as worker 0 from now on.
    pub(super) fn guest_came(&self) {
        self.idle.set_guest_present(true);
        // Invariant 3: the reactor thread does not sleep while we run.
        fence(Ordering::SeqCst);
        self.watch.rouse(self.seat.as_ref());
    }

    /// This thread does not act as worker 0 any more, and leaves its tasks to the others.
    pub(super) fn guest_leaves(&self, core: Box<Core>) {
        self.idle.set_guest_present(false);
        // Ordering: pairs with the fence of whoever pushed to the injector and spared the reserve, because we were
        // there to run it: `put_back` finds the task and unparks the reserve.
        fence(Ordering::SeqCst);
        self.put_back(0, core);
        // The reactor thread looks after worker 0's timers from now on.
        self.watch.rouse_to_leave(self.seat.as_ref());
    }
}
