//! Runs the same work on every runtime, by turns in one run, and prints the medians side by side.
//!
//! `cargo bench -p mini-benches -- [FILTER...] [--quick] [--rounds N] [--runtimes A,B]`; README.md beside this package
//! has the rest. Each run of each line is a process of its own, in an order that rotates from round to round, so that
//! what the machine does meanwhile falls on all alike. One that fails is a hole in the table, with its reason, and
//! loses nothing else.

#![allow(clippy::print_stdout, clippy::print_stderr)] // A command-line tool speaks there.

mod aims;
mod chart;
mod costs;
mod counts;
mod machine;
mod options;
mod process;
mod report;
mod results;
mod rounds;
mod runtimes;
mod saved;
mod table;

use std::error::Error;
use std::path::Path;

use saved::Saved;

/// Where results are saved.
const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

fn main() -> Result<(), Box<dyn Error>> {
    let options = options::Options::from_arguments(std::env::args().skip(1))?;
    if options.is_counting {
        return counts::print(&options);
    }
    if options.is_redrawing {
        return write(&Saved::read(Path::new(FOLDER))?);
    }
    if options.is_costing {
        let costs = costs::Costs::measure(&runtimes::folder().join("mini-benches-costs"))?;
        print!("{}", costs.table());
        return save(&options, |saved| saved.costs = Some(costs));
    }
    let results = rounds::Plan::new(&options)?.run();
    table::print(&results);
    aims::print(&results);
    table::print_failures(&results);
    save(&options, |saved| saved.replace(results))
}

/// Changes what was saved, if that is asked for.
fn save(options: &options::Options, change: impl FnOnce(&mut Saved)) -> Result<(), Box<dyn Error>> {
    if !options.is_saving {
        return Ok(());
    }
    let mut saved = Saved::read(Path::new(FOLDER))?;
    change(&mut saved);
    saved.write(Path::new(FOLDER))?;
    write(&saved)
}

/// All that is made of the results.
fn write(saved: &Saved) -> Result<(), Box<dyn Error>> {
    report::write(saved, Path::new(FOLDER))?;
    chart::write(saved, Path::new(FOLDER))
}
