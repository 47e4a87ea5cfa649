//! [`Watch`]: what tells that one child may have ended.
//!
//! It reaps nothing, and may tell too often: whoever is told asks the OS. Invariant: who was answered `Pending` is woken
//! at every end of the child that comes after.

use super::pidfd::Pidfd;
use crate::io::{Interest, Ready};
use crate::reactor::entry::Direction;
use crate::reactor::handle::ReactorHandle;
use crate::reactor::readiness::Ending;
use crate::reactor::registration::Registration;
use crate::signal::unix::{Signal, SignalKind, signal};
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// The two ways to be told.
#[derive(Debug)]
pub(super) enum Watch {
    /// Of this child alone.
    Pidfd(Registration<Pidfd>),
    /// Of every child: SIGCHLD, where the OS gives no pidfd, or does not let it be waited for.
    Signal(Signal),
}

impl Watch {
    /// Watches the child with this number, which nobody has reaped.
    ///
    /// Fails only if neither way is to be had.
    pub(super) fn open(id: u32, reactor: Arc<ReactorHandle>) -> io::Result<Self> {
        // The error is not for the user: the other way serves as well.
        let pidfd = Pidfd::open(id).and_then(|pidfd| {
            // An end that is told of may not be one yet, while a debugger holds the child: then it is told again.
            Registration::with_handle(reactor, pidfd, Interest::READABLE, Ready::EMPTY, Ending::Passing)
        });
        match pidfd {
            Ok(registration) => Ok(Self::Pidfd(registration)),
            Err(_) => signal(SignalKind::child()).map(Self::Signal),
        }
    }

    /// Asks `look` for the child's end whenever there may be one; `Pending` after it has found none.
    ///
    /// # Errors
    ///
    /// Those of `look`; and one if the reactor has shut down, upon which the child is to be watched anew.
    pub(super) fn poll<R>(
        &mut self,
        cx: &mut Context<'_>,
        mut look: impl FnMut() -> io::Result<Option<R>>,
    ) -> Poll<Result<R, Failed>> {
        loop {
            match self {
                Self::Pidfd(registration) => {
                    let observed =
                        ready!(registration.poll_ready(cx, Direction::Read)).map_err(|_| Failed::ShutDown)?;
                    if let Some(end) = look().map_err(Failed::Look)? {
                        return Poll::Ready(Ok(end));
                    }
                    registration.clear(observed.only(Direction::Read.states()));
                }
                Self::Signal(signal) => {
                    // First the waker, then the look: an end in between has woken.
                    let arrival = signal.poll_arrival(cx);
                    if let Some(end) = look().map_err(Failed::Look)? {
                        return Poll::Ready(Ok(end));
                    }
                    ready!(arrival);
                }
            }
        }
    }
}

/// Why a watch is over without an end.
#[derive(Debug)]
pub(super) enum Failed {
    /// The reactor has shut down.
    ShutDown,
    /// What `look` answered.
    Look(io::Error),
}
