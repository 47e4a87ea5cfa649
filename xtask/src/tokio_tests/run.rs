//! Runs a test binary within a time limit, in a network of its own, and reads what it printed.
//!
//! A binary that hangs is killed, with all that it started; then the tests that had not ended are run once more,
//! each alone, so that each has an outcome of its own. The invariant: every test that the binary lists has exactly
//! one outcome.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use super::build::TestFile;
use super::scratch::Scratch;
use crate::step::{Failure, Step};

/// For all tests of a file.
const FILE_LIMIT: Duration = Duration::from_secs(120);
/// For a test that is run alone.
const TEST_LIMIT: Duration = Duration::from_secs(30);
/// How often a running binary is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TestOutcome {
    Passed,
    Failed,
    Ignored,
    /// It was killed at its time limit.
    HitTimeLimit,
    /// Its process ended before it said how.
    Crashed,
}

/// How a file ended.
pub(super) enum Outcome {
    NotCompiling(String),
    Ran(BTreeMap<String, TestOutcome>),
}

/// Whether test binaries see any network but their own loopback.
pub(super) enum Isolation {
    Namespace,
    None,
}

impl Isolation {
    pub(super) fn of_this_machine() -> Self {
        let probe = Step::new("unshare", "--net sh -c").arg("ip link set lo up");
        if probe.succeeds() { Self::Namespace } else { Self::None }
    }

    fn command(&self, binary: &Path) -> Command {
        match self {
            Self::Namespace => {
                let mut command = Command::new("unshare");
                command.args(["--net", "sh", "-c", "ip link set lo up && exec \"$0\" \"$@\""]).arg(binary);
                command
            }
            Self::None => Command::new(binary),
        }
    }
}

/// Runs a file's tests, if it compiled.
pub(super) fn run(scratch: &Scratch, isolation: &Isolation, file: &TestFile) -> Result<Outcome, Failure> {
    let binary = match &file.built {
        Ok(binary) => binary,
        Err(error) => return Ok(Outcome::NotCompiling(error.clone())),
    };
    let program = Program {
        binary,
        folder: &scratch.folder,
        isolation,
        log: scratch.folder.with_file_name("logs").join(format!("{}.log", file.name)),
    };
    program
        .run_all()
        .map(Outcome::Ran)
        .map_err(|error| Failure::Found(format!("cannot run the tests of `{}`: {error}", file.name)))
}

struct Program<'a> {
    binary: &'a Path,
    folder: &'a Path,
    isolation: &'a Isolation,
    /// What the tests print; of those that were run again too.
    log: PathBuf,
}

impl Program<'_> {
    fn run_all(&self) -> io::Result<BTreeMap<String, TestOutcome>> {
        let listed = Command::new(self.binary).args(["--list", "--format", "terse"]).output()?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let tests: Vec<&str> = listed.lines().filter_map(|line| line.strip_suffix(": test")).collect();
        if let Some(folder) = self.log.parent() {
            fs::create_dir_all(folder)?;
        }
        if tests.is_empty() {
            return Ok(BTreeMap::new());
        }
        let (said, _) = self.run(&[], FILE_LIMIT)?;
        let mut outcomes = read(&said);
        let mut log = said;
        for test in tests {
            if outcomes.contains_key(test) {
                continue;
            }
            let (said, ended) = self.run(&["--exact", test], TEST_LIMIT)?;
            let outcome = read(&said).remove(test).unwrap_or(match ended {
                Ended::ByItself => TestOutcome::Crashed,
                Ended::Killed => TestOutcome::HitTimeLimit,
            });
            outcomes.insert(test.to_owned(), outcome);
            log.push_str(&said);
        }
        fs::write(&self.log, log)?;
        Ok(outcomes)
    }

    /// Runs it once; answers with what it said.
    fn run(&self, arguments: &[&str], limit: Duration) -> io::Result<(String, Ended)> {
        let output = File::create(&self.log)?;
        let mut command = self.isolation.command(self.binary);
        let child = command
            .args(arguments)
            .current_dir(self.folder)
            // As cargo does.
            .env("CARGO_MANIFEST_DIR", self.folder)
            .stdout(output.try_clone()?)
            .stderr(output)
            // So that what it starts can be killed with it.
            .process_group(0)
            .spawn()?;
        let ended = wait(child, limit)?;
        Ok((String::from_utf8_lossy(&fs::read(&self.log)?).into_owned(), ended))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    ByItself,
    Killed,
}

fn wait(mut child: Child, limit: Duration) -> io::Result<Ended> {
    let end = Instant::now() + limit;
    let mut ended = Ended::ByItself;
    while child.try_wait()?.is_none() {
        if Instant::now() >= end {
            ended = Ended::Killed;
            break;
        }
        thread::sleep(LOOK_EVERY);
    }
    // Those left behind by a binary that ended too.
    let group = format!("-{}", child.id());
    Command::new("kill").args(["-KILL", "--", &group]).output()?;
    child.wait()?;
    Ok(ended)
}

/// The outcomes in what libtest printed. What a test's child process prints may stand in the middle of a line.
fn read(said: &str) -> BTreeMap<String, TestOutcome> {
    said.lines().filter_map(read_line).collect()
}

fn read_line(line: &str) -> Option<(String, TestOutcome)> {
    let (name, rest) = line.split_once("test ")?.1.split_once(" ... ")?;
    // `name - should panic`
    let name = name.split_once(" - ").map_or(name, |(name, _)| name);
    let outcome = if rest.ends_with("ok") {
        TestOutcome::Passed
    } else if rest.ends_with("FAILED") {
        TestOutcome::Failed
    } else if rest.starts_with("ignored") {
        TestOutcome::Ignored
    } else {
        return None;
    };
    Some((name.to_owned(), outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_read_line_by_line() {
        let said = "\nrunning 4 tests\ntest a::b ... ok\ntest c - should panic ... FAILED\n\
                    test d ... ignored, slow\ntest e ... \ntest result: ok. 1 passed\n";
        let outcomes: Vec<_> = read(said).into_iter().collect();
        let expected = [
            ("a::b".to_owned(), TestOutcome::Passed),
            ("c".to_owned(), TestOutcome::Failed),
            ("d".to_owned(), TestOutcome::Ignored),
        ];
        assert_eq!(outcomes, expected);
    }

    #[test]
    fn a_child_that_hangs_is_killed_with_what_it_started() {
        let child = Command::new("sh").args(["-c", "sleep 600 & wait"]).process_group(0).spawn().unwrap();
        let group = child.id();
        assert!(wait(child, Duration::from_millis(50)).unwrap() == Ended::Killed);
        // Its own child is gone, or a zombie that init has yet to collect.
        let left = Command::new("ps").args(["-o", "stat=", "-g", &group.to_string()]).output().unwrap();
        let left = String::from_utf8_lossy(&left.stdout).into_owned();
        assert!(left.lines().all(|state| state.starts_with('Z')), "{left}");
    }
}
