//! [`Pool`]: threads on demand, up to a bound, each running one blocking job at a time.
//!
//! Not a scheduler: a job is never preempted, moved or split, and the pool knows nothing of tasks; what it runs
//! is whatever implements [`Job`].
//!
//! A job goes to the thread that parked last, straight into that thread's own seat; but if a thread that was called
//! before has not come yet, the job queues, first in, first out, and that thread or one that becomes free takes it: a
//! burst of short jobs wakes one or two threads, and not one each. With nobody idle and room below the bound a new
//! thread is started with the job in its seat, past what may queue because the system refused a thread before; otherwise
//! the job queues. A thread that has run out of work parks for the keep-alive time and then ends.
//!
//! Invariants, all under the one lock of [`State`](state::State):
//!
//! 1. While a thread is idle and the queue holds a job, a thread is on its way. When it comes and is the last of those,
//!    it calls the next one before it runs its own job. So no job waits behind one that takes long.
//! 2. While the queue holds a job, a thread is counted, and a counted thread looks at the queue, under the lock,
//!    before it may become idle or leave. So no queued job is forgotten. Unless the bound or the system refused a thread,
//!    no more jobs queue than threads are idle or come to look.
//! 3. A seat leaves the idle stack exactly once per time it entered: either someone takes it and has put a call into it
//!    before the lock is free again, or its own thread takes it. So a call and a keep-alive timeout have one winner, and
//!    no job is lost or run twice. A new thread's seat is filled before the thread is made, and emptied by its first
//!    look.
//! 4. Once closed, the queue holds mandatory jobs only, and no job is accepted any more. What is in a seat is run: a
//!    job that did not have to queue is not cancelled.
//!
//! Rejected: one condition variable for all (tokio's pool: whoever wakes takes the lock again, to find out why it
//! woke, and often fights the spawner for it); sharded queues (a job can sit in one shard while threads sleep in
//! another, which hung tokio#8056); an atomic idle count beside the lock (two truths, and the lock is taken once
//! per job on each side anyway); spinning or yielding before parking, for the
//! next job may come at once (with the process pinned to one core, a round trip of 3.1 µs became 24 µs with 20 µs
//! of spin, as the spinner holds the core that the spawner wants, and 3.5 µs with one yield; on two cores, where
//! single runs spread from 3 to 80 µs by where the kernel puts the woken thread, spinning was slower in the median
//! and a yield made no difference that the spread would show).

mod config;
mod seat;
mod state;
mod thread;

use std::fmt;
use std::io;
use std::time::{Duration, Instant};

pub(crate) use config::Config;
pub(crate) use state::Room;

use crate::primitive::sync::{Arc, Condvar, Mutex, MutexGuard};
use crate::util::guarded;
use state::{Placed, Queued, State};

/// Something to run on a thread of the pool: either [`run`](Job::run) or [`cancel`](Job::cancel) is called, once.
pub(crate) trait Job: Send + 'static {
    /// Does the work. A panic is swallowed: whoever waits for the job must learn of it from the job itself.
    fn run(self);

    /// The pool was closed while the job queued. Called on the thread that closes, under no lock.
    fn cancel(self);
}

/// Why a job was not accepted; it comes back untouched.
pub(crate) enum SpawnError<J> {
    /// The pool is closed.
    Closed(J),
    /// No thread is there, and the system refused to make one.
    NoThread(J, io::Error),
}

impl<J> fmt::Debug for SpawnError<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(_) => f.write_str("Closed"),
            Self::NoThread(_, error) => f.debug_tuple("NoThread").field(error).finish(),
        }
    }
}

/// The pool, as its users hold it: a cheap clone.
///
/// Dropping the last one closes nothing; idle threads then end after their keep-alive time.
pub(crate) struct Pool<J: Job> {
    shared: Arc<Shared<J>>,
}

impl<J: Job> Clone for Pool<J> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<J: Job> fmt::Debug for Pool<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("threads", &self.num_threads())
            .field("idle", &self.num_idle())
            .field("queued", &self.queue_depth())
            .finish_non_exhaustive()
    }
}

/// What the pool's users and its threads share.
struct Shared<J: Job> {
    config: Config,
    state: Mutex<State<J>>,
    /// Notified when the last thread of a closed pool has left; waited on by [`Pool::shutdown`].
    all_left: Condvar,
}

impl<J: Job> Shared<J> {
    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock()
    }
}

