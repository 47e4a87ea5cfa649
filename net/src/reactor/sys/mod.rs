//! What differs between platforms in the reactor. Each must define:
//!
//! - `Poller::open() -> io::Result<Poller>`, `Poller::registry(&self) -> &mio::Registry`, and
//!   `Poller::poll(&mut self, &mut Events, Option<Duration>) -> io::Result<()>`: waits, as finely as the platform can. It
//!   may return early by up to a millisecond, and is then called again.
//! - `Events::with_capacity(usize)`, `Events::clear(&mut self)`, `Events::is_empty(&self)`, and `Events::iter(&self)`, whose items are
//!   `(Token, Ready)`: what a poll reported.
//! - `SHORT_TRANSFER_MEANS_DRAINED: bool`: whether a read or write of fewer bytes than asked proves that the next
//!   readiness will be reported as a new edge.

// Miri has no `epoll_pwait2`.
#[cfg(all(any(target_os = "linux", target_os = "android"), not(miri)))]
mod linux;
#[cfg(all(any(target_os = "linux", target_os = "android"), not(miri)))]
pub(super) use linux::{Events, Poller, SHORT_TRANSFER_MEANS_DRAINED};

#[cfg(not(all(any(target_os = "linux", target_os = "android"), not(miri))))]
mod other;
#[cfg(not(all(any(target_os = "linux", target_os = "android"), not(miri))))]
pub(super) use other::{Events, Poller, SHORT_TRANSFER_MEANS_DRAINED};
