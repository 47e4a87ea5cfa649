//! [`mpsc::Sender::send_timeout`](crate::sync::mpsc::Sender::send_timeout): a send that is given a time.
//!
//! Not in `sync`, which stands below `time` and knows no clock. The invariant: the value is sent or given back.

use std::time::Duration;

use super::timeout::timeout;
use crate::sync::mpsc::Sender;
use crate::sync::mpsc::error::SendTimeoutError;

impl<T> Sender<T> {
    /// Sends the value, waiting for room in turn, but for `limit` at most. A limit of zero tries once.
    ///
    /// # Errors
    ///
    /// [`SendTimeoutError`] says whether the time ran out or the receiver closed or is gone, and has the value.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it completes, the value was not sent and is dropped;
    /// [`reserve`](Self::reserve) under a [`timeout`](crate::time::timeout()) keeps it.
    ///
    /// ```
    /// use mini_runtime::sync::mpsc::{self, error::SendTimeoutError};
    /// use std::time::Duration;
    ///
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mpsc::channel(1);
    /// let limit = Duration::from_millis(1);
    /// sender.send_timeout(1, limit).await.unwrap();
    /// assert_eq!(sender.send_timeout(2, limit).await, Err(SendTimeoutError::Timeout(2)));
    /// receiver.close();
    /// assert_eq!(sender.send_timeout(3, limit).await, Err(SendTimeoutError::Closed(3)));
    /// # });
    /// ```
    pub async fn send_timeout(&self, value: T, limit: Duration) -> Result<(), SendTimeoutError<T>> {
        match timeout(limit, self.reserve()).await {
            Ok(Ok(permit)) => {
                permit.send(value);
                Ok(())
            }
            Ok(Err(_)) => Err(SendTimeoutError::Closed(value)),
            Err(_) => Err(SendTimeoutError::Timeout(value)),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use futures::executor::block_on;

    use super::*;
    use crate::sync::mpsc::channel;

    #[test]
    fn room_that_comes_in_time_is_taken_and_time_that_runs_out_leaves_the_room_to_others() {
        let (sender, mut receiver) = channel(1);
        sender.try_send(0).unwrap();
        {
            let mut waiting = pin!(sender.send_timeout(1, Duration::from_secs(3600)));
            assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            assert_eq!(receiver.try_recv(), Ok(0));
            assert_eq!(block_on(waiting), Ok(()));
        }
        assert_eq!(block_on(sender.send_timeout(2, Duration::ZERO)), Err(SendTimeoutError::Timeout(2)));
        assert_eq!(receiver.try_recv(), Ok(1));
        assert_eq!(sender.try_send(3), Ok(()));
        drop(receiver);
        assert_eq!(block_on(sender.send_timeout(4, Duration::MAX)), Err(SendTimeoutError::Closed(4)));
    }
}
