//! [`OpenOptions`]: opening the ends of a named pipe.
//!
//! It makes no pipe: `mkfifo` does.

use super::raw::{self, End};
use super::{Receiver, Sender};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// How to open an end of a named pipe.
///
/// ```
/// use mini_net::net::unix::pipe;
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
///
/// # futures::executor::block_on(async {
/// let path = std::env::temp_dir().join(format!("mini-doc-fifo-{}", std::process::id()));
/// assert!(std::process::Command::new("mkfifo").arg(&path).status()?.success());
/// let mut receiver = pipe::OpenOptions::new().open_receiver(&path)?;
/// let mut sender = pipe::OpenOptions::new().open_sender(&path)?;
/// sender.write_all(b"hello").await?;
/// let mut heard = [0; 5];
/// receiver.read_exact(&mut heard).await?;
/// assert_eq!(&heard, b"hello");
/// std::fs::remove_file(path)?;
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    is_read_write: bool,
    is_unchecked: bool,
}

impl OpenOptions {
    /// Options that open one direction of what must be a pipe.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// let options = pipe::OpenOptions::new();
    /// assert!(options.open_receiver("/nowhere").is_err());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens what is not a pipe, too, such as a terminal, without looking.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-unchecked-{}", std::process::id()));
    /// assert!(std::process::Command::new("mkfifo").arg(&path).status()?.success());
    /// let receiver = pipe::OpenOptions::new().unchecked(true).open_receiver(&path)?;
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn unchecked(&mut self, is_on: bool) -> &mut Self {
        self.is_unchecked = is_on;
        self
    }

    /// Opens the reading end. Nobody need have opened the writing end; until somebody has, reads answer 0.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-receiver-{}", std::process::id()));
    /// assert!(std::process::Command::new("mkfifo").arg(&path).status()?.success());
    /// let receiver = pipe::OpenOptions::new().open_receiver(&path)?;
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; `InvalidInput` if it is not a pipe.
    pub fn open_receiver<P: AsRef<Path>>(&self, path: P) -> io::Result<Receiver> {
        Receiver::from_file_unchecked(self.open(path.as_ref(), End::Receiver)?)
    }

    /// Opens the writing end.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-sender-{}", std::process::id()));
    /// assert!(std::process::Command::new("mkfifo").arg(&path).status()?.success());
    /// // Nobody reads: try again later.
    /// let error = pipe::OpenOptions::new().open_sender(&path).unwrap_err();
    /// # #[cfg(target_os = "linux")]
    /// assert_eq!(error.raw_os_error(), Some(libc::ENXIO));
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's, `ENXIO` if nobody has opened the reading end; `InvalidInput` if it is not a pipe.
    pub fn open_sender<P: AsRef<Path>>(&self, path: P) -> io::Result<Sender> {
        Sender::from_file_unchecked(self.open(path.as_ref(), End::Sender)?)
    }

    fn open(&self, path: &Path, end: End) -> io::Result<File> {
        let file = fs::OpenOptions::new()
            .read(self.is_read_write || end == End::Receiver)
            .write(self.is_read_write || end == End::Sender)
            .custom_flags(libc::O_NONBLOCK)
            .open(path)?;
        if self.is_unchecked { Ok(file) } else { raw::must_be_a_pipe(file) }
    }
}

/// An option that Linux alone has.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux {
    use super::OpenOptions;

    impl OpenOptions {
        /// Opens the pipe for reading and writing, whichever end it becomes: then the other end is never missing. A
        /// receiver sees no end when the last writer leaves; a sender need not wait for a reader.
        ///
        /// ```
        /// use mini_net::net::unix::pipe;
        ///
        /// # futures::executor::block_on(async {
        /// let path = std::env::temp_dir().join(format!("mini-doc-read-write-{}", std::process::id()));
        /// assert!(std::process::Command::new("mkfifo").arg(&path).status()?.success());
        /// let sender = pipe::OpenOptions::new().read_write(true).open_sender(&path)?;
        /// std::fs::remove_file(path)?;
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        pub fn read_write(&mut self, is_on: bool) -> &mut Self {
            self.is_read_write = is_on;
            self
        }
    }
}
