//! [`Ready`]: what the OS said a socket or file descriptor is ready for.
//!
//! A hint, not a promise: readiness may be spurious, and another task may use it up first. The call itself
//! decides.

use super::Interest;
use std::fmt;
use std::ops;

/// A set of readiness states.
///
/// ```
/// use mini_net::io::Ready;
///
/// let ready = Ready::READABLE | Ready::WRITE_CLOSED;
/// assert!(ready.is_readable() && ready.is_write_closed());
/// assert!(!ready.is_read_closed());
/// assert!(ready.contains(Ready::READABLE));
/// assert!((ready - Ready::READABLE - Ready::WRITE_CLOSED).is_empty());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ready(u8);

impl Ready {
    /// No state.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// assert!(Ready::EMPTY.is_empty());
    /// assert_eq!(Ready::READABLE - Ready::READABLE, Ready::EMPTY);
    /// ```
    pub const EMPTY: Self = Self(0);
    /// Something can be read.
    ///
    /// ```
    /// use mini_net::io::{Interest, Ready};
    /// use mini_net::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (near, far) = UnixStream::pair()?;
    /// far.try_write(b"x")?;
    /// assert!(near.ready(Interest::READABLE).await?.contains(Ready::READABLE));
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub const READABLE: Self = Self(1);
    /// Something can be written.
    ///
    /// ```
    /// use mini_net::io::{Interest, Ready};
    /// use mini_net::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (near, _far) = UnixStream::pair()?;
    /// assert!(near.ready(Interest::WRITABLE).await?.contains(Ready::WRITABLE));
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub const WRITABLE: Self = Self(1 << 1);
    /// The peer will send no more: reads return what is left, then 0.
    ///
    /// ```
    /// use mini_net::io::{Interest, Ready};
    /// use mini_net::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (near, far) = UnixStream::pair()?;
    /// drop(far);
    /// assert!(near.ready(Interest::READABLE).await?.contains(Ready::READ_CLOSED));
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub const READ_CLOSED: Self = Self(1 << 2);
    /// The peer will take no more: writes fail.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// // Who may write need not find out that it fails.
    /// let ready = Ready::WRITABLE | Ready::WRITE_CLOSED;
    /// assert!(ready.is_writable() && ready.is_write_closed());
    /// ```
    pub const WRITE_CLOSED: Self = Self(1 << 3);
    /// Out-of-band data came.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// assert!((Ready::READABLE | Ready::PRIORITY).is_priority());
    /// ```
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub const PRIORITY: Self = Self(PRIORITY_BIT);
    /// An error waits to be taken.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// assert!((Ready::READABLE | Ready::ERROR).is_error());
    /// ```
    pub const ERROR: Self = Self(1 << 5);
    /// Every state.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// assert!(Ready::ALL.contains(Ready::READABLE | Ready::WRITE_CLOSED));
    /// assert_eq!(Ready::ALL & Ready::ERROR, Ready::ERROR);
    /// ```
    pub const ALL: Self = Self(0b10_1111 | PLATFORM_BITS);

    /// The states that, once true, stay true: clearing readiness leaves them.
    pub(crate) const CLOSED: Self = Self(Self::READ_CLOSED.0 | Self::WRITE_CLOSED.0);

    /// Whether no state is set.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// assert!(Ready::EMPTY.is_empty());
    /// assert!(!Ready::ERROR.is_empty());
    /// ```
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a read may succeed; a closed read side counts, since reads then return at once.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// assert!(Ready::READABLE.is_readable() && Ready::READ_CLOSED.is_readable());
    /// assert!(!Ready::WRITABLE.is_readable());
    /// ```
    pub const fn is_readable(self) -> bool {
        self.intersects(Self(Self::READABLE.0 | Self::READ_CLOSED.0))
    }

    /// Whether a write may succeed; a closed write side counts, since writes then fail at once.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// assert!(Ready::WRITABLE.is_writable() && Ready::WRITE_CLOSED.is_writable());
    /// assert!(!Ready::READABLE.is_writable());
    /// ```
    pub const fn is_writable(self) -> bool {
        self.intersects(Self(Self::WRITABLE.0 | Self::WRITE_CLOSED.0))
    }

    /// Whether the read side is closed.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// assert!(Ready::READ_CLOSED.is_read_closed());
    /// assert!(!Ready::READABLE.is_read_closed());
    /// ```
    pub const fn is_read_closed(self) -> bool {
        self.intersects(Self::READ_CLOSED)
    }

    /// Whether the write side is closed.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// assert!(Ready::WRITE_CLOSED.is_write_closed());
    /// assert!(!Ready::WRITABLE.is_write_closed());
    /// ```
    pub const fn is_write_closed(self) -> bool {
        self.intersects(Self::WRITE_CLOSED)
    }

    /// Whether out-of-band data came.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// assert!(!Ready::READABLE.is_priority());
    /// # #[cfg(any(target_os = "linux", target_os = "android"))]
    /// assert!(Ready::PRIORITY.is_priority());
    /// ```
    pub const fn is_priority(self) -> bool {
        self.0 & PRIORITY_BIT != 0
    }

    /// Whether an error waits.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// assert!(Ready::ERROR.is_error());
    /// assert!(!Ready::READABLE.is_error());
    /// ```
    pub const fn is_error(self) -> bool {
        self.intersects(Self::ERROR)
    }

    /// Whether every state of `other` is set here.
    ///
    /// ```
    /// use mini_net::io::Ready;
    ///
    /// let both = Ready::READABLE | Ready::WRITABLE;
    /// assert!(both.contains(Ready::READABLE));
    /// assert!(!Ready::READABLE.contains(both));
    /// ```
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any state of `other` is set here.
    pub(crate) const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The states that satisfy an interest.
    pub(crate) const fn satisfying(interest: Interest) -> Self {
        let mut bits = 0;
        if interest.is_readable() {
            bits |= Self::READABLE.0 | Self::READ_CLOSED.0;
        }
        if interest.is_writable() {
            bits |= Self::WRITABLE.0 | Self::WRITE_CLOSED.0;
        }
        if interest.is_priority() {
            bits |= PRIORITY_BIT | Self::READ_CLOSED.0;
        }
        if interest.is_error() {
            bits |= Self::ERROR.0;
        }
        Self(bits)
    }

    /// The bits as the readiness word holds them.
    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    /// The inverse of [`bits`](Self::bits); foreign bits are dropped.
    pub(crate) const fn from_bits(bits: u8) -> Self {
        Self(bits & (Self::ALL.0 | PRIORITY_BIT))
    }
}

const PRIORITY_BIT: u8 = 1 << 4;

#[cfg(any(target_os = "linux", target_os = "android"))]
const PLATFORM_BITS: u8 = PRIORITY_BIT;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const PLATFORM_BITS: u8 = 0;

impl ops::BitOr for Ready {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl ops::BitOrAssign for Ready {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl ops::BitAnd for Ready {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl ops::Sub for Ready {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = ["READABLE", "WRITABLE", "READ_CLOSED", "WRITE_CLOSED", "PRIORITY", "ERROR"];
        if self.is_empty() {
            return f.write_str("EMPTY");
        }
        let mut separator = "";
        for (index, name) in names.into_iter().enumerate() {
            if self.0 & (1 << index) != 0 {
                write!(f, "{separator}{name}")?;
                separator = " | ";
            }
        }
        Ok(())
    }
}
