//! The scheduler that runs all tasks on the thread inside `block_on`.
//!
//! Not watched by a reactor thread: if its one thread is stuck there is no other to run what woke. Sockets and timers
//! are served while some thread is inside `block_on`, and not in between.
//!
//! The invariant: the [`Core`] lies in `Shared` or belongs to the one thread that drives. Other threads inside
//! `block_on` drive their own future only, and one of them takes the core over when it is laid down.
//!
//! Tasks run first in, first out; with one thread there is no warm place to keep. A `LocalRuntime` is this
//! scheduler too: its tasks need not be `Send`, because it never leaves its thread.

mod block_in_place;
mod drive;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::ptr::NonNull;
use std::sync::{Arc, Weak};
use std::thread::ThreadId;
use std::time::Duration;

use crate::coop::take_yield;
use crate::driver::seat::Seat;
use crate::driver::{DriverParts, Unpark};
use crate::primitive::sync::Mutex;
use crate::primitive::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use crate::queue::Injector;
use crate::scheduler::worker_parker::WorkerParker;
use crate::task::{JoinHandle, Label, LocalSchedule, OwnedTasks, Runnable, Schedule};
use crate::time::clock::SharedClock;
use crate::time::timers::{Lease, SharedTimers};
use crate::util::scoped::Scoped;

use super::Hooks;
use super::ahead::Ahead;
use super::counts::{self, BusyTime, Counts};
use super::look_timer::LookTimer;

pub(crate) use block_in_place::block_in_place;
pub(crate) use drive::block_on;

thread_local_const! {
    /// The scheduler that this thread drives.
    static CURRENT: Scoped<Driving> = Scoped::new()
}

/// What all threads may touch.
pub(crate) struct Shared {
    this: Weak<Shared>,
    /// Here when nobody drives.
    core: Mutex<Option<Box<Core>>>,
    /// Threads inside `block_on` that do not drive. Unparked when the core is laid down.
    waiting: Mutex<Vec<Arc<drive::Waiter>>>,
    /// Tasks that were scheduled from other threads.
    injector: Injector<Runnable<Shared>>,
    owned: OwnedTasks,
    timers: Lease,
    clock: SharedClock,
    seat: Option<Seat>,
    parker: WorkerParker,
    /// Whether the driving thread's main future was woken. Set by its waker, taken by that thread.
    is_main_woken: AtomicBool,
    is_closed: AtomicBool,
    /// Set when all tasks are cancelled: what is pushed after that, the pusher cancels itself.
    is_drained: AtomicBool,
    /// Written by the thread that drives.
    counts: Counts,
    /// Tasks that were spawned by other threads.
    spawned_outside: AtomicU64,
    /// The one thread that may drive, if tasks need not be `Send`.
    owner: Option<ThreadId>,
    hooks: Hooks,
}

/// What the driving thread alone touches.
pub(crate) struct Core {
    queue: VecDeque<Runnable<Shared>>,
    tick: u64,
    look: LookTimer,
    ahead: Ahead,
}

impl Core {
    fn new() -> Self {
        Self { queue: VecDeque::new(), tick: 0, look: LookTimer::new(), ahead: Ahead::default() }
    }

    /// Puts what a look has woken before the `queued` tasks that were there already.
    fn move_ahead(&mut self, queued: usize) {
        let woken = self.queue.len().saturating_sub(queued);
        if self.ahead.admits(self.tick, queued, woken) {
            self.queue.rotate_right(woken);
        }
    }
}

/// A thread's part as the one that drives.
struct Driving {
    shared: Arc<Shared>,
    /// The address of `shared`, or null while the core is laid down (`block_in_place`). Never followed.
    home: Cell<*const Shared>,
    core: RefCell<Box<Core>>,
    busy: BusyTime,
}

/// Unparks the driving thread because there is something about time that it does not know, unless it is the one that
/// says so.
struct UnparkForTime(Weak<Shared>);

impl Unpark for UnparkForTime {
    fn unpark(&self) {
        if let Some(shared) = self.0.upgrade().filter(|shared| !shared.is_driven_here()) {
            shared.parker.unpark(shared.seat.as_ref());
        }
    }
}

