//! [`Stdout`] and [`Stderr`]: standard output and error.
//!
//! Not the stream itself, which the process has once: each handle gathers what it accepts, and a thread of the pool
//! hands it to std's. The invariant: what a handle has accepted is written in its order, by one job at a time, also
//! when the handle is dropped or the runtime ends.

use std::fmt;
use std::io::{self, IoSlice, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::blocking::Operation;
use crate::coop;
use crate::io::AsyncWrite;
use crate::io::blocking::{MAX_CHUNK, Push, WriteQueue};
use crate::io::delegate::delegate_async_write;
use crate::runtime::spawn_mandatory_operation;

/// The standard output of the process.
///
/// What it accepts is written later, and a line that is not finished stays in std's buffer: flush to see it. Use one
/// handle for what has to stay in order, as two do not wait for each other; what one `write` accepts stays together.
///
/// ```
/// use mini_runtime::io::AsyncWriteExt;
///
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let mut stdout = mini_runtime::stdio::stdout();
/// for word in ["hello", " ", "world\n"] {
///     stdout.write_all(word.as_bytes()).await?;
/// }
/// stdout.flush().await?;
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub struct Stdout {
    pub(super) output: Output<io::Stdout>,
}

/// The standard error of the process.
///
/// As with [`Stdout`], what it accepts is written later, and one handle keeps its order.
///
/// ```
/// use mini_runtime::io::AsyncWriteExt;
///
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let mut stderr = mini_runtime::stdio::stderr();
/// stderr.write_all(b"something is amiss\n").await?;
/// stderr.flush().await?;
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub struct Stderr {
    pub(super) output: Output<io::Stderr>,
}

/// A handle of one's own to the standard output of the process.
///
/// ```
/// use mini_runtime::io::AsyncWriteExt;
///
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// mini_runtime::stdio::stdout().write_all(b"a whole line needs no flush\n").await?;
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub fn stdout() -> Stdout {
    Stdout { output: Output::new(io::stdout) }
}

/// A handle of one's own to the standard error of the process.
///
/// ```
/// use mini_runtime::io::AsyncWriteExt;
///
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// mini_runtime::stdio::stderr().write_all(b"something is amiss\n").await?;
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub fn stderr() -> Stderr {
    Stderr { output: Output::new(io::stderr) }
}

impl AsyncWrite for Stdout {
    delegate_async_write!(this => Pin::new(&mut this.get_mut().output), shared => &shared.output);
}

impl AsyncWrite for Stderr {
    delegate_async_write!(this => Pin::new(&mut this.get_mut().output), shared => &shared.output);
}

impl fmt::Debug for Stdout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stdout").finish_non_exhaustive()
    }
}

impl fmt::Debug for Stderr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stderr").finish_non_exhaustive()
    }
}

/// One handle: what it has accepted, and its job.
pub(super) struct Output<W> {
    /// std's handle, which all share: for the jobs to make,
    stream: fn() -> W,
    /// and to lend the descriptor.
    #[allow(dead_code)] // Its reader depends on the platform.
    pub(super) std: W,
    queue: Arc<WriteQueue>,
    /// A job writes or flushes.
    under_way: Option<Operation<io::Result<()>>>,
    /// Something was written since the last flush began.
    needs_flush: bool,
}

impl<W: Write + Unpin + 'static> Output<W> {
    fn new(stream: fn() -> W) -> Self {
        Self {
            stream,
            std: stream(),
            queue: Arc::new(WriteQueue::new()),
            under_way: None,
            needs_flush: false,
        }
    }

    /// Waits for the job under way, if there is one.
    fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(job) = &mut self.under_way else { return Poll::Ready(Ok(())) };
        let ended = ready!(Pin::new(job).poll(cx));
        self.under_way = None;
        Poll::Ready(ended?)
    }

    /// Accepts a beginning of `bufs` and starts a job for it.
    fn start_write(&mut self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        let (stream, queue) = (self.stream, self.queue.clone());
        let count = self.queue.start(bufs, MAX_CHUNK);
        let job = spawn_mandatory_operation(move || queue.drain(|chunk| stream().write_all(chunk)));
        if job.is_err() {
            self.queue.fail();
        }
        self.under_way = Some(job?);
        self.needs_flush = true;
        Ok(count)
    }
}

impl<W: Write + Unpin + 'static> AsyncWrite for Output<W> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if bufs.iter().all(|buf| buf.is_empty()) {
            return Poll::Ready(Ok(0));
        }
        let coop = ready!(coop::poll_proceed(cx));
        let count = match this.queue.push(cx, bufs, MAX_CHUNK) {
            Push::Accepted(count) => count,
            Push::Full => return Poll::Pending,
            Push::Ended => {
                ready!(this.poll_settle(cx))?;
                this.start_write(bufs)?
            }
        };
        coop.made_progress();
        Poll::Ready(Ok(count))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            ready!(this.poll_settle(cx))?;
            if !this.needs_flush {
                return Poll::Ready(Ok(()));
            }
            let stream = this.stream;
            this.under_way = Some(spawn_mandatory_operation(move || stream().flush())?);
            this.needs_flush = false;
        }
    }

    /// As a flush: the stream is the process's and stays open.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(cx)
    }
}
