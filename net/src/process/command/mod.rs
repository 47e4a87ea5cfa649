//! [`Command`]: how to start a process.
//!
//! It is std's, with what becomes of the child besides, and starts processes as std does. What is set on it stands in
//! `settings`, what Unix has more of in `unix`; `pre_exec` holds the one method that is unsafe.

mod pre_exec;
mod settings;
mod unix;

use super::{Child, orphans};
use crate::reactor::global;
use std::ffi::OsStr;
use std::future::Future;
use std::io;
use std::process::{Command as StdCommand, ExitStatus, Output, Stdio};

/// How to start a process: its program, arguments, environment, folder and standard streams.
///
/// What is not set is inherited. One `Command` may start any number of processes.
///
/// ```
/// use mini_net::process::Command;
///
/// # futures::executor::block_on(async {
/// let output = Command::new("echo").arg("hello").output().await?;
/// assert!(output.status.success());
/// assert_eq!(output.stdout, b"hello\n");
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Command {
    std: StdCommand,
    is_killed_on_drop: bool,
}

impl Command {
    /// Says to start `program`, which is looked for in `PATH` if its name has no slash.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// assert!(Command::new("true").status().await?.success());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn new<S: AsRef<OsStr>>(program: S) -> Self {
        StdCommand::new(program).into()
    }

    /// The command as std's, to look at.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// assert_eq!(Command::new("echo").as_std().get_program(), "echo");
    /// ```
    pub fn as_std(&self) -> &StdCommand {
        &self.std
    }

    /// The command as std's, to change what has no method here.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// let mut command = Command::new("echo");
    /// command.as_std_mut().arg("hello");
    /// assert_eq!(command.as_std().get_args().len(), 1);
    /// ```
    pub fn as_std_mut(&mut self) -> &mut StdCommand {
        &mut self.std
    }

    /// The command as std's. That a child is killed on drop is lost.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// let mut command = Command::new("true").into_std();
    /// assert!(command.status()?.success());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn into_std(self) -> StdCommand {
        self.std
    }

    /// Says whether a process is killed (SIGKILL) when its [`Child`] is dropped before it has ended. By default it is
    /// not, and goes on by itself.
    ///
    /// Only the process itself is, not those that it has started. When the drop returns, it may not have ended yet.
    ///
    /// ```
    /// use mini_net::process::Command;
    /// use mini_runtime::io::AsyncReadExt;
    /// use std::process::Stdio;
    ///
    /// # futures::executor::block_on(async {
    /// let mut command = Command::new("cat");
    /// let mut child = command.kill_on_drop(true).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    /// let mut stdout = child.stdout.take().expect("it is piped");
    /// let stdin = child.stdin.take();
    /// drop(child);
    /// assert_eq!(stdout.read(&mut [0]).await?, 0); // it wrote nothing, and is gone
    /// drop(stdin);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn kill_on_drop(&mut self, is_on: bool) -> &mut Self {
        self.is_killed_on_drop = is_on;
        self
    }

    /// Whether a process is killed when its [`Child`] is dropped.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// let mut command = Command::new("cat");
    /// assert!(!command.get_kill_on_drop());
    /// assert!(command.kill_on_drop(true).get_kill_on_drop());
    /// ```
    pub fn get_kill_on_drop(&self) -> bool {
        self.is_killed_on_drop
    }

    /// Starts the process. Standard streams that are not set are inherited.
    ///
    /// Blocks the thread until the program runs, or cannot.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let mut child = Command::new("true").spawn()?;
    /// assert!(child.wait().await?.success());
    ///
    /// let error = Command::new("/no/such/program").spawn().unwrap_err();
    /// assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's own if there is no such program, or it may not be started, and if pipes or processes are at their limit.
    /// Where the process was started and its pipes cannot be registered with the reactor, it is killed: after an error
    /// nothing of it is left.
    pub fn spawn(&mut self) -> io::Result<Child> {
        self.spawn_with(StdCommand::spawn)
    }

    /// [`spawn`](Self::spawn) that starts the process by a call of your own, such as one that tries again.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let mut child = Command::new("echo").spawn_with(|command| command.arg("hello").spawn())?;
    /// assert!(child.wait().await?.success());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// What the call returns; and those of [`spawn`](Self::spawn).
    pub fn spawn_with(
        &mut self,
        start: impl FnOnce(&mut StdCommand) -> io::Result<std::process::Child>,
    ) -> io::Result<Child> {
        orphans::sweep();
        // What is likeliest to be missing is asked for before anything runs.
        let reactor = global::current()?;
        Child::new(start(&mut self.std)?, reactor, self.is_killed_on_drop)
    }

    /// Starts the process, by this call, and waits until it has ended. Standard streams that are not set are inherited;
    /// those that are piped are closed.
    ///
    /// Dropping the future is dropping the [`Child`].
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// assert_eq!(Command::new("sh").args(["-c", "exit 7"]).status().await?.code(), Some(7));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`spawn`](Self::spawn) and [`Child::wait`].
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: who calls it again starts another process.
    pub fn status(&mut self) -> impl Future<Output = io::Result<ExitStatus>> + use<> {
        let child = self.spawn();
        async {
            let mut child = child?;
            drop((child.stdin.take(), child.stdout.take(), child.stderr.take()));
            child.wait().await
        }
    }

    /// Starts the process, by this call, with its output and errors piped, waits until it has ended, and collects both.
    /// Standard input is inherited if it is not set.
    ///
    /// Dropping the future is dropping the [`Child`].
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let output = Command::new("sh").args(["-c", "echo hello; echo alas >&2"]).output().await?;
    /// assert_eq!((&output.stdout[..], &output.stderr[..]), (&b"hello\n"[..], &b"alas\n"[..]));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`spawn`](Self::spawn) and [`Child::wait_with_output`].
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: who calls it again starts another process.
    pub fn output(&mut self) -> impl Future<Output = io::Result<Output>> + use<> {
        let child = self.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        async { child?.wait_with_output().await }
    }
}

impl From<StdCommand> for Command {
    /// A child is not killed on drop, by default.
    fn from(std: StdCommand) -> Self {
        Self { std, is_killed_on_drop: false }
    }
}
