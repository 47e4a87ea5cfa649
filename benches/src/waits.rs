//! Waiting that belongs to no runtime: a [`Countdown`] that one task or thread awaits, and a future that is pending
//! [`once`].
//!
//! Used where a line must not measure a runtime's own channels, or where a runtime has none.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// Counts down to zero, and wakes the one that waits for it.
#[derive(Debug, Clone)]
pub struct Countdown(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    left: AtomicU64,
    /// The one waiter; touched only when it comes and at the end.
    waiter: Mutex<Option<Waker>>,
}

impl Countdown {
    /// From that many.
    pub fn new(count: u64) -> Self {
        Self(Arc::new(Shared { left: AtomicU64::new(count), waiter: Mutex::new(None) }))
    }

    /// One less. The last one wakes the waiter.
    pub fn count(&self) {
        // Ordering: AcqRel: what each counter did before is seen by the waiter after.
        if self.0.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            let waiter = self.0.waiter.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(waiter) = waiter {
                waiter.wake();
            }
        }
    }

    /// Starts anew from that many; nobody may be waiting or counting.
    pub fn reset(&self, count: u64) {
        self.0.left.store(count, Ordering::Release);
    }

    /// Until it is at zero. One waits at a time.
    pub async fn wait(&self) {
        poll_fn(|context| {
            // Ordering: Acquire pairs with the counters' release.
            if self.0.left.load(Ordering::Acquire) == 0 {
                return Poll::Ready(());
            }
            *self.0.waiter.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.waker().clone());
            // Again, as the last may have come before the waker stood there.
            if self.0.left.load(Ordering::Acquire) == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// Wakes itself and is pending the first time, ready the second: an operation that does not succeed at once.
pub fn once() -> Once {
    Once { was_polled: false }
}

/// See [`once`].
#[derive(Debug)]
pub struct Once {
    was_polled: bool,
}

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.was_polled {
            return Poll::Ready(());
        }
        self.was_polled = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
