//! Timers driven by hand, on a clock that stands still: what fires, whom it wakes, what is published.

use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex as StdMutex, OnceLock, Weak};
use std::task::Wake;

use super::global::TimerThread;
use super::*;
use crate::util::test_waker::{Fault, TestWaker, discard};

const MS: Duration = Duration::from_millis(1);

fn paused() -> Arc<Timers> {
    Arc::new(Timers::new(Clock::new(true), None))
}

#[test]
fn a_timer_fires_at_its_deadline_and_not_a_nanosecond_before() {
    let timers = paused();
    let start = timers.now();
    for after in [Duration::from_nanos(1), Duration::from_micros(40), MS, 86_400 * 1000 * MS] {
        let waker = TestWaker::new();
        let key = timers.register(start + after, &waker.waker()).unwrap();
        assert_eq!(timers.next_deadline(), Some(start + after));
        assert_eq!(timers.fire(start + after - Duration::from_nanos(1)), 0);
        assert_eq!((waker.wakes(), timers.update_waker(key, &waker.waker())), (0, TimerState::Waiting));
        assert_eq!(timers.fire(start + after), 1);
        assert_eq!((waker.wakes(), waker.alive(), timers.next_deadline()), (1, 0, None));
        assert_eq!(timers.update_waker(key, &waker.waker()), TimerState::Fired);
    }
}

#[test]
fn a_timer_that_fired_is_known_without_the_lock() {
    let timers = paused();
    let start = timers.now();
    let [early, late] = [1, 2].map(|after| timers.register(start + after * MS, Waker::noop()).unwrap());
    let has_fired = |key, after| timers.has_fired(key, start + after * MS);
    assert_eq!((has_fired(early, 1), has_fired(late, 2)), (false, false));
    assert_eq!(timers.fire(start + MS), 1);
    assert_eq!((has_fired(early, 1), has_fired(late, 2)), (true, false));
    // One whose deadline has come is not to be known from those, and says so at once.
    let too_late = timers.register(start + MS, Waker::noop()).unwrap();
    assert!(has_fired(too_late, 1));
    assert_eq!(timers.update_waker(too_late, Waker::noop()), TimerState::Waiting);
    assert_eq!(timers.fire(start + 2 * MS), 2);
    assert!(has_fired(late, 2));
}

#[test]
fn a_driver_sleeps_a_while_after_timers_fired_so_that_dense_ones_fire_together() {
    let timers = paused();
    let start = timers.now();
    let micro = |micros| start + Duration::from_micros(micros);
    for micros in [10, 20, 30, 500] {
        timers.register(micro(micros), Waker::noop()).unwrap();
    }
    assert_eq!(timers.next_wakeup(), Some(micro(10)));
    assert_eq!(timers.fire(micro(10)), 1);
    assert_eq!(
        (timers.next_deadline(), timers.next_wakeup()),
        (Some(micro(20)), Some(micro(10) + GATHERING))
    );
    // A driver that is awake anyway fires at once.
    assert_eq!(timers.fire(micro(20)), 1);
    assert_eq!(timers.fire(micro(25)), 0);
    assert_eq!(timers.next_wakeup(), Some(micro(20) + GATHERING));
    assert_eq!(timers.fire(micro(20) + GATHERING), 1);
    assert_eq!(timers.next_wakeup(), Some(micro(500)));
    assert_eq!(timers.fire(micro(500)), 1);
    assert_eq!(timers.next_wakeup(), None);
}

#[test]
fn a_cancelled_timer_wakes_nobody_and_frees_its_waker() {
    let timers = paused();
    let (cancelled, other) = (TestWaker::new(), TestWaker::new());
    let start = timers.now();
    let key = timers.register(start + MS, &cancelled.waker()).unwrap();
    timers.register(start + 2 * MS, &other.waker()).unwrap();
    timers.cancel(key);
    timers.cancel(key);
    assert_eq!((cancelled.alive(), timers.next_deadline()), (0, Some(start + 2 * MS)));
    assert_eq!(timers.fire(start + 2 * MS), 1);
    assert_eq!((cancelled.wakes(), other.wakes()), (0, 1));
}

#[test]
fn the_last_waker_is_the_one_that_is_woken() {
    let timers = paused();
    let (first, second) = (TestWaker::new(), TestWaker::new());
    let deadline = timers.now() + MS;
    let waker = second.waker();
    let key = timers.register(deadline, &first.waker()).unwrap();
    assert_eq!(timers.update_waker(key, &waker), TimerState::Waiting);
    assert_eq!((first.alive(), second.clones()), (0, 1));
    assert_eq!(timers.update_waker(key, &waker), TimerState::Waiting);
    assert_eq!(second.clones(), 1, "a waker that would wake the same task was cloned");
    assert_eq!(timers.fire(deadline), 1);
    assert_eq!((first.wakes(), second.wakes()), (0, 1));
}

