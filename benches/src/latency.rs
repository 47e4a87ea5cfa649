//! [`Latencies`]: every one that was observed, and [`Percentiles`] of them.
//!
//! Kept one by one rather than in buckets: the runs are short, and a percentile is then exact.

use std::fmt;
use std::time::Duration;

/// Observed latencies.
#[derive(Debug, Default, Clone)]
pub struct Latencies(Vec<u64>);

/// What half, 99 of 100 and 999 of 1,000 stay below, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percentiles {
    /// Half.
    pub p50: f64,
    /// 99 of 100.
    pub p99: f64,
    /// 999 of 1,000.
    pub p999: f64,
}

impl Latencies {
    /// None yet, with room for that many.
    pub fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// One more.
    pub fn record(&mut self, latency: Duration) {
        self.0.push(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Those of another, too.
    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// Its percentiles; of none at all, nothing.
    pub fn percentiles(mut self) -> Option<Percentiles> {
        self.0.sort_unstable();
        let last = self.0.len().checked_sub(1)?;
        let at = |permille: usize| self.0[(self.0.len() * permille / 1000).min(last)] as f64;
        Some(Percentiles { p50: at(500), p99: at(990), p999: at(999) })
    }
}

impl fmt::Display for Percentiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.p50, self.p99, self.p999)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_sorted_row() {
        let mut latencies = Latencies::with_capacity(1000);
        for nanoseconds in (0..1000).rev() {
            latencies.record(Duration::from_nanos(nanoseconds));
        }
        assert_eq!(latencies.percentiles(), Some(Percentiles { p50: 500.0, p99: 990.0, p999: 999.0 }));
        assert_eq!(Latencies::default().percentiles(), None);
        let mut one = Latencies::default();
        one.record(Duration::from_nanos(3));
        assert_eq!(one.percentiles(), Some(Percentiles { p50: 3.0, p99: 3.0, p999: 3.0 }));
    }
}
