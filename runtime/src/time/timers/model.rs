//! Models of the races around one wheel. No clock runs in them: instants are counted from the wheel's beginning.

use std::sync::atomic::{AtomicUsize, Ordering as StdOrdering};
use std::task::Wake;

use super::*;
use crate::park::{Parker, Unparker};
use crate::primitive::thread;

/// Counts wakes outside loom's sight: the lock of the wheel orders all that the models assert.
#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.fetch_add(1, StdOrdering::SeqCst);
    }
}

impl Count {
    fn new() -> (std::sync::Arc<Count>, Waker) {
        let count = std::sync::Arc::new(Count::default());
        (count.clone(), count.into())
    }

    fn wakes(&self) -> usize {
        self.0.load(StdOrdering::SeqCst)
    }
}

/// `nanoseconds` after the beginning of `timers`.
fn at(timers: &Timers, nanoseconds: u64) -> Instant {
    timers.origin + Duration::from_nanos(nanoseconds)
}

fn timers() -> Arc<Timers> {
    Arc::new(Timers::new(Clock::new(false), None))
}

#[test]
fn a_cancel_against_a_fire_leaves_one_outcome() {
    loom::model(|| {
        let timers = timers();
        let (count, waker) = Count::new();
        let key = timers.register(at(&timers, 1), &waker).unwrap();
        drop(waker);
        let cancelling = timers.clone();
        let peer = thread::spawn(move || cancelling.cancel(key));
        let fired = timers.fire(at(&timers, 1));
        peer.join().unwrap();
        assert_eq!(count.wakes(), fired);
        assert_eq!(std::sync::Arc::strong_count(&count), 1, "a waker was kept");
        assert_eq!(timers.next_deadline(), None);
    });
}

#[test]
fn a_timer_without_a_deadline_against_a_fire_for_its_driver_fires_or_keeps_its_bound() {
    loom::model(|| {
        let timers = timers();
        let (count, waker) = Count::new();
        let firing = timers.clone();
        // As whoever fires for a driver that is stalled.
        let peer = thread::spawn(move || firing.fire(Instant::now() + Duration::from_secs(3600)));
        let key = timers.register_after(Duration::from_secs(1), &waker).unwrap();
        let state = timers.update_waker(key, &waker);
        drop(waker);
        let fired = peer.join().unwrap();
        assert_eq!(count.wakes(), fired);
        assert!(state == TimerState::Waiting || fired == 1);
        assert_eq!(timers.next_deadline().is_some(), fired == 0, "its driver would sleep without a limit");
        timers.cancel(key);
        assert_eq!(timers.next_deadline(), None);
        assert_eq!(std::sync::Arc::strong_count(&count), 1, "a waker was kept");
    });
}

#[test]
fn a_timer_that_is_known_to_have_fired_is_in_no_wheel() {
    loom::model(|| {
        let timers = timers();
        let (count, waker) = Count::new();
        let firing = timers.clone();
        let peer = thread::spawn(move || firing.fire(at(&firing, 5)));
        let deadline = at(&timers, 3);
        let key = timers.register(deadline, &waker).unwrap();
        let is_too_late = timers.has_fired(key, deadline);
        if !is_too_late && timers.has_fired(key, deadline) {
            assert_eq!(timers.update_waker(key, &waker), TimerState::Fired);
        }
        let fired = peer.join().unwrap();
        if !is_too_late {
            assert_eq!(timers.fire(at(&timers, 5)) + fired, 1);
            assert!(timers.has_fired(key, deadline));
        }
        timers.fire(at(&timers, 6));
        assert_eq!(count.wakes(), 1);
    });
}

#[test]
fn a_timer_of_a_former_lease_is_not_taken_for_one_that_fired() {
    loom::model(|| {
        let timers = timers();
        let deadline = at(&timers, 3);
        let key = timers.register(deadline, Waker::noop()).unwrap();
        let letting = timers.clone();
        let peer = thread::spawn(move || {
            letting.close();
            letting.let_to(Tenant { clock: Clock::new(false), unpark: None });
            letting.register(at(&letting, 4), Waker::noop()).unwrap();
            letting.fire(at(&letting, 5));
        });
        assert!(!timers.has_fired(key, deadline), "it was closed before its time");
        peer.join().unwrap();
        assert!(!timers.has_fired(key, deadline));
    });
}

