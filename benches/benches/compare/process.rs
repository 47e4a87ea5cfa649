//! A child process with a time limit, after which it is killed: a line that hangs must not hang the table.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// What it printed; or why there is nothing, in one line.
pub(crate) fn output(program: &str, arguments: &[&str], limit: Duration) -> Result<String, String> {
    run(Command::new(program).args(arguments), limit)
}

/// The same for any command.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Result<String, String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {:?}: {error}", command.get_program()))?;
    let output = read(child.stdout.take());
    let complaint = read(child.stderr.take());
    let deadline = Instant::now() + limit;
    let Ok(output) = output.recv_timeout(limit) else {
        // It may have ended meanwhile; then nothing is left to do.
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("took longer than {} s", limit.as_secs()));
    };
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() {
        return Ok(output);
    }
    // A grandchild may hold it open; what has been said by then is reason enough.
    let left = deadline.saturating_duration_since(Instant::now()).min(Duration::from_secs(2));
    let complaint = complaint.recv_timeout(left).unwrap_or_default();
    let reason = complaint.lines().find(|line| !line.trim().is_empty() && !line.contains("panicked at"));
    Err(format!("{status}: {}", reason.unwrap_or("it said nothing").trim()))
}

/// All of it, once it is closed.
fn read(source: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut source) = source {
            // What was read until then is kept.
            let _ = source.read_to_end(&mut text);
        }
        // Nobody waits any more after the time limit.
        let _ = sender.send(String::from_utf8_lossy(&text).into_owned());
    });
    receiver
}
