//! The command line of the `on_*` binaries: which work they have, and one run of one of them.
//!
//! `list`; or `run | count | bare`, a flavour, a line's name and a number of operations. `run` warms up first; `count`
//! does so too and then counts allocations; `bare` does the operations and nothing else, for tools that watch the
//! whole process. The invariant: work that did not do what it was asked fails the run.

use std::io::{self, Write};
use std::process::{self, ExitCode};

use crate::heap;
use crate::lines::Line;
use crate::sample::{Sample, Stopwatch};

/// How a runtime runs its tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// Two workers.
    Multi,
    /// The caller's thread alone.
    Current,
}

/// The workers of the multi-thread flavour.
pub const WORKERS: usize = 2;

/// One line's work, on a runtime `R`.
pub struct Work<R> {
    /// The line's name.
    pub name: &'static str,
    /// How it is done.
    pub run: Run<R>,
}

/// How a piece of work is done, and by whom it is timed.
pub enum Run<R> {
    /// Does that many operations and returns how many it did. Timed from outside, after a warm-up.
    Timed(fn(&R, u64) -> u64),
    /// Takes its own sample.
    Sampled(fn(&R, u64) -> Sample),
}

/// Work that is timed from outside.
pub const fn timed<R>(name: &'static str, run: fn(&R, u64) -> u64) -> Work<R> {
    Work { name, run: Run::Timed(run) }
}

/// Work that takes its own sample.
pub const fn sampled<R>(name: &'static str, run: fn(&R, u64) -> Sample) -> Work<R> {
    Work { name, run: Run::Sampled(run) }
}

/// The whole program of a runtime that starts by `start` and has these works.
pub fn main<R>(start: fn(Flavour) -> R, works: &[&[Work<R>]]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let works = || works.iter().copied().flatten();
    match words[..] {
        ["list"] => {
            for work in works() {
                assert!(Line::find(work.name).is_some(), "{} is no line of the table", work.name);
                say(work.name);
            }
            ExitCode::SUCCESS
        }
        [mode @ ("run" | "count" | "bare"), flavour, name, operations] => {
            let flavour = match flavour {
                "multi" => Flavour::Multi,
                "current" => Flavour::Current,
                _ => return usage(),
            };
            let work = works().find(|work| work.name == name);
            let (Some(work), Ok(operations @ 1..)) = (work, operations.parse()) else { return usage() };
            let sample = sample(&start(flavour), work, operations, mode);
            assert!(sample.operations >= operations, "{name} did not do its work");
            say(&sample.to_string());
            // Without the runtime's own end, which for a million idle tasks takes longer than the line.
            process::exit(0);
        }
        _ => usage(),
    }
}

fn say(line: &str) {
    let mut output = io::stdout().lock();
    writeln!(output, "{line}").and_then(|()| output.flush()).expect("the parent process reads it");
}

#[allow(clippy::print_stderr)] // A command-line tool speaks there.
fn usage() -> ExitCode {
    eprintln!("usage: list | (run | count | bare) (multi | current) NAME OPERATIONS");
    ExitCode::FAILURE
}

fn sample<R>(runtime: &R, work: &Work<R>, operations: u64, mode: &str) -> Sample {
    match work.run {
        Run::Sampled(run) => {
            if mode == "count" {
                heap::start_counting();
            }
            run(runtime, operations)
        }
        Run::Timed(run) => {
            match mode {
                "run" => _ = run(runtime, (operations / 10).max(1)),
                "count" => {
                    run(runtime, operations);
                    heap::start_counting();
                }
                _ => {}
            }
            let stopwatch = Stopwatch::start();
            let done = run(runtime, operations);
            let sample = stopwatch.stop(operations);
            assert_eq!(done, operations, "{} did not do its work", work.name);
            sample
        }
    }
}
