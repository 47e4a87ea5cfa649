//! What only unix has: permission bits, flags of `open(2)`, inode numbers, symbolic links.
//!
//! tokio has these as plain methods, not as extension traits, and so have we.

use std::io;
use std::os::unix::fs::{DirBuilderExt, DirEntryExt, OpenOptionsExt};
use std::path::Path;

use super::{DirBuilder, DirEntry, OpenOptions, run};

pub(super) fn set_dir_mode(builder: &mut std::fs::DirBuilder, mode: u32) {
    builder.mode(mode);
}

impl DirBuilder {
    /// The permission bits of the new directory, less those of the process's mask. 0o777 if never called.
    ///
    /// ```
    /// use std::os::unix::fs::PermissionsExt;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("private");
    /// mini_runtime::fs::DirBuilder::new().mode(0o700).create(&path).await?;
    /// assert_eq!(path.metadata()?.permissions().mode() & 0o777, 0o700);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn mode(&mut self, mode: u32) -> &mut Self {
        self.mode = Some(mode);
        self
    }
}

impl OpenOptions {
    /// The permission bits of a file that is made, less those of the process's mask. 0o666 if never called.
    ///
    /// ```
    /// use std::os::unix::fs::PermissionsExt;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("private");
    /// mini_runtime::fs::OpenOptions::new().write(true).create(true).mode(0o600).open(&path).await?;
    /// assert_eq!(path.metadata()?.permissions().mode() & 0o777, 0o600);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn mode(&mut self, mode: u32) -> &mut Self {
        self.std.mode(mode);
        self
    }

    /// Flags passed to `open(2)` besides those that the other settings stand for.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("link");
    /// std::os::unix::fs::symlink("elsewhere", &path)?;
    /// # const O_NOFOLLOW: i32 = 0o400000;
    /// let opened = mini_runtime::fs::OpenOptions::new().read(true).custom_flags(O_NOFOLLOW).open(&path).await;
    /// # #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    /// assert_eq!(opened.unwrap_err().raw_os_error(), Some(40));
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn custom_flags(&mut self, flags: i32) -> &mut Self {
        self.std.custom_flags(flags);
        self
    }
}

impl DirEntry {
    /// The number of the inode, as the directory says. At a mount point it is that of what is hidden below.
    ///
    /// ```
    /// use std::os::unix::fs::MetadataExt;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// std::fs::write(dir.path().join("one"), "")?;
    /// let mut entries = mini_runtime::fs::read_dir(dir.path()).await?;
    /// let entry = entries.next_entry().await?.unwrap();
    /// assert_eq!(entry.ino(), dir.path().join("one").metadata()?.ino());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn ino(&self) -> u64 {
        self.as_std().ino()
    }
}

/// Makes a symbolic link at `link` that says `original`, whether or not there is such a file.
///
/// # Errors
///
/// The OS's: there is something at `link`, it is forbidden.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// let link = dir.path().join("link");
/// mini_runtime::fs::symlink("target", &link).await?;
/// assert_eq!(std::fs::read_link(&link)?.as_os_str(), "target");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn symlink(original: impl AsRef<Path>, link: impl AsRef<Path>) -> io::Result<()> {
    let (original, link) = (original.as_ref().to_owned(), link.as_ref().to_owned());
    run(move || std::os::unix::fs::symlink(original, link)).await
}