impl Shared {
    /// With an `owner`, that thread alone drives, and [`Shared::spawn_local`] may be used on it.
    pub(crate) fn new(
        hooks: Hooks,
        clock: SharedClock,
        driver: Option<DriverParts>,
        owner: Option<ThreadId>,
    ) -> Arc<Self> {
        Arc::new_cyclic(|this: &Weak<Self>| Self {
            this: this.clone(),
            core: Mutex::new(Some(Box::new(Core::new()))),
            waiting: Mutex::new(Vec::new()),
            injector: Injector::new(),
            owned: OwnedTasks::new(),
            timers: Lease::new(clock.clone(), Some(Arc::new(UnparkForTime(this.clone())))),
            clock,
            seat: driver.map(|parts| Seat::new(parts.driver, parts.unpark)),
            parker: WorkerParker::new(),
            is_main_woken: AtomicBool::new(false),
            is_closed: AtomicBool::new(false),
            is_drained: AtomicBool::new(false),
            counts: Counts::new(),
            spawned_outside: AtomicU64::new(0),
            owner,
            hooks,
        })
    }

    /// Spawns a task.
    pub(crate) fn spawn<F, L>(
        self: &Arc<Self>,
        future: F,
        label: L,
        location: &'static Location<'static>,
    ) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
        L: Label,
    {
        let (runnable, handle) = crate::task::allocate(future, label, &**self, location);
        self.push_new(runnable);
        handle
    }

    /// Spawns a task that need not be `Send`. For the thread of a local runtime.
    pub(crate) fn spawn_local<F, L>(
        self: &Arc<Self>,
        future: F,
        label: L,
        location: &'static Location<'static>,
    ) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
        L: Label,
    {
        let (runnable, handle) = crate::task::allocate_local(future, label, &**self, location);
        self.push_new(runnable);
        handle
    }

    pub(crate) fn timers(&self) -> SharedTimers {
        self.timers.timers()
    }

    /// Makes the driving thread look at its clock and timers again.
    pub(crate) fn unparker(&self) -> Arc<dyn Unpark> {
        Arc::new(UnparkForTime(self.this.clone()))
    }

    /// Whether this is the thread that drives.
    pub(crate) fn is_driven_here(&self) -> bool {
        CURRENT
            .try_with(|current| {
                current.with(|driving| driving.is_some_and(|driving| std::ptr::eq(driving.home.get(), self)))
            })
            .unwrap_or(false)
    }

    /// What the thread that drives counts.
    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Tasks that were spawned and are not over.
    pub(crate) fn alive_tasks(&self) -> usize {
        if self.is_closed.load(Ordering::Relaxed) {
            // Those that are cancelled nobody counts.
            return self.owned.len();
        }
        counts::alive(std::iter::once(&self.counts), self.spawned_outside.load(Ordering::Relaxed))
    }

    /// Tasks in the injector.
    pub(crate) fn injected_tasks(&self) -> usize {
        self.injector.len()
    }

    /// Queues a task that was just spawned, and counts it.
    fn push_new(&self, runnable: Runnable<Self>) {
        match self.push_here(runnable, |core, runnable| core.queue.push_back(runnable)) {
            None => self.counts.count_spawn(),
            Some(runnable) => {
                // Ordering: Relaxed; a number for people.
                self.spawned_outside.fetch_add(1, Ordering::Relaxed);
                self.push_remote(runnable);
            }
        }
    }

    /// Calls `queue` with the task if this thread drives this scheduler; gives it back otherwise.
    #[inline]
    fn push_here(
        &self,
        runnable: Runnable<Self>,
        queue: impl FnOnce(&mut Core, Runnable<Self>),
    ) -> Option<Runnable<Self>> {
        let mut runnable = Some(runnable);
        let _ = CURRENT.try_with(|current| {
            current.with(|driving| {
                let Some(driving) = driving else { return };
                if std::ptr::eq(driving.home.get(), self) {
                    if let Some(runnable) = runnable.take() {
                        queue(&mut driving.core.borrow_mut(), runnable);
                    }
                }
            });
        });
        runnable
    }

    fn push_remote(&self, runnable: Runnable<Self>) {
        // Ordering: Relaxed. The thread that owns a local scheduler has set the flag itself, so that what may be
        // dropped on that thread alone is never pushed where others would cancel it.
        if self.is_drained.load(Ordering::Relaxed) {
            return runnable.cancel();
        }
        self.injector.push(runnable);
        self.parker.unpark(self.seat.as_ref());
        fence(Ordering::SeqCst);
        // Ordering: the fence pairs with the one in `cancel_all`: it finds the task, or we see that it may not have.
        if self.is_drained.load(Ordering::Relaxed) {
            self.cancel_injected();
        }
    }