#[test]
fn a_reset_moves_the_deadline_both_ways() {
    let timers = paused();
    let waker = TestWaker::new();
    let start = timers.now();
    let key = timers.register(start + 10 * MS, &waker.waker()).unwrap();
    assert_eq!(timers.reset(key, start + 5 * MS), TimerState::Waiting);
    assert_eq!(timers.next_deadline(), Some(start + 5 * MS));
    assert_eq!(timers.reset(key, start + 20 * MS), TimerState::Waiting);
    assert_eq!(timers.next_deadline(), Some(start + 20 * MS));
    assert_eq!((timers.fire(start + 19 * MS), timers.fire(start + 20 * MS), waker.wakes()), (0, 1, 1));
    assert_eq!(timers.reset(key, start + 30 * MS), TimerState::Fired);
    assert_eq!(timers.next_deadline(), None);
}

/// Counts its calls, and uses the timers in each: a call under their lock would never return.
#[derive(Default)]
struct CountingUnpark {
    calls: AtomicUsize,
    timers: OnceLock<Weak<Timers>>,
}

impl Unpark for CountingUnpark {
    fn unpark(&self) {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if let Some(timers) = self.timers.get().and_then(Weak::upgrade) {
            let _ = timers.fire(timers.origin);
            timers.cancel(timers.register(timers.origin + 9000 * MS, Waker::noop()).unwrap());
        }
    }
}

#[test]
fn the_sleeper_is_unparked_for_an_earlier_deadline_alone() {
    let unpark = std::sync::Arc::new(CountingUnpark::default());
    let timers = Arc::new(Timers::new(Clock::new(true), Some(unpark.clone())));
    unpark.timers.set(std::sync::Arc::downgrade(&timers)).unwrap();
    let calls = || unpark.calls.swap(0, Ordering::SeqCst);
    let start = timers.now();
    let add = |after| timers.register(start + after * MS, Waker::noop()).unwrap();
    let first = add(50);
    assert_eq!(calls(), 1);
    let (second, _third) = (add(50), add(60));
    assert_eq!(calls(), 0);
    let _ = timers.reset(second, start + 40 * MS);
    assert_eq!(calls(), 1);
    timers.cancel(second);
    timers.cancel(first);
    add(45);
    assert_eq!(calls(), 0, "the sleeper wakes in time for a deadline that was cancelled");
    assert_eq!(timers.next_deadline(), Some(start + 45 * MS));
    add(44);
    assert_eq!(calls(), 1);
}

/// On wake, registers a further timer, cancels another and fires: all of what a waker may come upon.
struct MeddlingWaker {
    timers: Arc<Timers>,
    victim: StdMutex<Option<Key>>,
    wakes: AtomicUsize,
}

impl Wake for MeddlingWaker {
    fn wake(self: std::sync::Arc<Self>) {
        self.wakes.fetch_add(1, Ordering::SeqCst);
        let now = self.timers.now();
        self.timers.register(now + MS, Waker::noop()).unwrap();
        if let Some(victim) = self.victim.lock().unwrap().take() {
            self.timers.cancel(victim);
        }
        self.timers.fire(now);
    }
}

#[test]
fn a_waker_may_use_the_timers_that_wake_it() {
    let timers = paused();
    let start = timers.now();
    let victim = TestWaker::new();
    let key = timers.register(start + 2 * MS, &victim.waker()).unwrap();
    let meddler = std::sync::Arc::new(MeddlingWaker {
        timers: timers.clone(),
        victim: StdMutex::new(Some(key)),
        wakes: AtomicUsize::new(0),
    });
    timers.register(start + MS, &meddler.clone().into()).unwrap();
    assert_eq!(timers.fire(start + MS), 1);
    assert_eq!((meddler.wakes.load(Ordering::SeqCst), victim.alive()), (1, 0));
    assert_eq!((timers.fire(start + 2 * MS), victim.wakes()), (1, 0));
}

#[test]
fn a_panicking_waker_costs_no_other_timer_its_wake() {
    let timers = paused();
    let deadline = timers.now() + MS;
    let good = TestWaker::new();
    let (bad_wake, bad_drop) = (TestWaker::with_fault(Fault::Wake), TestWaker::with_fault(Fault::Drop));
    let bad_clone = TestWaker::with_fault(Fault::Clone);
    for _ in 0..40 {
        timers.register(deadline, &good.waker()).unwrap();
        timers.register(deadline, &bad_wake.waker()).unwrap();
    }
    let waker = bad_clone.waker();
    let clone = std::panic::AssertUnwindSafe(|| timers.register(deadline, &waker));
    assert!(std::panic::catch_unwind(clone).is_err());
    let waker = bad_drop.waker();
    let dropped = timers.register(deadline, &waker).unwrap();
    discard(waker);
    let cancel = std::panic::AssertUnwindSafe(|| timers.cancel(dropped));
    assert!(std::panic::catch_unwind(cancel).is_err());
    assert_eq!(timers.fire(deadline), 80);
    assert_eq!((good.wakes(), good.alive(), bad_wake.wakes()), (40, 0, 40));
    timers.register(deadline, &good.waker()).unwrap();
    assert_eq!((timers.fire(deadline), good.wakes()), (1, 41));
}

