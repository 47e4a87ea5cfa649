//! What can be done to an open [`File`] besides reading, writing and seeking.
//!
//! Each operation is one job. Those that a write under way would make wrong wait for it first.

use std::fs::{File as StdFile, Metadata, Permissions};
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use super::File;
use super::inner::Ended;
use crate::fs::{FileTimes, run};
use crate::runtime::yield_now;

impl File {
    /// Waits until all that was written, and what is known of the file, is on the disk.
    ///
    /// # Errors
    ///
    /// That of a write before, if no write or flush has reported it; the OS's.
    ///
    /// ```
    /// use mini_runtime::io::AsyncWriteExt;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let mut file = mini_runtime::fs::File::create(dir.path().join("kept")).await?;
    /// file.write_all(b"text").await?;
    /// file.sync_all().await?;
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn sync_all(&self) -> io::Result<()> {
        self.written().await?;
        let std = self.std.clone();
        run(move || std.sync_all()).await
    }

    /// As [`sync_all`](Self::sync_all), but of what is known of the file only what is needed to read it again.
    ///
    /// # Errors
    ///
    /// As [`sync_all`](Self::sync_all).
    ///
    /// ```
    /// use mini_runtime::io::AsyncWriteExt;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let mut file = mini_runtime::fs::File::create(dir.path().join("kept")).await?;
    /// file.write_all(b"text").await?;
    /// file.sync_data().await?;
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn sync_data(&self) -> io::Result<()> {
        self.written().await?;
        let std = self.std.clone();
        run(move || std.sync_data()).await
    }

