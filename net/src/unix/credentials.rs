//! [`UCred`]: who is at the other end of a Unix stream, as the OS noted when they connected.
//!
//! All unsafe code of Unix sockets is here: one call of the OS's that std does not have.

use super::{gid_t, pid_t, uid_t};
use std::io;
use std::os::fd::BorrowedFd;

/// Who is at the other end of a Unix stream.
///
/// ```
/// use mini_net::net::UnixStream;
///
/// # futures::executor::block_on(async {
/// let (ours, _theirs) = UnixStream::pair()?;
/// let peer = ours.peer_cred()?;
/// # #[cfg(target_os = "linux")]
/// assert_eq!(peer.pid(), Some(std::process::id() as i32));
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UCred {
    pid: Option<pid_t>,
    uid: uid_t,
    gid: gid_t,
}

impl UCred {
    /// The user's number.
    ///
    /// ```
    /// use mini_net::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (ours, theirs) = UnixStream::pair()?;
    /// assert_eq!(ours.peer_cred()?.uid(), theirs.peer_cred()?.uid());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn uid(&self) -> uid_t {
        self.uid
    }

    /// The group's number.
    ///
    /// ```
    /// use mini_net::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (ours, theirs) = UnixStream::pair()?;
    /// assert_eq!(ours.peer_cred()?.gid(), theirs.peer_cred()?.gid());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn gid(&self) -> gid_t {
        self.gid
    }

    /// The process's number, where the OS tells it; Linux does.
    ///
    /// ```
    /// use mini_net::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (ours, _theirs) = UnixStream::pair()?;
    /// # #[cfg(target_os = "linux")]
    /// assert_eq!(ours.peer_cred()?.pid(), Some(std::process::id() as i32));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn pid(&self) -> Option<pid_t> {
        self.pid
    }
}

pub(super) use platform::of_peer;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod platform {
    use super::{BorrowedFd, UCred, io};
    use std::os::fd::AsRawFd;

    /// Who is at the other end of this stream.
    pub(in super::super) fn of_peer(stream: BorrowedFd<'_>) -> io::Result<UCred> {
        let mut peer = libc::ucred { pid: 0, uid: 0, gid: 0 };
        let mut length = size_of::<libc::ucred>() as libc::socklen_t;
        // SAFETY: the descriptor is open while it is borrowed; `peer` is `length` bytes long, all of which may hold
        // any value, and both live through the call.
        let result = unsafe {
            libc::getsockopt(
                stream.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_PEERCRED,
                (&raw mut peer).cast(),
                &raw mut length,
            )
        };
        match result {
            0 => Ok(UCred { pid: Some(peer.pid), uid: peer.uid, gid: peer.gid }),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod platform {
    use super::{BorrowedFd, UCred, io};
    use std::os::fd::AsRawFd;

    /// Who is at the other end of this stream.
    pub(in super::super) fn of_peer(stream: BorrowedFd<'_>) -> io::Result<UCred> {
        let (mut uid, mut gid) = (0, 0);
        // SAFETY: the descriptor is open while it is borrowed; the two numbers live through the call.
        match unsafe { libc::getpeereid(stream.as_raw_fd(), &raw mut uid, &raw mut gid) } {
            0 => Ok(UCred { pid: None, uid, gid }),
            _ => Err(io::Error::last_os_error()),
        }
    }
}
