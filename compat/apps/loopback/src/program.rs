//! [`Program`]: an app in a process of its own, as a user starts it.
//!
//! Invariant: its process is gone when this is dropped.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::MutexGuard;

use crate::turn;

pub struct Program {
    child: Child,
    address: String,
    _turn: MutexGuard<'static, ()>,
}

impl Program {
    /// Starts the binary on a port that the system picks, and waits until it says where it listens.
    pub fn start(binary: &str) -> Self {
        Self::start_with(binary, &[])
    }

    /// As [`start`](Self::start), with more arguments behind the address.
    pub fn start_with(binary: &str, arguments: &[&str]) -> Self {
        let turn = turn::take();
        let mut child = Command::new(binary)
            .arg("127.0.0.1:0")
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {binary}: {error}"));
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").map(str::to_owned);
        let address = address.unwrap_or_else(|| panic!("{binary} said {line:?}"));
        Self { child, address, _turn: turn }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Sends it SIGINT, as ctrl-c does, and waits for its end, which has to be a success.
    pub fn interrupt(mut self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success(), "kill: {sent}");
        let status = self.child.wait().unwrap();
        assert!(status.success(), "it ended with {status}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail when it is gone already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
