//! A kernel that refuses: the jobs of `tests/kernel` under strace, which makes system calls fail.
//!
//! Not every fault that there is: a would-block where there is data, a short transfer where there is room, or a futex
//! call that fails without having woken anybody, is a lie that no kernel tells. The invariant: a fault counts only if strace's log shows that it was hit.

use std::fs;
use std::path::{Path, PathBuf};

use crate::step::{Failure, Step};

/// How many of the injected faults the job's user must see as errors.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reported {
    Each,
    /// At least one; others may hit what is broken already, or be made up for.
    Some,
    None,
}

/// A call, how it fails (in strace's words), and the job meanwhile.
struct Fault {
    call: &'static str,
    how: &'static str,
    job: &'static str,
    reported: Reported,
}

const fn fault(call: &'static str, how: &'static str, job: &'static str, reported: Reported) -> Fault {
    Fault { call, how, job, reported }
}

/// `when` counts the calls of each thread for itself.
const FAULTS: &[Fault] = &[
    // No descriptor or memory: told, and accepting goes on after a pause.
    fault("accept4", "error=EMFILE:when=1..3", "accept", Reported::Each),
    fault("accept4", "error=ENFILE:when=1..3", "accept", Reported::Each),
    fault("accept4", "error=ENOMEM:when=1..3", "accept", Reported::Each),
    // A connection that died in the backlog: passed over.
    fault("accept4", "error=ECONNABORTED:when=1..3", "accept", Reported::None),
    fault("accept4", "error=EPROTO:when=1..3", "accept", Reported::None),
    fault("accept4", "error=EINTR:when=1..3", "accept", Reported::None),
    // A signal handler ran: done again.
    fault("epoll_wait", "error=EINTR:when=1+2", "echo", Reported::None),
    fault("epoll_pwait2", "error=EINTR:when=1+2", "echo", Reported::None),
    fault("recvfrom", "error=EINTR:when=1+2", "echo", Reported::None),
    fault("sendto", "error=EINTR:when=1+2", "echo", Reported::None),
    // A poll that fails is made again, after a pause.
    fault("epoll_wait", "error=ENOMEM:when=2..4", "echo", Reported::None),
    fault("epoll_pwait2", "error=ENOMEM:when=2..4", "echo", Reported::None),
    // A kernel before 5.11, or a filter of system calls that does not know this one.
    fault("epoll_pwait2", "error=ENOSYS", "echo", Reported::None),
    fault("epoll_pwait2", "error=EPERM", "echo", Reported::None),
    // A connection breaks, and no other.
    fault("recvfrom", "error=ECONNRESET:when=7", "talk", Reported::Some),
    fault("recvfrom", "error=ETIMEDOUT:when=7", "talk", Reported::Some),
    fault("sendto", "error=EPIPE:when=7", "talk", Reported::Some),
    // No port, no descriptor, no memory for a connection.
    fault("connect", "error=EADDRNOTAVAIL:when=1..3", "connect", Reported::Each),
    fault("socket", "error=EMFILE:when=2..4", "connect", Reported::Each),
    fault("socket", "error=ENOBUFS:when=2..4", "connect", Reported::Each),
    // A runtime that cannot have what it needs; the last three are its threads.
    fault("epoll_create1", "error=EMFILE:when=1", "build", Reported::Each),
    fault("eventfd2", "error=EMFILE:when=1", "build", Reported::Each),
    fault("epoll_ctl", "error=ENOSPC:when=1", "build", Reported::Some),
    fault("clone3", "error=EAGAIN:when=2", "build", Reported::Each),
    fault("clone3", "error=EAGAIN:when=3", "build", Reported::Each),
    fault("clone3", "error=EAGAIN:when=4", "build", Reported::Each),
    // The limit of what one user may watch: the first call is the reactor's own.
    fault("epoll_ctl", "error=ENOSPC:when=2..4", "register", Reported::Each),
    // Threads for blocking work, every second one refused; the first clone is the job's watchdog.
    fault("clone3", "error=EAGAIN:when=2+2", "threads", Reported::Some),
    // No pidfd, for one reason or another, or the reactor may not watch it: SIGCHLD tells of ends.
    fault("pidfd_open", "error=ENOSYS", "children", Reported::None),
    fault("pidfd_open", "error=EPERM", "children", Reported::None),
    fault("pidfd_open", "error=EMFILE:when=1+2", "children", Reported::None),
    fault("epoll_ctl", "error=ENOSPC:when=4", "start", Reported::None),
    // No process, no pipe, no room in the reactor for a pipe.
    fault("clone3", "error=EAGAIN:when=2..4", "start", Reported::Each),
    fault("pipe2", "error=EMFILE:when=1..3", "start", Reported::Each),
    fault("epoll_ctl", "error=ENOSPC:when=2..8", "start", Reported::Some),
];