#[test]
fn ten_thousand_timers_at_one_instant_all_fire_in_one_call() {
    const TIMERS: usize = if cfg!(miri) { 500 } else { 10_000 };
    let timers = paused();
    let deadline = timers.now() + 7 * MS;
    let waker = TestWaker::new();
    for _ in 0..TIMERS {
        timers.register(deadline, &waker.waker()).unwrap();
    }
    assert_eq!((timers.fire(deadline), waker.wakes(), timers.next_deadline()), (TIMERS, TIMERS, None));
}

#[test]
fn closed_timers_have_woken_all_and_take_no_more() {
    let timers = paused();
    let waker = TestWaker::new();
    let start = timers.now();
    let far = start.checked_add(Duration::from_secs(1 << 35)).unwrap_or(start + 1_000_000 * MS);
    for deadline in (0..100).map(|after| start + after * MS).chain([far]) {
        timers.register(deadline, &waker.waker()).unwrap();
    }
    timers.close();
    assert_eq!((waker.wakes(), waker.alive(), timers.next_deadline()), (101, 0, None));
    assert_eq!(timers.register(start, &waker.waker()), Err(Closed));
    assert_eq!((waker.alive(), timers.fire(far)), (0, 0));
    timers.close();
}

#[test]
fn a_jump_of_a_day_fires_what_it_passed_and_no_more() {
    let clock = Clock::new(true);
    let timers = Arc::new(Timers::new(clock.clone(), None));
    let start = clock.now();
    let (passed, later) = (TestWaker::new(), TestWaker::new());
    for minute in 1..=1440 {
        timers.register(start + minute * 60_000 * MS, &passed.waker()).unwrap();
    }
    timers.register(start + 86_400_001 * MS, &later.waker()).unwrap();
    clock.advance(86_400_000 * MS).unwrap();
    assert_eq!((timers.fire(clock.now()), passed.wakes(), later.wakes()), (1440, 1440, 0));
    assert_eq!(timers.next_deadline(), Some(start + 86_400_001 * MS));
}

#[test]
fn a_deadline_before_the_beginning_fires_at_the_next_look() {
    let timers = paused();
    clock_forward(&timers, 10 * MS);
    let waker = TestWaker::new();
    let before = timers.origin.checked_sub(MS).unwrap_or(timers.origin);
    timers.register(before, &waker.waker()).unwrap();
    assert_eq!(timers.next_deadline(), Some(timers.origin));
    assert_eq!((timers.fire(timers.now()), waker.wakes()), (1, 1));
}

fn clock_forward(timers: &Timers, by: Duration) {
    timers.tenant.lock().clock.advance(by).unwrap();
    assert_eq!(timers.fire(timers.now()), 0);
}

#[test]
fn cancels_against_fires_on_many_threads_lose_and_double_nothing() {
    let timers = Arc::new(Timers::new(Clock::new(false), None));
    let rounds = if cfg!(miri) { 20 } else { 5_000 };
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for seed in 0..3usize {
            let (timers, done) = (&timers, &done);
            scope.spawn(move || {
                for round in 0..rounds {
                    let waker = TestWaker::new();
                    let after = Duration::from_nanos(((round * 7919 + seed) % 3000) as u64);
                    let key = timers.register(timers.now() + after, &waker.waker()).unwrap();
                    if round % 2 == 0 {
                        timers.cancel(key);
                    } else {
                        while waker.wakes() == 0 {
                            std::thread::yield_now();
                        }
                    }
                    assert!(waker.wakes() <= 1);
                }
                done.fetch_add(1, Ordering::SeqCst);
            });
        }
        for _ in 0..2 {
            scope.spawn(|| {
                while done.load(Ordering::SeqCst) < 3 {
                    timers.fire(timers.now());
                    let _ = timers.next_deadline();
                    std::thread::yield_now();
                }
            });
        }
    });
    assert_eq!(timers.next_deadline(), None);
}

