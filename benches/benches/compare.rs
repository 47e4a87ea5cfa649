//! Runs the same work on every runtime, by turns in one run, and prints the medians side by side.
//!
//! `cargo bench -p mini-benches -- [--quick] [--rounds N] [NAME...]`: works whose name contains one of the words.
//! Each round of each work is a process of its own per runtime, in an order that rotates, so that what the machine
//! does meanwhile falls on all alike. A ratio below 1 is in favour of the first runtime.

#![allow(clippy::print_stdout, clippy::print_stderr)] // A command-line tool speaks there.

use std::collections::HashMap;
use std::error::Error;
use std::process::{Command, Stdio};

use mini_benches::Sample;

/// Each runtime with its binary; ours first, the ratios are taken against the others.
const RUNTIMES: &[(&str, &str)] = &[
    #[cfg(feature = "mini")]
    ("mini", env!("CARGO_BIN_EXE_on_mini")),
    ("tokio", env!("CARGO_BIN_EXE_on_tokio")),
];

const ROUNDS: usize = 5;
const ROUNDS_QUICK: usize = 3;
/// A quick run does this fraction of the work.
const DIVISOR_QUICK: u64 = 4;

struct Options {
    rounds: usize,
    divisor: u64,
    filters: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let works = works(RUNTIMES[0].1, &options.filters)?;

    let mut samples: HashMap<(&str, &str), Vec<Sample>> = HashMap::new();
    for round in 0..options.rounds {
        eprintln!("round {} of {}", round + 1, options.rounds);
        for (position, work) in works.iter().enumerate() {
            for turn in 0..RUNTIMES.len() {
                let (name, binary) = RUNTIMES[(round + position + turn) % RUNTIMES.len()];
                samples.entry((work, name)).or_default().push(run(binary, work, options.divisor)?);
            }
        }
    }

    let names: Vec<&str> = RUNTIMES.iter().map(|(name, _)| *name).collect();
    print_table("wall ns per operation", &works, &names, &samples, Sample::wall_per_operation_ns);
    print_table("CPU ns per operation", &works, &names, &samples, Sample::cpu_per_operation_ns);
    Ok(())
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options { rounds: ROUNDS, divisor: 1, filters: Vec::new() };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo adds it to what it runs as a bench.
            "--bench" => {}
            "--quick" => {
                options.rounds = ROUNDS_QUICK;
                options.divisor = DIVISOR_QUICK;
            }
            "--rounds" => options.rounds = arguments.next().ok_or("--rounds needs a number")?.parse()?,
            unknown if unknown.starts_with('-') => {
                return Err(format!("unknown option {unknown}; known: --quick, --rounds N").into());
            }
            filter => options.filters.push(filter.to_owned()),
        }
    }
    Ok(options)
}

/// The names of the works, as one of the binaries lists them.
fn works(binary: &str, filters: &[String]) -> Result<Vec<String>, Box<dyn Error>> {
    let list = output(Command::new(binary).arg("list"))?;
    let is_wanted =
        |name: &&str| filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str()));
    let works: Vec<String> = list.lines().filter(is_wanted).map(str::to_owned).collect();
    if works.is_empty() {
        return Err(format!("no work is named like {filters:?}; there are:\n{list}").into());
    }
    Ok(works)
}

fn run(binary: &str, work: &str, divisor: u64) -> Result<Sample, Box<dyn Error>> {
    Ok(output(Command::new(binary).args([work, &divisor.to_string()]))?.parse()?)
}

fn output(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn print_table(
    title: &str,
    works: &[String],
    runtimes: &[&str],
    samples: &HashMap<(&str, &str), Vec<Sample>>,
    figure: fn(&Sample) -> f64,
) {
    let (ours, others) = runtimes.split_first().expect("main checks that there is one");
    print!("\n{title:24} {ours:>12}");
    for other in others {
        print!(" {other:>12} {:>12}", format!("{ours}/{other}"));
    }
    println!("  (spread)");
    for work in works {
        let all = |runtime: &str| -> Vec<f64> {
            let mut figures: Vec<f64> = samples[&(work.as_str(), runtime)].iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            figures
        };
        let median = |runtime: &str| all(runtime)[all(runtime).len() / 2];
        print!("{work:24} {:12.0}", median(ours));
        for other in others {
            print!(" {:12.0} {:12.2}", median(other), median(ours) / median(other));
        }
        for runtime in runtimes {
            let figures = all(runtime);
            print!("  [{:.0} {:.0}]", figures[0], figures[figures.len() - 1]);
        }
        println!();
    }
}
