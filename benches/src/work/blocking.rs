//! The blocking pool: jobs that do nothing, awaited one after another.

use mini_benches::program::{Work, timed};

use crate::rt::{Runtime, spawn_blocking};
use crate::work::{all, share};

pub(crate) const WORKS: &[Work<Runtime>] =
    &[timed("blocking_1", round_trips::<1>), timed("blocking_8", round_trips::<8>)];

/// That many tasks, each awaiting one job after another.
fn round_trips<const SPAWNERS: u64>(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        all(SPAWNERS, |index| async move {
            let mut done = 0;
            for _ in 0..share(operations, SPAWNERS, index) {
                done += spawn_blocking(|| 1_u64).await.expect("no panic");
            }
            done
        })
        .await
    })
}
