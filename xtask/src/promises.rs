//! The README's four promises, shown by `examples/promises` and counted by strace.
//!
//! Not a test: figures of time vary with the machine. What can be counted exactly is held to its bound: an idle
//! process makes no syscall, a lone echo costs three and no futex call.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::step::{Failure, Step, root};

/// How many echoes `promises lone` asks for.
const LONE: f64 = 20_000.0;

pub(crate) fn gate() -> Result<(), Failure> {
    Step::cargo("build --release --package mini-rt --example promises").run()?;
    let program = program();
    let scratch = program.with_file_name("promises.strace");
    let run = |argument: &str| Step::new(&program.to_string_lossy(), argument).run();

    println!("\n(a) a stuck worker delays nobody but its own task");
    run("stuck")?;
    println!("\n(b) an idle process makes no syscalls");
    let calls = idle(&program, &scratch)?;
    println!("{calls} syscalls in one second");
    println!("\n(c) a lone echo request costs three syscalls and no futex call");
    let counts = lone(&program, &scratch)?;
    let futex = count(&counts, "futex") / LONE;
    let work: f64 =
        ["epoll_wait", "recvfrom", "sendto", "read", "write"].map(|name| count(&counts, name)).iter().sum();
    println!("{:.3} syscalls a request, and {futex:.4} futex calls (the reactor thread's naps)", work / LONE);
    println!("\n(d) sockets and timers work under a foreign executor");
    run("foreign")?;

    if calls > 0 || work / LONE > 3.05 || futex > 0.05 {
        return Err(Failure::Found("a promise was not kept".to_owned()));
    }
    Ok(())
}

fn program() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("release/examples/promises")
}

/// Starts the program under strace, and reads the line that says that it is ready.
fn traced(program: &Path, log: &Path, options: &[&str], argument: &str) -> Result<(Child, String), Failure> {
    let mut child = Command::new("strace")
        .args(["-f", "-qq", "-o"])
        .arg(log)
        .args(options)
        .arg(program)
        .arg(argument)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::NotRun(format!("strace cannot be started: {error}")))?;
    let mut line = String::new();
    if let Some(output) = child.stdout.take() {
        BufReader::new(output).read_line(&mut line).map_err(|error| Failure::Found(error.to_string()))?;
    }
    Ok((child, line))
}

/// How many lines strace writes in a second, once the process has had time to go to sleep.
fn idle(program: &Path, log: &Path) -> Result<usize, Failure> {
    let (mut child, line) = traced(program, log, &[], "idle")?;
    std::thread::sleep(Duration::from_secs(1));
    let before = lines(log);
    std::thread::sleep(Duration::from_secs(1));
    let after = lines(log);
    if let Some(process) = line.trim().rsplit(' ').next() {
        let _ = Command::new("kill").arg(process).status();
    }
    let _ = child.wait();
    Ok(after - before)
}

fn lines(log: &Path) -> usize {
    fs::read_to_string(log).map_or(0, |text| text.lines().count())
}

/// strace's table of a server that answers one connection.
fn lone(program: &Path, log: &Path) -> Result<String, Failure> {
    let (mut child, line) = traced(program, log, &["-c"], "lone")?;
    let address = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
    Step::new(&program.to_string_lossy(), &format!("lone {address}")).run()?;
    let _ = child.wait();
    fs::read_to_string(log).map_err(|error| Failure::Found(error.to_string()))
}

/// How many calls of `name` stand in strace's table.
fn count(table: &str, name: &str) -> f64 {
    table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .find(|words| words.last() == Some(&name))
        .and_then(|words| words.get(3)?.parse().ok())
        .unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_found_in_straces_table_with_and_without_errors() {
        let table = "% time     seconds  usecs/call     calls    errors syscall\n\
                     ------ ----------- ----------- --------- --------- ----------------\n\
                      55.82    0.427814        5033        85        78 futex\n\
                       8.60    0.065895           3     20000           sendto\n";
        assert_eq!(count(table, "futex"), 85.0);
        assert_eq!(count(table, "sendto"), 20_000.0);
        assert_eq!(count(table, "read"), 0.0);
    }
}
