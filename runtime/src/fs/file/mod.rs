//! [`File`]: an open file, read and written through jobs on the pool.
//!
//! Not the order of the jobs, which is [`Inner`]'s, and not what is read ahead, which [`Pace`](pace::Pace) decides.
//! Invariants:
//!
//! 1. At most one job that moves the position is under way, and the next waits for it.
//! 2. The OS's position is that of the user plus the bytes that are read and not taken. Whatever looks at the OS's
//!    position from elsewhere (a clone, a descriptor, std's file) first gives those bytes back, by a seek.
//! 3. Only a file that is private, that is, opened here and neither cloned nor shown, is read further than asked.

mod inner;
mod io_traits;
mod methods;
mod pace;
#[cfg(unix)]
mod unix;

use std::fmt;
use std::fs::File as StdFile;
use std::io;
use std::path::Path;
use std::sync::Arc;

use self::inner::Inner;
use super::OpenOptions;
use crate::io::blocking::MAX_CHUNK;
use crate::primitive::sync::atomic::{AtomicBool, Ordering};
use crate::sync::Mutex;

/// An open file.
///
/// Reads and writes through [`AsyncReadExt`](crate::io::AsyncReadExt), [`AsyncWriteExt`](crate::io::AsyncWriteExt)
/// and [`AsyncSeekExt`](crate::io::AsyncSeekExt).
///
/// A write only hands its bytes over: it answers before they are in the file, and its error comes with a later write,
/// flush or sync. So end with [`flush`](crate::io::AsyncWriteExt::flush), which waits. Without it the bytes are
/// written too, some time after; also when the `File` is dropped or the runtime ends meanwhile.
///
/// Dropping it closes the file, as soon as what is under way has ended.
///
/// ```
/// use mini_runtime::fs::File;
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
///
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("greeting");
/// let mut file = File::create(&path).await?;
/// file.write_all(b"hello").await?;
/// file.flush().await?;
///
/// let mut text = String::new();
/// File::open(&path).await?.read_to_string(&mut text).await?;
/// assert_eq!(text, "hello");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub struct File {
    std: Arc<StdFile>,
    /// Locked by the methods that take `&self`; those that take `&mut self` need not.
    inner: Mutex<Inner>,
    /// Bytes that one job moves at most. At least 1.
    max_buf_size: usize,
    /// Invariant 3. Never becomes true again.
    is_private: AtomicBool,
}

impl File {
    /// Opens a file for reading.
    ///
    /// # Errors
    ///
    /// The OS's: it is missing, it is forbidden.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let file = tempfile::NamedTempFile::new()?;
    /// let file = mini_runtime::fs::File::open(file.path()).await?;
    /// assert!(file.metadata().await?.is_file());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::options().read(true).open(path).await
    }

    /// Opens a file for writing: a new one, or the one that is there, cut to nothing.
    ///
    /// # Errors
    ///
    /// The OS's: its directory is missing, it is forbidden, it is a directory.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// mini_runtime::fs::File::create(dir.path().join("new")).await?;
    /// assert!(dir.path().join("new").exists());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::options().write(true).create(true).truncate(true).open(path).await
    }

    /// Makes a file and opens it for reading and writing, in one step that nobody else can come between.
    ///
    /// # Errors
    ///
    /// The OS's: there is one already, its directory is missing, it is forbidden.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// mini_runtime::fs::File::create_new(dir.path().join("new")).await?;
    /// let error = mini_runtime::fs::File::create_new(dir.path().join("new")).await.unwrap_err();
    /// assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn create_new(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::options().read(true).write(true).create_new(true).open(path).await
    }

    /// [`OpenOptions::new`], without the import.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// mini_runtime::fs::File::options().append(true).create(true).open(dir.path().join("log")).await?;
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn options() -> OpenOptions {
        OpenOptions::new()
    }

    /// Takes over a file of std's. Its position is where it was.
    ///
    /// As others may have a clone of it, it is never read further than asked.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = tempfile::NamedTempFile::new()?;
    /// std::fs::write(named.path(), "text")?;
    /// let mut file = mini_runtime::fs::File::from_std(std::fs::File::open(named.path())?);
    /// assert_eq!(file.read_u8().await?, b't');
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn from_std(std: StdFile) -> Self {
        Self::new(std, false)
    }

    /// A file that was opened here, so that nobody else has its descriptor.
    pub(super) fn opened(std: StdFile) -> Self {
        Self::new(std, true)
    }

    fn new(std: StdFile, is_private: bool) -> Self {
        Self {
            std: Arc::new(std),
            inner: Mutex::new(Inner::new()),
            max_buf_size: MAX_CHUNK,
            is_private: AtomicBool::new(is_private),
        }
    }

    /// From now on somebody else may look at the position, so it has to be right, now and later (invariants 2, 3).
    ///
    /// While a read is under way it is not, until that has ended and its bytes are taken.
    fn publish(&self) {
        // Ordering: Relaxed; the flag guards no memory, and the next read of this file comes after by `&mut self`.
        self.is_private.store(false, Ordering::Relaxed);
        if let Ok(mut inner) = self.inner.try_lock() {
            inner.settle_now();
            inner.give_back(&self.std);
        }
    }
}

impl From<StdFile> for File {
    fn from(std: StdFile) -> Self {
        Self::from_std(std)
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("mini::fs::File").field("std", &self.std).finish()
    }
}
