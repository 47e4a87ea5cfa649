//! [`Step`]: one command, shown before it runs and timed after.
//!
//! Knows nothing of what it runs. A command that cannot be started is a failure like any other.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
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
