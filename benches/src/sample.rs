//! [`Sample`]: what one run of one line found, in one process, and its line of text.
//!
//! [`Stopwatch`] takes the figures that every run has. The invariant: each figure is an operation's share, so that
//! samples of runs of different length can be compared.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use crate::figure::Figure;
use crate::heap;
use crate::latency::Percentiles;
use crate::usage::{Usage, resident_bytes};

/// What one run found.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Operations done.
    pub operations: u64,
    /// Each figure that was taken, once.
    pub figures: Vec<(Figure, f64)>,
}

impl Sample {
    /// The figure, if it was taken.
    pub fn get(&self, figure: Figure) -> Option<f64> {
        self.figures.iter().find(|(kind, _)| *kind == figure).map(|(_, value)| *value)
    }

    /// With one more figure, or with another value for one that it has.
    #[must_use]
    pub fn with(mut self, figure: Figure, value: f64) -> Self {
        self.figures.retain(|(kind, _)| *kind != figure);
        self.figures.push((figure, value));
        self
    }

    /// With the time that the operations took by another's clock.
    #[must_use]
    pub fn with_wall(self, wall: Duration) -> Self {
        let share = wall.as_nanos() as f64 / self.operations as f64;
        self.with(Figure::Wall, share)
    }

    /// With percentiles of latency.
    #[must_use]
    pub fn with_percentiles(self, percentiles: Percentiles) -> Self {
        self.with(Figure::P50, percentiles.p50)
            .with(Figure::P99, percentiles.p99)
            .with(Figure::P999, percentiles.p999)
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sample {}", self.operations)?;
        self.figures.iter().try_for_each(|(figure, value)| write!(f, " {figure}={value}"))
    }
}

impl FromStr for Sample {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let malformed = || format!("not a sample: {line:?}");
        let mut words = line.trim().strip_prefix("sample ").ok_or_else(malformed)?.split(' ');
        let operations = words.next().and_then(|word| word.parse().ok()).ok_or_else(malformed)?;
        let figures = words
            .map(|word| {
                let (name, value) = word.split_once('=').ok_or_else(malformed)?;
                Ok((name.parse()?, value.parse().map_err(|_| malformed())?))
            })
            .collect::<Result<_, String>>()?;
        Ok(Self { operations, figures })
    }
}

/// Taken at the start of a run, for what every run is asked.
pub struct Stopwatch {
    start: Instant,
    usage: Usage,
    allocations: heap::Count,
}

impl Stopwatch {
    /// From now.
    pub fn start() -> Self {
        Self { allocations: heap::count(), usage: Usage::of_this_process(), start: Instant::now() }
    }

    /// Until now, for that many operations.
    pub fn stop(self, operations: u64) -> Sample {
        let wall = self.start.elapsed();
        let usage = Usage::of_this_process();
        let allocations = heap::count();
        let share = |whole: f64| whole / operations as f64;
        let mut sample = Sample { operations, figures: Vec::new() }
            .with(Figure::Cpu, share((usage.cpu - self.usage.cpu).as_nanos() as f64))
            .with(Figure::Wall, share(wall.as_nanos() as f64))
            .with(Figure::Switches, share((usage.switches - self.usage.switches) as f64));
        if heap::is_counting() {
            let made = allocations.made - self.allocations.made;
            let bytes = allocations.bytes - self.allocations.bytes;
            sample = sample
                .with(Figure::Allocations, share(made as f64))
                .with(Figure::Allocated, share(bytes as f64));
        }
        sample
    }
}

/// Taken before many things are made that stay, for what each of them weighs.
pub struct Scales {
    in_use: u64,
    resident: u64,
}

impl Scales {
    /// What the process has now is not weighed.
    pub fn start() -> Self {
        Self { in_use: heap::bytes_in_use(), resident: resident_bytes() }
    }

    /// Adds an operation's share of what has come since.
    #[must_use]
    pub fn stop(self, sample: Sample) -> Sample {
        let (in_use, resident) = (heap::bytes_in_use(), resident_bytes());
        let share = |now: u64, before: u64| now.saturating_sub(before) as f64 / sample.operations as f64;
        let (in_use, resident) = (share(in_use, self.in_use), share(resident, self.resident));
        sample.with(Figure::Bytes, in_use).with(Figure::Resident, resident)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_survives_its_line_of_text() {
        let sample =
            Sample { operations: 7, figures: vec![(Figure::Cpu, 0.1), (Figure::P999, 12_345_678.25)] };
        assert_eq!(sample.to_string().parse(), Ok(sample));
        assert!("sample x cpu=1".parse::<Sample>().is_err());
        assert!("sample 1 cpu".parse::<Sample>().is_err());
        assert!("sample 1 nonsense=1".parse::<Sample>().is_err());
    }

    #[test]
    fn a_figure_stands_in_a_sample_once() {
        let sample = Sample { operations: 2, figures: vec![(Figure::Wall, 9.0)] };
        let sample = sample.with_wall(Duration::from_nanos(3));
        assert_eq!(sample.figures, [(Figure::Wall, 1.5)]);
        assert_eq!(sample.get(Figure::Cpu), None);
    }
}
