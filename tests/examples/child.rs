//! [`Child`]: an example that runs, what it prints, and how it ends.
//!
//! Not a general process wrapper. The invariant: whatever is awaited comes within [`LIMIT`], or the test fails and the
//! process is killed.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// How long a test waits for any one thing. Far more than it takes, also on a loaded machine.
pub const LIMIT: Duration = Duration::from_secs(60);

pub struct Child {
    process: std::process::Child,
    /// The lines of its standard output; closed when that is.
    lines: Receiver<String>,
    /// All of its standard error, when that is closed.
    errors: Receiver<String>,
}

/// How a process ended, and what it left unread on its standard output and wrote to its standard error.
pub struct End {
    pub status: ExitStatus,
    pub output: Vec<String>,
    pub errors: String,
}

/// `target/*/examples/`, beside the `deps` folder in which this test lies.
fn path_of(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().expect("the path of this test");
    path.pop();
    path.pop();
    path.push("examples");
    path.push(name);
    assert!(path.exists(), "{} is missing: run `cargo build --examples`", path.display());
    path
}

impl Child {
    pub fn start(name: &str, arguments: &[&str]) -> Self {
        let mut process = Command::new(path_of(name))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        let (line, lines) = mpsc::channel();
        let output = BufReader::new(process.stdout.take().expect("a piped output"));
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|text| line.send(text)));
        let (error, errors) = mpsc::channel();
        let mut source = process.stderr.take().expect("a piped standard error");
        thread::spawn(move || {
            let mut text = String::new();
            // What could be read counts, also if not all could.
            let _ = source.read_to_string(&mut text);
            error.send(text)
        });
        Self { process, lines, errors }
    }

    /// A server on a port that the OS picks, and its address.
    pub fn serve(name: &str, arguments: &[&str]) -> (Self, SocketAddr) {
        let server = Self::start(name, &[&["--addr", "127.0.0.1:0"], arguments].concat());
        let line = server.line();
        let address = line.strip_prefix("listening on ").unwrap_or_else(|| panic!("printed first: {line}"));
        let address = address.parse().expect("an address after `listening on`");
        (server, address)
    }

    /// The next line that it prints.
    pub fn line(&self) -> String {
        self.lines.recv_timeout(LIMIT).expect("a line of output")
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.process.id().to_string()]).status();
        assert!(status.expect("the program kill").success());
    }

    /// Waits until it ends by itself.
    pub fn end(mut self) -> End {
        let output = self.rest();
        let errors = self.errors.recv_timeout(LIMIT).expect("the end of standard error");
        let status = self.process.wait().expect("the exit status");
        End { status, output, errors }
    }

    fn rest(&self) -> Vec<String> {
        let mut output = Vec::new();
        loop {
            match self.lines.recv_timeout(LIMIT) {
                Ok(line) => output.push(line),
                Err(mpsc::RecvTimeoutError::Disconnected) => return output,
                Err(mpsc::RecvTimeoutError::Timeout) => panic!("it did not end; so far: {output:?}"),
            }
        }
    }

    /// Asks a server to end, and asserts that it does so cleanly; the rest of its output.
    pub fn stop(self) -> Vec<String> {
        self.signal("TERM");
        let end = self.end();
        assert_eq!(end.status.code(), Some(0), "after SIGTERM; standard error: {}", end.errors);
        end.output
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Both fail if it is gone already, which is how it should be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A connection whose reads and writes end within [`LIMIT`].
pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection to the example");
    stream.set_read_timeout(Some(LIMIT)).expect("a time limit for reads");
    stream.set_write_timeout(Some(LIMIT)).expect("a time limit for writes");
    stream
}
