//! `block_on` of the current-thread scheduler: driving tasks and the main future on one thread.
//!
//! Not the queues' outside (`mod.rs`). A thread that does not get the core drives its own future alone, and tries again
//! whenever the core is laid down.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_task::{ArcWake, waker_ref};

use crate::coop::{Budget, with_budget};
use crate::driver::seat::Sleeper;
use crate::park::{Parker, Unparker};
use crate::primitive::sync::atomic::{AtomicBool, Ordering};
use crate::task::Runnable;

use super::{CURRENT, Core, Driving, Shared};

/// How many tasks from other threads are taken in at once.
const INJECTED_MAX: usize = 64;

/// Drives `future` to its end, and with it, if no other thread does, all tasks.
pub(crate) fn block_on<F: Future>(shared: &Arc<Shared>, future: F) -> F::Output {
    let mut future = pin!(future);
    let mut parker = Parker::new();
    let waiter = Arc::new(Waiter { unparker: parker.unparker(), is_woken: AtomicBool::new(true) });
    loop {
        if let Some(core) = shared.take_core() {
            let driving = LayDown(Driving::new(shared.clone(), core));
            let ended = driving.0.run(future.as_mut());
            drop(driving);
            match ended {
                Ended::Done(output) => return output,
                // Our own future goes on without the others.
                Ended::Closed => return crate::park::block_on_thread(future),
                // The wakes of our future until now may have gone to another's.
                Ended::Lost => waiter.is_woken.store(true, Ordering::Relaxed),
            }
        }
        // Ordering: Acquire pairs with the Release of the wake.
        if waiter.is_woken.swap(false, Ordering::Acquire) {
            let waker = waker_ref(&waiter);
            if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return output;
            }
        }
        shared.wait_for_core(&waiter);
        // The core may have been laid down before we stood in the list.
        if !shared.may_take_core() && !waiter.is_woken.load(Ordering::Relaxed) {
            parker.park();
        }
    }
}

/// Why a thread stops to drive.
enum Ended<T> {
    /// Its future is done.
    Done(T),
    /// The scheduler closes.
    Closed,
    /// The core is another thread's by now.
    Lost,
}

/// What the thread that drives turns to.
enum Next {
    /// This task.
    Task(Runnable<Shared>),
    /// The main future, which a look has woken.
    Main,
    /// A sleep.
    Nothing,
}

/// Wakes the future of a thread that does not drive.
pub(super) struct Waiter {
    unparker: Unparker,
    is_woken: AtomicBool,
}

impl Shared {
    /// Puts a thread into the list of those that are unparked when the core is laid down, once.
    fn wait_for_core(&self, waiter: &Arc<Waiter>) {
        let mut waiting = self.waiting.lock();
        if !waiting.iter().any(|other| Arc::ptr_eq(other, waiter)) {
            waiting.push(waiter.clone());
        }
    }

    fn unpark_waiting(&self) {
        let waiting = std::mem::take(&mut *self.waiting.lock());
        for waiter in waiting {
            waiter.unparker.unpark();
        }
    }
}

impl ArcWake for Waiter {
    fn wake_by_ref(this: &Arc<Self>) {
        this.is_woken.store(true, Ordering::Release);
        this.unparker.unpark();
    }
}

/// Wakes the main future of the thread that drives.
struct MainWaker {
    shared: Weak<Shared>,
}

impl ArcWake for MainWaker {
    fn wake_by_ref(this: &Arc<Self>) {
        let Some(shared) = this.shared.upgrade() else { return };
        // Ordering: Release hands over what came before the wake.
        if !shared.is_main_woken.swap(true, Ordering::AcqRel) && !shared.is_driven_here() {
            shared.parker.unpark(shared.seat.as_ref());
        }
    }
}

/// Lays the core down when the thread is done or unwinds.
struct LayDown(Driving);

impl Drop for LayDown {
    fn drop(&mut self) {
        if self.0.has_core() {
            if self.0.shared.is_closed.load(Ordering::Relaxed) {
                self.0.cancel_all();
            }
            self.0.lay_down();
        }
    }
}

impl Driving {
    pub(super) fn has_core(&self) -> bool {
        !self.home.get().is_null()
    }

    /// Leaves the core to whoever comes.
    pub(super) fn lay_down(&self) {
        let shared = &self.shared;
        self.busy.stop(&shared.counts, Instant::now());
        self.home.set(std::ptr::null());
        // The core cannot be moved out of a `RefCell` that we only borrow; an empty one takes its place.
        let core = self.core.replace(Box::new(Core::new()));
        *shared.core.lock() = Some(core);
        shared.unpark_waiting();
    }

    /// Takes the core that was laid down, if it lies there still.
    pub(super) fn take_back(&self) {
        let shared = &self.shared;
        let Some(core) = shared.take_core() else { return };
        self.core.replace(core);
        self.home.set(Arc::as_ptr(shared));
        self.busy.start(Instant::now());
        // Who drove meanwhile may have taken a wake that was for our future.
        shared.is_main_woken.store(true, Ordering::Relaxed);
    }

