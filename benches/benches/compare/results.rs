//! What was found: a sample for each round, line and runtime, or the reason why there is none; medians and ratios of
//! them.
//!
//! The invariant: a ratio is taken between samples of the same round, and the median of the ratios after that; so
//! what the machine did in one round does not stand against what it did in another.

use std::collections::BTreeMap;

use mini_benches::figure::Figure;
use mini_benches::lines::{LINES, Line};
use mini_benches::sample::Sample;

use crate::runtimes::Runtime;

/// Everything that a run found.
pub(crate) struct Results {
    pub(crate) lines: Vec<&'static Line>,
    pub(crate) runtimes: Vec<Runtime>,
    /// By line and runtime.
    outcomes: BTreeMap<(&'static str, &'static str), Rounds>,
}

/// What each round found.
type Rounds = BTreeMap<usize, Result<Sample, String>>;

/// The middle of some numbers, and how far they spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    pub(crate) fn of(mut numbers: Vec<f64>) -> Option<Self> {
        numbers.sort_by(f64::total_cmp);
        let (least, most) = (*numbers.first()?, *numbers.last()?);
        let middle = numbers.len() / 2;
        let median = match numbers.len() % 2 {
            0 => (numbers[middle - 1] + numbers[middle]) / 2.0,
            _ => numbers[middle],
        };
        Some(Self { median, least, most })
    }
}

impl Results {
    pub(crate) fn new(lines: Vec<&'static Line>, runtimes: Vec<Runtime>) -> Self {
        Self { lines, runtimes, outcomes: BTreeMap::new() }
    }

    pub(crate) fn add(
        &mut self,
        round: usize,
        line: &Line,
        runtime: &Runtime,
        outcome: Result<Sample, String>,
    ) {
        self.outcomes.entry((line.name, runtime.name)).or_default().insert(round, outcome);
    }

    /// Takes another's lines in the place of its own of those names, all runtimes together: their rounds belong to
    /// each other.
    pub(crate) fn replace(&mut self, other: Self) {
        self.outcomes.retain(|(name, _), _| other.lines.iter().all(|line| line.name != *name));
        self.outcomes.extend(other.outcomes);
        let is_there = |line: &&'static Line| self.outcomes.keys().any(|(name, _)| *name == line.name);
        self.lines = LINES.iter().filter(is_there).collect();
    }

    /// What each round found there.
    pub(crate) fn rounds(
        &self,
        line: &Line,
        runtime: &str,
    ) -> impl Iterator<Item = (usize, &Result<Sample, String>)> {
        let rounds = self.outcomes.iter().find(|((of, on), _)| *of == line.name && *on == runtime);
        rounds.into_iter().flat_map(|(_, rounds)| rounds.iter().map(|(round, outcome)| (*round, outcome)))
    }

    /// How often the line failed there.
    pub(crate) fn failures(&self, line: &Line, runtime: &Runtime) -> usize {
        self.rounds(line, runtime.name).filter(|(_, outcome)| outcome.is_err()).count()
    }

    /// Why the line failed there, if it did.
    pub(crate) fn failure(&self, line: &Line, runtime: &Runtime) -> Option<&str> {
        self.rounds(line, runtime.name).find_map(|(_, outcome)| outcome.as_ref().err()).map(String::as_str)
    }

    fn values(&self, line: &Line, runtime: &str, figure: Figure) -> Vec<(usize, f64)> {
        self.rounds(line, runtime)
            .filter_map(|(round, outcome)| Some((round, outcome.as_ref().ok()?.get(figure)?)))
            .collect()
    }

    /// The figure over the rounds.
    pub(crate) fn figure(&self, line: &Line, runtime: &str, figure: Figure) -> Option<Spread> {
        let values = self.values(line, runtime, figure);
        Spread::of(values.into_iter().map(|(_, value)| value).collect())
    }

    /// The figure's ratio to another runtime's, over the rounds.
    pub(crate) fn ratio(&self, line: &Line, runtime: &str, to: &str, figure: Figure) -> Option<Spread> {
        let others = self.values(line, to, figure);
        let ratio = |(round, value): (usize, f64)| {
            let (_, other) = others.iter().find(|(of, other)| *of == round && *other > 0.0)?;
            Some(value / other)
        };
        Spread::of(self.values(line, runtime, figure).into_iter().filter_map(ratio).collect())
    }

    /// The runtime of that name, if it is one of those compared.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.runtimes.iter().any(|runtime| runtime.name == name)
    }
}
