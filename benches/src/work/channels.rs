//! Messages between tasks: wakes from one task to another, and between the main future and a task.

use super::{on_a_worker, share};
use crate::rt::runtime::Runtime;
use crate::rt::spawn;
use crate::rt::sync::mpsc;

/// Pairs of tasks that exchange at the same time.
const PAIRS: u64 = 1_000;

/// Pairs of tasks, each sending a number back and forth; an operation is there and back.
pub(super) fn ping_pong(runtime: &Runtime, operations: u64) -> u64 {
    on_a_worker(runtime, async move {
        let handles: Vec<_> =
            (0..PAIRS).map(|index| spawn(exchange(share(operations, PAIRS, index)))).collect();
        let mut done = 0;
        for handle in handles {
            done += handle.await.expect("no panic");
        }
        done
    })
}

/// The main future and a task; what costs is the main future's way of sleeping.
pub(super) fn main_exchange(runtime: &Runtime, operations: u64) -> u64 {
    runtime.block_on(exchange(operations))
}

/// Sends to a task of its own and awaits the answer, that often. Counts the right answers.
async fn exchange(turns: u64) -> u64 {
    let (to_peer, mut at_peer) = mpsc::channel::<u64>(1);
    let (to_us, mut at_us) = mpsc::channel::<u64>(1);
    let peer = spawn(async move {
        while let Some(number) = at_peer.recv().await {
            if to_us.send(number + 1).await.is_err() {
                return;
            }
        }
    });
    let mut done = 0;
    for number in 0..turns {
        to_peer.send(number).await.expect("the peer lives");
        done += u64::from(at_us.recv().await == Some(number + 1));
    }
    drop(to_peer);
    peer.await.expect("no panic");
    done
}
