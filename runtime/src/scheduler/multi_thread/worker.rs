//! A worker: its own state ([`Core`]), the loop that runs tasks, and the local side of scheduling.
//!
//! Not where work is looked for (`search`), nor how a worker sleeps (`park`). The invariant: what is in the core is
//! touched by the thread that acts as the worker, and the core is borrowed only for moments in which no user code runs.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Instant;

use crate::coop::{Budget, take_yield, with_budget};
use crate::primitive::sync::atomic::Ordering;
use crate::queue::LocalQueue;
use crate::scheduler::ahead::Ahead;
use crate::scheduler::counts::BusyTime;
use crate::scheduler::look_timer::LookTimer;
use crate::task::Runnable;
use crate::time::timers::SharedTimers;
use crate::util::scoped::Scoped;

use super::Shared;
use super::idle::GUEST;
use super::peer::Peer;
use super::search::Observed;

/// How many tasks in a row may come from the LIFO slot: two tasks that keep waking each other would keep the queue
/// waiting for ever.
pub(super) const LIFO_RUNS_MAX: u32 = 3;

/// The longest queue that is moved behind tasks which a look has woken: some 15 ns a task, at most every 50 µs.
const OVERTAKEN_MAX: usize = 64;

thread_local_const! {
    /// The worker that this thread acts as.
    static CURRENT: Scoped<Worker> = Scoped::new()
}

/// What a worker's owner alone touches. It moves to another thread when the owner blocks in place.
pub(crate) struct Core {
    pub(super) queue: LocalQueue<Runnable<Peer>>,
    /// Polls so far.
    pub(super) tick: u64,
    /// When to look up from running tasks.
    pub(super) look: LookTimer,
    /// Tasks that came from the LIFO slot since the last that did not.
    pub(super) lifo_runs: u32,
    /// Whether we took from the injector since the last look.
    pub(super) has_taken_injected: bool,
    /// Whether we are counted as searching.
    pub(super) is_searching: bool,
    /// Whether we are inside a turn of the driver or a firing of timers: what is woken then goes to the back of the
    /// queue, and a peer is unparked once, afterwards.
    pub(super) is_collecting: bool,
    /// Whether the first task that such a turn wakes goes into the LIFO slot.
    is_first_ahead: bool,
    ahead: Ahead,
    /// What we saw of each peer when we last looked for stalls.
    pub(super) observed: Vec<Observed>,
}

impl Core {
    pub(super) fn new(queue: LocalQueue<Runnable<Peer>>, peers: usize) -> Self {
        Self {
            queue,
            tick: 0,
            look: LookTimer::new(),
            lifo_runs: 0,
            has_taken_injected: false,
            is_searching: false,
            is_collecting: false,
            is_first_ahead: false,
            ahead: Ahead::default(),
            observed: vec![Observed::default(); peers],
        }
    }
}

/// A thread's part as a worker.
pub(super) struct Worker {
    pub(super) shared: Arc<Shared>,
    pub(super) index: usize,
    /// Ours among those of `shared`.
    peer: Arc<Peer>,
    /// None after the core has gone to another thread (`block_in_place`).
    pub(super) core: RefCell<Option<Box<Core>>>,
    pub(super) busy: BusyTime,
}

impl Worker {
    pub(super) fn new(shared: Arc<Shared>, index: usize, core: Box<Core>) -> Self {
        let peer = shared.peers[index].clone();
        Self { shared, index, peer, core: RefCell::new(Some(core)), busy: BusyTime::new() }
    }

    #[inline]
    pub(super) fn peer(&self) -> &Peer {
        &self.peer
    }

    /// Makes this thread the worker for the length of `f`.
    pub(super) fn enter<R>(&self, f: impl FnOnce() -> R) -> R {
        CURRENT.with(|current| current.set(self, f))
    }

    /// Calls `f` with the core, unless that has gone.
    #[inline]
    pub(super) fn with_core<R>(&self, f: impl FnOnce(&mut Core) -> R) -> Option<R> {
        self.core.borrow_mut().as_deref_mut().map(f)
    }

