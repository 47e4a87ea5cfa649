//! [`DirBuilder`]: how a directory is made.
//!
//! Holds settings only; std's builder does the work, on a thread of the pool.

use std::io;
use std::path::Path;

use super::run;

/// Makes directories, with settings.
///
/// ```
/// use mini_runtime::fs::DirBuilder;
///
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("a/b/c");
/// DirBuilder::new().recursive(true).create(&path).await?;
/// assert!(path.is_dir());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[derive(Debug, Default)]
pub struct DirBuilder {
    recursive: bool,
    /// Unix's permission bits; the system's default if `None`.
    pub(super) mode: Option<u32>,
}

impl DirBuilder {
    /// The settings of [`create_dir`](super::create_dir).
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("new");
    /// mini_runtime::fs::DirBuilder::new().create(&path).await?;
    /// assert!(path.is_dir());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether to make the directories above as well, and not to mind one that is there already.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let mut builder = mini_runtime::fs::DirBuilder::new();
    /// assert!(builder.create(dir.path()).await.is_err());
    /// builder.recursive(true).create(dir.path()).await?;
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn recursive(&mut self, recursive: bool) -> &mut Self {
        self.recursive = recursive;
        self
    }

    /// Makes the directory.
    ///
    /// # Errors
    ///
    /// The OS's: a parent is missing (unless recursive), the directory exists (unless recursive), it is forbidden.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// mini_runtime::fs::DirBuilder::new().create(dir.path().join("new")).await?;
    /// assert!(dir.path().join("new").is_dir());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn create(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref().to_owned();
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(self.recursive);
        if let Some(mode) = self.mode {
            super::sys::set_dir_mode(&mut builder, mode);
        }
        run(move || builder.create(path)).await
    }
}
