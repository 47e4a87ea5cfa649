//! [`OpenOptions`]: how a file is opened.
//!
//! Holds std's settings only; the file is opened on a thread of the pool.

use std::io;
use std::path::Path;

use super::{File, run};

/// How a file is opened, and whether it is made.
///
/// ```
/// use mini_runtime::fs::OpenOptions;
/// use mini_runtime::io::AsyncWriteExt;
///
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("log");
/// for line in ["one\n", "two\n"] {
///     let mut log = OpenOptions::new().append(true).create(true).open(&path).await?;
///     log.write_all(line.as_bytes()).await?;
///     log.flush().await?;
/// }
/// assert_eq!(std::fs::read_to_string(&path)?, "one\ntwo\n");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct OpenOptions {
    pub(super) std: std::fs::OpenOptions,
}

impl OpenOptions {
    /// Nothing is allowed yet: neither to read nor to write nor to make a file.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let file = tempfile::NamedTempFile::new()?;
    /// let mut options = mini_runtime::fs::OpenOptions::new();
    /// assert!(options.open(file.path()).await.is_err());
    /// assert!(options.read(true).open(file.path()).await.is_ok());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self { std: std::fs::OpenOptions::new() }
    }

    /// Whether the file may be read.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let file = tempfile::NamedTempFile::new()?;
    /// std::fs::write(file.path(), "text")?;
    /// let mut text = String::new();
    /// let mut file = mini_runtime::fs::OpenOptions::new().read(true).open(file.path()).await?;
    /// file.read_to_string(&mut text).await?;
    /// assert_eq!(text, "text");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn read(&mut self, read: bool) -> &mut Self {
        self.std.read(read);
        self
    }

    /// Whether the file may be written, from its start on, over what is there.
    ///
    /// ```
    /// use mini_runtime::io::AsyncWriteExt;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = tempfile::NamedTempFile::new()?;
    /// std::fs::write(named.path(), "text")?;
    /// let mut file = mini_runtime::fs::OpenOptions::new().write(true).open(named.path()).await?;
    /// file.write_all(b"n").await?;
    /// file.flush().await?;
    /// assert_eq!(std::fs::read(named.path())?, b"next");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn write(&mut self, write: bool) -> &mut Self {
        self.std.write(write);
        self
    }

    /// Whether each write goes to where the file's end is at that moment.
    ///
    /// ```
    /// use mini_runtime::io::AsyncWriteExt;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = tempfile::NamedTempFile::new()?;
    /// std::fs::write(named.path(), "one\n")?;
    /// let mut log = mini_runtime::fs::OpenOptions::new().append(true).open(named.path()).await?;
    /// log.write_all(b"two\n").await?;
    /// log.flush().await?;
    /// assert_eq!(std::fs::read(named.path())?, b"one\ntwo\n");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn append(&mut self, append: bool) -> &mut Self {
        self.std.append(append);
        self
    }

    /// Whether to cut the file to nothing. Needs [`write`](Self::write).
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let file = tempfile::NamedTempFile::new()?;
    /// std::fs::write(file.path(), "text")?;
    /// mini_runtime::fs::OpenOptions::new().write(true).truncate(true).open(file.path()).await?;
    /// assert_eq!(std::fs::read(file.path())?, b"");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn truncate(&mut self, truncate: bool) -> &mut Self {
        self.std.truncate(truncate);
        self
    }

    /// Whether to make the file if it is missing. Needs [`write`](Self::write) or [`append`](Self::append).
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("new");
    /// let mut options = mini_runtime::fs::OpenOptions::new();
    /// assert!(options.write(true).open(&path).await.is_err());
    /// options.create(true).open(&path).await?;
    /// assert!(path.exists());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn create(&mut self, create: bool) -> &mut Self {
        self.std.create(create);
        self
    }

    /// Whether to make the file and fail if there is one, in one step that nobody else can come between.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let mut options = mini_runtime::fs::OpenOptions::new();
    /// options.write(true).create_new(true).open(dir.path().join("new")).await?;
    /// let error = options.open(dir.path().join("new")).await.unwrap_err();
    /// assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn create_new(&mut self, create_new: bool) -> &mut Self {
        self.std.create_new(create_new);
        self
    }

    /// Opens a file with these settings.
    ///
    /// # Errors
    ///
    /// The OS's: the file is missing, it is forbidden, it is a directory and is to be written, and so on.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let error = mini_runtime::fs::OpenOptions::new().read(true).open("/nowhere").await.unwrap_err();
    /// assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    /// # });
    /// ```
    pub async fn open(&self, path: impl AsRef<Path>) -> io::Result<File> {
        let path = path.as_ref().to_owned();
        let options = self.std.clone();
        let std = run(move || options.open(path)).await?;
        Ok(File::opened(std))
    }
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl From<std::fs::OpenOptions> for OpenOptions {
    fn from(std: std::fs::OpenOptions) -> Self {
        Self { std }
    }
}
