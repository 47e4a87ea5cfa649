//! [`SocketAddr`]: the address of a Unix socket: a path, an abstract name, or none.
//!
//! Not what a user gives, which is a path: [`of_path`] makes one of the other.

use socket2::SockAddr;
use std::fmt;
use std::io;
use std::os::unix::net;
use std::path::Path;

/// The address of a Unix socket.
///
/// ```
/// use mini_net::net::UnixStream;
///
/// # futures::executor::block_on(async {
/// let (ours, _theirs) = UnixStream::pair()?;
/// assert!(ours.local_addr()?.is_unnamed());
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct SocketAddr(pub(super) net::SocketAddr);

impl SocketAddr {
    /// Whether it is neither a path nor a name: that of a socket that nobody bound.
    ///
    /// ```
    /// use mini_net::net::UnixDatagram;
    ///
    /// assert!(UnixDatagram::unbound()?.local_addr()?.is_unnamed());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn is_unnamed(&self) -> bool {
        self.0.is_unnamed()
    }

    /// The path, if it is one.
    ///
    /// ```
    /// use mini_net::net::UnixDatagram;
    ///
    /// let path = std::env::temp_dir().join(format!("mini-doc-pathname-{}", std::process::id()));
    /// let socket = UnixDatagram::bind(&path)?;
    /// assert_eq!(socket.local_addr()?.as_pathname(), Some(&*path));
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn as_pathname(&self) -> Option<&Path> {
        self.0.as_pathname()
    }
}

impl fmt::Debug for SocketAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<net::SocketAddr> for SocketAddr {
    fn from(address: net::SocketAddr) -> Self {
        Self(address)
    }
}

impl From<SocketAddr> for net::SocketAddr {
    fn from(address: SocketAddr) -> Self {
        address.0
    }
}

/// The address that a user means by a path.
pub(super) fn of_path(path: &Path) -> io::Result<net::SocketAddr> {
    match names::abstract_name(path) {
        Some(name) => names::of_abstract_name(name),
        None => net::SocketAddr::from_pathname(path),
    }
}

/// [`of_path`], as socket2 has it.
pub(super) fn for_socket2(path: &Path) -> io::Result<SockAddr> {
    // std's checks first: socket2 would cut a path at a NUL byte.
    of_path(path)?;
    SockAddr::unix(path)
}

/// The address that the OS told of a sender; one that it did not tell is unnamed.
pub(super) fn of_sender(address: &SockAddr) -> io::Result<SocketAddr> {
    let address = match (address.as_pathname(), address.as_abstract_namespace()) {
        (Some(path), _) => net::SocketAddr::from_pathname(path),
        (None, Some(name)) => names::of_abstract_name(name),
        (None, None) => net::SocketAddr::from_pathname(""),
    };
    address.map(SocketAddr)
}

/// Abstract names, which Linux has.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod names {
    use super::{Path, SocketAddr, io, net};
    #[cfg(target_os = "android")]
    use std::os::android::net::SocketAddrExt;
    #[cfg(target_os = "linux")]
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::ffi::OsStrExt;

    /// What follows the NUL byte of a path that begins with one.
    pub(super) fn abstract_name(path: &Path) -> Option<&[u8]> {
        path.as_os_str().as_bytes().strip_prefix(b"\0")
    }

    pub(super) fn of_abstract_name(name: &[u8]) -> io::Result<net::SocketAddr> {
        net::SocketAddr::from_abstract_name(name)
    }

    impl SocketAddr {
        /// The abstract name, without the NUL byte before it, if it is one.
        ///
        /// ```
        /// use mini_net::net::UnixListener;
        ///
        /// # futures::executor::block_on(async {
        /// let name = format!("mini-doc-abstract-{}", std::process::id());
        /// let listener = UnixListener::bind(format!("\0{name}"))?;
        /// assert_eq!(listener.local_addr()?.as_abstract_name(), Some(name.as_bytes()));
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        pub fn as_abstract_name(&self) -> Option<&[u8]> {
            self.0.as_abstract_name()
        }
    }
}

/// Elsewhere there are none.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod names {
    use super::{Path, io, net};

    pub(super) fn abstract_name(_path: &Path) -> Option<&[u8]> {
        None
    }

    pub(super) fn of_abstract_name(_name: &[u8]) -> io::Result<net::SocketAddr> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "abstract names of sockets are Linux's alone"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_sender_is_a_path_a_name_or_unnamed() -> io::Result<()> {
        let path = of_sender(&SockAddr::unix("/tmp/x")?)?;
        assert_eq!(path.as_pathname(), Some(Path::new("/tmp/x")));
        assert!(of_sender(&SockAddr::unix("")?)?.is_unnamed());
        let untold = "127.0.0.1:1".parse::<std::net::SocketAddr>().expect("a literal");
        assert!(of_sender(&untold.into())?.is_unnamed());
        Ok(())
    }

    #[test]
    fn a_path_that_cannot_be_an_address_is_an_error() {
        assert_eq!(of_path(Path::new("a\0b")).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert_eq!(of_path(Path::new(&"x".repeat(200))).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
}
