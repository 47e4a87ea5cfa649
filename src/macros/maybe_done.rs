//! A future that keeps its output until all of its siblings in a `join!` have theirs.
//!
//! Not `Fuse`: the output is kept, and taken apart from polling. [`all`] and [`all_ok`] are the two ways in which a
//! join treats its branches. Invariant: the future is dropped as soon as it is Ready, so
//! that what it holds (a lock, a permit) does not wait for its siblings.

use std::convert::Infallible;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project_lite::pin_project! {
    /// A future, then its output, then nothing.
    #[project = Projection]
    #[project_replace = Replaced]
    pub enum MaybeDone<F: Future> {
        /// Not Ready yet.
        Running { #[pin] future: F },
        /// Ready, and the output not yet taken.
        Done { output: F::Output },
        /// The output was taken.
        Taken,
    }
}

/// Wraps what a branch of `join!` was given.
pub fn maybe_done<F: IntoFuture>(future: F) -> MaybeDone<F::IntoFuture> {
    MaybeDone::Running { future: future.into_future() }
}

impl<F: Future> MaybeDone<F> {
    /// The output, once, if the future was Ready.
    pub fn take_output(mut self: Pin<&mut Self>) -> Option<F::Output> {
        match self.as_mut().project() {
            Projection::Done { .. } => match self.project_replace(Self::Taken) {
                Replaced::Done { output } => Some(output),
                Replaced::Running { .. } | Replaced::Taken => None,
            },
            Projection::Running { .. } | Projection::Taken => None,
        }
    }
}

impl<F: Future> Future for MaybeDone<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let output = match self.as_mut().project() {
            Projection::Running { future } => ready!(future.poll(context)),
            Projection::Done { .. } => return Poll::Ready(()),
            Projection::Taken => panic!("`MaybeDone` was polled after its output was taken"),
        };
        self.set(Self::Done { output });
        Poll::Ready(())
    }
}

impl<F: Future> fmt::Debug for MaybeDone<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Running { .. } => "MaybeDone::Running",
            Self::Done { .. } => "MaybeDone::Done",
            Self::Taken => "MaybeDone::Taken",
        })
    }
}

/// `join!`: nothing ends it early.
pub mod all {
    use super::*;

    /// Polls a branch.
    #[inline]
    pub fn poll_branch<F: Future>(
        branch: Pin<&mut MaybeDone<F>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Infallible>> {
        branch.poll(context).map(Ok)
    }

    /// The output of a branch that was Ready.
    #[inline]
    pub fn take<F: Future>(branch: Pin<&mut MaybeDone<F>>) -> F::Output {
        branch.take_output().expect("each branch is done")
    }
}

/// `try_join!`: the first error ends it.
pub mod all_ok {
    use super::*;

    /// Polls a branch; an error is taken out of it.
    #[inline]
    pub fn poll_branch<T, E, F: Future<Output = Result<T, E>>>(
        mut branch: Pin<&mut MaybeDone<F>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), E>> {
        ready!(branch.as_mut().poll(context));
        let has_failed = matches!(branch.as_mut().project(), Projection::Done { output: Err(_) });
        match has_failed.then(|| branch.take_output()) {
            Some(Some(Err(error))) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(())),
        }
    }

    /// The value of a branch that was Ready without an error.
    #[inline]
    pub fn take<T, E, F: Future<Output = Result<T, E>>>(branch: Pin<&mut MaybeDone<F>>) -> T {
        match branch.take_output() {
            Some(Ok(value)) => value,
            Some(Err(_)) | None => unreachable!("a branch that failed has ended the whole"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::rc::Rc;
    use std::task::Waker;

    use super::*;

    #[test]
    fn the_future_is_dropped_when_ready_and_the_output_given_once() {
        let held = Rc::new(());
        let future = {
            let held = Rc::clone(&held);
            async move {
                let _held = held;
                7
            }
        };
        let mut done = pin!(maybe_done(future));
        assert_eq!(done.as_mut().take_output(), None);
        assert_eq!(Rc::strong_count(&held), 2);
        let mut context = Context::from_waker(Waker::noop());
        assert!(done.as_mut().poll(&mut context).is_ready());
        assert_eq!(Rc::strong_count(&held), 1);
        assert!(done.as_mut().poll(&mut context).is_ready());
        assert_eq!(done.as_mut().take_output(), Some(7));
        assert_eq!(done.as_mut().take_output(), None);
    }
}
