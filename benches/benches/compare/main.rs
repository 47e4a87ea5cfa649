//! Runs the same work on every runtime, by turns in one run, and prints the medians side by side.
//!
//! `cargo bench -p mini-benches -- [FILTER...] [--quick] [--rounds N] [--runtimes A,B]`; README.md beside this package
//! has the rest. Each run of each line is a process of its own, in an order that rotates from round to round, so that
//! what the machine does meanwhile falls on all alike. One that fails is a hole in the table, with its reason, and
//! loses nothing else.

#![allow(clippy::print_stdout, clippy::print_stderr)] // A command-line tool speaks there.

mod aims;
mod counts;
mod options;
mod process;
mod results;
mod rounds;
mod runtimes;
mod table;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let options = options::Options::from_arguments(std::env::args().skip(1))?;
    if options.is_counting {
        return counts::print(&options);
    }
    let plan = rounds::Plan::new(&options)?;
    let results = plan.run();
    table::print(&results);
    aims::print(&results);
    table::print_failures(&results);
    Ok(())
}
