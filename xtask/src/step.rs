//! [`Step`]: one command, shown before it runs and timed after.
//!
//! Knows nothing of what it runs. A command that cannot be started is a failure like any other.

use std::fmt;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Why a gate did not pass.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It ran, and found something.
    Found(String),
    /// It could not run here; what it lacks.
    NotRun(String),
}

impl Failure {
    /// The same, as a part of something larger.
    pub(crate) fn within(self, name: &str) -> Self {
        match self {
            Self::Found(text) => Self::Found(format!("{name}: {text}")),
            Self::NotRun(text) => Self::NotRun(format!("{name}: {text}")),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found(text) => f.write_str(text),
            Self::NotRun(text) => write!(f, "NOT RUN: {text}"),
        }
    }
}

/// What test programs report in their closing lines, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tests {
    pub(crate) passed: usize,
    pub(crate) ignored: usize,
}

impl Tests {
    fn counted(said: &str) -> Self {
        let mut tests = Self::default();
        for line in said.lines().filter_map(|line| line.strip_prefix("test result: ")) {
            tests.passed += number_before(line, " passed");
            tests.ignored += number_before(line, " ignored");
        }
        tests
    }
}

impl std::ops::AddAssign for Tests {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.ignored += other.ignored;
    }
}

impl fmt::Display for Tests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tests passed, {} ignored", self.passed, self.ignored)
    }
}

fn number_before(line: &str, word: &str) -> usize {
    let before = line.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Prints what a child prints as it comes, the name of a test that is still running too, and returns it.
fn pass_on(mut output: impl Read) -> String {
    let (mut said, mut chunk) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = output.read(&mut chunk) {
        let mut stdout = std::io::stdout();
        let _ = stdout.write_all(&chunk[..count]).and_then(|()| stdout.flush());
        said.extend_from_slice(&chunk[..count]);
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// The folder that holds the workspace's Cargo.toml.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A command to run at the root.
pub(crate) struct Step {
    command: Command,
    shown: String,
    is_last: bool,
    is_quiet: bool,
}

impl Step {
    /// `cargo` with these words, split at spaces.
    pub(crate) fn cargo(words: &str) -> Self {
        Self::new("cargo", words)
    }

    /// Any program with these words, split at spaces.
    pub(crate) fn new(program: &str, words: &str) -> Self {
        let mut command = Command::new(program);
        // The toolchain that runs us is the child's only if it names none of its own (`cargo +nightly`).
        if words.starts_with('+') {
            command.env_remove("RUSTUP_TOOLCHAIN");
        }
        command.args(words.split_whitespace()).current_dir(root());
        Self { command, shown: format!("{program} {words}"), is_last: false, is_quiet: false }
    }

    /// One more argument, spaces and all.
    pub(crate) fn arg(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self.shown = format!("{} {argument}", self.shown);
        self
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, key: &str, value: &str) -> Self {
        self.command.env(key, value);
        self.shown = format!("{key}={value:?} {}", self.shown);
        self
    }

    /// Adds to RUSTFLAGS, keeping what the caller's environment says.
    pub(crate) fn rustflags(self, flags: &str) -> Self {
        let inherited = std::env::var("RUSTFLAGS").unwrap_or_default();
        self.env("RUSTFLAGS", format!("{inherited} {flags}").trim())
    }

    /// Prints nothing after it, so that its own closing lines stay the last.
    pub(crate) fn last(mut self) -> Self {
        self.is_last = true;
        self
    }

    /// Is not shown when it runs: one of many that a gate reports on itself.
    pub(crate) fn quiet(mut self) -> Self {
        self.is_quiet = true;
        self
    }

    /// Runs it, and fails if it does.
    pub(crate) fn run(mut self) -> Result<(), Failure> {
        println!("$ {}", self.shown);
        let start = Instant::now();
        let status = self.command.status().map_err(|error| self.cannot_start(&error))?;
        if !self.is_last {
            println!("  {:.1} s", start.elapsed().as_secs_f64());
        }
        if status.success() { Ok(()) } else { Err(Failure::Found(format!("{status}: {}", self.shown))) }
    }

    /// Runs it like [`run`](Self::run), and counts the tests that it says it ran.
    pub(crate) fn run_tests(mut self) -> Result<Tests, Failure> {
        println!("$ {}", self.shown);
        let start = Instant::now();
        let mut child =
            self.command.stdout(Stdio::piped()).spawn().map_err(|error| self.cannot_start(&error))?;
        let said = child.stdout.take().map(pass_on).unwrap_or_default();
        let status = child.wait().map_err(|error| self.cannot_start(&error))?;
        let tests = Tests::counted(&said);
        println!("  {tests}, {:.1} s", start.elapsed().as_secs_f64());
        if status.success() { Ok(tests) } else { Err(Failure::Found(format!("{status}: {}", self.shown))) }
    }

    /// Runs it and returns what it printed.
    pub(crate) fn output(mut self) -> Result<String, Failure> {
        if !self.is_quiet {
            println!("$ {}", self.shown);
        }
        let output = self.command.output().map_err(|error| self.cannot_start(&error))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(Failure::Found(format!("{}: {}\n{said}", output.status, self.shown)));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Whether it runs and succeeds; for asking what this machine has.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command.output().is_ok_and(|output| output.status.success())
    }

    fn cannot_start(&self, error: &std::io::Error) -> Failure {
        Failure::NotRun(format!("cannot start `{}`: {error}", self.shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_of_all_programs_are_added_up() {
        let said = "running 3 tests\ntest a ... ok\n\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out; finished in 1s\n\
            test result: ok. 30 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(Tests::counted(said), Tests { passed: 32, ignored: 1 });
    }
}
