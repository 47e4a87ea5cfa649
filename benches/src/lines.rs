//! The lines of the table: what each is called, how much work it is, and what `mini` aims at there.
//!
//! How a line's work is done stands in `work/` and `raw/`, under the same name. A runtime whose binary has no such
//! work lacks what the line needs.

use crate::figure::Figure;

/// The part of the table that a line stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Tasks and who runs them.
    Executor,
    /// Sockets.
    Tcp,
    /// Sleeps, timeouts and intervals.
    Timers,
    /// Channels and locks.
    Sync,
}

impl Group {
    /// All of them, in order.
    pub const ALL: &[Self] = &[Self::Executor, Self::Tcp, Self::Timers, Self::Sync];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Executor => "Executor",
            Self::Tcp => "TCP",
            Self::Timers => "Timers",
            Self::Sync => "Sync",
        }
    }
}

/// What a figure of ours is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// tokio's multi-thread flavour, in the same round.
    Tokio,
    /// No runtime at all, in the same round.
    Raw,
    /// Nothing: the bound is a number of the figure's own unit.
    Bound,
}

/// What `mini`'s multi-thread flavour aims at in one figure of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aim {
    /// Which figure.
    pub figure: Figure,
    /// Against what.
    pub against: Against,
    /// At most this, as a ratio or as the figure itself.
    pub at_most: f64,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Its name, which filters are matched against.
    pub name: &'static str,
    /// Where it stands.
    pub group: Group,
    /// What an operation is, in one phrase.
    pub what: &'static str,
    /// Operations of a run at full length; chosen for about half a second.
    pub operations: u64,
    /// Operations of a quick run.
    pub quick: u64,
    /// Operations of a counting run, which is fifty times slower; of lines whose counts mean something.
    pub counted: Option<u64>,
    /// The counts are the same each time: no other thread or process has a part in the work.
    pub is_steady: bool,
    /// What is aimed at.
    pub aims: &'static [Aim],
}

impl Line {
    /// The line of that name.
    pub fn find(name: &str) -> Option<&'static Self> {
        LINES.iter().find(|line| line.name == name)
    }

    const fn counted(mut self, operations: u64) -> Self {
        self.counted = Some(operations);
        self
    }

    /// Counted, and shown; but what others do meanwhile is in it, so that only allocations are held.
    const fn counted_roughly(mut self, operations: u64) -> Self {
        self.is_steady = false;
        self.counted(operations)
    }

    const fn aims(mut self, aims: &'static [Aim]) -> Self {
        self.aims = aims;
        self
    }
}

const fn line(group: Group, name: &'static str, what: &'static str, operations: u64, quick: u64) -> Line {
    Line { name, group, what, operations, quick, counted: None, is_steady: true, aims: &[] }
}

const fn tokio(figure: Figure, at_most: f64) -> Aim {
    Aim { figure, against: Against::Tokio, at_most }
}

const fn raw(figure: Figure, at_most: f64) -> Aim {
    Aim { figure, against: Against::Raw, at_most }
}

const fn bound(figure: Figure, at_most: f64) -> Aim {
    Aim { figure, against: Against::Bound, at_most }
}

use Figure::{Cpu, P50, P99, Resident, Wall};
use Group::{Executor, Sync, Tcp, Timers};

/// Plain echo is the kernel's: no more than parity with a bare epoll loop is to be had, and no less than tokio.
const ECHO: &[Aim] = &[raw(Cpu, 1.02), tokio(Wall, 1.0)];
const CHANNEL: &[Aim] = &[tokio(Cpu, 0.50)];

