//! [`Running`]: a process that we started and nobody has reaped, with what tells of its end.
//!
//! It does not decide what becomes of the process when it is dropped: [`Child`](super::Child) does, and `orphans`.
//! Invariant: its number is the process's own, since the number is free only after the reaping, and that happens here.

use super::watch::{Failed, Watch};
use crate::reactor::global;
use crate::reactor::handle::ReactorHandle;
use mini_runtime::util::guarded;
use std::io;
use std::process::ExitStatus;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// The process and its watch.
#[derive(Debug)]
pub(super) struct Running {
    /// Its pipes were taken out. It remembers its status once it was reaped.
    process: std::process::Child,
    watch: Watch,
}

impl Running {
    /// Watches `process` through `reactor`; gives it back if it cannot be watched.
    pub(super) fn new(
        process: std::process::Child,
        reactor: Arc<ReactorHandle>,
    ) -> Result<Self, (std::process::Child, io::Error)> {
        match Watch::open(process.id(), reactor) {
            Ok(watch) => Ok(Self { process, watch }),
            Err(error) => Err((process, error)),
        }
    }

    /// The process's number.
    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Sends SIGKILL, unless it was reaped.
    pub(super) fn kill(&mut self) -> io::Result<()> {
        self.process.kill()
    }

    /// Reaps it if it has ended.
    pub(super) fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.process.try_wait()
    }

    /// Reaps it, or else the task is woken when it has ended.
    pub(super) fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<ExitStatus>> {
        loop {
            let Self { process, watch } = self;
            match ready!(watch.poll(cx, || process.try_wait())) {
                Ok(status) => return Poll::Ready(Ok(status)),
                Err(Failed::Look(error)) => return Poll::Ready(Err(error)),
                // The runtime it was started in is gone: on with the one that waits.
                Err(Failed::ShutDown) => self.watch = Watch::open(self.process.id(), global::current()?)?,
            }
        }
    }

    /// The process without its watch. The waker of whoever waited is dropped, and may panic: it is the user's code.
    pub(super) fn into_process(self) -> std::process::Child {
        let Self { process, watch } = self;
        guarded(|| drop(watch));
        process
    }
}
