//! [`FileTimes`]: which times of a file to set.
//!
//! Holds them only; `File::set_times` applies them.

use std::time::SystemTime;

/// Times for [`File::set_times`](super::File::set_times); those that are not named stay as they are.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use mini_runtime::fs::{File, FileTimes};
///
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// let file = File::create(dir.path().join("old")).await?;
/// let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
/// file.set_times(FileTimes::new().set_accessed(then).set_modified(then)).await?;
/// assert_eq!(file.metadata().await?.modified()?, then);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "has an effect only when given to `File::set_times`"]
pub struct FileTimes(std::fs::FileTimes);

impl FileTimes {
    /// No time at all.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let file = mini_runtime::fs::File::create(dir.path().join("file")).await?;
    /// let before = file.metadata().await?.modified()?;
    /// file.set_times(mini_runtime::fs::FileTimes::new()).await?;
    /// assert_eq!(file.metadata().await?.modified()?, before);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// When it was last read.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use mini_runtime::fs::{File, FileTimes};
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let file = File::create(dir.path().join("old")).await?;
    /// let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    /// file.set_times(FileTimes::new().set_accessed(then)).await?;
    /// assert_eq!(file.metadata().await?.accessed()?, then);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn set_accessed(self, time: SystemTime) -> Self {
        Self(self.0.set_accessed(time))
    }

    /// When it was last written.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use mini_runtime::fs::{File, FileTimes};
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let file = File::create(dir.path().join("old")).await?;
    /// let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    /// file.set_times(FileTimes::new().set_modified(then)).await?;
    /// let metadata = file.metadata().await?;
    /// assert_eq!(metadata.modified()?, then);
    /// assert_ne!(metadata.accessed()?, then);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn set_modified(self, time: SystemTime) -> Self {
        Self(self.0.set_modified(time))
    }

    pub(super) fn into_std(self) -> std::fs::FileTimes {
        self.0
    }
}