impl<J: Job> Pool<J> {
    /// A pool without threads; the first job starts the first one.
    pub(crate) fn new(config: Config) -> Self {
        let shared =
            Shared { state: Mutex::new(State::new(config.max_threads)), config, all_left: Condvar::new() };
        Self { shared: Arc::new(shared) }
    }

    /// Accepts a job. If it has to queue, and the pool is closed meanwhile, it is cancelled.
    ///
    /// # Errors
    ///
    /// The pool is closed, or it has no thread and cannot start one. While any thread is alive a refused thread
    /// is no error: the job queues.
    pub(crate) fn spawn(&self, job: J) -> Result<(), SpawnError<J>> {
        self.submit(Queued { job, is_mandatory: false })
    }

    /// Accepts a job that runs even if the pool is closed while it queues: a file's last write, say.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Self::spawn).
    pub(crate) fn spawn_mandatory(&self, job: J) -> Result<(), SpawnError<J>> {
        self.submit(Queued { job, is_mandatory: true })
    }

    fn submit(&self, queued: Queued<J>) -> Result<(), SpawnError<J>> {
        let mut state = self.shared.lock();
        let queued = match state.place(queued) {
            Placed::Handed(seat) => {
                // Unlock before waking, or the thread woken would first wait for this lock.
                drop(state);
                seat.unpark();
                return Ok(());
            }
            Placed::Queued => return Ok(()),
            Placed::Closed(queued) => return Err(SpawnError::Closed(queued.job)),
            Placed::NeedsThread(queued) => queued,
        };
        drop(state);
        self.submit_with_thread(queued)
    }

    /// The slow half of [`submit`](Self::submit): nobody was idle, and there was room for one thread more.
    #[cold]
    fn submit_with_thread(&self, queued: Queued<J>) -> Result<(), SpawnError<J>> {
        // The name comes from user code, hence outside the lock; what was seen before may have changed since.
        let name = self.shared.config.next_thread_name();
        let mut state = self.shared.lock();
        match state.place(queued) {
            Placed::Handed(seat) => {
                drop(state);
                seat.unpark();
                Ok(())
            }
            Placed::Queued => Ok(()),
            Placed::Closed(queued) => Err(SpawnError::Closed(queued.job)),
            // The thread is made under the lock, so that until it is known to exist no other spawner can see it
            // counted and queue behind it (invariant 2).
            Placed::NeedsThread(queued) => {
                let Err((queued, error)) = thread::start(&self.shared, &mut state, name, queued) else {
                    return Ok(());
                };
                if state.num_threads() == 0 {
                    return Err(SpawnError::NoThread(queued.job, error));
                }
                state.enqueue(queued);
                Ok(())
            }
        }
    }

    /// Accepts no job from now on, cancels those that queue unless they are mandatory, and sends idle threads home.
    pub(crate) fn close(&self) {
        let (cancelled, idle) = self.shared.lock().close();
        for seat in idle {
            seat.unpark();
        }
        for queued in cancelled {
            guarded(|| queued.job.cancel());
        }
    }

    /// [Closes](Self::close), then waits until every thread has ended, or for `limit` to pass. Tells whether
    /// all have ended.
    ///
    /// On a thread of this very pool it does not wait for that thread, which could never end.
    pub(crate) fn shutdown(&self, limit: Option<Duration>) -> bool {
        self.close();
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut state = self.shared.lock();
        let spared = usize::from(state.is_called_on_a_thread_of_the_pool());
        while state.num_counted() > spared {
            state = match deadline {
                None => self.shared.all_left.wait(state),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return false;
                    }
                    self.shared.all_left.wait_timeout(state, left).0
                }
            };
        }
        let departed = state.take_departed();
        drop(state);
        // Each thread that leaves joins the one that left before it, so the last one stands for all.
        if let Some(departed) = departed {
            let _ = departed.join();
        }
        spared == 0
    }

    /// Allows one thread more than before, or one less: for a job that lasts as long as the pool and is none of the
    /// blocking work that the bound is meant for.
    pub(crate) fn change_room(&self, change: Room) {
        self.shared.lock().change_room(change);
    }

    /// Threads that run a job or wait for one.
    pub(crate) fn num_threads(&self) -> usize {
        self.shared.lock().num_threads()
    }

    /// Threads that wait for a job.
    pub(crate) fn num_idle(&self) -> usize {
        self.shared.lock().num_idle()
    }

    /// Jobs accepted and not yet taken by a thread.
    pub(crate) fn queue_depth(&self) -> usize {
        self.shared.lock().queue_depth()
    }
}

#[cfg(all(test, not(loom)))]
mod tests;

#[cfg(all(test, loom))]
mod model;
