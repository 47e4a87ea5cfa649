//! Messages there and back: wakes from one task to another, and between the main future and a task.

use mini_benches::program::{Work, timed};

use crate::rt::sync::mpsc;
use crate::rt::{Runtime, spawn};
use crate::work::{all, share};

pub(crate) const WORKS: &[Work<Runtime>] =
    &[timed("ping_pong", ping_pong), timed("main_exchange", main_exchange)];

/// Pairs of tasks that exchange at the same time.
const PAIRS: u64 = 1_000;

/// Pairs of tasks, each sending a number back and forth.
fn ping_pong(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move { all(PAIRS, |index| exchange(share(operations, PAIRS, index))).await })
}

/// The main future and a task; what costs is the main future's way of sleeping.
fn main_exchange(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run_main(|| exchange(operations))
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
