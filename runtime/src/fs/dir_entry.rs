//! [`DirEntry`]: one name in a directory.
//!
//! Not the file it names: that may be gone or replaced by the time it is asked for.

use std::ffi::OsString;
use std::fmt;
use std::fs::{FileType, Metadata};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::run;

/// One name in a directory, from [`ReadDir`](super::ReadDir).
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// std::fs::write(dir.path().join("one"), "text")?;
/// let mut entries = mini_runtime::fs::read_dir(dir.path()).await?;
/// while let Some(entry) = entries.next_entry().await? {
///     assert_eq!(entry.file_name(), "one");
///     assert_eq!(entry.path(), dir.path().join("one"));
///     assert!(entry.file_type().await?.is_file());
///     assert_eq!(entry.metadata().await?.len(), 4);
/// }
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub struct DirEntry {
    std: Arc<std::fs::DirEntry>,
    /// What the directory itself says, which most file systems do.
    file_type: Option<FileType>,
    /// Taken along when the directory was read, if that was asked for.
    metadata: Option<Metadata>,
}

impl DirEntry {
    /// Asks for what may take the file system's time. Called on a thread of the pool.
    pub(super) fn new(std: std::fs::DirEntry, with_metadata: bool) -> Self {
        let metadata = if with_metadata { std.metadata().ok() } else { None };
        Self { file_type: std.file_type().ok(), metadata, std: Arc::new(std) }
    }

    /// The directory's path, as it was given, with the name.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// std::fs::write(dir.path().join("one"), "text")?;
    /// let mut entries = mini_runtime::fs::read_dir(dir.path()).await?;
    /// let entry = entries.next_entry().await?.unwrap();
    /// assert_eq!(entry.path(), dir.path().join("one"));
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn path(&self) -> PathBuf {
        self.std.path()
    }

    /// The name alone, which need not be UTF-8.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// std::fs::write(dir.path().join("one"), "text")?;
    /// let mut entries = mini_runtime::fs::read_dir(dir.path()).await?;
    /// let entry = entries.next_entry().await?.unwrap();
    /// assert_eq!(entry.file_name(), "one");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn file_name(&self) -> OsString {
        self.std.file_name()
    }

    /// What is known of the file, of a symbolic link itself.
    ///
    /// An entry of [`read_dir_with_metadata`](super::read_dir_with_metadata) answers at once what it was when the
    /// directory was read.
    ///
    /// # Errors
    ///
    /// The OS's: it may have been removed.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// std::fs::write(dir.path().join("one"), "text")?;
    /// let mut entries = mini_runtime::fs::read_dir(dir.path()).await?;
    /// let entry = entries.next_entry().await?.unwrap();
    /// assert_eq!(entry.metadata().await?.len(), 4);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn metadata(&self) -> io::Result<Metadata> {
        if let Some(metadata) = &self.metadata {
            return Ok(metadata.clone());
        }
        let std = self.std.clone();
        run(move || std.metadata()).await
    }

    /// Whether it is a file, a directory, a symbolic link and so on: at once, where the directory itself says so.
    ///
    /// # Errors
    ///
    /// As [`metadata`](Self::metadata).
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// std::fs::write(dir.path().join("one"), "text")?;
    /// let mut entries = mini_runtime::fs::read_dir(dir.path()).await?;
    /// let entry = entries.next_entry().await?.unwrap();
    /// assert!(entry.file_type().await?.is_file());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn file_type(&self) -> io::Result<FileType> {
        if let Some(file_type) = self.file_type {
            return Ok(file_type);
        }
        let std = self.std.clone();
        run(move || std.file_type()).await
    }

    #[allow(dead_code)] // Its caller depends on the platform.
    pub(super) fn as_std(&self) -> &std::fs::DirEntry {
        &self.std
    }
}

impl fmt::Debug for DirEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DirEntry").field(&self.path()).finish()
    }
}
