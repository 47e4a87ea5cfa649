//! The methods to await: one extension trait for each of the four traits.
//!
//! Not for implementors; every method is built on the trait's poll functions alone. Each awaits through one
//! future type, `IoFuture`, over an operation that keeps this: all of its progress is in itself, so that a
//! poll may stop anywhere.

mod buf_read;
mod find_byte;
mod future;
mod numbers;
mod read;
mod read_to_end;
mod seek;
mod text;
mod write;

pub use buf_read::AsyncBufReadExt;
pub use read::AsyncReadExt;
pub use seek::AsyncSeekExt;
pub use write::AsyncWriteExt;

pub(super) use buf_read::poll_read_until;
