//! Adapters and pipes: what stands between a stream and its user.
//!
//! Nothing here is a leaf but `empty`, `sink`, `repeat` and the pipes; those consult the task's budget, and so
//! do the copy loops, since a stream of the user's may be ready forever.

use std::task::{Context, Poll, ready};

use crate::coop;

/// The `AsyncWrite` of `Empty` and `Sink`.
macro_rules! forgets_writes {
    ($writer:ty) => {
        impl AsyncWrite for $writer {
            #[inline]
            fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
                poll_spend(cx).map(|()| Ok(buf.len()))
            }

            #[inline]
            fn poll_write_vectored(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                bufs: &[IoSlice<'_>],
            ) -> Poll<io::Result<usize>> {
                poll_spend(cx).map(|()| Ok(bufs.iter().map(|buf| buf.len()).sum()))
            }

            #[inline]
            fn is_write_vectored(&self) -> bool {
                true
            }

            #[inline]
            fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
                poll_spend(cx).map(Ok)
            }

            #[inline]
            fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
                poll_spend(cx).map(Ok)
            }
        }
    };
}

mod buf_reader;
mod buf_stream;
mod buf_writer;
mod chain;
mod copy;
mod copy_bidirectional;
mod duplex;
mod empty;
mod join;
mod lines;
mod repeat;
mod segments;
mod simplex;
mod sink;
mod split;
mod take;

pub use buf_reader::BufReader;
pub use buf_stream::BufStream;
pub use buf_writer::BufWriter;
pub use chain::Chain;
pub use copy::{copy, copy_buf};
pub use copy_bidirectional::{copy_bidirectional, copy_bidirectional_with_sizes};
pub use duplex::{DuplexStream, duplex};
pub use empty::{Empty, empty};
pub use join::{Join, join};
pub use lines::Lines;
pub use repeat::{Repeat, repeat};
pub use segments::Split;
pub use simplex::{SimplexStream, simplex};
pub use sink::{Sink, sink};
pub use split::{ReadHalf, WriteHalf, split};
pub use take::Take;

/// The capacity of a buffer whose user names none. As std's: a page or two, so that many connections fit.
const DEFAULT_CAPACITY: usize = 8 * 1024;

/// Spends one unit of the task's budget: the first line of an operation that is always ready.
#[inline]
fn poll_spend(cx: &mut Context<'_>) -> Poll<()> {
    ready!(coop::poll_proceed(cx)).made_progress();
    Poll::Ready(())
}
