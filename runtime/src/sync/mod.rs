//! Tools by which tasks wait for each other: locks, permits, notifications and channels.
//!
//! Not bound to a runtime of ours: every future here works under any executor, and the `blocking_*` calls
//! outside of one. The names and meanings are tokio's.
//!
//! | tool | for | stands on |
//! |---|---|---|
//! | [`oneshot`] | one value, once | a state word of its own |
//! | [`mpsc`] | many senders, one receiver | a word, linked blocks, and the wait queue when full |
//! | [`broadcast`] | many senders, every receiver sees every value | a ring of slots and the wait queue |
//! | [`watch`] | one value that changes, receivers see the newest | a version and [`Notify`] |
//! | [`Semaphore`], [`Mutex`] | permits; a lock held over an await | a word, and the wait queue when contended |
//! | [`Notify`] | something happened | the wait queue |
//!
//! # Invariants of all of them
//!
//! What a waiter was granted and did not use, because it was dropped, goes on to the next. No user code,
//! wakers included, runs under a lock of ours, with the exceptions that `broadcast` and `watch` name. Each leaf
//! future spends the budget of [`coop`](crate::coop).
//!
//! # Rejected
//!
//! A lock-free wait queue: the lock is held for a few instructions, and only by those who must wait or wake
//! anyway. A queue that allocates its nodes: each wait would pay for it. A semaphore under mpsc: see
//! `mpsc::channel`'s file.

mod blocking;
pub mod broadcast;
pub mod mpsc;
mod mutex;
mod notify;
pub mod oneshot;
mod permits;
mod semaphore;
mod wait_queue;
pub mod watch;

pub use mutex::{MappedMutexGuard, Mutex, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard, TryLockError};
pub use notify::{Notified, Notify, OwnedNotified};
pub use semaphore::{AcquireError, OwnedSemaphorePermit, Semaphore, SemaphorePermit, TryAcquireError};

#[cfg(all(test, not(loom), feature = "rt"))]
mod blocking_tests;
#[cfg(all(test, not(loom)))]
mod tests;
