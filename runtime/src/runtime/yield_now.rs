//! [`yield_now`]: let others run.

use std::future::poll_fn;
use std::task::Poll;

/// Puts the current task at the back of its worker's queue, so that the tasks before it run first.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// mini_runtime::runtime::yield_now().await;
/// # });
/// ```
///
/// # Cancel safety
///
/// Cancel safe.
pub async fn yield_now() {
    let mut has_yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut has_yielded, true) {
            return Poll::Ready(());
        }
        crate::coop::note_yield();
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;
    use crate::coop::take_yield;

    #[test]
    fn only_a_yield_counts_as_one_and_not_any_task_that_wakes_itself() {
        let mut cx = Context::from_waker(Waker::noop());
        assert!(pin!(yield_now()).poll(&mut cx).is_pending());
        assert!(take_yield());
        let woken_by_itself = poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        });
        assert!(pin!(woken_by_itself).poll(&mut cx).is_pending());
        assert!(!take_yield());
    }
}
