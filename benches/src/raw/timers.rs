//! Timers without a runtime: a heap of deadlines and a thread that sleeps until the first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::thread;
use std::time::{Duration, Instant};

use mini_benches::latency::Latencies;
use mini_benches::program::{Work, sampled};
use mini_benches::sample::{Sample, Stopwatch};

use super::Bare;

pub(crate) const WORKS: &[Work<Bare>] =
    &[sampled("sleeps_million", sleeps), sampled("sleeps_100k", sleeps), sampled("interval", interval)];

const SPREAD_MS: u64 = 1_000;

fn sleep_until(due: Instant) -> Instant {
    loop {
        let now = Instant::now();
        match due.checked_duration_since(now) {
            Some(left) if !left.is_zero() => thread::sleep(left),
            _ => return now,
        }
    }
}

fn sleeps(_: &Bare, operations: u64) -> Sample {
    let stopwatch = Stopwatch::start();
    let mut deadlines = BinaryHeap::with_capacity(operations as usize);
    for index in 0..operations {
        deadlines.push(Reverse(Instant::now() + Duration::from_millis(1 + index % SPREAD_MS)));
    }
    let mut lateness = Latencies::with_capacity(operations as usize);
    while let Some(Reverse(due)) = deadlines.pop() {
        lateness.record(sleep_until(due) - due);
    }
    let sample = stopwatch.stop(lateness.count());
    sample.with_percentiles(lateness.percentiles().expect("there are some"))
}

fn interval(_: &Bare, operations: u64) -> Sample {
    let stopwatch = Stopwatch::start();
    let mut lateness = Latencies::with_capacity(operations as usize);
    let mut due = Instant::now();
    for _ in 0..operations {
        due += Duration::from_millis(1);
        lateness.record(sleep_until(due) - due);
    }
    let sample = stopwatch.stop(operations);
    sample.with_percentiles(lateness.percentiles().expect("there are some"))
}
