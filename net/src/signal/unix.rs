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
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::from_raw(libc::SIGTERM), SignalKind::terminate());
    /// ```
    pub const fn from_raw(number: c_int) -> Self {
        Self(number)
    }

    /// The number.
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::from_raw(34).as_raw_value(), 34); // a real-time signal of Linux
    /// ```
    pub const fn as_raw_value(&self) -> c_int {
        self.0
    }

    /// SIGALRM: a timer of the process ran out.
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::alarm().as_raw_value(), libc::SIGALRM);
    /// ```
    pub const fn alarm() -> Self {
        Self(libc::SIGALRM)
    }

    /// SIGCHLD: a child process changed its state.
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::child().as_raw_value(), libc::SIGCHLD);
    /// ```
    pub const fn child() -> Self {
        Self(libc::SIGCHLD)
    }

    /// SIGHUP: the terminal is gone; by custom, "read your configuration again".
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::hangup().as_raw_value(), libc::SIGHUP);
    /// ```
    pub const fn hangup() -> Self {
        Self(libc::SIGHUP)
    }

    /// SIGINT: ctrl-c.
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::interrupt().as_raw_value(), libc::SIGINT);
    /// ```
    pub const fn interrupt() -> Self {
        Self(libc::SIGINT)
    }

    /// SIGIO: a descriptor is ready.
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::io().as_raw_value(), libc::SIGIO);
    /// ```
    pub const fn io() -> Self {
        Self(libc::SIGIO)
    }

    /// SIGPIPE: a write to a pipe that nobody reads.
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::pipe().as_raw_value(), libc::SIGPIPE);
    /// ```
    pub const fn pipe() -> Self {
        Self(libc::SIGPIPE)
    }

    /// SIGQUIT: ctrl-backslash.
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::quit().as_raw_value(), libc::SIGQUIT);
    /// ```
    pub const fn quit() -> Self {
        Self(libc::SIGQUIT)
    }

    /// SIGTERM: the polite request to end.
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::terminate().as_raw_value(), libc::SIGTERM);
    /// ```
    pub const fn terminate() -> Self {
        Self(libc::SIGTERM)
    }

    /// SIGUSR1.
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::user_defined1().as_raw_value(), libc::SIGUSR1);
    /// ```
    pub const fn user_defined1() -> Self {
        Self(libc::SIGUSR1)
    }

    /// SIGUSR2.
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::user_defined2().as_raw_value(), libc::SIGUSR2);
    /// ```
    pub const fn user_defined2() -> Self {
        Self(libc::SIGUSR2)
    }

    /// SIGWINCH: the terminal has a new size.
    ///
    /// ```
    /// use mini_net::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::window_change().as_raw_value(), libc::SIGWINCH);
    /// ```
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
///
/// ```
/// use mini_net::signal::unix::{SignalKind, signal};
///
/// # futures::executor::block_on(async {
/// let mut first = signal(SignalKind::user_defined1())?;
/// let mut second = signal(SignalKind::user_defined1())?;
/// // SAFETY: raises a signal that is handled.
/// unsafe { libc::raise(libc::SIGUSR1) };
/// first.recv().await;
/// second.recv().await; // each hears each arrival
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
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
    /// ```
    /// use mini_net::signal::unix::{SignalKind, signal};
    ///
    /// # futures::executor::block_on(async {
    /// let mut signals = signal(SignalKind::user_defined1())?;
    /// // SAFETY: raises a signal that is handled.
    /// unsafe { libc::raise(libc::SIGUSR1) };
    /// assert_eq!(signals.recv().await, Some(()));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: an arrival is taken only when this completes.
    pub async fn recv(&mut self) -> Option<()> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// [`recv`](Self::recv) as a poll; the newest task that polled is woken.
    ///
    /// ```
    /// use mini_net::signal::unix::{SignalKind, signal};
    ///
    /// # futures::executor::block_on(async {
    /// let mut signals = signal(SignalKind::user_defined1())?;
    /// // SAFETY: raises a signal that is handled.
    /// unsafe { libc::raise(libc::SIGUSR1) };
    /// assert_eq!(std::future::poll_fn(|cx| signals.poll_recv(cx)).await, Some(()));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
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
