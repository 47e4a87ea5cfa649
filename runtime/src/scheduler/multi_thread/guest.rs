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
use super::worker::{Worker, with_current};

/// Wakes the main future.
struct MainWaker {
    shared: Weak<Shared>,
}

impl ArcWake for MainWaker {
    fn wake_by_ref(this: &Arc<Self>) {
        let Some(shared) = this.shared.upgrade() else { return };
        // Ordering: Release hands over what came before the wake; the guest's swap acquires it.
        if shared.is_main_woken.swap(true, Ordering::AcqRel) {
            return;
        }
        let is_guest = with_current(|worker| {
            worker.is_some_and(|worker| worker.index == 0 && Arc::ptr_eq(&worker.shared, &shared))
        });
        if is_guest {
            return;
        }
        // Ordering: pairs with the fence in `Idle::publish_parked`, as a push to the injector does.
        fence(Ordering::SeqCst);
        if shared.idle.claim_one(0) {
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
        shared.idle.set_guest_present(true);
        shared.watch.rouse(shared.seat.as_ref());
        Some(Self { worker: Worker { shared: shared.clone(), index: 0, core: RefCell::new(Some(core)) } })
    }

    /// The output, or `None` if this thread has to stop being a worker before the future is done.
    fn run<F: Future>(&self, mut future: Pin<&mut F>) -> Option<F::Output> {
        let worker = &self.worker;
        let shared = &worker.shared;
        let waker = Arc::new(MainWaker { shared: Arc::downgrade(shared) });
        let waker = waker_ref(&waker);
        let mut context = Context::from_waker(&waker);
        shared.is_main_woken.store(true, Ordering::Relaxed);
        worker.enter(|| {
            while worker.has_core() && !shared.is_closed() {
                // Ordering: Relaxed load to spare a running worker the swap; Acquire pairs with the wake's Release.
                if shared.is_main_woken.load(Ordering::Relaxed)
                    && shared.is_main_woken.swap(false, Ordering::Acquire)
                {
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
        if let Some(core) = self.worker.core.take() {
            shared.idle.set_guest_present(false);
            shared.put_back(0, core);
        }
        fence(Ordering::SeqCst);
        // It looks after worker 0's timers from now on.
        shared.watch.rouse_to_leave(shared.seat.as_ref());
        shared.thread_left();
    }
}
