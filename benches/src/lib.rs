//! What the benches share and no runtime is part of: the lines of the table, the measures of a process, and the text
//! in which a program of the suite tells another what it found.
//!
//! The work itself is in `work/`, compiled once into each `on_*` binary, and in `raw/`, which has no runtime at all;
//! `benches/compare` runs them by turns.

pub mod busy;
pub mod figure;
pub mod generator;
pub mod heap;
pub mod latency;
pub mod lines;
pub mod program;
pub mod sample;
pub mod usage;
pub mod waits;
