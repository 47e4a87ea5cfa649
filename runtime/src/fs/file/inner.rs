//! [`Inner`]: the one job under way, and what it left behind.
//!
//! Not the public face: `methods` and `io_traits` are. The invariant is the file's first: a job is started only after
//! [`poll_settle`](Inner::poll_settle) has said that none is under way.

use std::fs::File as StdFile;
use std::future::poll_fn;
use std::io::{self, IoSlice, Seek, SeekFrom, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use super::pace::Pace;
use crate::blocking::Operation;
use crate::coop::{Budget, with_budget};
use crate::io::blocking::{Chunk, Push, WriteQueue};
use crate::runtime::{spawn_mandatory_operation, spawn_operation};

/// What an open file is doing.
pub(super) struct Inner {
    under_way: Option<Job>,
    /// Read and not taken. Away while a read is under way.
    unread: Chunk,
    /// Read and forgotten: so far the OS's position is ahead, until a job has moved it back.
    behind: usize,
    pace: Pace,
    /// Accepted and not yet written.
    queue: Arc<WriteQueue>,
    /// The error of a write that somebody other than a writer came upon; the next write, flush or sync reports it.
    write_error: Option<io::Error>,
    /// Where the last seek went.
    pub(super) position: u64,
}

/// A job that moves the position.
enum Job {
    Read(Operation<Fetched>),
    Write(Operation<io::Result<()>>),
    Seek(Operation<io::Result<u64>>),
    SetLen(Operation<io::Result<()>>),
}

/// What a read brings back.
struct Fetched {
    result: io::Result<usize>,
    chunk: Chunk,
    pace: Pace,
}

/// How a job ended.
#[must_use]
pub(super) enum Ended {
    /// There was none.
    Idle,
    /// The bytes are where they can be taken; at the file's end there are none.
    Read(io::Result<()>),
    Write(io::Result<()>),
    Seek(io::Result<u64>),
    SetLen(io::Result<()>),
}

impl Inner {
    pub(super) fn new() -> Self {
        Self {
            under_way: None,
            unread: Chunk::new(),
            behind: 0,
            pace: Pace::new(),
            queue: Arc::new(WriteQueue::new()),
            write_error: None,
            position: 0,
        }
    }

    /// Waits for the job under way, and takes in what it brought. A job that was lost, because the runtime ended, has
    /// failed.
    pub(super) fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<Ended> {
        let ended = match &mut self.under_way {
            None => return Poll::Ready(Ended::Idle),
            Some(Job::Read(job)) => {
                let fetched = ready!(Pin::new(job).poll(cx)).map(|fetched| {
                    self.unread = fetched.chunk;
                    self.pace = fetched.pace;
                    fetched.result.map(drop)
                });
                Ended::Read(outcome(&mut self.behind, fetched))
            }
            Some(Job::Write(job)) => Ended::Write(outcome(&mut self.behind, ready!(Pin::new(job).poll(cx)))),
            Some(Job::Seek(job)) => Ended::Seek(outcome(&mut self.behind, ready!(Pin::new(job).poll(cx)))),
            Some(Job::SetLen(job)) => {
                Ended::SetLen(outcome(&mut self.behind, ready!(Pin::new(job).poll(cx))))
            }
        };
        self.under_way = None;
        if let Ended::Seek(Ok(position)) = ended {
            self.position = position;
        }
        Poll::Ready(ended)
    }

    /// Waits until no job is under way, and keeps a write's error for whoever asks for it.
    pub(super) async fn settle(&mut self) {
        if let Ended::Write(Err(error)) = poll_fn(|cx| self.poll_settle(cx)).await {
            self.keep_write_error(error);
        }
    }

    /// Takes in the job under way if it has ended; else nothing.
    pub(super) fn settle_now(&mut self) {
        let mut cx = Context::from_waker(Waker::noop());
        // A task whose budget is spent would be told that no job ever ends.
        let ended = with_budget(Budget::unlimited(), || self.poll_settle(&mut cx));
        if let Poll::Ready(Ended::Write(Err(error))) = ended {
            self.keep_write_error(error);
        }
    }

    pub(super) fn keep_write_error(&mut self, error: io::Error) {
        self.write_error.get_or_insert(error);
    }

    pub(super) fn take_write_error(&mut self) -> io::Result<()> {
        self.write_error.take().map_or(Ok(()), Err)
    }

    /// What is read and not taken.
    pub(super) fn unread(&mut self) -> &mut Chunk {
        &mut self.unread
    }

    /// Starts a read where `asked` bytes are wanted and at most `max` may be moved. Nothing must be left unread.
    pub(super) fn start_read(
        &mut self,
        std: &Arc<StdFile>,
        asked: usize,
        max: usize,
        is_private: bool,
    ) -> io::Result<()> {
        let (std, mut chunk, mut pace) = (std.clone(), std::mem::take(&mut self.unread), self.pace);
        let asked = asked.min(max);
        let next = pace.next(asked, is_private).min(max);
        let behind = self.behind;
        let job = spawn_operation(move || {
            let limit = pace.confirm(next, asked, &std);
            let result = go_back(&std, behind).and_then(|()| chunk.fill_from(&mut &*std, limit));
            match &result {
                // At the end of the file the memory has served its purpose.
                Ok(0) => chunk.release(),
                Ok(_) => {}
                Err(_) => pace.interrupt(),
            }
            if let Ok(count) = result {
                pace.record(limit, count);
            }
            Fetched { result, chunk, pace }
        })?;
        self.under_way = Some(Job::Read(job));
        Ok(())
    }

    /// Starts a write of a beginning of `bufs`, at most `max` bytes, and answers its length.
    pub(super) fn start_write(
        &mut self,
        std: &Arc<StdFile>,
        bufs: &[IoSlice<'_>],
        max: usize,
    ) -> io::Result<usize> {
        let behind = self.forget_unread();
        let (std, queue) = (std.clone(), self.queue.clone());
        let count = self.queue.start(bufs, max);
        let job = spawn_mandatory_operation(move || {
            let mut behind = behind;
            queue.drain(|chunk| {
                go_back(&std, std::mem::take(&mut behind))?;
                (&*std).write_all(chunk)
            })
        });
        match job {
            Ok(job) => self.under_way = Some(Job::Write(job)),
            Err(error) => {
                self.queue.fail();
                return Err(error);
            }
        }
        Ok(count)
    }

    /// Accepts a beginning of `bufs` for the write under way; [`Push::Ended`] if there is none.
    pub(super) fn push_write(&self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>], max: usize) -> Push {
        match self.under_way {
            Some(Job::Write(_)) => self.queue.push(cx, bufs, max),
            _ => Push::Ended,
        }
    }

    /// Starts a seek, seen from where the user is.
    ///
    /// # Errors
    ///
    /// If a job is under way, or none can be started.
    pub(super) fn start_seek(&mut self, std: &Arc<StdFile>, position: SeekFrom) -> io::Result<()> {
        if self.under_way.is_some() {
            return Err(io::Error::other(
                "cannot start a seek while an operation is under way; wait by `poll_complete` first",
            ));
        }
        let behind = self.forget_unread();
        let std = std.clone();
        let job = spawn_operation(move || {
            // First, whatever is asked: it may be refused. And in two steps, as the sum of two offsets may be none.
            go_back(&std, behind)?;
            (&*std).seek(position)
        })?;
        self.under_way = Some(Job::Seek(job));
        Ok(())
    }

    /// Starts a change of the file's length, which a later caller waits for if this one is gone.
    pub(super) fn start_set_len(&mut self, std: &Arc<StdFile>, size: u64) -> io::Result<()> {
        let behind = self.forget_unread();
        let std = std.clone();
        let job = spawn_mandatory_operation(move || {
            go_back(&std, behind)?;
            std.set_len(size)
        })?;
        self.under_way = Some(Job::SetLen(job));
        Ok(())
    }

    /// Moves the OS's position back to the user's, at once: for a file whose position is nobody else's this is a
    /// store into the kernel's memory.
    pub(super) fn give_back(&mut self, std: &StdFile) {
        if self.under_way.is_none() {
            let behind = self.forget_unread();
            // A file that can be read but not sought keeps no position that could be wrong.
            let _ = go_back(std, behind);
            self.behind = 0;
        }
    }

    /// Drops what is unread, for it is stale or will be read again, and answers how far the OS's position is ahead.
    fn forget_unread(&mut self) -> usize {
        self.pace.interrupt();
        self.behind += self.unread.discard();
        self.behind
    }
}

/// What a job answered. One that was cancelled never ran, and has not moved the position back.
fn outcome<T>(behind: &mut usize, ended: io::Result<io::Result<T>>) -> io::Result<T> {
    let result = ended?;
    *behind = 0;
    result
}

/// Moves the OS's position back by what was read and not taken.
fn go_back(mut std: &StdFile, behind: usize) -> io::Result<()> {
    if behind > 0 {
        // No buffer is longer than `isize::MAX` bytes.
        std.seek(SeekFrom::Current(-(behind as i64)))?;
    }
    Ok(())
}
