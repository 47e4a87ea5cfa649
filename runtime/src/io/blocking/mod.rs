//! What stands between a blocking reader or writer and the traits of `io`: the bytes under way in each direction.
//!
//! Not a thread and no job: `fs` and `stdio` run those, on the pool of the runtime. The invariant: bytes that a
//! writer has accepted are written once, in their order, or reported by an error.

mod chunk;
mod write_queue;

pub(crate) use chunk::Chunk;
pub(crate) use write_queue::{Push, WriteQueue};

/// What one blocking read or write moves at most, unless the user says otherwise. As tokio's.
pub(crate) const MAX_CHUNK: usize = 2 * 1024 * 1024;