#[test]
fn a_refused_timer_thread_is_tried_again_and_then_started_once() {
    static TRIES: AtomicUsize = AtomicUsize::new(0);
    fn spawn(body: Box<dyn FnOnce() + Send>) -> std::io::Result<()> {
        match TRIES.fetch_add(1, Ordering::SeqCst) {
            0 | 1 => Err(std::io::Error::from(std::io::ErrorKind::WouldBlock)),
            _ => std::thread::Builder::new().spawn(body).map(drop),
        }
    }
    let thread = TimerThread::new(spawn);
    assert!(thread.timers().is_err());
    assert!(thread.timers().is_err());
    let timers = thread.timers().unwrap();
    let _ = thread.timers().unwrap();
    assert_eq!(TRIES.load(Ordering::SeqCst), 3);
    // The thread drives, and outlives a waker that panics.
    for fault in [Some(Fault::Wake), None] {
        let waker = fault.map_or_else(TestWaker::new, TestWaker::with_fault);
        timers.register(timers.now() + MS, &waker.waker()).unwrap();
        while waker.wakes() == 0 {
            std::thread::yield_now();
        }
    }
}

#[test]
fn a_timer_without_a_deadline_counts_from_its_drivers_next_look() {
    let timers = paused();
    let start = timers.now();
    let (soon, never) = (TestWaker::new(), TestWaker::new());
    let key = timers.register_after(MS, &never.waker()).unwrap();
    timers.register_after(10 * MS, &soon.waker()).unwrap();
    assert_eq!(timers.next_deadline(), Some(timers.origin), "a driver would sleep without a look");
    timers.cancel(key);
    assert_eq!(timers.next_deadline(), Some(timers.origin));
    let before = Instant::now();
    timers.start();
    let deadline = timers.next_deadline().unwrap();
    assert!((before + 10 * MS..=Instant::now() + 10 * MS).contains(&deadline));
    assert_eq!((timers.fire(deadline - Duration::from_nanos(1)), soon.wakes()), (0, 0));
    assert_eq!((timers.fire(deadline), soon.wakes(), never.wakes()), (1, 1, 0));
    // A look whose reading of the clock is older than the timer fires nothing of it.
    let (timers, soon) = (paused(), TestWaker::new());
    timers.register_after(Duration::from_nanos(1), &soon.waker()).unwrap();
    assert_eq!((timers.fire(start), soon.wakes()), (0, 0));
    let deadline = timers.next_deadline().unwrap();
    assert!(deadline > start && deadline <= Instant::now() + MS);
    assert_eq!((timers.fire(deadline), soon.wakes(), timers.next_deadline()), (1, 1, None));
}

#[test]
fn the_last_timer_without_a_deadline_to_go_leaves_no_bound_behind() {
    let timers = paused();
    let far = timers.now() + 3_600_000 * MS;
    let kept = timers.register(far, Waker::noop()).unwrap();
    let keys: Vec<Key> = (0..3).map(|_| timers.register_after(MS, Waker::noop()).unwrap()).collect();
    for key in keys {
        assert_eq!(timers.next_deadline(), Some(timers.origin));
        timers.cancel(key);
    }
    assert_eq!(timers.next_deadline(), Some(far));
    let key = timers.register_after(MS, Waker::noop()).unwrap();
    assert_eq!(timers.reset(key, far - MS), TimerState::Waiting);
    assert_eq!(timers.next_deadline(), Some(far - MS));
    timers.cancel(key);
    timers.cancel(kept);
    assert_eq!(timers.next_deadline(), None);
    let waker = TestWaker::new();
    let key = timers.register_after(MS, &waker.waker()).unwrap();
    timers.close();
    assert_eq!((waker.wakes(), timers.update_waker(key, &waker.waker())), (1, TimerState::Closed));
    assert_eq!(timers.register_after(MS, Waker::noop()), Err(Closed));
}

#[test]
fn timers_that_are_let_again_know_nothing_of_their_former_tenant() {
    // Others lease at the same time: until the same timers come back.
    for _ in 0..10_000 {
        let (waker, other) = (TestWaker::new(), TestWaker::new());
        let lease = Lease::new(Clock::new(false), None);
        let timers = lease.timers();
        let start = Instant::now();
        let key = timers.register(start + 1000 * MS, &waker.waker()).unwrap();
        drop(lease);
        assert_eq!((waker.wakes(), waker.alive()), (1, 0));
        let next = Lease::new(Clock::new(false), None);
        if !std::ptr::eq(next.timers(), timers) {
            continue;
        }
        let deadline = Instant::now() + MS;
        next.register(deadline, &other.waker()).unwrap();
        assert_eq!(timers.update_waker(key, &waker.waker()), TimerState::Closed, "its time had not come");
        assert_eq!(timers.reset(key, deadline), TimerState::Closed);
        timers.cancel(key);
        assert_eq!((next.fire(deadline - Duration::from_nanos(1)), next.fire(deadline)), (0, 1));
        assert_eq!(other.wakes(), 1);
        next.register(start + 999 * MS, Waker::noop()).unwrap();
        assert_eq!(next.fire(start + 1000 * MS), 1);
        assert!(!timers.has_fired(key, start + 1000 * MS), "it was closed, and not fired");
        return;
    }
    panic!("no timers came back from the stock");
}
