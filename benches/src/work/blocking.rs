//! The blocking pool: jobs that do nothing, awaited one after another.

use super::{on_a_worker, share};
use crate::rt::runtime::Runtime;
use crate::rt::spawn;
use crate::rt::task::spawn_blocking;

/// That many tasks, each awaiting one job after another.
pub(super) fn round_trips<const SPAWNERS: u64>(runtime: &Runtime, operations: u64) -> u64 {
    on_a_worker(runtime, async move {
        let spawner = |index| async move {
            let mut done = 0;
            for _ in 0..share(operations, SPAWNERS, index) {
                done += spawn_blocking(|| 1_u64).await.expect("no panic");
            }
            done
        };
        let handles: Vec<_> = (0..SPAWNERS).map(|index| spawn(spawner(index))).collect();
        let mut done = 0;
        for handle in handles {
            done += handle.await.expect("no panic");
        }
        done
    })
}