    pub(super) fn has_core(&self) -> bool {
        self.core.borrow().is_some()
    }

    /// Runs tasks until the scheduler closes, or the core has gone to another thread. That it is closed is seen after a
    /// step, so a thread that comes late has looked for work, and slept, once like any other.
    pub(super) fn run(&self) {
        loop {
            self.step();
            if !self.has_core() || self.shared.is_closed() {
                return;
            }
        }
    }

    /// Runs one task, or else sleeps.
    #[inline]
    fn step(&self) {
        match self.next() {
            Some(runnable) => self.run_task(runnable),
            None => self.park(),
        }
    }

    #[inline]
    pub(super) fn run_task(&self, runnable: Runnable<Peer>) {
        if with_budget(Budget::initial(), || runnable.run(self.peer())) {
            self.peer().counts.count_end();
        }
    }

    #[inline]
    pub(super) fn count_tick(&self, core: &mut Core) {
        core.tick += 1;
        // Ordering: Relaxed; others only compare it with what they read before.
        self.peer().tick.store(core.tick, Ordering::Relaxed);
    }

    /// The next task: our own, or one from the injector, or one that we find elsewhere.
    #[inline]
    fn next(&self) -> Option<Runnable<Peer>> {
        let mut borrowed = self.core.borrow_mut();
        let core = borrowed.as_deref_mut()?;
        self.count_tick(core);
        if core.look.is_due(core.tick) {
            drop(borrowed);
            self.look();
            borrowed = self.core.borrow_mut();
        }
        let core = borrowed.as_deref_mut()?;
        let runnable =
            self.next_own(core).or_else(|| self.take_injected(core)).or_else(|| self.search(core))?;
        if std::mem::take(&mut core.is_searching) && self.shared.idle.stop_searching() {
            // We were the last to search, and have something to run now. Whoever pushed a moment ago may have relied on
            // us. With nothing to be seen nobody is unparked: it would double the thread switches of a task that is
            // woken from outside, as by a blocking job.
            if self.is_work_visible() {
                self.shared.unpark_one();
            }
        }
        Some(runnable)
    }

    #[inline]
    fn next_own(&self, core: &mut Core) -> Option<Runnable<Peer>> {
        let lifo_slot = &self.peer().lifo_slot;
        if core.lifo_runs < LIFO_RUNS_MAX {
            if let Some(runnable) = lifo_slot.take() {
                core.lifo_runs += 1;
                return Some(runnable);
            }
        }
        core.lifo_runs = 0;
        core.queue.pop_front().or_else(|| lifo_slot.take())
    }

    /// Puts a task that was woken here where we will find it.
    fn schedule(&self, core: &mut Core, runnable: Runnable<Peer>) {
        if core.is_collecting {
            let surplus = match std::mem::take(&mut core.is_first_ahead) {
                true => self.peer().lifo_slot.replace(runnable),
                false => Some(runnable),
            };
            return surplus.into_iter().for_each(|runnable| core.queue.push_back(runnable));
        }
        // The guest runs only what it has woken itself and knows to be short.
        let is_for_others = self.index == GUEST && !runnable.is_seasoned();
        let surplus = if is_for_others { Some(runnable) } else { self.peer().lifo_slot.replace(runnable) };
        if let Some(surplus) = surplus {
            core.queue.push_back(surplus);
            if !core.look.is_fine_grained() {
                self.shared.unpark_one();
            }
        }
    }

    /// As [`collect`](Self::collect), between tasks: what is woken goes ahead of the queue, the first by way of the LIFO
    /// slot, and more if the queue is short enough to be moved behind them.
    pub(super) fn collect_ahead<R>(&self, f: impl FnOnce() -> R) -> R {
        let queued = self.with_core(|core| {
            let queued = core.queue.len();
            core.is_first_ahead = queued > 0 && self.index != GUEST && self.peer().lifo_slot.is_empty();
            queued
        });
        let result = self.collect(f);
        self.with_core(|core| {
            core.is_first_ahead = false;
            let queued = queued.unwrap_or(0);
            let woken = core.queue.len().saturating_sub(queued);
            if queued <= OVERTAKEN_MAX && core.ahead.admits(core.tick, queued, woken) {
                for _ in 0..queued {
                    let Some(runnable) = core.queue.pop_front() else { break };
                    core.queue.push_back(runnable);
                }
            }
        });
        result
    }

