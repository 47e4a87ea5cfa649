//! Timers that fire: sleeps by the hundred thousand, and an interval.
//!
//! Lateness is what is looked at, and a sleep that ends early is counted: a runtime whose clock stands still between
//! two turns has those.

use std::time::{Duration, Instant};

use mini_benches::figure::Figure;
use mini_benches::latency::Latencies;
use mini_benches::program::{Work, sampled};
use mini_benches::sample::{Sample, Stopwatch};

use crate::rt::{Runtime, Ticks, sleep, spawn_pinned};

pub(crate) const WORKS: &[Work<Runtime>] =
    &[sampled("sleeps_million", sleeps), sampled("sleeps_100k", sleeps), sampled("interval", interval)];

/// The sleeps are spread over this many milliseconds.
const SPREAD_MS: u64 = 1_000;

/// That many tasks, each with one sleep.
fn sleeps(runtime: &Runtime, operations: u64) -> Sample {
    runtime.run(|| async move {
        let stopwatch = Stopwatch::start();
        let sleeper = |index: u64| async move {
            let length = Duration::from_millis(1 + index % SPREAD_MS);
            let start = Instant::now();
            sleep(length).await;
            (start.elapsed(), length)
        };
        let handles: Vec<_> = (0..operations).map(|index| spawn_pinned(move || sleeper(index))).collect();
        let mut lateness = Latencies::with_capacity(handles.len());
        let mut early = 0_u64;
        for handle in handles {
            let (slept, length) = handle.await.expect("no panic");
            early += u64::from(slept < length);
            lateness.record(slept.saturating_sub(length));
        }
        let sample = stopwatch.stop(lateness.count());
        finish(sample, lateness, early)
    })
}

/// The distance of each tick from the grid that its interval promises.
fn interval(runtime: &Runtime, operations: u64) -> Sample {
    runtime.run_pinned(|| async move {
        let period = Duration::from_millis(1);
        let stopwatch = Stopwatch::start();
        let start = Instant::now();
        let mut ticks = Ticks::start(period).await;
        let mut lateness = Latencies::with_capacity(operations as usize);
        let mut early = 0;
        let mut due = start;
        for _ in 0..operations {
            ticks.tick().await;
            due += period;
            let now = Instant::now();
            early += u64::from(now < due);
            lateness.record(now.saturating_duration_since(due));
        }
        let sample = stopwatch.stop(operations);
        finish(sample, lateness, early)
    })
}

fn finish(sample: Sample, lateness: Latencies, early: u64) -> Sample {
    let early = early as f64 * 1000.0 / sample.operations as f64;
    sample.with_percentiles(lateness.percentiles().expect("there are some")).with(Figure::Early, early)
}
