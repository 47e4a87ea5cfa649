//! [`Figure`]: the kinds of numbers that the suite takes, their names and their units.
//!
//! Lower is better in all of them; so a ratio below 1 is always in favour of what stands above the line.

use std::fmt;
use std::str::FromStr;

/// One kind of number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// CPU time of the whole process an operation, user and system, in nanoseconds.
    Cpu,
    /// Time on the wall an operation, in nanoseconds.
    Wall,
    /// Latency or lateness that half stay below, in nanoseconds.
    P50,
    /// The same for 99 of 100.
    P99,
    /// The same for 999 of 1,000.
    P999,
    /// Bytes of the heap in use for each idle thing, with the allocator's own overhead.
    Bytes,
    /// Bytes by which the process grows for each idle thing, holes between allocations included.
    Resident,
    /// Operations refused or left undone, of 1,000 offered.
    Refused,
    /// Sleeps that ended before their time, of 1,000.
    Early,
    /// Voluntary context switches of all threads an operation.
    Switches,
    /// Allocations an operation; taken only in counting runs.
    Allocations,
    /// Bytes asked of the allocator an operation; taken only in counting runs.
    Allocated,
    /// Instructions in user mode an operation, of all threads; taken only in counting runs.
    Instructions,
    /// Calls of the kernel an operation; taken only in counting runs.
    Syscalls,
    /// Of these, the calls by which threads tell each other to wake and wait for it, by futex or by eventfd.
    Wakes,
}

impl Figure {
    /// Every kind, in the order in which they are shown.
    pub const ALL: &[Self] = &[
        Self::Cpu,
        Self::Wall,
        Self::P50,
        Self::P99,
        Self::P999,
        Self::Bytes,
        Self::Resident,
        Self::Refused,
        Self::Early,
        Self::Switches,
        Self::Allocations,
        Self::Allocated,
        Self::Instructions,
        Self::Syscalls,
        Self::Wakes,
    ];

    /// The word for it in samples, in JSON and in committed counts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Wall => "wall",
            Self::P50 => "p50",
            Self::P99 => "p99",
            Self::P999 => "p99.9",
            Self::Bytes => "bytes",
            Self::Resident => "resident",
            Self::Refused => "refused",
            Self::Early => "early",
            Self::Switches => "switches",
            Self::Allocations => "allocations",
            Self::Allocated => "allocated",
            Self::Instructions => "instructions",
            Self::Syscalls => "syscalls",
            Self::Wakes => "wakes",
        }
    }

    /// The heading of its table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cpu => "CPU, ns per operation",
            Self::Wall => "wall, ns per operation",
            Self::P50 => "p50, ns",
            Self::P99 => "p99, ns",
            Self::P999 => "p99.9, ns",
            Self::Bytes => "heap bytes each",
            Self::Resident => "resident bytes each",
            Self::Refused => "refused of 1,000",
            Self::Early => "early of 1,000",
            Self::Switches => "switches per operation",
            Self::Allocations => "allocations per operation",
            Self::Allocated => "bytes asked for per operation",
            Self::Instructions => "user instructions per operation",
            Self::Syscalls => "syscalls per operation",
            Self::Wakes => "calls that wake or wait for a wake per operation",
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Figure {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|figure| figure.name() == name);
        found.copied().ok_or_else(|| format!("no figure is called {name:?}"))
    }
}
