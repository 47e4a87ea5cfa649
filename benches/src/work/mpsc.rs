//! Messages one way, through bounded channels: one consumer with some producers, and a mesh of tasks.

use mini_benches::program::{Work, timed};
use mini_benches::waits::Countdown;

use crate::rt::sync::mpsc;
use crate::rt::{Runtime, detach, spawn};
use crate::work::share;

pub(crate) const WORKS: &[Work<Runtime>] =
    &[timed("mpsc_bounded_1", bounded::<1>), timed("mpsc_bounded_4", bounded::<4>), timed("mesh", mesh)];

/// Messages that a channel holds.
const CAPACITY: usize = 100;

/// Tasks of the mesh.
const MESH: usize = 60;
/// Messages on their way through the mesh at the same time.
const ON_THE_WAY: u64 = 240;

/// That many producers, each a task, and a task that receives.
fn bounded<const PRODUCERS: u64>(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let (sender, mut receiver) = mpsc::channel::<u64>(CAPACITY);
        for index in 0..PRODUCERS {
            let sender = sender.clone();
            detach(async move {
                for _ in 0..share(operations, PRODUCERS, index) {
                    sender.send(1).await.expect("the consumer lives");
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

/// Each message goes from task to task, to another one each time, until its hops are used up.
///
/// A channel holds all that can be on the way, so that no two tasks wait for each other's room.
fn mesh(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let (senders, receivers): (Vec<_>, Vec<_>) =
            (0..MESH).map(|_| mpsc::channel::<(u64, usize)>(ON_THE_WAY as usize)).unzip();
        let end = Countdown::new(ON_THE_WAY);
        let members: Vec<_> = receivers
            .into_iter()
            .enumerate()
            .map(|(here, mut receiver)| {
                let (senders, end) = (senders.clone(), end.clone());
                spawn(async move {
                    let mut received = 0;
                    while let Some((hops, stride)) = receiver.recv().await {
                        if stride == 0 {
                            break;
                        }
                        received += 1;
                        if hops == 1 {
                            end.count();
                            continue;
                        }
                        let there = (here + stride) % MESH;
                        let next = (hops - 1, 1 + (stride + 7) % (MESH - 1));
                        senders[there].send(next).await.expect("all live until the end");
                    }
                    received
                })
            })
            .collect();
        for index in 0..ON_THE_WAY {
            let hops = share(operations, ON_THE_WAY, index);
            match hops {
                0 => end.count(),
                _ => {
                    let (first, stride) = (index as usize % MESH, 1 + index as usize % (MESH - 1));
                    senders[first].send((hops, stride)).await.expect("all live until the end");
                }
            }
        }
        end.wait().await;
        for sender in &senders {
            sender.send((0, 0)).await.expect("all live until told");
        }
        let mut received = 0;
        for member in members {
            received += member.await.expect("no panic");
        }
        received
    })
}
