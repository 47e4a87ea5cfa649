//! The results as a file, `results.json`: every sample of every round, so that all else can be made of it again.
//!
//! A run of some lines replaces those lines in the file and leaves the others; so a whole can be measured in pieces.
//! The invariant: what is read back gives the same medians and ratios as what was written.

use std::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use mini_benches::lines::LINES;
use mini_benches::sample::Sample;
use serde_json::{Map, Value, json};

use crate::costs::Costs;
use crate::machine::Machine;
use crate::results::Results;
use crate::runtimes::RUNTIMES;

const FILE: &str = "results.json";
/// Of a sample that there is none of: the reason.
const FAILED: &str = "failed";
/// Of a sample: how many operations it is of. All else in it is a figure.
const OPERATIONS: &str = "operations";

/// What the file holds.
pub(crate) struct Saved {
    pub(crate) machine: Machine,
    pub(crate) results: Results,
    pub(crate) costs: Option<Costs>,
}

impl Saved {
    /// Of this machine, with nothing measured.
    pub(crate) fn empty() -> Self {
        Self { machine: Machine::this(), results: Results::new(Vec::new(), RUNTIMES.to_vec()), costs: None }
    }

    /// Reads the file of that folder; nothing, if there is none yet.
    pub(crate) fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let text = match fs::read_to_string(folder.join(FILE)) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::empty()),
            Err(error) => return Err(error.into()),
        };
        let file: Value = serde_json::from_str(&text)?;
        let mut saved = Self::empty();
        saved.machine = Machine::from_json(&file["machine"]).ok_or("no machine in the results file")?;
        saved.costs = Costs::from_json(&file["costs"]);
        let lines = LINES.iter().filter(|line| file["lines"].get(line.name).is_some());
        saved.results.lines = lines.collect();
        for line in saved.results.lines.clone() {
            let rounds = file["lines"][line.name].as_array().ok_or("rounds are a list")?;
            for (round, outcomes) in rounds.iter().enumerate() {
                for runtime in RUNTIMES {
                    if let Some(outcome) = outcomes.get(runtime.name) {
                        saved.results.add(round, line, runtime, read_outcome(outcome)?);
                    }
                }
            }
        }
        Ok(saved)
    }

    /// The lines of a run in the place of those that were there before.
    pub(crate) fn replace(&mut self, other: Results) {
        self.machine = Machine::this();
        self.results.replace(other);
    }

    /// Writes the file of that folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), Box<dyn Error>> {
        let mut lines = Map::new();
        for line in &self.results.lines {
            let mut rounds: Vec<Value> = Vec::new();
            for runtime in RUNTIMES {
                for (round, outcome) in self.results.rounds(line, runtime.name) {
                    rounds.resize(rounds.len().max(round + 1), json!({}));
                    rounds[round][runtime.name] = write_outcome(outcome);
                }
            }
            lines.insert(line.name.to_owned(), rounds.into());
        }
        let costs = self.costs.as_ref().map(Costs::to_json);
        let file = json!({ "machine": self.machine.to_json(), "costs": costs, "lines": lines });
        fs::create_dir_all(folder)?;
        Ok(fs::write(folder.join(FILE), format!("{file:#}\n"))?)
    }
}

fn write_outcome(outcome: &Result<Sample, String>) -> Value {
    match outcome {
        Ok(sample) => {
            let mut object = Map::new();
            object.insert(OPERATIONS.to_owned(), sample.operations.into());
            for (figure, value) in &sample.figures {
                // Six digits: a run is not more exact than that, and the file is committed.
                let value: f64 = format!("{value:.5e}").parse().unwrap_or(*value);
                object.insert(figure.name().to_owned(), value.into());
            }
            object.into()
        }
        Err(reason) => json!({ FAILED: reason }),
    }
}

fn read_outcome(outcome: &Value) -> Result<Result<Sample, String>, Box<dyn Error>> {
    if let Some(reason) = outcome[FAILED].as_str() {
        return Ok(Err(reason.to_owned()));
    }
    let object = outcome.as_object().ok_or("a sample is an object")?;
    let operations = object.get(OPERATIONS).and_then(Value::as_u64).ok_or("a sample has operations")?;
    let mut sample = Sample { operations, figures: Vec::new() };
    for (name, value) in object.iter().filter(|(name, _)| *name != OPERATIONS) {
        sample = sample.with(name.parse()?, value.as_f64().ok_or("a figure is a number")?);
    }
    Ok(Ok(sample))
}
