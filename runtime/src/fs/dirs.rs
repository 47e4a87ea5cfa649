//! Directories made and removed.
//!
//! Not read: that is `read_dir`'s. Each function is one job.

use std::io;
use std::path::Path;

use super::run;

/// Makes a directory.
///
/// # Errors
///
/// The OS's: there is something of that name, the directory above is missing, it is forbidden.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// mini_runtime::fs::create_dir(dir.path().join("new")).await?;
/// assert!(dir.path().join("new").is_dir());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn create_dir(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::create_dir(path)).await
}

/// Makes a directory and all those above it that are missing. That it is there already is no error.
///
/// # Errors
///
/// The OS's, with those above that could be made made.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// mini_runtime::fs::create_dir_all(dir.path().join("a/b/c")).await?;
/// assert!(dir.path().join("a/b/c").is_dir());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn create_dir_all(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::create_dir_all(path)).await
}

/// Removes an empty directory.
///
/// # Errors
///
/// The OS's: it is missing, or not empty, or not a directory, or it is forbidden.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// std::fs::create_dir(dir.path().join("empty"))?;
/// mini_runtime::fs::remove_dir(dir.path().join("empty")).await?;
/// assert!(!dir.path().join("empty").exists());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn remove_dir(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::remove_dir(path)).await
}

/// Removes a directory with everything in it. Symbolic links are removed, not followed.
///
/// # Errors
///
/// The OS's, with part of it removed.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// std::fs::create_dir_all(dir.path().join("a/b"))?;
/// std::fs::write(dir.path().join("a/b/file"), "text")?;
/// mini_runtime::fs::remove_dir_all(dir.path().join("a")).await?;
/// assert!(!dir.path().join("a").exists());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn remove_dir_all(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::remove_dir_all(path)).await
}
