//! A channel for one value: one allocation, no lock, and the fewest steps that two sides which may each go
//! away at any time allow.
//!
//! Not a queue, and neither half can be cloned. All shared state is one word (`state`) and three cells (`halves`)
//! in one allocation without a reference count: the word's GONE bits say who frees it. The invariant: a value that
//! was sent is received or dropped exactly once, and one that was not is given back.
//!
//! A value that is sent before the receiver looks costs one compare-exchange in all: the sender goes in the
//! same step that sends, so that the receiver finds itself alone and frees without another.

pub mod error;
mod halves;
mod receiver;
mod sender;
mod state;

pub use error::{RecvError, TryRecvError};
pub use receiver::Receiver;
pub use sender::Sender;

/// Makes a channel for one value.
///
/// ```
/// use mini_runtime::sync::oneshot;
///
/// # futures::executor::block_on(async {
/// let (sender, receiver) = oneshot::channel();
/// std::thread::spawn(move || sender.send("done"));
/// assert_eq!(receiver.await, Ok("done"));
/// # });
/// ```
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let (sending, receiving) = halves::halves();
    (Sender::new(sending), Receiver::new(receiving))
}

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;
