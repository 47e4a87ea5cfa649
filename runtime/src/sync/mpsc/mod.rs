//! Channels from many senders to one receiver: [`channel`], which has a bound, and [`unbounded_channel`].
//!
//! Not for values that several receivers should see; that is [`broadcast`](super::broadcast). The invariant
//! of both: a value that was sent is received or dropped exactly once, and the values of one sender arrive in
//! its order.

mod admit;
mod block_list;
mod channel;
mod ends;
pub mod error;
mod permit;
mod receiver;
mod receiving;
mod sender;
mod unbounded;
mod word;

use crate::primitive::sync::Arc;
use ends::Receiving;

pub use error::{SendError, TryRecvError, TrySendError};
pub use permit::{OwnedPermit, Permit, PermitIterator};
pub use receiver::Receiver;
pub use sender::{Sender, WeakSender};
pub use unbounded::{UnboundedReceiver, UnboundedSender, WeakUnboundedSender, unbounded_channel};

/// Makes a channel in which at most `capacity` values wait.
///
/// Memory is taken as values come, in blocks of 31. At most 2^20 - 1 places can be reserved by permits at one
/// time.
///
/// # Panics
///
/// If `capacity` is zero or more than [`Semaphore::MAX_PERMITS`](crate::sync::Semaphore::MAX_PERMITS).
///
/// ```
/// # futures::executor::block_on(async {
/// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(8);
/// std::thread::spawn(move || sender.blocking_send("hello"));
/// assert_eq!(receiver.recv().await, Some("hello"));
/// assert_eq!(receiver.recv().await, None);
/// # });
/// ```
#[track_caller]
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    assert!(capacity > 0, "an mpsc channel needs room for one value; ask for a capacity of at least 1");
    assert!(
        capacity <= super::Semaphore::MAX_PERMITS,
        "an mpsc channel's capacity is at most Semaphore::MAX_PERMITS; ask for less, or take unbounded_channel"
    );
    let receiving = Receiving::new(Some(capacity));
    (Sender::new(Arc::clone(receiving.channel())), Receiver::new(receiving))
}

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;
