//! [`Stdin`]: standard input.
//!
//! Not to be cancelled: a read under way ends when the input does, and holds a thread of the pool until then.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::blocking::Operation;
use crate::coop;
use crate::io::blocking::{Chunk, MAX_CHUNK};
use crate::io::{AsyncRead, ReadBuf};
use crate::runtime::spawn_operation;

/// The standard input of the process.
///
/// Fit for input from a file or a pipe. A read of a terminal lasts until somebody has typed a line, nothing can end
/// it, and a runtime that is dropped meanwhile waits for it: for a dialogue rather keep a thread of your own that
/// reads from std, or end the runtime by `shutdown_background`.
///
/// Bytes that were read and not taken are lost when it is dropped.
///
/// ```no_run
/// use mini_runtime::io::AsyncReadExt;
///
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let mut text = String::new();
/// mini_runtime::stdio::stdin().read_to_string(&mut text).await?;
/// println!("{} bytes were piped in", text.len());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub struct Stdin {
    state: State,
    /// To lend the descriptor.
    #[allow(dead_code)] // Its reader depends on the platform.
    pub(super) std: io::Stdin,
}

enum State {
    Here(Chunk),
    /// A job reads.
    Away(Operation<(io::Result<usize>, Chunk)>),
}

/// A handle of one's own to the standard input of the process. What one handle has read no other sees.
///
/// ```
/// # #[cfg(unix)]
/// # use std::os::fd::AsRawFd;
/// let stdin = mini_runtime::stdio::stdin();
/// # #[cfg(unix)]
/// assert_eq!(stdin.as_raw_fd(), 0);
/// ```
pub fn stdin() -> Stdin {
    Stdin { state: State::Here(Chunk::new()), std: io::stdin() }
}

impl AsyncRead for Stdin {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut has_read = false;
        loop {
            match &mut self.state {
                State::Here(chunk) => {
                    if has_read || !chunk.is_empty() || buf.remaining() == 0 {
                        let coop = ready!(coop::poll_proceed(cx));
                        chunk.put_into(buf);
                        coop.made_progress();
                        return Poll::Ready(Ok(()));
                    }
                    let limit = buf.remaining().min(MAX_CHUNK);
                    let mut chunk = std::mem::take(chunk);
                    let job = spawn_operation(move || {
                        let result = chunk.fill_from(&mut io::stdin(), limit);
                        (result, chunk)
                    });
                    self.state = State::Away(job?);
                }
                State::Away(job) => {
                    let ended = ready!(Pin::new(job).poll(cx));
                    self.state = State::Here(Chunk::new());
                    let (result, chunk) = ended?;
                    self.state = State::Here(chunk);
                    result?;
                    has_read = true;
                }
            }
        }
    }
}

impl fmt::Debug for Stdin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stdin").finish_non_exhaustive()
    }
}
