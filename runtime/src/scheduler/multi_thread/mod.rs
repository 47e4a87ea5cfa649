//! The work-stealing scheduler: workers with queues of their own, which take from each other when they run dry.
//!
//! Not tasks (`task`), nor the reactor (a `Driver`, seen here only through its [`Seat`]).
//!
//! The way of a task: a wake on a worker puts it into that worker's [LIFO slot](crate::queue::lifo), whence the one
//! that was there moves to the local queue; a wake from elsewhere puts it into the injector. A worker takes from its
//! slot (three times running at most), its queue, the injector, then from its peers; then it parks ([`park`]), in the
//! driver if the seat is free. The rules that keep one bad task from stopping the rest are in [`look`] and [`watch`].
//!
//! Worker 0 has no thread: whoever calls `block_on` acts as it ([`guest`]), so that the main future and the tasks that
//! it wakes exchange messages on one thread.
//!
//! Invariants:
//!
//! 1. A task that is queued is in a place that every worker can take from.
//! 2. Whoever queues a task that its own thread will not run soon unparks a worker, or knows that one is searching.
//! 3. The reactor thread sleeps without limit only while all workers are parked.
//!
//! Designs that were rejected: half of an overflowing queue to the injector (tokio, Go), here it stays with its worker;
//! a mutex around the sleepers (`idle`); unparking a worker for a task in the LIFO
//! slot (tokio tried it: a third slower, and it took it back).

mod block_in_place;
mod deep_sleep;
mod guest;
mod idle;
mod look;
mod main_woken;
mod park;
mod peer;
mod search;
mod shutdown;
mod watch;
mod worker;

#[cfg(all(test, loom))]
mod model;

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::sync::{Arc, Weak};

use crate::driver::DriverParts;
use crate::driver::seat::Seat;
use crate::primitive::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use crate::primitive::sync::{Condvar, Mutex};
use crate::queue::Injector;
use crate::queue::local::local_queue;
use crate::task::{JoinHandle, Label, Runnable};
use crate::time::clock::SharedClock;
use crate::time::timers::{Lease, SharedTimers};

use super::Hooks;
use super::counts::{self, Counts};
use crate::scheduler::worker_parker::WorkerParker;
use idle::Idle;
use main_woken::MainWoken;
use peer::{Peer, UnparkPeer};
use watch::Watch;
use worker::Core;

pub(crate) use block_in_place::block_in_place;
pub(crate) use guest::block_on;
pub(crate) use worker::{timers_here, worker_index_here};

/// What all workers share.
pub(crate) struct Shared {
    /// The workers as others see them; 0 is the guest's.
    peers: Box<[Arc<Peer>]>,
    injector: Injector<Runnable<Peer>>,
    idle: Idle,
    /// The seat of the driver, if I/O is enabled.
    seat: Option<Seat>,
    /// What the reactor thread shares with the workers.
    watch: Watch,
    /// Tasks that were spawned by threads that are no worker of ours.
    spawned_outside: AtomicU64,
    /// Set once, by `close`.
    is_closed: AtomicBool,
    /// The threads that act as workers, and the reactor thread; the last one to leave cancels what is left.
    threads: Mutex<Threads>,
    /// Signalled when none is left.
    all_left: Condvar,
    /// The cores of workers that nobody acts as: the guest's between two `block_on`, and one on its way to another
    /// thread in `block_in_place`. Indexed by worker.
    spare_cores: Box<[Mutex<Option<Box<Core>>>]>,
    /// Whether the main future was woken. Set by its waker, taken by the guest.
    main_woken: MainWoken,
    hooks: Hooks,
}

/// The threads that act for the scheduler.
#[derive(Default)]
struct Threads {
    /// Those that came and have not left, a thread in `block_on` among them.
    alive: usize,
    /// Those that we started.
    handles: Vec<std::thread::JoinHandle<()>>,
}

/// How to build the scheduler.
pub(crate) struct Config {
    /// Workers that run at the same time; at least one.
    pub(crate) workers: usize,
    pub(crate) hooks: Hooks,
    pub(crate) clock: SharedClock,
    pub(crate) driver: Option<DriverParts>,
}

