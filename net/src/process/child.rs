//! [`Child`]: a process that we started, and the parent's ends of its pipes.
//!
//! What tells of its end is `watch`'s. Invariants:
//! 1. Its status is stored when it is reaped, in the same step, so that no wait that was given up loses it.
//! 2. A child that is dropped before it was reaped becomes an orphan; it is killed first if `kill_on_drop` was asked for.

use super::orphans;
use super::running::Running;
use super::stdio::{ChildStderr, ChildStdin, ChildStdout};
use crate::reactor::handle::ReactorHandle;
use mini_runtime::coop;
use mini_runtime::io::{AsyncRead, AsyncReadExt};
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::process::{ExitStatus, Output};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// A process that was started by [`Command::spawn`](super::Command::spawn).
///
/// Dropping it does not end the process, unless [`kill_on_drop`](super::Command::kill_on_drop) was asked for. Either way the
/// process is reaped when it ends.
///
/// ```
/// use mini_net::process::Command;
///
/// # futures::executor::block_on(async {
/// let mut child = Command::new("sh").args(["-c", "exit 7"]).spawn()?;
/// assert_eq!(child.wait().await?.code(), Some(7));
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Child {
    process: Process,
    /// The end that writes to its standard input, if that is piped. To be taken out, or borrowed.
    pub stdin: Option<ChildStdin>,
    /// The end that reads its standard output, if that is piped.
    pub stdout: Option<ChildStdout>,
    /// The end that reads its standard error, if that is piped.
    pub stderr: Option<ChildStderr>,
}

/// The process behind the pipes.
#[derive(Debug)]
struct Process {
    stage: Stage,
    is_killed_on_drop: bool,
}

#[derive(Debug)]
enum Stage {
    Running(Running),
    /// It was reaped.
    Ended(ExitStatus),
}

/// The parent's ends.
type Pipes = (Option<ChildStdin>, Option<ChildStdout>, Option<ChildStderr>);

impl Child {
    /// Takes a process over that was just started. If it cannot be, the process is killed.
    pub(super) fn new(
        mut process: std::process::Child,
        reactor: Arc<ReactorHandle>,
        is_killed_on_drop: bool,
    ) -> io::Result<Self> {
        let taken_over = match take_pipes(&mut process) {
            Ok(pipes) => Running::new(process, reactor).map(|running| (running, pipes)),
            Err(error) => Err((process, error)),
        };
        match taken_over {
            Ok((running, (stdin, stdout, stderr))) => {
                let process = Process { stage: Stage::Running(running), is_killed_on_drop };
                Ok(Self { process, stdin, stdout, stderr })
            }
            Err((mut process, error)) => {
                // Fails only if it was reaped.
                let _ = process.kill();
                orphans::adopt(process);
                Err(error)
            }
        }
    }

