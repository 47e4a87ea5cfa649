//! Timers: those that never fire, as every timeout around an operation that succeeds, and those that do.

use std::time::Duration;

use super::{on_a_worker, share};
use crate::rt::runtime::Runtime;
use crate::rt::task::yield_now;
use crate::rt::{spawn, time};

/// Tasks that use timers at the same time.
const TASKS: u64 = 100;
/// The sleeps that fire are spread over this many milliseconds.
const SPREAD_MS: u64 = 50;

/// Timeouts that are registered, as their operation is pending once, and then cancelled.
pub(super) fn churn(runtime: &Runtime, operations: u64) -> u64 {
    on_a_worker(runtime, async move {
        let user = |index| async move {
            let mut done = 0;
            for _ in 0..share(operations, TASKS, index) {
                done += u64::from(time::timeout(Duration::from_secs(30), yield_now()).await.is_ok());
            }
            done
        };
        let handles: Vec<_> = (0..TASKS).map(|index| spawn(user(index))).collect();
        let mut done = 0;
        for handle in handles {
            done += handle.await.expect("no panic");
        }
        done
    })
}

/// Sleeps that all run out within some tens of milliseconds; none may end early. Look at the CPU column.
pub(super) fn fire(runtime: &Runtime, operations: u64) -> u64 {
    on_a_worker(runtime, async move {
        let sleeper = |index: u64| async move {
            let length = Duration::from_millis(1 + index % SPREAD_MS);
            let start = std::time::Instant::now();
            time::sleep(length).await;
            u64::from(start.elapsed() >= length)
        };
        let handles: Vec<_> = (0..operations).map(|index| spawn(sleeper(index))).collect();
        let mut done = 0;
        for handle in handles {
            done += handle.await.expect("no panic");
        }
        done
    })
}