/// Every line, in the order of the table.
#[rustfmt::skip] // A table: a line each.
pub const LINES: &[Line] = &[
    line(Executor, "spawn_many", "a task of 10,000 spawned and then all joined", 1_000_000, 120_000).counted(10_000).aims(&[tokio(Cpu, 0.20)]),
    line(Executor, "spawn_one", "a task spawned and joined, one at a time", 500_000, 60_000).counted(2_000).aims(&[tokio(Cpu, 0.37)]),
    line(Executor, "chained_spawn", "a task that spawns the next", 1_000_000, 120_000).counted(5_000).aims(&[tokio(Cpu, 0.20)]),
    line(Executor, "spawn_outside_1", "a task spawned by a thread that is no worker", 500_000, 60_000).counted_roughly(5_000).aims(&[tokio(Cpu, 0.50)]),
    line(Executor, "spawn_outside_4", "the same by four such threads", 500_000, 60_000).aims(&[tokio(Cpu, 0.50)]),
    line(Executor, "ping_pong", "a number there and back between the tasks of 1,000 pairs", 600_000, 120_000).counted(4_000).aims(&[tokio(Wall, 0.80), tokio(Cpu, 0.80)]),
    line(Executor, "yield", "a task of 200 lets the others run", 4_000_000, 500_000).counted(20_000).aims(&[tokio(Cpu, 0.50)]),
    line(Executor, "wake_ring", "a task of 100 in a ring wakes the next", 2_000_000, 250_000).counted(10_000).aims(&[tokio(Cpu, 0.65)]),
    line(Executor, "fan_out", "a task that computes for 5 µs", 100_000, 12_000),
    line(Executor, "main_exchange", "a number there and back between the main future and a task", 80_000, 25_000).counted(2_000),
    line(Executor, "blocking_1", "a round trip through spawn_blocking", 50_000, 8_000).counted_roughly(2_000).aims(&[tokio(Cpu, 0.40)]),
    line(Executor, "blocking_8", "the same from eight tasks", 100_000, 12_000).aims(&[tokio(Cpu, 0.40)]),
    line(Executor, "idle_task", "a task that waits, its handle kept", 1_000_000, 100_000).counted(10_000).aims(&[bound(Resident, 80.0)]),

    line(Tcp, "echo_lone", "64 bytes echoed after half a millisecond of silence", 1_000, 400).counted_roughly(400),
    line(Tcp, "echo_1", "64 bytes echoed, 1 connection", 25_000, 6_000).counted_roughly(2_000).aims(ECHO),
    line(Tcp, "echo_64", "the same, 64 connections", 64_000, 16_000).aims(ECHO),
    line(Tcp, "echo_1000", "the same, 1,000 connections", 64_000, 16_000).aims(ECHO),
    line(Tcp, "echo_5000", "the same, 5,000 connections", 50_000, 15_000).aims(ECHO),
    line(Tcp, "stream_64k", "64 KiB echoed, 4 connections", 10_000, 3_000).counted_roughly(200),
    line(Tcp, "connect_close", "connect, 64 bytes echoed and close, 8 at a time", 8_000, 2_500).counted_roughly(300),
    line(Tcp, "accept_storm", "a connection of 1,000 that come at once, greeted and closed", 8_000, 3_000),
    line(Tcp, "idle_connection", "a connection that waits, after an exchange", 10_000, 2_000).aims(&[bound(Resident, 320.0)]),
    line(Tcp, "fair_busy", "64 bytes echoed, 32 connections, while 8 tasks compute for 100 µs between yields", 4_000, 1_500).aims(&[tokio(P50, 0.10), tokio(P99, 0.75)]),
    line(Tcp, "fair_blocked", "the same while one task blocks its worker for 100 ms", 700, 300).aims(&[bound(P99, 2_000_000.0)]),
    line(Tcp, "overload", "a request of 50 µs served, twice as many offered", 10_000, 2_000),
    line(Tcp, "http", "a request through hyper, 64 connections", 24_000, 6_000).counted_roughly(500),

    line(Timers, "timeout_ready", "a timeout around a ready future", 4_000_000, 500_000).counted(10_000).aims(&[tokio(Cpu, 0.15)]),
    line(Timers, "timeout_lone", "a timeout registered and cancelled, no other timer", 400_000, 50_000).counted(5_000).aims(&[tokio(Cpu, 0.06)]),
    line(Timers, "timeout_lone_tasks", "the same from 1,000 tasks", 1_000_000, 120_000).counted(10_000).aims(&[tokio(Cpu, 0.20)]),
    line(Timers, "timeout_crowd", "a timeout registered and cancelled while 1,000 timers are outstanding", 1_000_000, 120_000).counted(5_000).aims(&[tokio(Cpu, 0.20)]),
    line(Timers, "timeout_tasks", "the same from 1,000 tasks", 1_000_000, 120_000).counted(10_000).aims(&[tokio(Cpu, 0.20)]),
    line(Timers, "sleeps_million", "one of a million sleeps of 1 to 1,000 ms", 1_000_000, 200_000).aims(&[tokio(Cpu, 0.35)]),
    line(Timers, "sleeps_100k", "one of 100,000 sleeps of 1 to 1,000 ms", 100_000, 50_000).counted_roughly(5_000).aims(&[tokio(P50, 0.15), tokio(Cpu, 1.0)]),
    line(Timers, "interval", "a tick of an interval of 1 ms", 600, 150).aims(&[tokio(P50, 0.15), tokio(Cpu, 1.0)]),

    line(Sync, "mpsc_bounded_1", "a message through a bounded channel, 1 producer", 2_000_000, 250_000).counted(5_000).aims(CHANNEL),
    line(Sync, "mpsc_bounded_4", "the same, 4 producers", 2_000_000, 250_000).counted(5_000).aims(CHANNEL),
    line(Sync, "mpsc_unbounded_1", "a message through an unbounded channel, 1 producer", 2_000_000, 250_000).counted(5_000).aims(CHANNEL),
    line(Sync, "mpsc_unbounded_4", "the same, 4 producers", 2_000_000, 250_000).counted(5_000).aims(CHANNEL),
    line(Sync, "oneshot", "a oneshot there and one back", 300_000, 60_000).counted(3_000).aims(&[tokio(Cpu, 0.60)]),
    line(Sync, "mutex_free", "a lock that nobody else wants", 5_000_000, 600_000).counted(10_000),
    line(Sync, "mutex_contended", "a lock held over one wait while 15 others want it", 1_000_000, 120_000).counted(4_000).aims(&[tokio(Cpu, 0.60)]),
    line(Sync, "broadcast_1", "a message received by the one receiver", 500_000, 60_000).counted(3_000),
    line(Sync, "broadcast_8", "a message received by one of 8 receivers", 1_000_000, 120_000).counted(8_000),
    line(Sync, "watch_1", "a change seen by the one receiver", 500_000, 60_000).counted(3_000),
    line(Sync, "watch_8", "a change seen by one of 8 receivers", 1_000_000, 120_000).counted(8_000),
    line(Sync, "mesh", "a tiny message from one of 60 tasks to another", 2_000_000, 250_000).counted(10_000),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_one_line() {
        for (index, line) in LINES.iter().enumerate() {
            assert!(LINES[..index].iter().all(|other| other.name != line.name), "{}", line.name);
            assert!(line.quick <= line.operations, "{}", line.name);
        }
    }
}
