//! One sender and some receivers who must each see everything: broadcast and watch.
//!
//! In lockstep, so that none lags and no change is skipped: the sender goes on when all have seen the last.

use mini_benches::program::{Work, timed};
use mini_benches::waits::Countdown;

use crate::rt::sync::{broadcast, watch};
use crate::rt::{Runtime, spawn};

pub(crate) const WORKS: &[Work<Runtime>] = &[
    timed("broadcast_1", broadcasts::<1>),
    timed("broadcast_8", broadcasts::<8>),
    timed("watch_1", watches::<1>),
    timed("watch_8", watches::<8>),
];

/// Each message is received by all; an operation is one message at one receiver.
fn broadcasts<const RECEIVERS: u64>(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let rounds = operations / RECEIVERS;
        let (sender, _) = broadcast::channel::<u64>(16);
        let seen = Countdown::new(0);
        let receive = |mut receiver: broadcast::Receiver<u64>| {
            let seen = seen.clone();
            async move {
                let mut received = 0;
                while let Ok(round) = receiver.recv().await {
                    assert_eq!(round, received, "in order, and none lost");
                    received += 1;
                    seen.count();
                }
                received
            }
        };
        let receivers: Vec<_> = (0..RECEIVERS).map(|_| spawn(receive(sender.subscribe()))).collect();
        for round in 0..rounds {
            seen.reset(RECEIVERS);
            sender.send(round).expect("there are receivers");
            seen.wait().await;
        }
        drop(sender);
        let mut done = operations % RECEIVERS;
        for receiver in receivers {
            done += receiver.await.expect("no panic");
        }
        done
    })
}

/// Each change is seen by all; an operation is one change at one receiver.
fn watches<const RECEIVERS: u64>(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let rounds = operations / RECEIVERS;
        let (sender, first) = watch::channel(0_u64);
        let seen = Countdown::new(0);
        let look = |mut receiver: watch::Receiver<u64>| {
            let seen = seen.clone();
            async move {
                let mut changes = 0;
                while receiver.changed().await.is_ok() {
                    changes += 1;
                    assert_eq!(*receiver.borrow_and_update(), changes, "in order, and none skipped");
                    seen.count();
                }
                changes
            }
        };
        let receivers: Vec<_> = (0..RECEIVERS).map(|_| spawn(look(first.clone()))).collect();
        drop(first);
        for round in 1..=rounds {
            seen.reset(RECEIVERS);
            sender.send(round).expect("there are receivers");
            seen.wait().await;
        }
        drop(sender);
        let mut done = operations % RECEIVERS;
        for receiver in receivers {
            done += receiver.await.expect("no panic");
        }
        done
    })
}
