//! Child processes: [`Command`] says how to start one, [`Child`] is the one that was started.
//!
//! | noun | file |
//! |---|---|
//! | [`Command`] | `command` |
//! | [`Child`] | `child` |
//! | [`ChildStdin`], [`ChildStdout`], [`ChildStderr`] | `stdio` |
//! | a process that is waited for, and what tells of its end | `running`, `watch` |
//! | those whose [`Child`] was dropped before they ended | `orphans` |
//!
//! Starting is std's, and blocks the thread as long as `fork` and `exec` take. Nothing else does, and no thread waits
//! for a child: its pidfd is registered with the reactor as any descriptor is. Where the OS has none to give, SIGCHLD
//! tells, through [`signal`](crate::signal). It works under any executor, as sockets do.
//!
//! Invariant: no zombie stays. A child is reaped by its [`Child`], or, once that is dropped, as an orphan when it ends.
//!
//! What is not guaranteed: a program that itself waits for any child (`waitpid` of -1), or that ignores SIGCHLD, takes
//! the ends of children away; waiting is then an error (`ECHILD`). While a debugger holds a child that has ended, the
//! child has not ended for us.
//!
//! Rejected designs: a thread for each child; SIGCHLD alone, at which each child has to be asked, so that a thousand
//! that end cost a million calls; a task that reaps orphans, which needs a runtime, and that it lives on.
//!
//! ```
//! use mini_net::process::Command;
//! use std::process::Stdio;
//! use mini_runtime::io::AsyncWriteExt;
//!
//! # futures::executor::block_on(async {
//! let mut child = Command::new("tr").args(["a-z", "A-Z"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
//! let mut stdin = child.stdin.take().expect("it is piped");
//! stdin.write_all(b"hello").await?;
//! drop(stdin); // `tr` reads to the end
//! let output = child.wait_with_output().await?;
//! assert!(output.status.success());
//! assert_eq!(output.stdout, b"HELLO");
//! # Ok::<(), std::io::Error>(())
//! # }).unwrap();
//! ```

mod child;
mod command;
mod orphans;
mod running;
mod stdio;
mod watch;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod pidfd;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[path = "pidfd_none.rs"]
mod pidfd;

pub use child::Child;
pub use command::Command;
pub use stdio::{ChildStderr, ChildStdin, ChildStdout};