pub(crate) fn gate() -> Result<(), Failure> {
    if !Step::new("strace", "-f -qq -o /dev/null true").succeeds() {
        return Err(Failure::NotRun(
            "no strace here, or it may not trace; try `apt-get install strace`".to_owned(),
        ));
    }
    let program = program()?;
    let log = program.with_extension("strace");
    let mut failed = Vec::new();
    for fault in FAULTS {
        let name = format!("{} {} in `{}`", fault.call, fault.how, fault.job);
        match fault.inject(&program, &log) {
            Ok((hits, errors)) => println!("  {name}: hit {hits} times, {errors} errors reported"),
            Err(Failure::Found(text)) => failed.push(format!("{name}: {text}")),
            Err(failure) => return Err(failure.within(&name)),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Failure::Found(failed.join("\n"))) }
}

/// Builds `tests/kernel` and asks cargo where it is.
fn program() -> Result<PathBuf, Failure> {
    let messages =
        Step::cargo("test --package mini-rt --test kernel --no-run --message-format=json").output()?;
    executable(&messages)
        .map(PathBuf::from)
        .ok_or_else(|| Failure::Found("cargo built no `kernel`".to_owned()))
}

/// The one executable in cargo's messages that is a test by the name of `kernel`.
fn executable(messages: &str) -> Option<&str> {
    messages.lines().find_map(|line| {
        let path = line.split_once("\"executable\":\"")?.1.split_once('"')?.0;
        let name = Path::new(path).file_name()?.to_str()?;
        name.starts_with("kernel-").then_some(path)
    })
}

impl Fault {
    /// How often the fault was hit, and how many errors were reported.
    fn inject(&self, program: &Path, log: &Path) -> Result<(usize, usize), Failure> {
        let output = Step::new("strace", "-f -qq -o")
            .arg(&log.to_string_lossy())
            .arg(&format!("--trace={}", self.call))
            .arg(&format!("--inject={}:{}", self.call, self.how))
            .arg(&program.to_string_lossy())
            .arg(self.job)
            .quiet()
            .output()?;
        let errors = output.lines().find_map(|line| line.strip_prefix("errors: ")?.parse().ok());
        let errors: usize =
            errors.ok_or_else(|| Failure::Found(format!("no count of errors in {output:?}")))?;
        let log = fs::read_to_string(log).map_err(|error| Failure::Found(error.to_string()))?;
        let hits = log.matches("(INJECTED)").count();
        self.judge(hits, errors)?;
        Ok((hits, errors))
    }

    fn judge(&self, hits: usize, errors: usize) -> Result<(), Failure> {
        let is_right = match self.reported {
            Reported::Each => errors == hits,
            Reported::Some => (1..=hits).contains(&errors),
            Reported::None => errors == 0,
        };
        match (hits, is_right) {
            (0, _) => Err(Failure::Found("the fault was never hit".to_owned())),
            (_, true) => Ok(()),
            (_, false) => Err(Failure::Found(format!("hit {hits} times, but {errors} errors were reported"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_among_cargos_messages() {
        let messages = "{\"reason\":\"compiler-artifact\",\"executable\":null}\n\
                        {\"executable\":\"/target/debug/deps/faults-1\",\"fresh\":true}\n\
                        {\"executable\":\"/target/debug/deps/kernel-2\",\"fresh\":true}\n";
        assert_eq!(executable(messages), Some("/target/debug/deps/kernel-2"));
        assert_eq!(executable(""), None);
    }

    #[test]
    fn a_fault_that_was_not_hit_proves_nothing() {
        for reported in [Reported::Each, Reported::Some, Reported::None] {
            assert!(fault("read", "error=EIO", "echo", reported).judge(0, 0).is_err());
        }
        assert!(fault("read", "error=EIO", "echo", Reported::Each).judge(2, 1).is_err());
        assert!(fault("read", "error=EIO", "echo", Reported::Some).judge(2, 1).is_ok());
        assert!(fault("read", "error=EIO", "echo", Reported::None).judge(2, 1).is_err());
    }
}