    /// Ends all tasks. To be called once, when nobody will spawn or drive any more. A thread that still drives does
    /// the work when it sees the flag.
    pub(crate) fn shutdown(self: &Arc<Self>) {
        self.is_closed.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        self.parker.unpark(self.seat.as_ref());
        if let Some(core) = self.take_core() {
            Driving::new(self.clone(), core).cancel_all();
        }
    }

    /// Whether tasks need not be `Send`, and this is their thread.
    pub(crate) fn is_local_here(&self) -> bool {
        self.owner == Some(std::thread::current().id())
    }

    fn is_foreign_here(&self) -> bool {
        self.owner.is_some_and(|owner| owner != std::thread::current().id())
    }

    /// The core, if nobody drives and this thread may.
    fn take_core(&self) -> Option<Box<Core>> {
        if self.is_foreign_here() { None } else { self.core.lock().take() }
    }

    fn may_take_core(&self) -> bool {
        !self.is_foreign_here() && self.core.lock().is_some()
    }

    fn cancel_injected(&self) {
        while let Some(runnable) = self.injector.pop() {
            runnable.cancel();
        }
    }
}

// SAFETY: `cancel_all` returns when the owned list is empty, and comes before the last count of `Shared` goes;
// `schedule` on a foreign thread counts it first.
unsafe impl Schedule for Shared {
    unsafe fn schedule(home: NonNull<Self>, runnable: Runnable<Self>) {
        // SAFETY: the scheduler is alive while we have the runnable; this reference is not used after that.
        let home = unsafe { home.as_ref() };
        let pushed = home.push_here(runnable, |core, runnable| core.queue.push_back(runnable));
        let Some(runnable) = pushed else { return };
        match home.this.upgrade() {
            Some(shared) => shared.push_remote(runnable),
            None => runnable.cancel(),
        }
    }

    fn reschedule(&self, runnable: Runnable<Self>) {
        let pushed = self.push_here(runnable, |core, runnable| {
            if core.queue.is_empty() && take_yield() {
                core.look.yielded_to_nobody(core.tick);
            }
            core.queue.push_back(runnable);
        });
        if let Some(runnable) = pushed {
            self.push_remote(runnable);
        }
    }

    fn owned(&self) -> &OwnedTasks {
        &self.owned
    }
}

// SAFETY: with an owner, no other thread gets the core (`take_core`), without which no task is run or cancelled, but for
// such as were never polled after the end of all others; and those are `Send`.
unsafe impl LocalSchedule for Shared {
    fn is_here(&self) -> bool {
        self.is_local_here()
    }
}

/// Whether this thread drives any current-thread scheduler.
pub(crate) fn is_driving_any() -> bool {
    CURRENT.try_with(|current| current.with(|driving| driving.is_some())).unwrap_or(false)
}

impl Driving {
    fn new(shared: Arc<Shared>, core: Box<Core>) -> Self {
        let home = Cell::new(Arc::as_ptr(&shared));
        Self { shared, home, core: RefCell::new(core), busy: BusyTime::new() }
    }

    /// Cancels every task.
    fn cancel_all(&self) {
        let shared = &self.shared;
        CURRENT.with(|current| {
            current.set(self, || {
                shared.owned.close_and_cancel();
                shared.timers.close();
                loop {
                    self.cancel_queued();
                    if shared.owned.len() == 0 {
                        break;
                    }
                    // Some waker on another thread has brought a runnable into being and not yet queued it.
                    std::thread::sleep(Duration::from_micros(50));
                }
                shared.is_drained.store(true, Ordering::Relaxed);
                fence(Ordering::SeqCst);
                // Only tasks that were never polled can come any more, and of those from other threads only such as
                // are `Send`.
                self.cancel_queued();
                // A handle to the runtime may live on; what waits for a socket of ours elsewhere must not.
                if let Some(seat) = &shared.seat {
                    seat.close();
                }
            });
        });
    }

    /// Cancels what is queued, here and in the injector, and what is spawned thereby.
    fn cancel_queued(&self) {
        loop {
            self.shared.cancel_injected();
            let Some(runnable) = ({ self.core.borrow_mut().queue.pop_front() }) else { return };
            runnable.cancel();
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("current_thread::Shared").field("owned", &self.owned).finish_non_exhaustive()
    }
}
