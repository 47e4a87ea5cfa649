//! [`Report`]: the outcomes, compared with those that are known, and counted by area.
//!
//! Prints as it goes, so that a long run can be watched. The invariant: it fails if a test that is not listed does
//! not pass, and if one that is listed does.

use std::collections::BTreeMap;
use std::fmt;

use super::run::{Isolation, Outcome, TestOutcome};
use crate::listed::Listed;
use crate::step::Failure;

/// The areas, and how the names of their files begin; what fits none is an area of its own.
const AREAS: &[(&str, &[&str])] = &[
    ("io", &["io_", "buffered", "duplex_stream"]),
    ("net", &["net_", "tcp_", "udp", "uds_", "unix_"]),
    ("task", &["task_", "join_handle_", "coop_"]),
    ("runtime", &["rt_", "no_rt", "dump", "_require_full"]),
    ("time", &["time_", "test_clock"]),
    ("auto traits", &["async_send_sync", "unwindsafe"]),
    ("fs", &["fs"]),
    ("macros", &["macros_"]),
    ("process", &["process_"]),
    ("signal", &["signal_"]),
    ("sync", &["sync_"]),
    ("tracing", &["tracing_"]),
];

fn area(file: &str) -> &str {
    let of_area = |starts: &[&str]| starts.iter().any(|start| file.starts_with(start));
    AREAS.iter().find(|(_, starts)| of_area(starts)).map_or(file, |(name, _)| name)
}

#[derive(Default, Clone, Copy)]
struct Counts {
    files: usize,
    not_compiling: usize,
    passed: usize,
    failed: usize,
    ignored: usize,
    /// Of the failed and the not compiling, those that are listed.
    known: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.not_compiling += other.not_compiling;
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
        self.known += other.known;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { files, not_compiling, passed, failed, ignored, known } = self;
        write!(f, "{files:>6} {not_compiling:>14} {passed:>7} {failed:>7} {ignored:>8} {known:>6}")
    }
}

pub(super) struct Report {
    known: Listed,
    areas: BTreeMap<String, Counts>,
    /// What fails the gate, in words.
    unexpected: Vec<String>,
}

impl Report {
    pub(super) fn new(known: Listed) -> Self {
        Self { known, areas: BTreeMap::new(), unexpected: Vec::new() }
    }

    /// Counts and prints the outcome of a file.
    pub(super) fn add(&mut self, file: String, outcome: Outcome) {
        let mut counts = Counts { files: 1, ..Counts::default() };
        let mut not_passed = Vec::new();
        match outcome {
            Outcome::NotCompiling(error) => {
                println!("{file}: NOT COMPILING\n    {}", error.replace('\n', "\n    "));
                counts.not_compiling = 1;
                not_passed.push((file.clone(), "does not compile"));
            }
            Outcome::Ran(outcomes) => {
                for (test, outcome) in outcomes {
                    match outcome {
                        TestOutcome::Passed => counts.passed += 1,
                        TestOutcome::Ignored => counts.ignored += 1,
                        _ => not_passed.push((format!("{file}::{test}"), word(outcome))),
                    }
                }
                counts.failed = not_passed.len();
                println!("{file}: {} passed, {} failed", counts.passed, counts.failed);
            }
        }
        counts.known = self.compare(&file, &not_passed);
        self.areas.entry(area(&file).to_owned()).or_default().add(counts);
    }

    /// Prints what did not pass; answers with how many of it are listed.
    fn compare(&mut self, file: &str, not_passed: &[(String, &str)]) -> usize {
        let mut known = 0;
        for (name, how) in not_passed {
            match self.known.reason(name) {
                Some(reason) => {
                    known += 1;
                    println!("    {name} {how}, as known: {reason}");
                }
                None => {
                    println!("    {name} {how}");
                    self.unexpected.push(format!("{name} {how}"));
                }
            }
        }
        for listed in self.known.within(file) {
            if !not_passed.iter().any(|(name, _)| name == listed) {
                println!("    {listed} passes, or is no more: take it off compat/known.txt");
                self.unexpected.push(format!("{listed} is listed without need"));
            }
        }
        known
    }

    /// Prints the table; fails if there is anything unexpected.
    pub(super) fn finish(self, isolation: &Isolation) -> Result<(), Failure> {
        println!("\narea          files  not compiling  passed  failed  ignored  known");
        let mut all = Counts::default();
        for (area, counts) in &self.areas {
            println!("{area:<12} {counts}");
            all.add(*counts);
        }
        println!("{:<12} {all}", "all");
        if matches!(isolation, Isolation::None) {
            println!("NOT ISOLATED: no network namespace can be made here");
        }
        println!("what the tests printed: target/tokio-tests/logs");
        match self.unexpected.len() {
            0 => Ok(()),
            count => {
                Err(Failure::Found(format!("{count} unexpected\n    {}", self.unexpected.join("\n    "))))
            }
        }
    }
}

fn word(outcome: TestOutcome) -> &'static str {
    match outcome {
        TestOutcome::Passed => "passed",
        TestOutcome::Ignored => "is ignored",
        TestOutcome::Failed => "FAILED",
        TestOutcome::HitTimeLimit => "HIT ITS TIME LIMIT",
        TestOutcome::Crashed => "CRASHED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(outcome: TestOutcome) -> Outcome {
        Outcome::Ran(BTreeMap::from([("a".to_owned(), outcome)]))
    }

    fn verdict(known: &str, outcome: Outcome) -> Result<(), Failure> {
        let mut report = Report::new(Listed::parse("known", known).unwrap());
        report.add("fs".to_owned(), outcome);
        report.finish(&Isolation::Namespace)
    }

    #[test]
    fn only_what_is_listed_may_fail_and_it_must() {
        assert!(verdict("", ran(TestOutcome::Passed)).is_ok());
        assert!(verdict("", ran(TestOutcome::Ignored)).is_ok());
        for outcome in [TestOutcome::Failed, TestOutcome::HitTimeLimit, TestOutcome::Crashed] {
            assert!(verdict("", ran(outcome)).is_err());
            assert!(verdict("fs::a | why", ran(outcome)).is_ok());
        }
        assert!(verdict("fs::a | why", ran(TestOutcome::Passed)).is_err());
        assert!(verdict("", Outcome::NotCompiling("error".to_owned())).is_err());
        assert!(verdict("fs | why", Outcome::NotCompiling("error".to_owned())).is_ok());
    }

    #[test]
    fn files_stand_in_areas() {
        assert_eq!(area("tcp_echo"), "net");
        assert_eq!(area("fs"), "fs");
        assert_eq!(area("something"), "something");
    }
}
