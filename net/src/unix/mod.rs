//! Unix sockets and pipes: [`UnixListener`], [`UnixStream`] and its halves, [`UnixDatagram`], [`UnixSocket`], addresses,
//! credentials, and [`pipe`].
//!
//! What they share with TCP and UDP is `socket`'s. A path that begins with a NUL byte is an abstract name, on Linux,
//! wherever a path is asked for.
//!
//! What is not guaranteed: readiness may be spurious. A datagram socket that is not connected, and sends to one whose
//! queue others have filled, is not woken when that queue empties: Linux tells only senders that are connected, or whose
//! own datagrams were taken.

/// For the examples: two streams, connected to each other.
macro_rules! unix_pair {
    () => {
        r#"# use mini_net::net::UnixStream;
let (mut ours, mut theirs) = UnixStream::pair()?;"#
    };
}

/// For the examples: a listener.
macro_rules! unix_listener {
    () => {
        r#"# use mini_net::net::UnixListener;
# let name = format!("\0mini-doc-{}-{:?}", std::process::id(), std::time::Instant::now());
let ours = UnixListener::bind(name)?;"#
    };
}

/// For the examples: two datagram sockets, connected to each other.
macro_rules! unix_datagram_pair {
    () => {
        r#"# use mini_net::net::UnixDatagram;
let (ours, theirs) = UnixDatagram::pair()?;"#
    };
}

mod address;
mod credentials;
mod datagram;
mod halves;
mod listener;
pub mod pipe;
mod socket;
mod stream;

pub use address::SocketAddr;
pub use credentials::UCred;
pub use datagram::UnixDatagram;
pub use halves::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, WriteHalf};
pub use listener::UnixListener;
pub use socket::UnixSocket;
pub use stream::UnixStream;

/// The type of a user's number.
///
/// ```
/// use mini_net::net::UnixStream;
/// use mini_net::net::unix::uid_t;
///
/// # fn main() -> std::io::Result<()> {
/// let (near, _far) = UnixStream::pair()?;
/// let user: uid_t = near.peer_cred()?.uid();
/// # assert_eq!(user, near.peer_cred()?.uid());
/// # Ok(())
/// # }
/// ```
#[allow(non_camel_case_types)]
pub type uid_t = u32;

/// The type of a group's number.
///
/// ```
/// use mini_net::net::UnixStream;
/// use mini_net::net::unix::gid_t;
///
/// # fn main() -> std::io::Result<()> {
/// let (near, _far) = UnixStream::pair()?;
/// let group: gid_t = near.peer_cred()?.gid();
/// # assert_eq!(group, near.peer_cred()?.gid());
/// # Ok(())
/// # }
/// ```
#[allow(non_camel_case_types)]
pub type gid_t = u32;

/// The type of a process's number.
///
/// ```
/// use mini_net::net::UnixStream;
/// use mini_net::net::unix::pid_t;
///
/// # fn main() -> std::io::Result<()> {
/// let (near, _far) = UnixStream::pair()?;
/// let process: Option<pid_t> = near.peer_cred()?.pid();
/// assert_eq!(process, pid_t::try_from(std::process::id()).ok());
/// # Ok(())
/// # }
/// ```
#[allow(non_camel_case_types)]
pub type pid_t = i32;
