//! Asynchronous reading and writing: four traits, their methods, and the adapters that stand between them.
//!
//! Nothing here waits on a file descriptor or knows a runtime: sockets implement these traits in `mini-net`,
//! and everything works under any executor. The four traits and [`ReadBuf`] are always present; the methods
//! (`AsyncReadExt` and its siblings) and the adapters come with the feature `io-util`, the bridge to
//! `futures-io` with the feature of that name.
//!
//! The invariant all of it keeps: whoever answers `Pending` has arranged for the task's newest waker to be
//! woken. Readers and writers that are always ready consult [`crate::coop`], so no loop over them can hold a
//! worker.
//!
//! | noun | file |
//! |---|---|
//! | the traits | `async_read`, `async_write`, `async_buf_read`, `async_seek` |
//! | the buffer a reader fills, and all unsafe code of this module | `read_buf` |
//! | one read, one write: the steps of every loop | `step` |
//! | the methods of the traits | `ext` |
//! | adapters and pipes | `util` |
//! | bytes on their way to and from threads that block | `blocking` |
//! | the other traits of the field | `compat` |
//!
//! # Rejected designs
//!
//! Methods as `impl Future` in the trait: a caller who writes `R: AsyncReadExt + Send` could then not spawn
//! what they return, since the bound hides the future's own `Send`. So the futures are named types, one
//! generic `IoFuture` over small operations.
//!
//! Names, signatures and semantics are those of `tokio::io` 1.54.
//!
//! ```
//! use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
//!
//! # futures::executor::block_on(async {
//! let (mut client, mut server) = mini_runtime::io::duplex(64);
//! client.write_all(b"ping").await?;
//! let mut bytes = [0; 4];
//! server.read_exact(&mut bytes).await?;
//! assert_eq!(&bytes, b"ping");
//! # std::io::Result::Ok(()) }).unwrap();
//! ```

#[macro_use]
pub(crate) mod delegate;

mod async_buf_read;
mod async_read;
mod async_seek;
mod async_write;
mod read_buf;

pub use async_buf_read::AsyncBufRead;
pub use async_read::AsyncRead;
pub use async_seek::AsyncSeek;
pub use async_write::AsyncWrite;
pub use read_buf::ReadBuf;

#[doc(no_inline)]
pub use std::io::{Error, ErrorKind, Result, SeekFrom};

#[cfg(feature = "io-util")]
mod step;

#[cfg(feature = "io-util")]
mod ext;
#[cfg(feature = "io-util")]
pub use ext::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

#[cfg(feature = "io-util")]
mod util;
#[cfg(feature = "io-util")]
pub use util::{
    BufReader, BufStream, BufWriter, Chain, DuplexStream, Empty, Join, Lines, ReadHalf, Repeat,
    SimplexStream, Sink, Split, Take, WriteHalf, copy, copy_bidirectional, copy_bidirectional_with_sizes,
    copy_buf, duplex, empty, join, repeat, simplex, sink, split,
};

#[cfg(any(feature = "fs", feature = "io-std"))]
pub(crate) mod blocking;

#[cfg(feature = "futures-io")]
pub mod compat;

#[cfg(all(test, not(loom), feature = "io-util"))]
mod mock;

#[cfg(feature = "hyper")]
pub mod hyper;
