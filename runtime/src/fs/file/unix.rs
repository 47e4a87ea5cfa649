//! A [`File`] as a descriptor, and a descriptor as a `File`.
//!
//! Whoever is shown the descriptor sees the OS's position, so showing it ends reading ahead (invariant 3 of the file).

use std::fs::File as StdFile;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use super::File;

/// ```
/// use std::os::fd::OwnedFd;
/// use mini_runtime::io::AsyncReadExt;
///
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let named = tempfile::NamedTempFile::new()?;
/// std::fs::write(named.path(), "text")?;
/// let descriptor: OwnedFd = std::fs::File::open(named.path())?.into();
/// assert_eq!(mini_runtime::fs::File::from(descriptor).read_u8().await?, b't');
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
impl From<OwnedFd> for File {
    fn from(descriptor: OwnedFd) -> Self {
        Self::from_std(descriptor.into())
    }
}

/// While a read is under way, its position may be further than what was read.
impl AsRawFd for File {
    fn as_raw_fd(&self) -> RawFd {
        self.publish();
        self.std.as_raw_fd()
    }
}

/// While a read is under way, its position may be further than what was read.
impl AsFd for File {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.publish();
        self.std.as_fd()
    }
}

impl FromRawFd for File {
    unsafe fn from_raw_fd(descriptor: RawFd) -> Self {
        // SAFETY: the caller's promise is the one that std asks for: the descriptor is open, and now ours.
        Self::from_std(unsafe { StdFile::from_raw_fd(descriptor) })
    }
}
