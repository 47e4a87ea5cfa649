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
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
