//! Unix signals: which ([`SignalKind`]) and the stream of their arrivals ([`Signal`]).

use super::dispatch::{self, Channel};
use mini_runtime::coop;
use mini_runtime::util::AtomicWaker;
use std::future::poll_fn;
use std::io;
use std::os::raw::c_int;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// A signal's number.
///
/// ```
/// use mini_net::signal::unix::SignalKind;
///
/// assert_eq!(SignalKind::from_raw(15), SignalKind::terminate());
/// assert_eq!(SignalKind::interrupt().as_raw_value(), 2);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignalKind(c_int);

impl SignalKind {
    /// The signal of this number; [`signal`] tells whether it can be listened to.
    pub const fn from_raw(number: c_int) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn as_raw_value(&self) -> c_int {
        self.0
    }

    /// SIGALRM: a timer of the process ran out.
    pub const fn alarm() -> Self {
        Self(libc::SIGALRM)
    }

    /// SIGCHLD: a child process changed its state.
    pub const fn child() -> Self {
        Self(libc::SIGCHLD)
    }

    /// SIGHUP: the terminal is gone; by custom, "read your configuration again".
    pub const fn hangup() -> Self {
        Self(libc::SIGHUP)
    }

    /// SIGINT: ctrl-c.
    pub const fn interrupt() -> Self {
        Self(libc::SIGINT)
    }

    /// SIGIO: a descriptor is ready.
    pub const fn io() -> Self {
        Self(libc::SIGIO)
    }

    /// SIGPIPE: a write to a pipe that nobody reads.
    pub const fn pipe() -> Self {
        Self(libc::SIGPIPE)
    }

    /// SIGQUIT: ctrl-backslash.
    pub const fn quit() -> Self {
        Self(libc::SIGQUIT)
    }

    /// SIGTERM: the polite request to end.
    pub const fn terminate() -> Self {
        Self(libc::SIGTERM)
    }

    /// SIGUSR1.
    pub const fn user_defined1() -> Self {
        Self(libc::SIGUSR1)
    }

    /// SIGUSR2.
    pub const fn user_defined2() -> Self {
        Self(libc::SIGUSR2)
    }

    /// SIGWINCH: the terminal has a new size.
    pub const fn window_change() -> Self {
        Self(libc::SIGWINCH)
    }
}

impl From<c_int> for SignalKind {
    fn from(number: c_int) -> Self {
        Self(number)
    }
}

impl From<SignalKind> for c_int {
    fn from(kind: SignalKind) -> Self {
        kind.0
    }
}

/// The arrivals of one signal, from [`signal`].
///
/// Arrivals that come before the last one was received are merged with it, as the OS itself merges them. Each
/// `Signal` of a kind sees every arrival.
#[derive(Debug)]
#[must_use = "arrivals are seen only through `recv`"]
pub struct Signal {
    channel: &'static Channel,
    /// The channel's count when the last arrival was received.
    seen: u64,
    waker: Arc<AtomicWaker>,
    key: usize,
}

/// Listens for a signal, from now on.
///
/// The first listener of a kind installs a handler, which stays: the signal's default action (for most, ending
/// the process) no longer happens, also when all listeners are gone.
///
/// ```
/// use futures::executor::block_on;
/// use mini_net::signal::unix::{SignalKind, signal};
///
/// # fn main() -> std::io::Result<()> {
/// let mut hangups = signal(SignalKind::hangup())?;
/// // SAFETY: raises a signal that is handled.
/// unsafe { libc::raise(libc::SIGHUP) };
/// assert_eq!(block_on(hangups.recv()), Some(()));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// `InvalidInput` for a signal that cannot be handled (SIGKILL, SIGSTOP, SIGILL, SIGFPE, SIGSEGV, and numbers that
/// are none); the OS's if the handler, its socket or its thread cannot be had.
pub fn signal(kind: SignalKind) -> io::Result<Signal> {
    let channel = dispatch::channel(kind.0)?;
    let waker = Arc::new(AtomicWaker::new());
    let key = channel.add_listener(Arc::clone(&waker));
    Ok(Signal { channel, seen: channel.count(), waker, key })
}

impl Signal {
    /// Waits for the next arrival. Never `None`; the type is tokio's.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: an arrival is taken only when this completes.
    pub async fn recv(&mut self) -> Option<()> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// [`recv`](Self::recv) as a poll; the newest task that polled is woken.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<()>> {
        let coop = ready!(coop::poll_proceed(cx));
        ready!(self.poll_arrival(cx));
        coop.made_progress();
        Poll::Ready(Some(()))
    }

    /// [`poll_recv`](Self::poll_recv) outside the budget.
    pub(crate) fn poll_arrival(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.take_arrivals() {
            return Poll::Ready(());
        }
        self.waker.register(cx.waker());
        if self.take_arrivals() { Poll::Ready(()) } else { Poll::Pending }
    }

    fn take_arrivals(&mut self) -> bool {
        let count = self.channel.count();
        let is_new = count != self.seen;
        self.seen = count;
        is_new
    }
}

impl Drop for Signal {
    fn drop(&mut self) {
        self.channel.remove_listener(self.key);
    }
}
