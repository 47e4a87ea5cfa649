//! Every check of the project, each a subcommand: `cargo xtask ci` is what CI runs, nothing more and nothing less.
//!
//! Not a build system: it runs cargo, and says what it ran and how long it took. The invariant: a gate that
//! cannot run on this machine says NOT RUN and fails; none passes in silence.

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, clippy::print_stderr)] // A command-line tool speaks there.

mod api;
mod apps;
mod counts;
mod crates;
mod facade;
mod faults;
mod gates;
mod listed;
mod promises;
mod published;
mod step;
mod tidy;
mod tokio_tests;

use std::process::ExitCode;

use step::Failure;

/// A subcommand: its name, what it does, and the function that does it with the remaining arguments.
struct Subcommand {
    name: &'static str,
    what: &'static str,
    run: fn(&[String]) -> Result<(), Failure>,
}

const SUBCOMMANDS: &[Subcommand] = &[
    Subcommand { name: "fmt", what: "the formatting is rustfmt's", run: |_| gates::fmt() },
    Subcommand { name: "tidy", what: "the house rules that a script can check", run: |_| tidy::gate() },
    Subcommand { name: "clippy", what: "no warning anywhere in the workspace", run: |_| gates::clippy() },
    Subcommand { name: "msrv", what: "nothing newer than the stated Rust version", run: |_| gates::msrv() },
    Subcommand { name: "crates", what: "the facade's foreign crates, counted", run: |_| crates::gate() },
    Subcommand { name: "features", what: "each feature alone builds", run: |_| gates::features() },
    Subcommand { name: "doc", what: "the documentation has no warning", run: |_| gates::doc() },
    Subcommand { name: "build", what: "the product and its examples build", run: |_| gates::build() },
    Subcommand { name: "loom", what: "the models: loom [--deep] [FILTER]", run: gates::loom },
    Subcommand { name: "miri", what: "undefined behaviour: miri [FILTER]", run: gates::miri },
    Subcommand { name: "tsan", what: "data races, by ThreadSanitizer", run: |_| gates::sanitizer("thread") },
    Subcommand {
        name: "asan",
        what: "memory errors, by AddressSanitizer",
        run: |_| gates::sanitizer("address"),
    },
    Subcommand { name: "faults", what: "a kernel that refuses, by strace", run: |_| faults::gate() },
    Subcommand {
        name: "promises",
        what: "the README's four promises, with strace",
        run: |_| promises::gate(),
    },
    Subcommand {
        name: "tokio-tests",
        what: "tokio's own tests on mini: tokio-tests [FILES]",
        run: tokio_tests::gate,
    },
    Subcommand {
        name: "api",
        what: "what tokio's stable interface has and ours lacks: api [NAMES]",
        run: api::gate,
    },
    Subcommand {
        name: "counts",
        what: "what an operation costs, against benches/counts.txt: counts [--update | LINE...]",
        run: counts::gate,
    },
    Subcommand { name: "apps", what: "programs written for tokio, on mini: apps [APPS]", run: apps::gate },
    Subcommand {
        name: "examples",
        what: "every public item has an example: examples [NAMES]",
        run: api::examples,
    },
    Subcommand { name: "size", what: "code lines per crate and models per primitive", run: |_| tidy::size() },
    Subcommand { name: "test", what: "the README's `cargo test`", run: |_| gates::test() },
    Subcommand { name: "ci", what: "all of CI's gates in order, `cargo test` last", run: |_| ci() },
];

/// CI's gates, the quick ones first. `test` is the last, and nothing is printed after it.
const CI: &[&str] = &["fmt", "tidy", "crates", "clippy", "features", "doc", "build", "apps", "loom", "test"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else { return usage() };
    let Some(subcommand) = find(name) else { return usage() };
    match (subcommand.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask {name}: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn find(name: &str) -> Option<&'static Subcommand> {
    SUBCOMMANDS.iter().find(|subcommand| subcommand.name == name)
}

fn usage() -> ExitCode {
    eprintln!("usage: cargo xtask SUBCOMMAND\n");
    for subcommand in SUBCOMMANDS {
        eprintln!("    {:11} {}", subcommand.name, subcommand.what);
    }
    ExitCode::FAILURE
}

/// Stops at the first gate that fails: the later ones would mostly repeat the reason.
fn ci() -> Result<(), Failure> {
    for name in CI {
        let gate = find(name).expect("CI names subcommands only");
        println!("\n## {name}: {}", gate.what);
        (gate.run)(&[]).map_err(|failure| failure.within(name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ci_names_subcommands_only_and_ends_in_the_tests() {
        for name in CI {
            assert!(find(name).is_some(), "{name}");
        }
        assert_eq!(CI.last(), Some(&"test"));
    }
}
