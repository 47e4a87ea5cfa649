//! How the `blocking_*` calls of this module wait: on the calling thread, where that is allowed.
//!
//! Not a runtime: nothing else runs on the thread meanwhile.

use std::future::Future;

/// Drives `future` on this thread; `what` names the caller's call in the panic of a thread that must not
/// block.
#[track_caller]
pub(super) fn block_on<F: Future>(what: &str, future: F) -> F::Output {
    crate::context::assert_may_block(what);
    fallback::block_on_thread(future)
}

/// Stands in for `park::block_on_thread`.
mod fallback {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::{Arc, Condvar, Mutex, PoisonError};
    use std::task::{Context, Poll};

    use futures_task::{ArcWake, waker};

    #[derive(Default)]
    struct Permit {
        is_woken: Mutex<bool>,
        woken: Condvar,
    }

    impl ArcWake for Permit {
        fn wake_by_ref(this: &Arc<Self>) {
            *this.is_woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
            this.woken.notify_one();
        }
    }

    pub(super) fn block_on_thread<F: Future>(future: F) -> F::Output {
        let permit = Arc::new(Permit::default());
        let waker = waker(Arc::clone(&permit));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            let mut is_woken = permit.is_woken.lock().unwrap_or_else(PoisonError::into_inner);
            while !std::mem::take(&mut *is_woken) {
                is_woken = permit.woken.wait(is_woken).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}
