//! Wakes without channels: tasks that yield, and a ring in which each wakes the next.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Poll, Waker};

use mini_benches::program::{Work, timed};
use mini_benches::waits::Countdown;

use crate::rt::{Runtime, detach, yield_now};
use crate::work::{all, share};

pub(crate) const WORKS: &[Work<Runtime>] = &[timed("yield", yields), timed("wake_ring", wake_ring)];

/// Tasks that yield by turns.
const YIELDERS: u64 = 200;
/// Tasks in the ring.
const RING: usize = 100;

/// Some tasks that do nothing but let each other run.
fn yields(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        all(YIELDERS, |index| async move {
            let turns = share(operations, YIELDERS, index);
            for _ in 0..turns {
                yield_now().await;
            }
            turns
        })
        .await
    })
}

/// What the tasks of a ring share.
struct Ring {
    members: [Member; RING],
    /// Written by the task that was woken, one at a time.
    wakes: AtomicU64,
    operations: u64,
    end: Countdown,
}

/// A task of the ring, as the one before it sees it.
#[derive(Default)]
struct Member {
    /// Its turn has come.
    is_woken: AtomicBool,
    waker: OnceLock<Waker>,
}

impl Ring {
    /// The turn of a member: it counts and wakes the next.
    fn turn(&self, index: usize) {
        let wakes = self.wakes.load(Ordering::Relaxed) + 1;
        self.wakes.store(wakes, Ordering::Relaxed);
        if wakes == self.operations {
            return self.end.count();
        }
        let next = &self.members[(index + 1) % RING];
        next.is_woken.store(true, Ordering::Release);
        next.waker.get().expect("all have come before the first turn").wake_by_ref();
    }
}

/// One wake at a time goes round.
fn wake_ring(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let ring = Arc::new(Ring {
            members: std::array::from_fn(|_| Member::default()),
            wakes: AtomicU64::new(0),
            operations,
            end: Countdown::new(1),
        });
        let all_have_come = Countdown::new(RING as u64);
        for index in 0..RING {
            let (ring, all_have_come) = (ring.clone(), all_have_come.clone());
            detach(poll_fn(move |context| {
                let member = &ring.members[index];
                if member.waker.get().is_none() {
                    _ = member.waker.set(context.waker().clone());
                    all_have_come.count();
                }
                if member.is_woken.swap(false, Ordering::Acquire) {
                    ring.turn(index);
                }
                Poll::Pending
            }));
        }
        all_have_come.wait().await;
        let first = &ring.members[0];
        first.is_woken.store(true, Ordering::Release);
        first.waker.get().expect("it has come").wake_by_ref();
        ring.end.wait().await;
        ring.wakes.load(Ordering::Acquire)
    })
}
