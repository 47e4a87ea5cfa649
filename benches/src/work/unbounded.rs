//! Messages one way, through unbounded channels.

use mini_benches::program::{Work, timed};

use crate::rt::sync::mpsc;
use crate::rt::{Runtime, detach, spawn};
use crate::work::share;

pub(crate) const WORKS: &[Work<Runtime>] =
    &[timed("mpsc_unbounded_1", unbounded::<1>), timed("mpsc_unbounded_4", unbounded::<4>)];

/// That many producers, each a task, and a task that receives.
fn unbounded<const PRODUCERS: u64>(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let (sender, mut receiver) = mpsc::unbounded_channel::<u64>();
        for index in 0..PRODUCERS {
            let sender = sender.clone();
            detach(async move {
                for _ in 0..share(operations, PRODUCERS, index) {
                    sender.send(1).expect("the consumer lives");
                }
            });
        }
        drop(sender);
        let consumer = spawn(async move {
            let mut sum = 0;
            while let Some(number) = receiver.recv().await {
                sum += number;
            }
            sum
        });
        consumer.await.expect("no panic")
    })
}
