//! [`AtPath`]: an error that names the path it is about.
//!
//! Not what the functions of this module answer by themselves; see there. The invariant: the kind stays, and the
//! OS's own error is the source.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Adds the path to the error of an operation on a file.
///
/// The kind stays what it was, and the OS's error is to be had as the source; `raw_os_error()` is `None` from then on.
///
/// ```
/// use std::error::Error;
/// use mini_runtime::fs::{self, AtPath};
///
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let path = "/nowhere/at/all";
/// let error = fs::read(path).await.at_path(path).unwrap_err();
/// assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
/// assert_eq!(error.to_string(), "/nowhere/at/all: No such file or directory (os error 2)");
/// # });
/// ```
pub trait AtPath: Sized {
    /// Adds `path` to the error, if it is one.
    ///
    /// ```
    /// use mini_runtime::fs::AtPath;
    ///
    /// let error = std::io::Error::from(std::io::ErrorKind::NotFound).at_path("/nowhere");
    /// assert!(error.to_string().starts_with("/nowhere: "));
    /// ```
    #[must_use]
    fn at_path(self, path: impl AsRef<Path>) -> Self;
}

impl AtPath for io::Error {
    fn at_path(self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().to_owned();
        io::Error::new(self.kind(), PathError { path, source: self })
    }
}

impl<T> AtPath for io::Result<T> {
    fn at_path(self, path: impl AsRef<Path>) -> Self {
        self.map_err(|error| error.at_path(path))
    }
}

/// What failed, and on what.
#[derive(Debug)]
struct PathError {
    path: PathBuf,
    source: io::Error,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.source)
    }
}

impl Error for PathError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_kind_stays_and_the_os_error_is_the_source() {
        let error = io::Error::from_raw_os_error(13).at_path("/etc/shadow");
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        assert!(error.to_string().starts_with("/etc/shadow: "));
        let source = error.get_ref().and_then(Error::source).and_then(<dyn Error>::downcast_ref::<io::Error>);
        assert_eq!(source.unwrap().raw_os_error(), Some(13));
        assert_eq!(io::Result::Ok(7).at_path("unused").unwrap(), 7);
    }
}
