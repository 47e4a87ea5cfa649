//! The tables on the terminal: one for each figure, a row for each line that has it, a column for each runtime.
//!
//! Behind a figure stands its ratio to tokio's multi-thread flavour; at the end of the row ours to no runtime at all,
//! and how far our ratio to tokio spreads over the rounds. `-` is what a runtime lacks.

use mini_benches::figure::Figure;
use mini_benches::lines::{Group, Line};

use crate::results::Results;
use crate::runtimes::{OURS, RAW, Runtime, TOKIO};

/// Where a figure of a run is only worth a table if it says something: never, or nearly never, other than nothing.
const ONLY_IF_ANY: &[Figure] = &[Figure::Early, Figure::Refused];

pub(crate) fn print(results: &Results) {
    for figure in Figure::ALL {
        let lines = lines_with(results, *figure);
        if !lines.is_empty() {
            print_figure(results, *figure, &lines);
        }
    }
}

/// The lines for which some runtime has that figure, and it says something.
pub(crate) fn lines_with(results: &Results, figure: Figure) -> Vec<&'static Line> {
    let least = if ONLY_IF_ANY.contains(&figure) { 0.0 } else { -1.0 };
    let has_it = |line: &&'static Line| {
        let spread = |runtime: &Runtime| results.figure(line, runtime.name, figure);
        results.runtimes.iter().any(|runtime| spread(runtime).is_some_and(|spread| spread.most > least))
    };
    results.lines.iter().copied().filter(has_it).collect()
}

fn print_figure(results: &Results, figure: Figure, lines: &[&'static Line]) {
    print!("\n{:26}", figure.title());
    for runtime in &results.runtimes {
        print!(" {:>15}", runtime.name);
    }
    let (is_to_raw, is_to_tokio) = (results.has(RAW), results.has(TOKIO) && results.has(OURS));
    if is_to_raw && results.has(OURS) {
        print!(" {:>9}", "mini/raw");
    }
    println!("{}", if is_to_tokio { "  mini/tokio" } else { "" });
    for group in Group::ALL {
        for line in lines.iter().filter(|line| line.group == *group) {
            print!("{:26}", line.name);
            for runtime in &results.runtimes {
                print!(" {:>15}", cell(results, line, runtime.name, figure));
            }
            if is_to_raw && results.has(OURS) {
                let ratio = results.ratio(line, OURS, RAW, figure);
                print!(" {:>9}", ratio.map_or("-".to_owned(), |ratio| short(ratio.median)));
            }
            match results.ratio(line, OURS, TOKIO, figure) {
                Some(ratio) => println!("  {}..{}", short(ratio.least), short(ratio.most)),
                None => println!(),
            }
        }
    }
}

/// A figure, with its ratio to tokio's in brackets.
pub(crate) fn cell(results: &Results, line: &Line, runtime: &str, figure: Figure) -> String {
    let Some(spread) = results.figure(line, runtime, figure) else { return "-".to_owned() };
    match results.ratio(line, runtime, TOKIO, figure) {
        Some(ratio) if runtime != TOKIO => format!("{} ({})", short(spread.median), short(ratio.median)),
        _ => format!("{}       ", short(spread.median)),
    }
}

/// Three digits or the whole number.
pub(crate) fn short(number: f64) -> String {
    match number.abs() {
        size if size >= 99.95 => format!("{number:.0}"),
        size if size >= 9.995 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

/// Which lines failed, and why.
pub(crate) fn print_failures(results: &Results) {
    let mut is_first = true;
    for line in &results.lines {
        for runtime in &results.runtimes {
            if let Some(reason) = results.failure(line, runtime) {
                if std::mem::take(&mut is_first) {
                    println!("\nFAILED");
                }
                println!(
                    "{:26} on {}, {} times: {reason}",
                    line.name,
                    runtime.name,
                    results.failures(line, runtime)
                );
            }
        }
    }
}