    /// The process's number; `None` once it was reaped, since another process may have the number then.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let mut child = Command::new("true").spawn()?;
    /// assert!(child.id().is_some());
    /// child.wait().await?;
    /// assert_eq!(child.id(), None);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn id(&self) -> Option<u32> {
        match &self.process.stage {
            Stage::Running(running) => Some(running.id()),
            Stage::Ended(_) => None,
        }
    }

    /// Waits until the process has ended. Closes its standard input first, if that is still here, so that it does not in
    /// turn wait for more.
    ///
    /// A process whose output is piped and not read may wait for that: see
    /// [`wait_with_output`](Self::wait_with_output).
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let mut child = Command::new("true").spawn()?;
    /// assert!(child.wait().await?.success());
    /// assert!(child.wait().await?.success()); // as often as you like
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `ECHILD` if somebody else has reaped the process; and, if the runtime it was started in has shut down, those of
    /// registering with another reactor.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: wait again, with the same outcome. Only the standard input is closed by then.
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        drop(self.stdin.take());
        poll_fn(|cx| self.process.poll_wait(cx)).await
    }

    /// The process's status if it has ended, which reaps it. Closes nothing.
    ///
    /// ```
    /// use mini_net::process::Command;
    /// use std::process::Stdio;
    ///
    /// # futures::executor::block_on(async {
    /// let mut child = Command::new("cat").stdin(Stdio::piped()).spawn()?;
    /// assert_eq!(child.try_wait()?, None);
    /// let status = child.wait().await?;
    /// assert_eq!(child.try_wait()?, Some(status));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `ECHILD` if somebody else has reaped it.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        let status = match &mut self.process.stage {
            Stage::Running(running) => running.try_wait()?,
            Stage::Ended(status) => Some(*status),
        };
        if let Some(status) = status {
            self.process.stage = Stage::Ended(status);
        }
        Ok(status)
    }

    /// Kills the process (SIGKILL) and waits until it has ended.
    ///
    /// ```
    /// use mini_net::process::Command;
    /// use std::os::unix::process::ExitStatusExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut child = Command::new("sleep").arg("600").spawn()?;
    /// child.kill().await?;
    /// assert_eq!(child.wait().await?.signal(), Some(9));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`start_kill`](Self::start_kill) and [`wait`](Self::wait).
    ///
    /// # Cancel safety
    ///
    /// The signal is sent by the first poll; the rest is as in [`wait`](Self::wait).
    pub async fn kill(&mut self) -> io::Result<()> {
        self.start_kill()?;
        self.wait().await.map(|_| ())
    }

    /// Kills the process (SIGKILL) without waiting. One that has ended is left alone.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let mut child = Command::new("sleep").arg("600").spawn()?;
    /// child.start_kill()?;
    /// assert!(!child.wait().await?.success());
    /// assert!(child.start_kill().is_ok());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `PermissionDenied` if the process has become another user's.
    pub fn start_kill(&mut self) -> io::Result<()> {
        match &mut self.process.stage {
            Stage::Running(running) => running.kill(),
            Stage::Ended(_) => Ok(()),
        }
    }

    /// Waits until the process has ended, and reads all that it writes to its pipes meanwhile. Closes its standard input
    /// first, as [`wait`](Self::wait) does.
    ///
    /// It also waits until everybody else who has the other ends, such as children of the process, has closed them. What
    /// is not piped, or was taken out, is empty in the [`Output`].
    ///
    /// ```
    /// use mini_net::process::Command;
    /// use std::process::Stdio;
    ///
    /// # futures::executor::block_on(async {
    /// let child = Command::new("echo").arg("hello").stdout(Stdio::piped()).spawn()?;
    /// let output = child.wait_with_output().await?;
    /// assert!(output.status.success());
    /// assert_eq!(output.stdout, b"hello\n");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait), and those of reading. The process is dropped then.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: what was read, and the child, are dropped.
    pub async fn wait_with_output(mut self) -> io::Result<Output> {
        // They stay open to the end: closing one may fail a process that is still writing.
        let (mut stdout, mut stderr) = (self.stdout.take(), self.stderr.take());
        let mut reading_out = pin!(read_all(&mut stdout));
        let mut reading_err = pin!(read_all(&mut stderr));
        let mut ending = pin!(self.wait());
        let (mut out, mut err, mut end) = (None, None, None);
        poll_fn(|cx| {
            fill(&mut out, reading_out.as_mut(), cx)?;
            fill(&mut err, reading_err.as_mut(), cx)?;
            fill(&mut end, ending.as_mut(), cx)?;
            match (&mut out, &mut err, end) {
                (Some(out), Some(err), Some(status)) => {
                    let (stdout, stderr) = (std::mem::take(out), std::mem::take(err));
                    Poll::Ready(Ok(Output { status, stdout, stderr }))
                }
                _ => Poll::Pending,
            }
        })
        .await
    }
}

impl Process {
    fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<ExitStatus>> {
        let coop = ready!(coop::poll_proceed(cx));
        let status = match &mut self.stage {
            Stage::Running(running) => ready!(running.poll_wait(cx)),
            Stage::Ended(status) => Ok(*status),
        };
        coop.made_progress();
        if let Ok(status) = status {
            self.stage = Stage::Ended(status);
        }
        Poll::Ready(status)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nobody sees what stands there from now on.
        let stage = std::mem::replace(&mut self.stage, Stage::Ended(ExitStatus::default()));
        let Stage::Running(mut running) = stage else { return };
        if self.is_killed_on_drop {
            // Fails only if it was reaped, or has become another user's.
            let _ = running.kill();
        }
        orphans::adopt(running.into_process());
    }
}

/// The process's pipes, made ours.
fn take_pipes(process: &mut std::process::Child) -> io::Result<Pipes> {
    let stdin = process.stdin.take().map(ChildStdin::from_std).transpose()?;
    let stdout = process.stdout.take().map(ChildStdout::from_std).transpose()?;
    let stderr = process.stderr.take().map(ChildStderr::from_std).transpose()?;
    Ok((stdin, stdout, stderr))
}

/// All that comes out of the pipe, if there is one.
async fn read_all<R: AsyncRead + Unpin>(pipe: &mut Option<R>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

/// Polls the future unless its output is there already.
fn fill<T>(
    output: &mut Option<T>,
    future: Pin<&mut impl Future<Output = io::Result<T>>>,
    cx: &mut Context<'_>,
) -> io::Result<()> {
    if output.is_none() {
        if let Poll::Ready(result) = future.poll(cx) {
            *output = Some(result?);
        }
    }
    Ok(())
}
