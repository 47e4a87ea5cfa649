//! The command line.

use std::error::Error;

/// Rounds of a whole run; the least that a median is taken from.
const ROUNDS: usize = 5;
const ROUNDS_QUICK: usize = 3;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) rounds: usize,
    /// Less work in each run.
    pub(crate) is_quick: bool,
    /// Count instead of timing.
    pub(crate) is_counting: bool,
    /// Measure what it costs to build with a runtime instead.
    pub(crate) is_costing: bool,
    /// Run nothing, and take what was saved.
    pub(crate) is_redrawing: bool,
    /// Put what was found into the files beside the package.
    pub(crate) is_saving: bool,
    /// Lines whose name contains one of these, or all of them if there is none.
    pub(crate) filters: Vec<String>,
    /// Runtimes of these names, or all of them if there is none.
    pub(crate) runtimes: Vec<String>,
}

const USAGE: &str = "\
usage: cargo bench -p mini-benches -- [FILTER...] [OPTIONS]

    FILTER              lines whose name contains it, or is it if written =NAME
    --quick             an eighth of the work, 3 rounds: some minutes
    --counts            count instructions, syscalls, switches and allocations instead; needs valgrind and strace
    --costs             build time, crates, size and start of a small server instead, on mini and tokio
    --save              put the lines that were run into results.json, RESULTS.md and charts/ beside this package
    --redraw            run nothing; make RESULTS.md and charts/ anew from results.json
    --rounds N          that many rounds instead of 5
    --runtimes A,B      only these: mini, mini-ct, tokio, tokio-ct, smol, nio, raw
";

impl Options {
    pub(crate) fn from_arguments(arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            rounds: 0,
            is_quick: false,
            is_counting: false,
            is_costing: false,
            is_redrawing: false,
            is_saving: false,
            filters: Vec::new(),
            runtimes: Vec::new(),
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value\n\n{USAGE}"));
            match argument.as_str() {
                // Cargo adds it to what it runs as a bench.
                "--bench" => {}
                "--quick" => options.is_quick = true,
                "--counts" => options.is_counting = true,
                "--costs" => options.is_costing = true,
                "--redraw" => options.is_redrawing = true,
                "--save" => options.is_saving = true,
                "--rounds" => options.rounds = value()?.parse()?,
                "--runtimes" => options.runtimes = value()?.split(',').map(str::to_owned).collect(),
                unknown if unknown.starts_with('-') => {
                    return Err(format!("unknown option {unknown}\n\n{USAGE}").into());
                }
                filter => options.filters.push(filter.to_owned()),
            }
        }
        if options.rounds == 0 {
            options.rounds = if options.is_quick { ROUNDS_QUICK } else { ROUNDS };
        }
        Ok(options)
    }

    /// Whether the filters let a line of that name through.
    pub(crate) fn wants_line(&self, name: &str) -> bool {
        let fits = |filter: &String| match filter.strip_prefix('=') {
            Some(whole) => whole == name,
            None => name.contains(filter.as_str()),
        };
        self.filters.is_empty() || self.filters.iter().any(fits)
    }
}