    /// Cuts the file to this length, or extends it with zeros. The position stays.
    ///
    /// # Errors
    ///
    /// The OS's: it is not open for writing, the disk is full.
    ///
    /// # Cancel safety
    ///
    /// Once polled it is carried out, and later operations wait for it.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = tempfile::NamedTempFile::new()?;
    /// std::fs::write(named.path(), "text")?;
    /// let file = mini_runtime::fs::File::options().write(true).open(named.path()).await?;
    /// file.set_len(6).await?;
    /// assert_eq!(std::fs::read(named.path())?, b"text\0\0");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn set_len(&self, size: u64) -> io::Result<()> {
        let mut inner = self.inner.lock().await;
        inner.settle().await;
        inner.start_set_len(&self.std, size)?;
        match poll_fn(|cx| inner.poll_settle(cx)).await {
            Ended::SetLen(result) => result,
            // The lock is ours, so this is the job that was started.
            Ended::Idle | Ended::Read(_) | Ended::Write(_) | Ended::Seek(_) => Ok(()),
        }
    }

    /// What is known of the file, now: a write under way may or may not be counted.
    ///
    /// # Errors
    ///
    /// The OS's.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = tempfile::NamedTempFile::new()?;
    /// std::fs::write(named.path(), "text")?;
    /// let file = mini_runtime::fs::File::open(named.path()).await?;
    /// assert_eq!(file.metadata().await?.len(), 4);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn metadata(&self) -> io::Result<Metadata> {
        let std = self.std.clone();
        run(move || std.metadata()).await
    }

    /// A second `File` for the same open file. The two share one position, and neither reads ahead from now on.
    ///
    /// # Errors
    ///
    /// The OS's: there are too many descriptors.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncReadExt, AsyncSeekExt};
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = tempfile::NamedTempFile::new()?;
    /// std::fs::write(named.path(), "text")?;
    /// let mut one = mini_runtime::fs::File::open(named.path()).await?;
    /// let mut two = one.try_clone().await?;
    /// assert_eq!((one.read_u8().await?, two.read_u8().await?), (b't', b'e'));
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn try_clone(&self) -> io::Result<Self> {
        // Before the descriptor is doubled, so that the position is the user's for both.
        self.inner.lock().await.settle().await;
        self.publish();
        let std = self.std.clone();
        let mut clone = Self::from_std(run(move || std.try_clone()).await?);
        clone.max_buf_size = self.max_buf_size;
        Ok(clone)
    }

    /// The file as one of std's, with the position where it was, after what is under way has ended.
    ///
    /// The error of a write that was not reported is lost: flush first.
    ///
    /// ```
    /// use std::io::Read;
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = tempfile::NamedTempFile::new()?;
    /// std::fs::write(named.path(), "text")?;
    /// let mut file = mini_runtime::fs::File::open(named.path()).await?;
    /// assert_eq!(file.read_u8().await?, b't');
    /// let mut rest = String::new();
    /// file.into_std().await.read_to_string(&mut rest)?;
    /// assert_eq!(rest, "ext");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn into_std(mut self) -> StdFile {
        let inner = self.inner.get_mut();
        inner.settle().await;
        inner.give_back(&self.std);
        let mut std = self.std;
        loop {
            // A job whose future was dropped, a sync say, may still have the file.
            std = match Arc::try_unwrap(std) {
                Ok(std) => return std,
                Err(shared) => shared,
            };
            if let Ok(clone) = std.try_clone() {
                return clone;
            }
            // No descriptor left for a second one: wait for that job to give the first one back.
            yield_now().await;
        }
    }

    /// The file as one of std's, at once, if nothing is under way.
    ///
    /// # Errors
    ///
    /// The `File` itself, if something is.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = tempfile::NamedTempFile::new()?;
    /// let file = mini_runtime::fs::File::open(named.path()).await?;
    /// assert!(file.try_into_std().unwrap().metadata()?.is_file());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[allow(clippy::result_large_err)] // tokio's signature.
    pub fn try_into_std(mut self) -> Result<StdFile, Self> {
        let inner = self.inner.get_mut();
        inner.settle_now();
        inner.give_back(&self.std);
        match Arc::try_unwrap(self.std) {
            Ok(std) => Ok(std),
            Err(std) => {
                self.std = std;
                Err(self)
            }
        }
    }

    /// Changes who may do what with the file.
    ///
    /// # Errors
    ///
    /// The OS's: it belongs to somebody else.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = tempfile::NamedTempFile::new()?;
    /// let file = mini_runtime::fs::File::open(named.path()).await?;
    /// let mut permissions = file.metadata().await?.permissions();
    /// permissions.set_readonly(true);
    /// file.set_permissions(permissions).await?;
    /// assert!(file.metadata().await?.permissions().readonly());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn set_permissions(&self, perm: Permissions) -> io::Result<()> {
        let std = self.std.clone();
        run(move || std.set_permissions(perm)).await
    }

    /// Sets when the file was last read and written, after what is under way has ended.
    ///
    /// # Errors
    ///
    /// The OS's: it belongs to somebody else.
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
    /// assert_eq!(file.metadata().await?.modified()?, then);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn set_times(&self, times: FileTimes) -> io::Result<()> {
        // Or the write under way would set them again.
        self.inner.lock().await.settle().await;
        let std = self.std.clone();
        run(move || std.set_times(times.into_std())).await
    }

    /// [`set_times`](Self::set_times) with the time of the last write alone.
    ///
    /// # Errors
    ///
    /// As [`set_times`](Self::set_times).
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let file = mini_runtime::fs::File::create(dir.path().join("old")).await?;
    /// let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    /// file.set_modified(then).await?;
    /// assert_eq!(file.metadata().await?.modified()?, then);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn set_modified(&self, time: SystemTime) -> io::Result<()> {
        self.set_times(FileTimes::new().set_modified(time)).await
    }

    /// Sets how many bytes one job moves at most, and so how much is accepted by a write while another is under way,
    /// and read ahead. 2 MiB if never called.
    ///
    /// # Panics
    ///
    /// If it is 0.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = tempfile::NamedTempFile::new()?;
    /// std::fs::write(named.path(), "text")?;
    /// let mut file = mini_runtime::fs::File::open(named.path()).await?;
    /// file.set_max_buf_size(2);
    /// assert_eq!(file.read(&mut [0; 4]).await?, 2);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[track_caller]
    pub fn set_max_buf_size(&mut self, max_buf_size: usize) {
        assert!(
            max_buf_size > 0,
            "`max_buf_size` must be greater than 0: a file moves at least a byte at a time"
        );
        self.max_buf_size = max_buf_size;
    }

    /// How many bytes one job moves at most.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = tempfile::NamedTempFile::new()?;
    /// let mut file = mini_runtime::fs::File::open(named.path()).await?;
    /// file.set_max_buf_size(4096);
    /// assert_eq!(file.max_buf_size(), 4096);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn max_buf_size(&self) -> usize {
        self.max_buf_size
    }

    /// Waits until what was accepted is written.
    async fn written(&self) -> io::Result<()> {
        let mut inner = self.inner.lock().await;
        inner.settle().await;
        inner.take_write_error()
    }
}
