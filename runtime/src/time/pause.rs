//! [`pause`], [`resume`] and [`advance`]: time that stands still in tests.
//!
//! Not for production, and not for several threads: only a current-thread runtime has a clock that may be moved,
//! for only there is it certain that nobody is in the middle of something. The invariant: time that is moved fires
//! every timer it passes before `advance` returns.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use super::clock::Clock;
use crate::context;
use crate::primitive::sync::Arc;

/// Stops the time of the current-thread runtime this is called in.
///
/// From then on [`Instant::now`](crate::time::Instant::now) stands still. Whenever the runtime has nothing else to
/// do, it moves the time to the next deadline by itself, so that sleeps complete at once and in order. The system's
/// time, `std::time::Instant`, goes on, and so do sockets and blocking work.
///
/// ```no_run
/// # async fn example() {
/// use mini_runtime::time::{self, Duration, Instant};
///
/// time::pause();
/// let start = Instant::now();
/// time::sleep(Duration::from_secs(86_400)).await; // takes no time
/// assert!(start.elapsed() >= Duration::from_secs(86_400));
/// # }
/// ```
///
/// # Panics
///
/// If the time is paused already, or outside a current-thread runtime.
#[track_caller]
pub fn pause() {
    if clock("pause").pause().is_err() {
        panic!("the time is paused already; call `time::resume` first");
    }
}

/// Lets a paused time run on, from what it shows.
///
/// ```no_run
/// # async fn example() {
/// use mini_runtime::time;
///
/// time::pause();
/// time::resume();
/// # }
/// ```
///
/// # Panics
///
/// If the time is not paused, or outside a current-thread runtime.
#[track_caller]
pub fn resume() {
    if clock("resume").resume().is_err() {
        panic!("the time is not paused; call `time::pause` first");
    }
}

/// Moves a paused time forward by `duration`, wakes every timer it passed, and yields once so that their tasks run.
///
/// The time jumps: a task that is woken by an early timer finds the clock at the end of the jump. To have each timer
/// fire at its own time, [`sleep`](crate::time::sleep) instead.
///
/// ```no_run
/// # async fn example() {
/// use mini_runtime::time::{self, Duration, Instant};
///
/// time::pause();
/// let start = Instant::now();
/// time::advance(Duration::from_secs(60)).await;
/// assert_eq!(start.elapsed(), Duration::from_secs(60));
/// # }
/// ```
///
/// # Panics
///
/// When polled, if the time is not paused, or outside a current-thread runtime.
pub async fn advance(duration: Duration) {
    if clock("advance").advance(duration).is_err() {
        panic!("the time is not paused; call `time::pause` before `time::advance`");
    }
    if let Some((timers, _)) = context::timers() {
        timers.fire(timers.now());
    }
    let mut has_yielded = false;
    poll_fn(|cx| {
        if has_yielded {
            return Poll::Ready(());
        }
        has_yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The clock of the current-thread runtime this is called in.
#[track_caller]
fn clock(what: &str) -> Arc<Clock> {
    match context::with_clock(|clock| clock.cloned()) {
        Some(clock) => clock,
        None => panic!(
            "`time::{what}` needs a current-thread runtime on this thread; \
             use `Builder::new_current_thread` or `#[mini::test(start_paused = true)]`"
        ),
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    #[test]
    #[should_panic(expected = "Builder::new_current_thread")]
    fn a_pause_outside_a_runtime_names_the_cure() {
        super::pause();
    }
}
