//! The asynchronous mutex, that nobody else wants and that all want.

use std::sync::Arc;

use mini_benches::program::{Work, timed};
use mini_benches::waits::once;

use crate::rt::Runtime;
use crate::rt::sync::Mutex;
use crate::work::{all, share};

pub(crate) const WORKS: &[Work<Runtime>] = &[timed("mutex_free", free), timed("mutex_contended", contended)];

/// Tasks that want the same lock.
const TASKS: u64 = 16;

/// One task locks and unlocks.
fn free(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let count = Mutex::new(0);
        for _ in 0..operations {
            *count.lock().await += 1;
        }
        count.into_inner()
    })
}

/// Each holds the lock over one wait, so that the others queue.
fn contended(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let count = Arc::new(Mutex::new(0));
        let user = |index| {
            let count = count.clone();
            async move {
                let turns = share(operations, TASKS, index);
                for _ in 0..turns {
                    let mut count = count.lock().await;
                    once().await;
                    *count += 1;
                }
                turns
            }
        };
        let done = all(TASKS, user).await;
        assert_eq!(*count.lock().await, done, "the lock lets one in at a time");
        done
    })
}
