//! What the benches share and no runtime is part of: the measure of a process, and one result's line of text.
//!
//! The work itself is in `work/`, compiled once into each `on_*` binary; `benches/compare.rs` runs them by turns.

pub mod usage;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// What one run of one work took, in one process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Operations done.
    pub operations: u64,
    /// From start to end.
    pub wall: Duration,
    /// CPU time of the whole process, user and system.
    pub cpu: Duration,
}

impl Sample {
    /// Nanoseconds an operation, wall time.
    pub fn wall_per_operation_ns(&self) -> f64 {
        self.wall.as_nanos() as f64 / self.operations as f64
    }

    /// Nanoseconds an operation, CPU time.
    pub fn cpu_per_operation_ns(&self) -> f64 {
        self.cpu.as_nanos() as f64 / self.operations as f64
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sample {} {} {}", self.operations, self.wall.as_nanos(), self.cpu.as_nanos())
    }
}

impl FromStr for Sample {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let malformed = || format!("not a sample: {line:?}");
        let mut words = line.trim().strip_prefix("sample ").ok_or_else(malformed)?.split(' ');
        let mut next = || words.next().and_then(|word| word.parse::<u64>().ok()).ok_or_else(malformed);
        Ok(Self {
            operations: next()?,
            wall: Duration::from_nanos(next()?),
            cpu: Duration::from_nanos(next()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_survives_its_line_of_text() {
        let sample = Sample { operations: 7, wall: Duration::from_nanos(70), cpu: Duration::from_nanos(35) };
        assert_eq!(sample.to_string().parse(), Ok(sample));
        assert!("sample 1 x".parse::<Sample>().is_err());
    }
}
