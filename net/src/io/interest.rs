//! [`Interest`]: what a wait for readiness asks for.
//!
//! Not what was found: that is [`Ready`](super::Ready). An interest is never empty.

use std::fmt;
use std::ops;

/// What to wait for on a socket or file descriptor.
///
/// ```
/// use mini_net::io::Interest;
///
/// let both = Interest::READABLE | Interest::WRITABLE;
/// assert!(both.is_readable() && both.is_writable());
/// assert_eq!(both.remove(Interest::READABLE), Some(Interest::WRITABLE));
/// assert_eq!(Interest::READABLE.remove(Interest::READABLE), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interest(u8);

const READABLE: u8 = 1;
const WRITABLE: u8 = 1 << 1;
const ERROR: u8 = 1 << 2;
const PRIORITY: u8 = 1 << 3;

impl Interest {
    /// Something to read, the end of the stream included.
    ///
    /// ```
    /// use mini_net::io::Interest;
    /// use mini_net::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (near, far) = UnixStream::pair()?;
    /// far.try_write(b"x")?;
    /// assert!(near.ready(Interest::READABLE).await?.is_readable());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub const READABLE: Self = Self(READABLE);

    /// Room to write, or a peer that no longer reads.
    ///
    /// ```
    /// use mini_net::io::Interest;
    /// use mini_net::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (near, _far) = UnixStream::pair()?;
    /// assert!(near.ready(Interest::WRITABLE).await?.is_writable());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub const WRITABLE: Self = Self(WRITABLE);

    /// An error state, reported apart from the other two. The OS always reports it; this asks to wait for it.
    ///
    /// ```
    /// use mini_net::io::Interest;
    ///
    /// let interest = Interest::READABLE | Interest::ERROR;
    /// assert!(interest.is_error() && !interest.is_writable());
    /// ```
    pub const ERROR: Self = Self(ERROR);

    /// Out-of-band data (`EPOLLPRI`).
    ///
    /// ```
    /// use mini_net::io::Interest;
    ///
    /// let interest = Interest::READABLE.add(Interest::PRIORITY);
    /// assert!(interest.is_priority());
    /// ```
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub const PRIORITY: Self = Self(PRIORITY);

    /// Both directions: what every socket registers.
    pub(crate) const BOTH: Self = Self(READABLE | WRITABLE);

    /// Whether reading is asked for.
    ///
    /// ```
    /// use mini_net::io::Interest;
    ///
    /// assert!(Interest::READABLE.is_readable());
    /// assert!(!Interest::WRITABLE.is_readable());
    /// ```
    pub const fn is_readable(self) -> bool {
        self.0 & READABLE != 0
    }

    /// Whether writing is asked for.
    ///
    /// ```
    /// use mini_net::io::Interest;
    ///
    /// assert!(Interest::WRITABLE.is_writable());
    /// assert!(!Interest::READABLE.is_writable());
    /// ```
    pub const fn is_writable(self) -> bool {
        self.0 & WRITABLE != 0
    }

    /// Whether errors are asked for.
    ///
    /// ```
    /// use mini_net::io::Interest;
    ///
    /// assert!(Interest::ERROR.is_error());
    /// assert!(!Interest::READABLE.is_error());
    /// ```
    pub const fn is_error(self) -> bool {
        self.0 & ERROR != 0
    }

    /// Whether out-of-band data is asked for.
    ///
    /// ```
    /// use mini_net::io::Interest;
    ///
    /// assert!(!Interest::READABLE.is_priority());
    /// # #[cfg(any(target_os = "linux", target_os = "android"))]
    /// assert!(Interest::PRIORITY.is_priority());
    /// ```
    pub const fn is_priority(self) -> bool {
        self.0 & PRIORITY != 0
    }

    /// Both interests together; `|` does the same.
    ///
    /// ```
    /// use mini_net::io::Interest;
    ///
    /// assert_eq!(Interest::READABLE.add(Interest::WRITABLE), Interest::READABLE | Interest::WRITABLE);
    /// ```
    #[must_use]
    pub const fn add(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This interest without `other`; `None` when nothing would be left.
    ///
    /// ```
    /// use mini_net::io::Interest;
    ///
    /// let both = Interest::READABLE | Interest::WRITABLE;
    /// assert_eq!(both.remove(Interest::READABLE), Some(Interest::WRITABLE));
    /// assert_eq!(Interest::READABLE.remove(both), None);
    /// ```
    #[must_use]
    pub const fn remove(self, other: Self) -> Option<Self> {
        match self.0 & !other.0 {
            0 => None,
            rest => Some(Self(rest)),
        }
    }

    /// What the poll is asked for. A lone ERROR registers as readable: the OS reports errors with any interest.
    pub(crate) fn to_mio(self) -> mio::Interest {
        let readable = (self.is_readable() || self.is_error()).then_some(mio::Interest::READABLE);
        let writable = self.is_writable().then_some(mio::Interest::WRITABLE);
        let priority = if self.is_priority() { priority_to_mio() } else { None };
        [readable, writable, priority]
            .into_iter()
            .flatten()
            .reduce(mio::Interest::add)
            .unwrap_or(mio::Interest::READABLE)
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn priority_to_mio() -> Option<mio::Interest> {
    Some(mio::Interest::PRIORITY)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn priority_to_mio() -> Option<mio::Interest> {
    None
}

impl ops::BitOr for Interest {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.add(other)
    }
}

impl ops::BitOrAssign for Interest {
    fn bitor_assign(&mut self, other: Self) {
        *self = self.add(other);
    }
}

impl fmt::Debug for Interest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names =
            [(READABLE, "READABLE"), (WRITABLE, "WRITABLE"), (ERROR, "ERROR"), (PRIORITY, "PRIORITY")];
        let mut separator = "";
        for (bit, name) in names {
            if self.0 & bit != 0 {
                write!(f, "{separator}{name}")?;
                separator = " | ";
            }
        }
        Ok(())
    }
}