    /// Runs tasks and the future until one of three ends.
    fn run<F: Future>(&self, mut future: Pin<&mut F>) -> Ended<F::Output> {
        let shared = &self.shared;
        let waker = Arc::new(MainWaker { shared: Arc::downgrade(shared) });
        let waker = waker_ref(&waker);
        let mut context = Context::from_waker(&waker);
        shared.is_main_woken.store(true, Ordering::Relaxed);
        self.busy.start(Instant::now());
        CURRENT.with(|current| {
            current.set(self, || {
                while !shared.is_closed.load(Ordering::Relaxed) {
                    // Ordering: Relaxed load to spare the swap; Acquire pairs with the wake's Release.
                    if shared.is_main_woken.load(Ordering::Relaxed)
                        && shared.is_main_woken.swap(false, Ordering::Acquire)
                    {
                        let poll = with_budget(Budget::initial(), || future.as_mut().poll(&mut context));
                        if let Poll::Ready(output) = poll {
                            return Ended::Done(output);
                        }
                        if !self.has_core() {
                            return Ended::Lost;
                        }
                    }
                    match self.next() {
                        Next::Task(runnable) => self.run_task(runnable),
                        Next::Main => {}
                        Next::Nothing => self.park(),
                    }
                }
                Ended::Closed
            })
        })
    }

    #[inline]
    fn run_task(&self, runnable: Runnable<Shared>) {
        if with_budget(Budget::initial(), || runnable.run(&self.shared)) {
            self.shared.counts.count_end();
        }
    }

    #[inline]
    fn next(&self) -> Next {
        {
            let core = &mut **self.core.borrow_mut();
            core.tick += 1;
            if !core.look.is_due(core.tick) {
                if let Some(runnable) = core.queue.pop_front() {
                    return Next::Task(runnable);
                }
            }
        }
        self.next_after_look()
    }

    /// The next task when it is time to read the clock, or the queue is empty.
    #[cold]
    fn next_after_look(&self) -> Next {
        let is_due = {
            let core = &**self.core.borrow();
            core.look.is_due(core.tick)
        };
        if is_due {
            // Ordering: Relaxed, as a hint; the loop takes the wake.
            let is_main_woken = || self.shared.is_main_woken.load(Ordering::Relaxed);
            let was_main_woken = is_main_woken();
            self.look();
            // What it has woken comes before the task that yielded until then.
            if !was_main_woken && is_main_woken() {
                return Next::Main;
            }
            if let Some(runnable) = self.core.borrow_mut().queue.pop_front() {
                return Next::Task(runnable);
            }
        }
        self.take_injected();
        self.core.borrow_mut().queue.pop_front().map_or(Next::Nothing, Next::Task)
    }

    /// Reads the clock, and if it is time serves timers, the driver and the injector.
    fn look(&self) {
        let now = Instant::now();
        let is_time = {
            let core = &mut **self.core.borrow_mut();
            core.look.read(core.tick, now)
        };
        if !is_time {
            return;
        }
        let queued = self.core.borrow().queue.len();
        self.fire_timers();
        if let Some(mut occupant) = self.shared.seat.as_ref().and_then(|seat| seat.try_take()) {
            occupant.look();
        }
        self.core.borrow_mut().move_ahead(queued);
        self.take_injected();
    }

    fn fire_timers(&self) {
        let shared = &self.shared;
        if shared.timers.next_deadline().is_some() {
            shared.timers.fire(shared.clock.now());
        }
    }

    /// Moves tasks from other threads into our queue.
    fn take_injected(&self) {
        let injector = &self.shared.injector;
        if !injector.is_empty() {
            let core = &mut **self.core.borrow_mut();
            core.queue.extend(std::iter::from_fn(|| injector.pop()).take(INJECTED_MAX));
        }
    }

    /// Sleeps until there may be something to do.
    fn park(&self) {
        let shared = &self.shared;
        shared.hooks.before_park();
        // What the hook spawned or woke shall not wait for the end of the sleep.
        let has_work = !self.core.borrow().queue.is_empty() || shared.is_main_woken.load(Ordering::Relaxed);
        self.sleep(if has_work { Some(Duration::ZERO) } else { self.timeout() });
        shared.hooks.after_unpark();
        {
            let core = &mut **self.core.borrow_mut();
            core.look.restart(core.tick);
        }
        if shared.clock.is_paused() {
            self.advance_paused_clock();
        }
        self.fire_timers();
    }

    /// How long to sleep: with a paused clock not at all while a timer is set, for the clock then jumps to it.
    fn timeout(&self) -> Option<Duration> {
        self.shared.timers.start();
        let deadline = self.shared.timers.next_wakeup()?;
        if self.shared.clock.is_paused() {
            return self.shared.clock.may_auto_advance().then_some(Duration::ZERO);
        }
        Some(deadline.saturating_duration_since(self.shared.clock.now()))
    }

    /// Moves a paused clock to the next timer, if there was nothing else to do.
    fn advance_paused_clock(&self) {
        let shared = &self.shared;
        let is_idle = self.core.borrow().queue.is_empty()
            && shared.injector.is_empty()
            && !shared.is_main_woken.load(Ordering::Relaxed);
        if is_idle && shared.clock.may_auto_advance() {
            if let Some(deadline) = shared.timers.next_deadline() {
                shared.clock.advance_to(deadline);
            }
        }
    }

    fn sleep(&self, timeout: Option<Duration>) {
        let shared = &self.shared;
        let occupant = shared.seat.as_ref().and_then(|seat| seat.try_take());
        if timeout == Some(Duration::ZERO) {
            // Only a look.
            if let Some(mut occupant) = occupant {
                shared.parker.park_in_driver(&mut occupant, Sleeper::Worker, timeout);
            }
            return;
        }
        self.busy.park(&shared.counts, Instant::now());
        match occupant {
            Some(mut occupant) => shared.parker.park_in_driver(&mut occupant, Sleeper::Worker, timeout),
            None => shared.parker.park(timeout),
        }
        self.busy.unpark(&shared.counts, Instant::now());
    }
}
