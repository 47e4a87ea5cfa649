//! A channel from many senders to many receivers, each of which sees every value sent after it subscribed, or
//! is told exactly how many it missed.
//!
//! Not a queue that holds senders back: the oldest value makes room for the newest. The values stand in a
//! ring of slots; positions count values from the first.
//!
//! # Invariants
//!
//! 1. The tail's lock is taken before a slot's, never after. A slot is written under both.
//! 2. A slot's `remaining` is the number of receivers that have yet to pass its position; who passes last
//!    takes the value out. So a value lives no longer than it is wanted, and is dropped outside our locks.
//! 3. A receiver at position p has missed nothing unless the tail is more than the capacity ahead of p.
//!
//! A value is cloned under its slot's lock, although that is user code: without `T: Sync` two receivers must
//! not clone the same value at once (RUSTSEC-2025-0023), and that lock is what keeps them apart. It delays
//! those who want the same slot only.

pub mod error;
mod receiver;
mod ring;
mod sender;

pub use error::{RecvError, SendError, TryRecvError};
pub use receiver::Receiver;
pub use sender::{Sender, WeakSender};

/// Makes a channel that keeps the newest `capacity` values, rounded up to a power of two.
///
/// # Panics
///
/// If `capacity` is zero or more than `usize::MAX / 2`.
///
/// ```
/// use mini_runtime::sync::broadcast;
///
/// # futures::executor::block_on(async {
/// let (sender, mut first) = broadcast::channel(16);
/// let mut second = sender.subscribe();
/// sender.send("news").unwrap();
/// assert_eq!(first.recv().await, Ok("news"));
/// assert_eq!(second.recv().await, Ok("news"));
/// # });
/// ```
#[track_caller]
pub fn channel<T: Clone>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let sender = Sender::new(capacity);
    let receiver = sender.subscribe();
    (sender, receiver)
}

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;
