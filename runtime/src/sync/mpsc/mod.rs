//! Channels from many senders to one receiver: [`channel`], which has a bound, and [`unbounded_channel`].
//!
//! Not for values that several receivers should see; that is [`broadcast`](super::broadcast). The invariant
//! of both: a value that was sent is received or dropped exactly once, and the values of one sender arrive in
//! its order.

mod block_list;
mod bounded;
mod channel;
pub mod error;
mod receiving;
mod unbounded;
mod word;

pub use bounded::{OwnedPermit, Permit, PermitIterator, Receiver, Sender, WeakSender, channel};
pub use error::{SendError, TryRecvError, TrySendError};
pub use unbounded::{UnboundedReceiver, UnboundedSender, WeakUnboundedSender, unbounded_channel};

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;
