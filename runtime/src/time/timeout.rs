//! [`Timeout`]: a future that is given a deadline.
//!
//! Not a cancellation: the inner future is dropped, or kept, by whoever owns the `Timeout`. The invariant: the inner
//! future is polled first each time, so one that is ready never loses to its deadline.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::Instant;
use super::error::Elapsed;
use super::sleep::{Sleep, sleep_from_first_poll, sleep_until};
use crate::coop::{self, Budget};

/// Requires `future` to complete within `duration`.
///
/// The time runs from the first poll that finds the future not ready, to within the 50 µs between two looks of a
/// worker at its timers; use [`timeout_at`] to count from another instant, or to the nanosecond. (tokio counts from this
/// call. But to read the clock costs several times what all else does about a future that is ready at once, and
/// half of what a timeout costs that is soon over.)
///
/// A duration of zero polls the future once. One too long to be told waits 30 years.
///
/// ```
/// use mini_runtime::time::{Duration, sleep, timeout};
///
/// # futures::executor::block_on(async {
/// let quick = timeout(Duration::from_secs(5), async { 42 }).await;
/// assert_eq!(quick, Ok(42));
///
/// let slow = timeout(Duration::from_millis(1), sleep(Duration::MAX)).await;
/// assert!(slow.is_err());
/// # });
/// ```
///
/// # Errors
///
/// The result is [`Elapsed`] if the future was not ready when it was polled at or after the deadline.
///
/// # Cancel safety
///
/// As cancel safe as `future`, which is dropped with the timeout; it is also dropped when the time is over and the
/// timeout was awaited by value. Pass `&mut future` to keep it.
#[inline]
pub fn timeout<F: IntoFuture>(duration: Duration, future: F) -> Timeout<F::IntoFuture> {
    Timeout { value: future.into_future(), delay: sleep_from_first_poll(duration) }
}

/// Requires `future` to complete before `deadline`. One that has passed polls the future once.
///
/// ```
/// use mini_runtime::time::{Duration, Instant, timeout_at};
///
/// # futures::executor::block_on(async {
/// let deadline = Instant::now() + Duration::from_millis(1);
/// assert!(timeout_at(deadline, std::future::pending::<()>()).await.is_err());
/// assert!(Instant::now() >= deadline);
/// # });
/// ```
///
/// # Errors
///
/// The result is [`Elapsed`] if the future was not ready when it was polled at or after the deadline.
///
/// # Cancel safety
///
/// As cancel safe as `future`; see [`timeout`].
pub fn timeout_at<F: IntoFuture>(deadline: Instant, future: F) -> Timeout<F::IntoFuture> {
    Timeout { value: future.into_future(), delay: sleep_until(deadline) }
}

pin_project_lite::pin_project! {
    /// The future of [`timeout`] and [`timeout_at`].
    ///
    /// ```
    /// use mini_runtime::time::{Duration, timeout};
    ///
    /// # futures::executor::block_on(async {
    /// let limited = timeout(Duration::from_secs(1), async { 42 });
    /// assert_eq!(limited.await, Ok(42));
    /// # });
    /// ```
    #[derive(Debug)]
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Timeout<T> {
        #[pin]
        value: T,
        #[pin]
        delay: Sleep,
    }
}

impl<T> Timeout<T> {
    /// The future inside.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, timeout};
    /// let limited = timeout(Duration::from_secs(1), std::future::ready(7));
    /// assert!(format!("{:?}", limited.get_ref()).contains('7'));
    /// ```
    pub fn get_ref(&self) -> &T {
        &self.value
    }

    /// The future inside, to be changed.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, timeout};
    /// # futures::executor::block_on(async {
    /// let mut limited = timeout(Duration::from_secs(1), std::future::ready(7));
    /// *limited.get_mut() = std::future::ready(8);
    /// assert_eq!(limited.await, Ok(8));
    /// # });
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// The future inside, without its deadline.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, timeout};
    /// # futures::executor::block_on(async {
    /// let limited = timeout(Duration::ZERO, std::future::ready(7));
    /// assert_eq!(limited.into_inner().await, 7);
    /// # });
    /// ```
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T: Future> Future for Timeout<T> {
    type Output = Result<T::Output, Elapsed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(output) = this.value.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        let delay = this.delay;
        // A future that spends the whole budget in each poll would otherwise never meet its deadline.
        let elapsed = if coop::has_budget_remaining() {
            delay.poll(cx)
        } else {
            coop::with_budget(Budget::unlimited(), || delay.poll(cx))
        };
        elapsed.map(|()| Err(Elapsed::new()))
    }
}
