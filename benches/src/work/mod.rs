//! The work that every runtime is measured on, written once against `crate::rt`.
//!
//! A binary per runtime compiles this module with its own `rt`; so the source is the same to the letter, and no
//! runtime is in another's process. Each piece of work counts what it did, and a wrong count fails the run.

mod blocking;
mod channels;
mod echo;
mod spawns;
mod timers;

use std::process::ExitCode;
use std::time::Instant;

use mini_benches::{Sample, usage::cpu_time};

use crate::rt;

/// One line of the table.
struct Work {
    name: &'static str,
    /// At full length; chosen for some tenths of a second.
    operations: u64,
    run: Run,
}

/// How a piece of work is done, and by whom it is timed.
enum Run {
    /// Does that many operations and returns how many it did. Timed from outside, after a warm-up.
    Timed(fn(&rt::runtime::Runtime, u64) -> u64),
    /// Takes its own sample.
    Sampled(fn(&rt::runtime::Runtime, u64) -> Sample),
}

const WORKS: &[Work] = &[
    Work { name: "spawn_join", operations: 500_000, run: Run::Timed(spawns::spawn_join) },
    Work { name: "spawn_one", operations: 100_000, run: Run::Timed(spawns::spawn_one) },
    Work { name: "chained_spawn", operations: 500_000, run: Run::Timed(spawns::chained_spawn) },
    Work { name: "spawn_outside_1", operations: 200_000, run: Run::Timed(spawns::spawn_outside::<1>) },
    Work { name: "spawn_outside_4", operations: 200_000, run: Run::Timed(spawns::spawn_outside::<4>) },
    Work { name: "yield", operations: 1_000_000, run: Run::Timed(spawns::yields) },
    Work { name: "ping_pong", operations: 500_000, run: Run::Timed(channels::ping_pong) },
    Work { name: "main_exchange", operations: 50_000, run: Run::Timed(channels::main_exchange) },
    Work { name: "blocking_1", operations: 20_000, run: Run::Timed(blocking::round_trips::<1>) },
    Work { name: "blocking_8", operations: 40_000, run: Run::Timed(blocking::round_trips::<8>) },
    Work { name: "sleep_churn", operations: 500_000, run: Run::Timed(timers::churn) },
    Work { name: "sleep_fire", operations: 200_000, run: Run::Timed(timers::fire) },
    Work { name: "echo_1", operations: 20_000, run: Run::Sampled(echo::echo::<1>) },
    Work { name: "echo_64", operations: 64_000, run: Run::Sampled(echo::echo::<64>) },
    Work { name: "echo_1000", operations: 100_000, run: Run::Sampled(echo::echo::<1000>) },
];

#[allow(clippy::print_stdout, clippy::print_stderr)] // The parent process reads it.
pub(crate) fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["list"] => {
            for work in WORKS {
                println!("{}", work.name);
            }
            ExitCode::SUCCESS
        }
        [name, divisor] => {
            let work = WORKS.iter().find(|work| work.name == name);
            let (Some(work), Ok(divisor @ 1..)) = (work, divisor.parse::<u64>()) else { return usage() };
            println!("{}", sample(work, work.operations / divisor));
            ExitCode::SUCCESS
        }
        _ => usage(),
    }
}

#[allow(clippy::print_stderr)]
fn usage() -> ExitCode {
    eprintln!("usage: list | NAME DIVISOR");
    ExitCode::FAILURE
}

fn sample(work: &Work, operations: u64) -> Sample {
    let runtime = rt::runtime::Builder::new_multi_thread().enable_all().build().expect("the runtime starts");
    let sample = match work.run {
        Run::Sampled(run) => run(&runtime, operations),
        Run::Timed(run) => {
            run(&runtime, operations / 10);
            let (cpu, start) = (cpu_time(), Instant::now());
            let done = run(&runtime, operations);
            let sample = Sample { operations, wall: start.elapsed(), cpu: cpu_time() - cpu };
            assert_eq!(done, operations, "{} did not do its work", work.name);
            sample
        }
    };
    assert_eq!(sample.operations, operations, "{} did not do its work", work.name);
    sample
}

/// Runs `body` as a task, so that it is measured on a worker and not as the main future.
fn on_a_worker<T: Send + 'static>(
    runtime: &rt::runtime::Runtime,
    body: impl Future<Output = T> + Send + 'static,
) -> T {
    runtime.block_on(async { rt::spawn(body).await.expect("the work does not panic") })
}

/// The share of the `index`-th of `parts`, so that the shares add up to `whole`.
fn share(whole: u64, parts: u64, index: u64) -> u64 {
    whole / parts + u64::from(index < whole % parts)
}