    /// Runs `f`, which wakes tasks, and then unparks a peer if more than one task is ready.
    pub(super) fn collect<R>(&self, f: impl FnOnce() -> R) -> R {
        self.with_core(|core| core.is_collecting = true);
        let result = f();
        let has_surplus = self.with_core(|core| {
            core.is_collecting = false;
            core.queue.len() > 1 && !core.look.is_fine_grained()
        });
        if has_surplus == Some(true) {
            self.shared.unpark_one();
        }
        result
    }

    pub(super) fn now() -> Instant {
        Instant::now()
    }
}

/// Queues the task on this thread's worker if it belongs to the given scheduler; gives it back otherwise.
#[inline]
pub(super) fn schedule_here(shared: *const Shared, runnable: Runnable<Peer>) -> Option<Runnable<Peer>> {
    on_worker_of(shared, runnable, |worker, core, runnable| worker.schedule(core, runnable))
}

/// As [`schedule_here`], for a task that was just spawned, which is counted.
#[inline]
pub(super) fn schedule_new_here(shared: *const Shared, runnable: Runnable<Peer>) -> Option<Runnable<Peer>> {
    on_worker_of(shared, runnable, |worker, core, runnable| {
        worker.peer().counts.count_spawn();
        worker.schedule(core, runnable);
    })
}

/// As [`schedule_here`], but to the back of the queue: for a task that was woken during its own poll.
#[inline]
pub(super) fn reschedule_here(shared: *const Shared, runnable: Runnable<Peer>) -> Option<Runnable<Peer>> {
    on_worker_of(shared, runnable, |worker, core, runnable| {
        if core.queue.len() == 0 && worker.peer().lifo_slot.is_empty() && take_yield() {
            core.look.yielded_to_nobody(core.tick);
        }
        core.queue.push_back(runnable);
    })
}

#[inline]
fn on_worker_of(
    shared: *const Shared,
    runnable: Runnable<Peer>,
    queue: impl FnOnce(&Worker, &mut Core, Runnable<Peer>),
) -> Option<Runnable<Peer>> {
    let mut runnable = Some(runnable);
    // A thread whose locals are gone is no worker any more.
    let _ = CURRENT.try_with(|current| {
        current.with(|worker| {
            let Some(worker) = worker.filter(|worker| std::ptr::eq(Arc::as_ptr(&worker.shared), shared))
            else {
                return;
            };
            worker.with_core(|core| {
                if let Some(runnable) = runnable.take() {
                    queue(worker, core, runnable);
                }
            });
        });
    });
    runnable
}

/// Whether this thread acts as the given worker.
pub(super) fn is_current(shared: *const Shared, index: usize) -> bool {
    with_current(|worker| {
        worker.is_some_and(|worker| {
            worker.index == index && std::ptr::eq(Arc::as_ptr(&worker.shared), shared) && worker.has_core()
        })
    })
}

/// Calls `f` with the worker that this thread acts as.
pub(super) fn with_current<R>(f: impl FnOnce(Option<&Worker>) -> R) -> R {
    CURRENT.with(|current| current.with(f))
}

/// Takes the worker away from this thread for the length of `f`.
pub(super) fn without_current<R>(f: impl FnOnce() -> R) -> R {
    CURRENT.with(|current| current.unset(f))
}

/// The number of the worker that this thread acts as, of those that have threads.
pub(crate) fn worker_index_here() -> Option<usize> {
    let index = CURRENT.try_with(|current| current.with(|worker| Some(worker?.index)));
    index.ok().flatten()?.checked_sub(1)
}

/// The timers of the worker that this thread acts as.
#[inline]
pub(crate) fn timers_here() -> Option<SharedTimers> {
    with_current(|worker| Some(worker.filter(|worker| worker.has_core())?.peer().timers.timers()))
}
