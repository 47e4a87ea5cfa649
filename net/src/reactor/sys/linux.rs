//! Linux: mio's epoll, waited on by `epoll_pwait2`, since mio's own wait rounds its timeout up to milliseconds.
//!
//! Not the registry, which stays mio's. A timeout of whole milliseconds, or none, is `epoll_wait`'s, and a kernel without
//! the finer call (before 5.11, or behind a filter of system calls) gets every timeout rounded up. Invariant: the list
//! of events holds what the kernel wrote at the last wait, and nothing else.
//!
//! Rejected: a timerfd in the poll, armed for near deadlines. It fires without the 50 µs of slack that the kernel gives
//! a thread's timeouts, but costs a system call more per deadline, and 0.7 of an interval's CPU time.

use super::super::token::Token;
use crate::io::Ready;
use std::io;
use std::os::fd::AsRawFd;
use std::time::Duration;

/// epoll reports new bytes, and new room after a short write, as a new edge. A read also stops short at the mark
/// of out-of-band data: the bytes behind it then wait for the peer's next packet, or its close.
pub(crate) const SHORT_TRANSFER_MEANS_DRAINED: bool = true;

const MILLISECOND_NS: u32 = 1_000_000;

/// The kernel's own, whose fields are of 64 bits on every target, unlike libc's.
#[repr(C)]
struct KernelTimespec {
    seconds: i64,
    nanoseconds: i64,
}

/// What the poll reported last.
#[derive(Debug)]
pub(crate) struct Events {
    list: Vec<libc::epoll_event>,
}

impl Events {
    /// Room for so many at a time.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { list: Vec::with_capacity(capacity) }
    }

    /// Forgets them.
    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    /// Whether it reported nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whose they are, and what happened.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Token, Ready)> {
        self.list.iter().map(|event| (Token::from(mio::Token(event.u64 as usize)), ready_of(event.events)))
    }
}

/// The states that epoll's bits stand for.
fn ready_of(events: u32) -> Ready {
    const IN: u32 = libc::EPOLLIN as u32;
    const OUT: u32 = libc::EPOLLOUT as u32;
    const PRIORITY: u32 = libc::EPOLLPRI as u32;
    const ERROR: u32 = libc::EPOLLERR as u32;
    const HANG_UP: u32 = libc::EPOLLHUP as u32;
    const READ_HANG_UP: u32 = libc::EPOLLRDHUP as u32;

    let has = |bits| events & bits == bits;
    let states = [
        (events & (IN | PRIORITY) != 0, Ready::READABLE),
        (has(OUT), Ready::WRITABLE),
        (has(HANG_UP) || has(IN | READ_HANG_UP), Ready::READ_CLOSED),
        // The last is a pipe whose reader has gone.
        (has(HANG_UP) || has(OUT | ERROR) || events == ERROR, Ready::WRITE_CLOSED),
        (has(PRIORITY), Ready::PRIORITY),
        (has(ERROR), Ready::ERROR),
    ];
    states.into_iter().fold(Ready::EMPTY, |ready, (is_set, state)| if is_set { ready | state } else { ready })
}

/// The poll, with timeouts as fine as the clock.
#[derive(Debug)]
pub(crate) struct Poller {
    poll: mio::Poll,
    /// Whether the kernel has not yet refused `epoll_pwait2`.
    is_fine: bool,
}

impl Poller {
    /// Opens a poll.
    pub(crate) fn open() -> io::Result<Self> {
        Ok(Self { poll: mio::Poll::new()?, is_fine: true })
    }

    /// What sources are registered with.
    pub(crate) fn registry(&self) -> &mio::Registry {
        self.poll.registry()
    }

    /// Waits until something comes or the timeout has passed.
    pub(crate) fn poll(&mut self, events: &mut Events, timeout: Option<Duration>) -> io::Result<()> {
        events.clear();
        let count = match timeout {
            Some(timeout) if self.is_fine && timeout.subsec_nanos() % MILLISECOND_NS != 0 => {
                match self.wait_fine(events, timeout) {
                    Err(error) if is_refused(&error) => {
                        self.is_fine = false;
                        self.wait_coarse(events, Some(timeout))
                    }
                    result => result,
                }
            }
            timeout => self.wait_coarse(events, timeout),
        }?;
        // SAFETY: the kernel has written `count` events, no more than there is room for.
        unsafe { events.list.set_len(count) };
        Ok(())
    }

    /// How many events the kernel wrote; the timeout is rounded up to milliseconds.
    fn wait_coarse(&self, events: &mut Events, timeout: Option<Duration>) -> io::Result<usize> {
        let timeout_ms = timeout.map_or(-1, |timeout| {
            i32::try_from(timeout.as_nanos().div_ceil(u128::from(MILLISECOND_NS))).unwrap_or(i32::MAX)
        });
        let room = events.list.capacity().try_into().unwrap_or(i32::MAX);
        // SAFETY: the list has room for `room` events, and lives through the call.
        let count =
            unsafe { libc::epoll_wait(self.poll.as_raw_fd(), events.list.as_mut_ptr(), room, timeout_ms) };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    }

    /// The same with the timeout as it is.
    fn wait_fine(&self, events: &mut Events, timeout: Duration) -> io::Result<usize> {
        let timeout = KernelTimespec {
            seconds: timeout.as_secs().try_into().unwrap_or(i64::MAX),
            nanoseconds: timeout.subsec_nanos().into(),
        };
        let room: i32 = events.list.capacity().try_into().unwrap_or(i32::MAX);
        let no_mask = std::ptr::null::<libc::sigset_t>();
        // SAFETY: as above for the list; the timeout has the kernel's layout and lives through the call; without a mask
        // of signals its size is not looked at. Through `syscall`, since a libc may be older than its kernel.
        let count = unsafe {
            libc::syscall(
                libc::SYS_epoll_pwait2,
                self.poll.as_raw_fd(),
                events.list.as_mut_ptr(),
                room,
                &raw const timeout,
                no_mask,
                0_usize,
            )
        };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    }
}

/// Whether the kernel does not know the call, or a filter does not.
fn is_refused(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOSYS | libc::EPERM))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn a_kernel_without_the_finer_call_never_ends_a_poll_early() {
        let mut poller = Poller { poll: mio::Poll::new().unwrap(), is_fine: false };
        let mut events = Events::with_capacity(1);
        for timeout_us in [1, 999, 1_000, 1_001, 2_345] {
            let timeout = Duration::from_micros(timeout_us);
            let start = Instant::now();
            poller.poll(&mut events, Some(timeout)).unwrap();
            assert!(start.elapsed() >= timeout);
        }
    }

    #[test]
    fn each_bit_of_epoll_is_told() {
        let closed = Ready::READ_CLOSED | Ready::WRITE_CLOSED;
        for (events, ready) in [
            (libc::EPOLLIN, Ready::READABLE),
            (libc::EPOLLOUT, Ready::WRITABLE),
            (libc::EPOLLPRI, Ready::READABLE | Ready::PRIORITY),
            (libc::EPOLLIN | libc::EPOLLRDHUP, Ready::READABLE | Ready::READ_CLOSED),
            (libc::EPOLLHUP, closed),
            (libc::EPOLLERR, Ready::ERROR | Ready::WRITE_CLOSED),
            (libc::EPOLLIN | libc::EPOLLERR, Ready::READABLE | Ready::ERROR),
            (libc::EPOLLOUT | libc::EPOLLERR, Ready::WRITABLE | Ready::ERROR | Ready::WRITE_CLOSED),
        ] {
            assert_eq!(ready_of(events as u32), ready, "{events:#x}");
        }
    }
}
