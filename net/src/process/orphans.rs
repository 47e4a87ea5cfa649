//! Processes whose [`Child`](super::Child) was dropped before they had ended: each is reaped when it ends.
//!
//! No runtime, task or thread waits for them: what tells of an end (the process-wide reactor's thread for a pidfd, the
//! signals' thread for SIGCHLD) wakes the orphan's waker, and that waker reaps. So an orphan is polled as a task is:
//!
//! | who polls it | who wakes it |
//! |---|---|
//! | 1. takes it out of its slot, under the lock | 1. takes it out of its slot and polls it, or, |
//! | 2. polls it, outside the lock | 2. if it is out, sets `is_woken`, under the lock |
//! | 3. puts it back, under the lock; or polls it again if `is_woken` | |
//!
//! Outside the lock, because a poll may itself wake, and then comes back here. Invariants:
//! 1. An orphan is polled by one thread at a time, and after each wake.
//! 2. No code of the user's runs here: his wakers are dropped before an orphan comes here.
//!
//! One that nothing can watch (no descriptor is left, say) is looked at whenever a process is started or orphaned. There
//! are as many entries as there are orphans that have not ended.

use super::running::Running;
use crate::reactor::Reactor;
use slab::Slab;
use std::process::Child;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

/// All orphans of this process.
static ORPHANS: Mutex<Orphans> = Mutex::new(Orphans { watched: Slab::new(), unwatched: Vec::new() });

#[derive(Debug)]
struct Orphans {
    /// Those that wake us when they end.
    watched: Slab<Slot>,
    /// The others.
    unwatched: Vec<Child>,
}

#[derive(Debug)]
struct Slot {
    /// `None` while it is polled.
    orphan: Option<Running>,
    /// Whether it was woken while it was polled.
    is_woken: bool,
}

/// Wakes the orphan in the slot of this key. One that came after it in the same slot is polled for nothing.
#[derive(Debug)]
struct OrphanWaker(usize);

/// Reaps `process` now or when it ends.
pub(super) fn adopt(mut process: Child) {
    sweep();
    // Err: somebody else has reaped it.
    let Ok(None) = process.try_wait() else { return };
    let watched = match Reactor::global() {
        Ok(reactor) => Running::new(process, reactor),
        Err(error) => Err((process, error)),
    };
    match watched {
        Ok(orphan) => {
            let key = lock().watched.insert(Slot { orphan: None, is_woken: false });
            poll(key, orphan);
        }
        Err((process, _)) => lock().unwatched.push(process),
    }
}

/// Reaps those that have ended among the orphans that nothing watches.
pub(super) fn sweep() {
    lock().unwatched.retain_mut(|process| matches!(process.try_wait(), Ok(None)));
}

/// Steps 2 and 3 of the table.
fn poll(key: usize, mut orphan: Running) {
    let waker = Waker::from(Arc::new(OrphanWaker(key)));
    let mut cx = Context::from_waker(&waker);
    loop {
        // An error means that it is not ours to reap any more.
        let is_over = orphan.poll_wait(&mut cx).is_ready();
        let mut orphans = lock();
        let Some(slot) = orphans.watched.get_mut(key) else { return };
        if is_over {
            orphans.watched.remove(key);
            return;
        }
        if !std::mem::take(&mut slot.is_woken) {
            slot.orphan = Some(orphan);
            return;
        }
    }
}

impl Wake for OrphanWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut orphans = lock();
        let Some(slot) = orphans.watched.get_mut(self.0) else { return };
        match slot.orphan.take() {
            Some(orphan) => {
                drop(orphans);
                poll(self.0, orphan);
            }
            None => slot.is_woken = true,
        }
    }
}

fn lock() -> MutexGuard<'static, Orphans> {
    ORPHANS.lock().unwrap_or_else(PoisonError::into_inner)
}