#[test]
fn two_fires_wake_each_timer_once() {
    loom::model(|| {
        let timers = timers();
        let (count, waker) = Count::new();
        for deadline in [1, 2] {
            timers.register(at(&timers, deadline), &waker).unwrap();
        }
        let firing = timers.clone();
        let peer = thread::spawn(move || firing.fire(at(&firing, 1)));
        let fired = timers.fire(at(&timers, 2));
        assert_eq!(fired + peer.join().unwrap(), 2);
        assert_eq!(count.wakes(), 2);
    });
}

#[test]
fn a_waker_that_is_updated_against_a_fire_is_woken_or_told_so() {
    loom::model(|| {
        let timers = timers();
        let ((old, old_waker), (new, new_waker)) = (Count::new(), Count::new());
        let key = timers.register(at(&timers, 1), &old_waker).unwrap();
        let updating = timers.clone();
        let peer = thread::spawn(move || updating.update_waker(key, &new_waker));
        assert_eq!(timers.fire(at(&timers, 1)), 1);
        match peer.join().unwrap() {
            TimerState::Waiting => assert_eq!((old.wakes(), new.wakes()), (0, 1)),
            TimerState::Fired => assert_eq!((old.wakes(), new.wakes()), (1, 0)),
            TimerState::Closed => panic!("nobody closed them"),
        }
    });
}

#[test]
fn a_close_against_a_register_wakes_it_or_refuses_it() {
    loom::model(|| {
        let timers = timers();
        let (count, waker) = Count::new();
        let registering = timers.clone();
        let peer = thread::spawn(move || registering.register(at(&registering, 5), &waker));
        timers.close();
        let expected = usize::from(peer.join().unwrap().is_ok());
        assert_eq!(count.wakes(), expected);
        assert_eq!(std::sync::Arc::strong_count(&count), 1, "a waker was kept");
        assert_eq!(timers.next_deadline(), None);
    });
}

/// Unparks its thread only if that has said that it is about to sleep, as a scheduler would.
struct SleeperUnpark {
    is_sleeping: Arc<AtomicBool>,
    unparker: Unparker,
}

impl Unpark for SleeperUnpark {
    fn unpark(&self) {
        // Ordering: Relaxed; the fence in `Timers::announce` came before.
        if self.is_sleeping.load(Ordering::Relaxed) {
            self.unparker.unpark();
        }
    }
}

/// Sleeps, as `timers` says, until its next deadline is `awaited` at the latest. Loom has no time: a sleep until any
/// later deadline has no end but an unpark, and a lost one is a deadlock.
fn sleep_until_told(timers: &Timers, is_sleeping: &AtomicBool, parker: &mut Parker, awaited: Instant) {
    loop {
        // Ordering: Relaxed; the fence follows, and pairs with the one in `Timers::announce`.
        is_sleeping.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        if timers.next_deadline().is_some_and(|deadline| deadline <= awaited) {
            return;
        }
        parker.park();
    }
}

#[test]
fn an_earlier_timer_reaches_a_thread_about_to_sleep() {
    loom::model(|| {
        let mut parker = Parker::new();
        let is_sleeping = Arc::new(AtomicBool::new(false));
        let unpark = SleeperUnpark { is_sleeping: is_sleeping.clone(), unparker: parker.unparker() };
        let timers = Arc::new(Timers::new(Clock::new(false), Some(std::sync::Arc::new(unpark))));
        timers.register(at(&timers, 100), Waker::noop()).unwrap();
        let registering = timers.clone();
        let peer = thread::spawn(move || {
            registering.register(at(&registering, 50), Waker::noop()).unwrap();
        });
        sleep_until_told(&timers, &is_sleeping, &mut parker, at(&timers, 50));
        peer.join().unwrap();
    });
}

#[test]
fn a_cancel_and_a_timer_before_it_reach_a_thread_about_to_sleep() {
    loom::model(|| {
        let mut parker = Parker::new();
        let is_sleeping = Arc::new(AtomicBool::new(false));
        let unpark = SleeperUnpark { is_sleeping: is_sleeping.clone(), unparker: parker.unparker() };
        let timers = Arc::new(Timers::new(Clock::new(false), Some(std::sync::Arc::new(unpark))));
        let cancelled = timers.register(at(&timers, 40), Waker::noop()).unwrap();
        let registering = timers.clone();
        let peer = thread::spawn(move || {
            // The bound may rise in between, and then the second must announce itself.
            registering.cancel(cancelled);
            registering.register(at(&registering, 50), Waker::noop()).unwrap();
        });
        sleep_until_told(&timers, &is_sleeping, &mut parker, at(&timers, 50));
        peer.join().unwrap();
        assert_eq!(timers.next_deadline(), Some(at(&timers, 50)));
    });
}
