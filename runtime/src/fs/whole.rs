//! Files read, written and copied as a whole.
//!
//! Not through `File`, which would take several jobs: each function here is one, whatever the file's size.

use std::io;
use std::path::Path;

use super::run;
use crate::runtime::spawn_mandatory_operation;

/// Reads a file to its end.
///
/// # Errors
///
/// The OS's: it is missing, it is forbidden, it is a directory.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(file.path(), [1, 2, 3])?;
/// assert_eq!(mini_runtime::fs::read(file.path()).await?, [1, 2, 3]);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn read(path: impl AsRef<Path>) -> io::Result<Vec<u8>> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::read(path)).await
}

/// Reads a file of text to its end.
///
/// # Errors
///
/// As [`read`], and `InvalidData` if it is not UTF-8.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(file.path(), "text")?;
/// assert_eq!(mini_runtime::fs::read_to_string(file.path()).await?, "text");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn read_to_string(path: impl AsRef<Path>) -> io::Result<String> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::read_to_string(path)).await
}

/// Makes a file of these contents, in the place of the one that is there, if there is one.
///
/// Once polled, it is carried out even if the future is dropped or the runtime ends.
///
/// # Errors
///
/// The OS's: it is forbidden, there is a directory of that name, the disk is full. A part may be written.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let file = tempfile::NamedTempFile::new()?;
/// mini_runtime::fs::write(file.path(), "text").await?;
/// assert_eq!(std::fs::read_to_string(file.path())?, "text");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn write(path: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    let contents = contents.as_ref().to_vec();
    spawn_mandatory_operation(move || std::fs::write(path, contents))?.await?
}

/// Copies the contents and the permissions of a file to another, and answers the length.
///
/// # Errors
///
/// The OS's: `from` is missing or not a file, `to` cannot be written.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// std::fs::write(dir.path().join("one"), "text")?;
/// assert_eq!(mini_runtime::fs::copy(dir.path().join("one"), dir.path().join("two")).await?, 4);
/// assert_eq!(std::fs::read_to_string(dir.path().join("two"))?, "text");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn copy(from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<u64> {
    let (from, to) = (from.as_ref().to_owned(), to.as_ref().to_owned());
    run(move || std::fs::copy(from, to)).await
}
