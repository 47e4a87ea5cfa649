//! The rounds: every line on every runtime that has it, again and again, in an order that rotates.

use std::error::Error;
use std::time::Duration;

use mini_benches::lines::{LINES, Line};
use mini_benches::sample::Sample;

use crate::options::Options;
use crate::process;
use crate::results::Results;
use crate::runtimes::{self, Runtime};

/// Many times what the slowest line takes.
const LIMIT: Duration = Duration::from_secs(60);
const LIMIT_QUICK: Duration = Duration::from_secs(20);
/// A line that failed so often on a runtime is not tried there again.
const MOST_FAILURES: usize = 2;

/// What is to be run.
pub(crate) struct Plan {
    rounds: usize,
    is_quick: bool,
    lines: Vec<&'static Line>,
    runtimes: Vec<Runtime>,
    /// The lines that each runtime has work for.
    offers: Vec<Vec<String>>,
}

impl Plan {
    pub(crate) fn new(options: &Options) -> Result<Self, Box<dyn Error>> {
        let runtimes = runtimes::wanted(options)?;
        let offers = runtimes.iter().map(Runtime::lines).collect::<Result<Vec<_>, _>>()?;
        let lines: Vec<_> = LINES.iter().filter(|line| options.wants_line(line.name)).collect();
        if lines.is_empty() {
            let names: Vec<&str> = LINES.iter().map(|line| line.name).collect();
            return Err(
                format!("no line is like {:?}; there are {}", options.filters, names.join(", ")).into()
            );
        }
        Ok(Self { rounds: options.rounds, is_quick: options.is_quick, lines, runtimes, offers })
    }

    pub(crate) fn run(self) -> Results {
        let mut results = Results::new(self.lines.clone(), self.runtimes.clone());
        for round in 0..self.rounds {
            eprintln!("round {} of {}", round + 1, self.rounds);
            for (position, line) in self.lines.iter().enumerate() {
                for turn in 0..self.runtimes.len() {
                    let index = (round + position + turn) % self.runtimes.len();
                    let runtime = &self.runtimes[index];
                    let is_offered = self.offers[index].iter().any(|name| name == line.name);
                    if is_offered && results.failures(line, runtime) < MOST_FAILURES {
                        let outcome = self.sample(line, runtime);
                        results.add(round, line, runtime, outcome);
                    }
                }
            }
        }
        results
    }

    fn sample(&self, line: &Line, runtime: &Runtime) -> Result<Sample, String> {
        let (operations, limit) =
            if self.is_quick { (line.quick, LIMIT_QUICK) } else { (line.operations, LIMIT) };
        let arguments = ["run", runtime.flavour, line.name, &operations.to_string()];
        process::output(runtime.binary, &arguments, limit)?.parse()
    }
}