impl Shared {
    /// The scheduler, without threads yet; see [`Shared::start`].
    pub(crate) fn new(config: Config) -> Arc<Self> {
        let Config { workers, hooks, clock, driver } = config;
        let seat = driver.map(|parts| Seat::new(parts.driver, parts.unpark));
        // Worker 0, which has no thread, comes on top.
        let count = workers + 1;
        Arc::new_cyclic(|shared: &Weak<Self>| {
            let (cores, peers): (Vec<_>, Vec<_>) = (0..count)
                .map(|index| {
                    let (queue, stealer) = local_queue();
                    let peer = Peer {
                        index,
                        shared: shared.clone(),
                        stealer,
                        lifo_slot: crate::queue::LifoSlot::new(),
                        parker: WorkerParker::new(),
                        timers: Lease::new(
                            clock.clone(),
                            Some(Arc::new(UnparkPeer::new(shared.clone(), index))),
                        ),
                        owned: crate::task::OwnedTasks::new(),
                        tick: AtomicU64::new(0),
                        counts: Counts::new(),
                        stalled_tick: AtomicU64::new(u64::MAX),
                        is_fine_grained: AtomicBool::new(false),
                        is_invited: AtomicBool::new(false),
                    };
                    (Mutex::new(Some(Box::new(Core::new(queue, count)))), Arc::new(peer))
                })
                .unzip();
            Self {
                peers: peers.into(),
                injector: Injector::new(),
                idle: Idle::new(count),
                seat,
                watch: Watch::new(shared.clone(), clock),
                spawned_outside: AtomicU64::new(0),
                is_closed: AtomicBool::new(false),
                threads: Mutex::new(Threads::default()),
                all_left: Condvar::new(),
                spare_cores: cores.into(),
                main_woken: MainWoken::new(),
                hooks,
            }
        })
    }

    /// Spawns a task.
    #[inline]
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
        let (runnable, handle) = crate::task::allocate(future, label, &*self.peers[0], location);
        if let Some(runnable) = worker::schedule_new_here(Arc::as_ptr(self), runnable) {
            // Ordering: Relaxed; a number for people.
            self.spawned_outside.fetch_add(1, Ordering::Relaxed);
            self.push_remote(runnable);
        }
        handle
    }

    /// Queues a task that no worker of ours has woken.
    fn push_remote(&self, runnable: Runnable<Peer>) {
        self.injector.push(runnable);
        self.unpark_one_after_push();
        // Ordering: the SeqCst fence in `claim_after_push` pairs with the one in `cancel_all`: either the last thread
        // to leave finds the task, or we see that it may have left.
        if self.is_closed.load(Ordering::Relaxed) {
            self.cancel_injected();
        }
    }

    /// Ends the sleep of a worker that was claimed.
    fn unpark(&self, index: usize) {
        self.peers[index].parker.unpark(self.seat.as_ref());
    }

    /// Unparks a worker, unless one is searching or all are awake, for work that the caller leaves to others.
    fn unpark_one_after_push(&self) {
        if let Some(index) = self.idle.claim_after_push(self.in_driver()) {
            self.unpark(index);
        }
    }

    /// Unparks a worker, unless one is searching or all are awake. For work on the caller's own queue.
    #[inline]
    fn unpark_one(&self) {
        if let Some(index) = self.idle.claim_unless_searching(self.in_driver()) {
            self.unpark(index);
        }
    }

    /// Unparks a worker to take some of the caller's short tasks, which it would otherwise leave alone.
    fn invite_one(&self) {
        if let Some(index) = self.idle.claim_unless_searching(self.in_driver()) {
            // Ordering: Relaxed; the unpark hands it over.
            self.peers[index].is_invited.store(true, Ordering::Relaxed);
            self.unpark(index);
        }
    }

    /// The worker that sleeps in the driver, whose sleep costs most to end.
    fn in_driver(&self) -> Option<usize> {
        self.seat.as_ref()?.sleeper()?;
        self.peers.iter().position(|peer| peer.parker.is_in_driver())
    }

    fn is_closed(&self) -> bool {
        // Ordering: Relaxed; whoever must not miss it puts a fence before.
        self.is_closed.load(Ordering::Relaxed)
    }

    /// The wheel for sleeps that are first polled outside the workers.
    pub(crate) fn outside_timers(&self) -> SharedTimers {
        self.watch.timers()
    }

    /// How many workers run at the same time.
    pub(crate) fn workers(&self) -> usize {
        self.peers.len() - 1
    }

    /// Tasks that were polled and are not over yet.
    pub(crate) fn owned_tasks(&self) -> usize {
        self.peers.iter().map(|peer| peer.owned.len()).sum()
    }

    /// Tasks that were spawned and are not over.
    pub(crate) fn alive_tasks(&self) -> usize {
        if self.is_closed() {
            // Those that are cancelled nobody counts.
            return self.owned_tasks();
        }
        let counts = self.peers.iter().map(|peer| &peer.counts);
        counts::alive(counts, self.spawned_outside.load(Ordering::Relaxed))
    }

    /// Tasks in the injector.
    pub(crate) fn injected_tasks(&self) -> usize {
        self.injector.len()
    }

    /// What a worker with a thread counts; the first is 0.
    pub(crate) fn counts(&self, worker: usize) -> &Counts {
        &self.peers[worker + 1].counts
    }

    /// Tells the workers and the reactor thread to leave.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        for index in 0..self.peers.len() {
            self.unpark(index);
        }
        self.watch.rouse_to_leave(self.seat.as_ref());
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("multi_thread::Shared").field("peers", &self.peers).finish_non_exhaustive()
    }
}
