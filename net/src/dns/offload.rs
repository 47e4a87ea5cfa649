//! [`offload`]: one blocking call on another thread, awaited here.
//!
//! The caller may drop the future; the call then runs on and its result is dropped on the other thread.

use mini_runtime::util::AtomicWaker;
use std::future::poll_fn;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::thread;

/// What the two sides share.
struct Shared<T> {
    /// The result, put by the other thread before `is_over`.
    result: Mutex<Option<T>>,
    /// Set last by the other thread, also if the call panicked.
    is_over: AtomicBool,
    waker: AtomicWaker,
}

/// Says that the call is over, also on unwind.
struct Finish<T>(Arc<Shared<T>>);

impl<T> Drop for Finish<T> {
    fn drop(&mut self) {
        // Ordering: Release pairs with the Acquire in `offload`; makes the result visible.
        self.0.is_over.store(true, Ordering::Release);
        self.0.waker.wake();
    }
}

/// Runs `call` on another thread. Fails if no thread can be had, or if the call panicked.
pub(crate) async fn offload<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let shared = Arc::new(Shared {
        result: Mutex::new(None),
        is_over: AtomicBool::new(false),
        waker: AtomicWaker::new(),
    });
    let finish = Finish(Arc::clone(&shared));
    thread::Builder::new().name("mini-blocking-net".into()).spawn(move || {
        let result = call();
        *finish.0.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    })?;
    poll_fn(|cx| {
        shared.waker.register(cx.waker());
        // Ordering: Acquire pairs with the Release in `Finish`; the waker was stored before, so a finish that
        // comes after this load finds it.
        if shared.is_over.load(Ordering::Acquire) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    let result = shared.result.lock().unwrap_or_else(PoisonError::into_inner).take();
    result.ok_or_else(|| io::Error::other("the blocking call panicked"))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use futures::executor::block_on;

    #[test]
    fn the_result_comes_back_and_a_panic_is_an_error() {
        assert_eq!(block_on(offload(|| 42)).unwrap(), 42);
        let error = block_on(offload(|| -> u8 { std::panic::resume_unwind(Box::new(())) })).unwrap_err();
        assert!(error.to_string().contains("panicked"));
    }
}
