//! [`ReadDir`]: the names in a directory, in batches.
//!
//! Not recursive and not sorted. A small directory is one job, a large one a job for each batch, and each batch is
//! twice the size of the one before, up to a bound. The invariant: either the directory is here, or it is with the
//! one job under way; a job that was lost ends the reading with an error, then with no more entries.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::{DirEntry, run};
use crate::blocking::Operation;
use crate::coop;
use crate::runtime::spawn_operation;

/// Entries of the first batch, as many as tokio's have: who wants one name pays for little more.
const FIRST_BATCH: usize = 32;

/// Entries of a batch at most: some 100 KiB of names, and a job of well under a millisecond.
const LARGEST_BATCH: usize = 1024;

/// Reads the names in a directory, in the OS's order, without `.` and `..`.
///
/// # Errors
///
/// The OS's: it is missing, not a directory, forbidden.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// std::fs::write(dir.path().join("one"), "")?;
/// let mut entries = mini_runtime::fs::read_dir(dir.path()).await?;
/// assert_eq!(entries.next_entry().await?.unwrap().file_name(), "one");
/// assert!(entries.next_entry().await?.is_none());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn read_dir(path: impl AsRef<Path>) -> io::Result<ReadDir> {
    open(path.as_ref(), false).await
}

/// As [`read_dir`], but takes each entry's metadata along, in the same job: for a walk that wants it of every entry.
///
/// What [`DirEntry::metadata`] then answers is as old as the batch.
///
/// # Errors
///
/// As [`read_dir`].
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// std::fs::write(dir.path().join("one"), "text")?;
/// let mut total = 0;
/// let mut entries = mini_runtime::fs::read_dir_with_metadata(dir.path()).await?;
/// while let Some(entry) = entries.next_entry().await? {
///     total += entry.metadata().await?.len();
/// }
/// assert_eq!(total, 4);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn read_dir_with_metadata(path: impl AsRef<Path>) -> io::Result<ReadDir> {
    open(path.as_ref(), true).await
}

async fn open(path: &Path, with_metadata: bool) -> io::Result<ReadDir> {
    let path = path.to_owned();
    let batch = run(move || {
        let std = std::fs::read_dir(path)?;
        let batch = Batch { entries: VecDeque::new(), rest: Some(std), size: FIRST_BATCH, with_metadata };
        Ok(batch.next())
    });
    Ok(ReadDir { state: State::Here(batch.await?) })
}

/// The names in a directory, from [`read_dir`].
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// let mut entries: mini_runtime::fs::ReadDir = mini_runtime::fs::read_dir(dir.path()).await?;
/// assert!(entries.next_entry().await?.is_none());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[derive(Debug)]
#[must_use = "a directory is read entry by entry; call `next_entry`"]
pub struct ReadDir {
    state: State,
}

#[derive(Debug)]
enum State {
    Here(Batch),
    /// A job fills the next batch.
    Away(Operation<Batch>),
}

/// Entries that were read, and where the next ones come from.
#[derive(Debug)]
struct Batch {
    entries: VecDeque<io::Result<DirEntry>>,
    /// `None` once all was read.
    rest: Option<std::fs::ReadDir>,
    /// How many entries the next batch has.
    size: usize,
    with_metadata: bool,
}

impl Batch {
    /// Nothing, and nothing to come.
    const fn end() -> Self {
        Self { entries: VecDeque::new(), rest: None, size: 0, with_metadata: false }
    }

    /// Reads the next batch. Called on a thread of the pool.
    fn next(mut self) -> Self {
        let Some(std) = &mut self.rest else { return self };
        for _ in 0..self.size {
            let Some(entry) = std.next() else {
                // Closed here, not on the thread that asks.
                self.rest = None;
                break;
            };
            let is_err = entry.is_err();
            self.entries.push_back(entry.map(|entry| DirEntry::new(entry, self.with_metadata)));
            if is_err {
                break;
            }
        }
        self.size = (self.size * 2).min(LARGEST_BATCH);
        self
    }
}

impl ReadDir {
    /// The next entry; `None` after the last.
    ///
    /// # Errors
    ///
    /// The OS's, while it reads the directory.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no entry is lost.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// std::fs::create_dir(dir.path().join("sub"))?;
    /// let mut entries = mini_runtime::fs::read_dir(dir.path()).await?;
    /// while let Some(entry) = entries.next_entry().await? {
    ///     assert!(entry.file_type().await?.is_dir());
    /// }
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub async fn next_entry(&mut self) -> io::Result<Option<DirEntry>> {
        poll_fn(|cx| self.poll_next_entry(cx)).await
    }

    /// The next entry, for a `poll` of one's own.
    ///
    /// `Ready(Ok(None))` is the end. `Pending` wakes the task of the newest context when there is more.
    ///
    /// # Errors
    ///
    /// As [`next_entry`](Self::next_entry).
    ///
    /// ```
    /// use std::future::poll_fn;
    ///
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let dir = tempfile::tempdir()?;
    /// let mut entries = mini_runtime::fs::read_dir(dir.path()).await?;
    /// assert!(poll_fn(|cx| entries.poll_next_entry(cx)).await?.is_none());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn poll_next_entry(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<DirEntry>>> {
        loop {
            match &mut self.state {
                State::Here(batch) => {
                    let coop = ready!(coop::poll_proceed(cx));
                    if let Some(entry) = batch.entries.pop_front() {
                        coop.made_progress();
                        return Poll::Ready(entry.map(Some));
                    }
                    if batch.rest.is_none() {
                        coop.made_progress();
                        return Poll::Ready(Ok(None));
                    }
                    let batch = std::mem::replace(batch, Batch::end());
                    self.state = State::Away(spawn_operation(move || batch.next())?);
                }
                State::Away(job) => {
                    let batch = ready!(Pin::new(job).poll(cx));
                    self.state = State::Here(Batch::end());
                    self.state = State::Here(batch?);
                }
            }
        }
    }
}
