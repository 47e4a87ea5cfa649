//! [`AcceptFailure`]: what an accept that failed asks for. Each platform must define:
//!
//! - `OUT_OF_RESOURCES`: error codes of an accept that found no descriptor or memory; the connection waits.
//! - `PEER_GONE`: error codes of an accept whose connection died in the backlog; the next one may be fine.

/// What to do about an accept that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AcceptFailure {
    /// Nothing to accept: wait.
    WouldBlock,
    /// This connection is gone: try the next.
    PeerGone,
    /// No descriptor or memory: tell the caller, and pause.
    OutOfResources,
    /// Tell the caller.
    Other,
}

impl AcceptFailure {
    /// What `error` asks for.
    pub(super) fn of(error: &std::io::Error) -> Self {
        let is_one_of = |codes: &[i32]| error.raw_os_error().is_some_and(|code| codes.contains(&code));
        match error.kind() {
            std::io::ErrorKind::WouldBlock => Self::WouldBlock,
            std::io::ErrorKind::Interrupted | std::io::ErrorKind::ConnectionAborted => Self::PeerGone,
            _ if is_one_of(platform::PEER_GONE) => Self::PeerGone,
            _ if is_one_of(platform::OUT_OF_RESOURCES) => Self::OutOfResources,
            _ => Self::Other,
        }
    }
}

#[cfg(unix)]
mod platform {
    pub(super) const OUT_OF_RESOURCES: &[i32] = &[libc::EMFILE, libc::ENFILE, libc::ENOBUFS, libc::ENOMEM];
    pub(super) const PEER_GONE: &[i32] = &[libc::EPROTO];
}

#[cfg(windows)]
mod platform {
    /// WSAEMFILE and WSAENOBUFS.
    pub(super) const OUT_OF_RESOURCES: &[i32] = &[10024, 10055];
    /// WSAECONNRESET.
    pub(super) const PEER_GONE: &[i32] = &[10054];
}
