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
//! | [`Semaphore`], [`Mutex`], [`RwLock`] | permits; locks held over an await | a word, and the wait queue when contended |
//! | [`Notify`] | something happened | the wait queue |
//! | [`Barrier`] | going on together | the wait queue |
//! | [`OnceCell`], [`SetOnce`] | a value made, or set, once | a permit; [`Notify`] |
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

mod barrier;
mod blocking;
pub mod broadcast;
pub mod mpsc;
mod mutex;
mod notify;
mod once_cell;
mod once_value;
pub mod oneshot;
mod permits;
mod rwlock;
mod semaphore;
mod set_once;
mod wait_queue;
pub mod watch;

/// Futures with a name, to be stored in other futures.
pub mod futures {
    pub use super::notify::{Notified, OwnedNotified};
}

pub use barrier::{Barrier, BarrierWaitResult};
pub use mutex::{MappedMutexGuard, Mutex, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard, TryLockError};
pub use notify::Notify;
pub use once_cell::{OnceCell, SetError};
pub use rwlock::{
    OwnedRwLockMappedWriteGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock, RwLockMappedWriteGuard,
    RwLockReadGuard, RwLockWriteGuard,
};
pub use semaphore::{AcquireError, OwnedSemaphorePermit, Semaphore, SemaphorePermit, TryAcquireError};
pub use set_once::{SetOnce, SetOnceError};

#[cfg(all(test, not(loom), feature = "rt"))]
mod blocking_tests;
#[cfg(all(test, not(loom)))]
mod tests;
