//! Whether some tasks can hold up others: connections beside tasks that compute, beside one that blocks, and beside
//! more connections than can be served.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use mini_benches::busy::compute_us;
use mini_benches::generator::Generator;
use mini_benches::program::{Work, sampled};
use mini_benches::sample::Sample;

use crate::echo::{BUFFER, answer};
use crate::rt::stream_traits::*;
use crate::rt::{Runtime, TcpStream, serve, sleep, spawn, spawn_pinned, yield_now};
use crate::serving::under_load;

pub(crate) const WORKS: &[Work<Runtime>] = &[
    sampled("fair_busy", beside_busy),
    sampled("fair_blocked", beside_blocked),
    sampled("overload", overload),
];

/// Connections whose latency is looked at.
const CONNECTIONS: u64 = 32;
/// Between two requests, on all of them taken together.
const PERIOD_BUSY_NS: u64 = 312_500;
/// So long that the workers sleep in between: one that is awake anyway would hide who looks after the sockets.
const PERIOD_BLOCKED_NS: u64 = 2_000_000;

/// Tasks that always have work, and how long they compute between two yields.
const BUSY_TASKS: u64 = 8;
const BUSY_US: u64 = 100;

/// How long a task blocks its worker, again and again, and lets it go in between.
const BLOCKED: Duration = Duration::from_millis(100);
const UNBLOCKED: Duration = Duration::from_millis(20);

/// Connections of the overload, and how long each of their requests takes.
const CROWD: u64 = 64;
const REQUEST_US: u64 = 50;

/// All workers always have work.
fn beside_busy(runtime: &Runtime, operations: u64) -> Sample {
    let is_over = Arc::new(AtomicBool::new(false));
    let (seen, told) = (is_over.clone(), is_over);
    under_load(
        runtime,
        move || {
            let address = serve(answer::<BUFFER>);
            for _ in 0..BUSY_TASKS {
                let is_over = seen.clone();
                drop(spawn(async move {
                    while !is_over.load(Ordering::Relaxed) {
                        compute_us(BUSY_US);
                        yield_now().await;
                    }
                }));
            }
            address
        },
        move |address| {
            let sample = Generator::measure(address, "paced", &[CONNECTIONS, operations, PERIOD_BUSY_NS]);
            told.store(true, Ordering::Relaxed);
            sample
        },
    )
}

/// One worker at a time is stuck in a call that blocks.
fn beside_blocked(runtime: &Runtime, operations: u64) -> Sample {
    let is_over = Arc::new(AtomicBool::new(false));
    let (seen, told) = (is_over.clone(), is_over);
    under_load(
        runtime,
        move || {
            let address = serve(answer::<BUFFER>);
            drop(spawn_pinned(move || async move {
                while !seen.load(Ordering::Relaxed) {
                    thread::sleep(BLOCKED);
                    sleep(UNBLOCKED).await;
                }
            }));
            address
        },
        move |address| {
            let sample = Generator::measure(address, "paced", &[CONNECTIONS, operations, PERIOD_BLOCKED_NS]);
            told.store(true, Ordering::Relaxed);
            sample
        },
    )
}

/// Twice as much is asked as can be done; what is looked at is what is done then, and how late.
fn overload(runtime: &Runtime, operations: u64) -> Sample {
    under_load(
        runtime,
        || serve(compute_and_answer),
        move |address| Generator::measure(address, "overload", &[CROWD, operations]),
    )
}

/// Echoes, and works for it.
async fn compute_and_answer(mut stream: TcpStream) {
    stream.set_nodelay(true).expect("a TCP stream");
    let mut buffer = [0; BUFFER];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        compute_us(REQUEST_US);
        if stream.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
