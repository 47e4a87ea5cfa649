//! Channels by tokio's names for runtimes that have none of their own, or have them by other names: `async-channel`,
//! which is also smol's.
//!
//! Nothing is added: each call is one of that crate's. The invariant is the contract of `crate::rt::sync`.

/// Many producers, one consumer; the crate's own would let several consume.
pub(crate) mod mpsc {
    use async_channel::{SendError, TrySendError};

    /// Sends, and waits while the channel is full.
    pub(crate) struct Sender<T>(async_channel::Sender<T>);

    /// Receives.
    pub(crate) struct Receiver<T>(async_channel::Receiver<T>);

    /// Sends into a channel that is never full.
    pub(crate) struct UnboundedSender<T>(async_channel::Sender<T>);

    pub(crate) fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
        let (sender, receiver) = async_channel::bounded(capacity);
        (Sender(sender), Receiver(receiver))
    }

    pub(crate) fn unbounded_channel<T>() -> (UnboundedSender<T>, Receiver<T>) {
        let (sender, receiver) = async_channel::unbounded();
        (UnboundedSender(sender), Receiver(receiver))
    }

    impl<T> Sender<T> {
        pub(crate) async fn send(&self, value: T) -> Result<(), SendError<T>> {
            self.0.send(value).await
        }
    }

    impl<T> UnboundedSender<T> {
        pub(crate) fn send(&self, value: T) -> Result<(), TrySendError<T>> {
            self.0.try_send(value)
        }
    }

    impl<T> Receiver<T> {
        pub(crate) async fn recv(&mut self) -> Option<T> {
            self.0.recv().await.ok()
        }
    }

    impl<T> Clone for Sender<T> {
        fn clone(&self) -> Self {
            Self(self.0.clone())
        }
    }

    impl<T> Clone for UnboundedSender<T> {
        fn clone(&self) -> Self {
            Self(self.0.clone())
        }
    }
}
