//! Files and directories, with the names and the behaviour of `tokio::fs`.
//!
//! Not asynchronous to the kernel: each operation is blocking work, done by a thread of the runtime's pool, so that
//! no worker waits for a disk. What can be one job is one: [`read`], [`write`](write()), [`copy`], a whole batch of
//! [`ReadDir`]'s entries. A [`File`] reads ahead in growing steps when it is read in order, and gathers small writes
//! while a larger one is under way, so that few of the calls wait for a thread. The invariant: what a [`File`] has
//! accepted is written, whether or not the file, the task or the runtime is still there, or an error says so.
//!
//! Not for pipes, terminals and other special files, whose reads may last for ever and hold a thread of the pool:
//! use `AsyncFd` and the like.
//!
//! Everything here panics outside a runtime. A future that is dropped before its first poll does nothing; after it,
//! the operation goes on, and only its result is lost.
//!
//! # Errors
//!
//! They are the OS's own, so that `kind()` and `raw_os_error()` say what they say in `std::fs`. An [`AtPath::at_path`]
//! adds the path that it was about, in exchange for `raw_os_error()`.
//!
//! # Rejected designs
//!
//! An error that always names the path: `io::Error` has room for the OS's number or for a text, not for both, and
//! programs (static file servers, for one) look at the number.
//!
//! Reading ahead in every file: a descriptor that others share has one position, which they would see run ahead. So
//! only a file that was opened here, and never cloned or shown, does.
//!
//! ```
//! use mini_runtime::fs;
//!
//! # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
//! # runtime.block_on(async {
//! let dir = tempfile::tempdir()?;
//! let path = dir.path().join("greeting");
//! fs::write(&path, "hello").await?;
//! assert_eq!(fs::read_to_string(&path).await?, "hello");
//! # std::io::Result::Ok(()) }).unwrap();
//! ```

mod at_path;
mod dir_builder;
mod dir_entry;
mod dirs;
mod file;
mod file_times;
mod open_options;
mod paths;
mod read_dir;
mod whole;

#[cfg(not(unix))]
#[path = "other.rs"]
mod sys;
#[cfg(unix)]
#[path = "unix.rs"]
mod sys;

pub use at_path::AtPath;
pub use dir_builder::DirBuilder;
pub use dir_entry::DirEntry;
pub use dirs::{create_dir, create_dir_all, remove_dir, remove_dir_all};
pub use file::File;
pub use file_times::FileTimes;
pub use open_options::OpenOptions;
pub use paths::{
    canonicalize, hard_link, metadata, read_link, remove_file, rename, set_permissions, symlink_metadata,
    try_exists,
};
pub use read_dir::{ReadDir, read_dir, read_dir_with_metadata};
pub use whole::{copy, read, read_to_string, write};

#[cfg(unix)]
pub use sys::symlink;

use std::io;

use crate::runtime::spawn_operation;

/// Carries out one operation on a thread of the pool.
async fn run<T: Send + 'static>(operation: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_operation(operation)?.await?
}
