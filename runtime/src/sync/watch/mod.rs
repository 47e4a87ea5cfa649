//! A channel that keeps one value: senders replace or change it, receivers see the newest and wait for the next.
//!
//! Not for values that must all be seen; that is [`broadcast`](super::broadcast). A slow receiver holds nobody back
//! and skips what was replaced meanwhile.
//!
//! # Invariants
//!
//! 1. The version counts the changes. It grows under the value's write lock, so who has the read lock sees a value
//!    and its version together.
//! 2. Receivers are notified after the version grew, and look at it after they began to wait: none sleeps through a
//!    change.
//! 3. The wait queue's lock is never held while user code runs. The value's lock is: by [`Ref`], and by the closures
//!    of [`Sender::send_modify`], [`Sender::send_if_modified`] and [`Receiver::wait_for`], whose documentation says
//!    so.
//!
//! Rejected: an `Arc` of the value that is exchanged at each send, which would spare the lock but allocate each time
//! and forbid changes in place.

pub mod error;
mod receiver;
mod sender;
mod shared;

use crate::primitive::sync::Arc;

pub use error::{RecvError, SendError};
pub use receiver::Receiver;
pub use sender::Sender;
pub use shared::Ref;

/// Makes a channel with a first value, which its receiver counts as seen.
///
/// ```
/// use mini_runtime::sync::watch;
///
/// # futures::executor::block_on(async {
/// let (sender, mut receiver) = watch::channel("starting");
/// std::thread::spawn(move || sender.send("ready"));
/// receiver.changed().await.unwrap();
/// assert_eq!(*receiver.borrow(), "ready");
/// # });
/// ```
pub fn channel<T>(initial: T) -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(shared::Shared::new(initial));
    let receiver = Receiver::new(&shared);
    (Sender::of(shared), receiver)
}

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;
