//! What is asked about a path, and what is done to the name it stands for.
//!
//! Not to what is in a file. Each function is one job.

use std::fs::{Metadata, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use super::run;

/// The absolute path, with all symbolic links followed.
///
/// # Errors
///
/// The OS's: nothing is there, or something on the way is not a directory.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// let path = mini_runtime::fs::canonicalize(dir.path().join(".").join("..")).await?;
/// assert_eq!(path, dir.path().parent().unwrap().canonicalize()?);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn canonicalize(path: impl AsRef<Path>) -> io::Result<PathBuf> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::canonicalize(path)).await
}

/// What is known of a file or directory, with symbolic links followed.
///
/// # Errors
///
/// The OS's: nothing is there, or a directory on the way may not be searched.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(file.path(), "text")?;
/// assert_eq!(mini_runtime::fs::metadata(file.path()).await?.len(), 4);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn metadata(path: impl AsRef<Path>) -> io::Result<Metadata> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::metadata(path)).await
}

/// As [`metadata`], but of a symbolic link itself.
///
/// # Errors
///
/// As [`metadata`].
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// # #[cfg(unix)]
/// std::os::unix::fs::symlink("nowhere", dir.path().join("link"))?;
/// # #[cfg(unix)]
/// assert!(mini_runtime::fs::symlink_metadata(dir.path().join("link")).await?.is_symlink());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn symlink_metadata(path: impl AsRef<Path>) -> io::Result<Metadata> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::symlink_metadata(path)).await
}

/// Whether something is there, with symbolic links followed.
///
/// # Errors
///
/// If that cannot be told: a directory on the way may not be searched, for one.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// assert!(mini_runtime::fs::try_exists(dir.path()).await?);
/// assert!(!mini_runtime::fs::try_exists(dir.path().join("missing")).await?);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn try_exists(path: impl AsRef<Path>) -> io::Result<bool> {
    let path = path.as_ref().to_owned();
    run(move || path.try_exists()).await
}

/// Changes who may do what with a file or directory.
///
/// # Errors
///
/// The OS's: nothing is there, or it belongs to somebody else.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("file");
/// std::fs::write(&path, "")?;
/// let mut permissions = path.metadata()?.permissions();
/// permissions.set_readonly(true);
/// mini_runtime::fs::set_permissions(&path, permissions).await?;
/// assert!(path.metadata()?.permissions().readonly());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn set_permissions(path: impl AsRef<Path>, perm: Permissions) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::set_permissions(path, perm)).await
}

/// Gives a file or directory another name, in the place of a file of that name.
///
/// # Errors
///
/// The OS's: `from` is missing, `to` is on another file system or a directory that is not empty.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// std::fs::write(dir.path().join("one"), "text")?;
/// mini_runtime::fs::rename(dir.path().join("one"), dir.path().join("two")).await?;
/// assert_eq!(std::fs::read_to_string(dir.path().join("two"))?, "text");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn rename(from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<()> {
    let (from, to) = (from.as_ref().to_owned(), to.as_ref().to_owned());
    run(move || std::fs::rename(from, to)).await
}

/// Gives a file a second name, on the same file system.
///
/// # Errors
///
/// The OS's: `original` is missing or a directory, there is something at `link`.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// std::fs::write(dir.path().join("one"), "text")?;
/// mini_runtime::fs::hard_link(dir.path().join("one"), dir.path().join("two")).await?;
/// std::fs::remove_file(dir.path().join("one"))?;
/// assert_eq!(std::fs::read_to_string(dir.path().join("two"))?, "text");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn hard_link(original: impl AsRef<Path>, link: impl AsRef<Path>) -> io::Result<()> {
    let (original, link) = (original.as_ref().to_owned(), link.as_ref().to_owned());
    run(move || std::fs::hard_link(original, link)).await
}

/// What a symbolic link says.
///
/// # Errors
///
/// The OS's: nothing is there, or it is not a symbolic link.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// # #[cfg(unix)] {
/// std::os::unix::fs::symlink("target", dir.path().join("link"))?;
/// assert_eq!(mini_runtime::fs::read_link(dir.path().join("link")).await?.as_os_str(), "target");
/// # }
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn read_link(path: impl AsRef<Path>) -> io::Result<PathBuf> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::read_link(path)).await
}

/// Removes the name of a file. The file itself goes when its last name and its last descriptor are gone.
///
/// # Errors
///
/// The OS's: it is missing, a directory, or forbidden.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let dir = tempfile::tempdir()?;
/// std::fs::write(dir.path().join("file"), "text")?;
/// mini_runtime::fs::remove_file(dir.path().join("file")).await?;
/// assert!(!dir.path().join("file").exists());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn remove_file(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    run(move || std::fs::remove_file(path)).await
}
