//! `--counts`: what noise cannot touch. Instructions, syscalls, switches and allocations of an operation, on the
//! current-thread flavours, where one thread does it all.
//!
//! Instructions are callgrind's and syscalls strace's, of whole processes; so each is taken twice, at one length and at
//! the double, and the difference is what the operations cost, without start and end. Under callgrind the clock goes as
//! much slower as the program does, or else a runtime that looks at its sockets by time would do so at every task.
//! What is printed is what `cargo xtask counts` holds against `counts.txt`: a row for each line and figure, `held` or
//! only `shown`, and a column for each runtime. The invariant: a tool that is missing is an error, never a hole.

use std::error::Error;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use mini_benches::figure::Figure;
use mini_benches::lines::{LINES, Line};
use mini_benches::sample::Sample;

use crate::options::Options;
use crate::process;
use crate::runtimes::{self, Runtime};

/// Those that are counted if none is asked for.
const RUNTIMES: &[&str] = &["mini-ct", "tokio-ct"];

/// The figures, and where they are held. Switches depend on what else the machine does.
const FIGURES: &[(Figure, Held)] = &[
    (Figure::Instructions, Held::IfSteady),
    (Figure::Syscalls, Held::IfSteady),
    (Figure::Wakes, Held::IfSteady),
    (Figure::Allocations, Held::Always),
    (Figure::Allocated, Held::IfSteady),
    (Figure::Switches, Held::Never),
];

#[derive(Clone, Copy, PartialEq)]
enum Held {
    Always,
    IfSteady,
    Never,
}

const LIMIT: Duration = Duration::from_secs(120);

/// Counts, and prints as it goes.
pub(crate) fn print(options: &Options) -> Result<(), Box<dyn Error>> {
    for tool in ["valgrind", "strace"] {
        if Command::new(tool).arg("--version").output().is_err() {
            return Err(format!("NOT RUN: {tool} is missing").into());
        }
    }
    let runtimes = if options.runtimes.is_empty() {
        let names = RUNTIMES.iter().map(|&name| name.to_owned()).collect();
        runtimes::wanted(&Options { runtimes: names, ..options.clone() })?
    } else {
        runtimes::wanted(options)?
    };
    let clock = slow_clock(runtimes.first().ok_or("no runtime is left")?.binary)?;
    print!("# {:18} {:13} {:6}", "line", "figure", "");
    runtimes.iter().for_each(|runtime| print!(" {:>12}", runtime.name));
    println!();
    for line in LINES.iter().filter(|line| options.wants_line(line.name)) {
        let Some(operations) = line.counted else { continue };
        let mut samples = Vec::new();
        for runtime in &runtimes {
            let has_it = runtime.lines()?.iter().any(|name| name == line.name);
            samples.push(if has_it { Some(count(line, runtime, operations, &clock)?) } else { None });
        }
        print_line(line, &samples);
    }
    Ok(())
}

fn print_line(line: &Line, samples: &[Option<Sample>]) {
    for (figure, held) in FIGURES {
        let is_held = *held == Held::Always || (*held == Held::IfSteady && line.is_steady);
        print!("{:20} {:13} {:6}", line.name, figure.name(), if is_held { "held" } else { "shown" });
        for sample in samples {
            match sample.as_ref().and_then(|sample| sample.get(*figure)) {
                Some(number) => print!(" {number:>12.3}"),
                None => print!(" {:>12}", "-"),
            }
        }
        println!();
    }
}

fn count(line: &Line, runtime: &Runtime, operations: u64, clock: &Path) -> Result<Sample, String> {
    let run = ["count", runtime.flavour, line.name, &operations.to_string()];
    let sample: Sample = process::output(runtime.binary, &run, LIMIT)?.parse()?;
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1"]);
    let [instructions] = each(valgrind.env("LD_PRELOAD", clock), line, runtime, operations, |said| {
        let (_, collected) = said.split_once("Collected : ")?;
        Some([collected.split_whitespace().next()?.parse().ok()?])
    })?;
    // Not those of the load generator that the program starts.
    let mut strace = Command::new("strace");
    strace.args(["-f", "-c", "--detach-on=execve", "-o", "/dev/stdout"]);
    let [syscalls, wakes] = each(&mut strace, line, runtime, operations, |said| {
        // To a socket all runtimes send by other calls than `write`; to an eventfd they write.
        Some([
            calls(said, "total")?,
            calls(said, "futex").unwrap_or(0.0) + calls(said, "write").unwrap_or(0.0),
        ])
    })?;
    let sample = sample.with(Figure::Instructions, instructions);
    Ok(sample.with(Figure::Syscalls, syscalls).with(Figure::Wakes, wakes))
}

/// How often strace saw that call: the fourth of a row's words, of which the name is the last.
fn calls(said: &str, name: &str) -> Option<f64> {
    let row = said.lines().find(|row| row.split_whitespace().next_back() == Some(name))?;
    row.split_whitespace().nth(3)?.parse().ok()
}

/// An operation's share of what the tool counts, as it is read from all that the tool says.
fn each<const N: usize>(
    tool: &mut Command,
    line: &Line,
    runtime: &Runtime,
    operations: u64,
    read: fn(&str) -> Option<[f64; N]>,
) -> Result<[f64; N], String> {
    tool.args([runtime.binary, "bare", runtime.flavour, line.name]);
    let arguments: Vec<OsString> = tool.get_args().map(OsString::from).collect();
    let total = |operations: u64| {
        let mut run = Command::new(tool.get_program());
        run.args(&arguments).arg(operations.to_string());
        run.envs(tool.get_envs().filter_map(|(key, value)| Some((key, value?))));
        let said = process::run(&mut run, LIMIT)?;
        read(&said).ok_or_else(|| format!("no count in {said:?}"))
    };
    let both = total(operations).and_then(|once| Ok((once, total(operations * 2)?)));
    let (once, twice) = both.map_err(|reason| format!("{} on {}: {reason}", line.name, runtime.name))?;
    // A difference of two noisy totals may be below nothing.
    Ok(std::array::from_fn(|index| ((twice[index] - once[index]) / operations as f64).max(0.0)))
}

/// The library that slows the clock of what it is preloaded to, beside that binary.
fn slow_clock(binary: &str) -> Result<PathBuf, String> {
    let library = Path::new(binary).with_file_name("libslow_clock.so");
    let mut rustc = Command::new("rustc");
    rustc.args(["-O", "--edition=2024", "--crate-type=cdylib", "-o"]).arg(&library);
    process::run(rustc.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/src/slow_clock.rs")), LIMIT)?;
    Ok(library)
}
