//! [`State`]: who is idle, what queues, who is alive; everything the pool's one lock guards.
//!
//! Plain data. It unparks nobody and calls no user code: each transition returns what the caller is to do once
//! the lock is free. The invariants are numbered in the module above.

use std::collections::{HashMap, VecDeque};

use super::seat::{Call, Seat};
use crate::primitive::sync::Arc;
use crate::primitive::thread::{self, JoinHandle};

/// A job as it waits.
pub(super) struct Queued<J> {
    pub(super) job: J,
    /// Runs even if the pool is closed first.
    pub(super) is_mandatory: bool,
}

/// How many threads there may be, compared with before.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Room {
    /// One more.
    More,
    /// One less.
    Less,
}

/// Where a new job went.
#[must_use]
pub(super) enum Placed<J> {
    /// Into this idle thread's seat. Unpark it, after the lock.
    Handed(Arc<Seat<J>>),
    /// To the end of the queue: a thread is on its way, or every thread there may be is busy.
    Queued,
    /// Nowhere yet: nobody is idle that has no other job to come for, and there is room for one thread more.
    NeedsThread(Queued<J>),
    /// Nowhere: the pool is closed.
    Closed(Queued<J>),
}

/// What a thread that ran out of work does next.
#[must_use]
pub(super) enum Next<J> {
    /// Runs this job.
    Run(J),
    /// Waits in its seat, which stands on the idle stack now.
    Wait,
    /// Ends; it is counted as leaving now.
    Leave,
}

/// What a thread that woke to an empty seat finds.
#[must_use]
pub(super) enum Woken<J> {
    /// Runs this job; the seat is off the stack.
    Run(J),
    /// Looks again after the next unpark: it woke for no reason, or a spawner has just taken its seat and is
    /// about to unpark it.
    Wait,
    /// The seat is off the stack, and the thread is counted as leaving now.
    Leave,
}

pub(super) struct State<J> {
    /// Seats of threads that wait; the last one parked last and is handed the next job, as its stack and
    /// caches are the warmest, and as the coldest threads then are those whose keep-alive runs out.
    idle: Vec<Arc<Seat<J>>>,
    /// Threads whose seat was taken from the stack and that have not come yet.
    on_their_way: usize,
    /// Bounded by nothing, as tokio's: back-pressure is the spawner's, who awaits his jobs.
    queue: VecDeque<Queued<J>>,
    max_threads: usize,
    /// Threads that will look at the queue again before they end.
    threads: usize,
    /// Threads that will not, and run their last hook.
    leaving: usize,
    is_closed: bool,
    /// The number of the next thread.
    next_number: usize,
    /// By number. A thread takes its own out when it ends.
    handles: HashMap<usize, JoinHandle<()>>,
    /// The thread that ended last. It has joined the one that ended before it.
    departed: Option<JoinHandle<()>>,
}

impl<J> State<J> {
    pub(super) fn new(max_threads: usize) -> Self {
        Self {
            idle: Vec::new(),
            on_their_way: 0,
            queue: VecDeque::new(),
            max_threads: max_threads.max(1),
            threads: 0,
            leaving: 0,
            is_closed: false,
            next_number: 0,
            handles: HashMap::new(),
            departed: None,
        }
    }

    /// A spawner's step: to the thread that parked last, unless one is on its way, which will look at the queue; or
    /// else to a new thread, or to the queue if none may be added.
    pub(super) fn place(&mut self, queued: Queued<J>) -> Placed<J> {
        if self.is_closed {
            return Placed::Closed(queued);
        }
        // Of the idle threads, each may come for one of the jobs that queue (invariant 2).
        if self.queue.len() < self.idle.len() {
            if self.on_their_way > 0 {
                self.enqueue(queued);
                return Placed::Queued;
            }
            if let Some(seat) = self.call(Call::Job(queued.job)) {
                return Placed::Handed(seat);
            }
            unreachable!("somebody is idle");
        }
        if self.threads < self.max_threads {
            return Placed::NeedsThread(queued);
        }
        self.enqueue(queued);
        Placed::Queued
    }

    /// Calls the thread that parked last. Unpark it, after the lock.
    fn call(&mut self, call: Call<J>) -> Option<Arc<Seat<J>>> {
        let seat = self.idle.pop()?;
        seat.put(call);
        self.on_their_way += 1;
        Some(seat)
    }

    /// A thread's step when it comes to a call: what it does, and whom it unparks first, after the lock.
    pub(super) fn came(&mut self, seat: &Arc<Seat<J>>, call: Call<J>) -> (Next<J>, Option<Arc<Seat<J>>>) {
        self.on_their_way -= 1;
        let next = match call {
            Call::Job(job) => Next::Run(job),
            Call::Look => self.next(seat),
        };
        // Its own job may take long, and nobody else may be on the way (invariant 1).
        let is_help_needed = self.on_their_way == 0 && !self.queue.is_empty();
        (next, if is_help_needed { self.call(Call::Look) } else { None })
    }

    /// Allows one thread more than before, or one less.
    pub(super) fn change_room(&mut self, change: Room) {
        self.max_threads = match change {
            Room::More => self.max_threads.saturating_add(1),
            Room::Less => (self.max_threads - 1).max(1),
        };
    }

    /// Queues a job. Invariant 2 asks that a thread is counted.
    pub(super) fn enqueue(&mut self, queued: Queued<J>) {
        debug_assert!(self.threads > 0, "invariant 2");
        self.queue.push_back(queued);
    }

    /// The number that the next thread will have.
    pub(super) fn next_number(&self) -> usize {
        self.next_number
    }

    /// Counts a thread that was made.
    pub(super) fn add_thread(&mut self, handle: JoinHandle<()>) {
        self.handles.insert(self.next_number, handle);
        self.next_number += 1;
        self.threads += 1;
    }

    /// A thread's step once it has nothing to do: the queue first, then the way out, then its seat.
    pub(super) fn next(&mut self, seat: &Arc<Seat<J>>) -> Next<J> {
        if let Some(queued) = self.queue.pop_front() {
            return Next::Run(queued.job);
        }
        if self.is_closed {
            self.leave();
            return Next::Leave;
        }
        self.idle.push(Arc::clone(seat));
        Next::Wait
    }

    /// A thread's step when it woke and its seat was empty; `is_expired` when its keep-alive time is over.
    pub(super) fn woken(&mut self, seat: &Arc<Seat<J>>, is_expired: bool) -> Woken<J> {
        let Some(position) = self.idle.iter().position(|other| other.number == seat.number) else {
            return Woken::Wait;
        };
        if !self.is_closed && !is_expired {
            return Woken::Wait;
        }
        self.idle.remove(position);
        // Each thread that leaves would be one too few for the jobs that queue (invariant 2).
        if let Some(queued) = self.queue.pop_front() {
            return Woken::Run(queued.job);
        }
        self.leave();
        Woken::Leave
    }

    fn leave(&mut self) {
        debug_assert!(self.queue.is_empty(), "invariant 2");
        self.threads -= 1;
        self.leaving += 1;
    }

    /// A thread's last step. Returns the thread to join, which ended before it, and whether it was the last of
    /// a closed pool that [`num_counted`](Self::num_counted) counts, give or take one that shuts down itself.
    pub(super) fn left(&mut self, number: usize) -> (Option<JoinHandle<()>>, bool) {
        self.leaving -= 1;
        let own = self.handles.remove(&number);
        let former = std::mem::replace(&mut self.departed, own);
        (former, self.is_closed && self.num_counted() <= 1)
    }

    /// Closes: returns the jobs to cancel and the seats to unpark. The seats stay on the stack: each thread
    /// takes its own off (invariant 3).
    pub(super) fn close(&mut self) -> (Vec<Queued<J>>, Vec<Arc<Seat<J>>>) {
        self.is_closed = true;
        let (mandatory, cancelled) = self.queue.drain(..).partition(|queued| queued.is_mandatory);
        self.queue = mandatory;
        (Vec::from_iter::<VecDeque<_>>(cancelled), self.idle.clone())
    }

    /// Whether the calling thread belongs to this pool.
    pub(super) fn is_called_on_a_thread_of_the_pool(&self) -> bool {
        let current = thread::current().id();
        self.handles.values().any(|handle| handle.thread().id() == current)
    }

    pub(super) fn take_departed(&mut self) -> Option<JoinHandle<()>> {
        self.departed.take()
    }

    /// Threads that have not ended, those on their way out included.
    pub(super) fn num_counted(&self) -> usize {
        self.threads + self.leaving
    }

    pub(super) fn num_threads(&self) -> usize {
        self.threads
    }

    pub(super) fn num_idle(&self) -> usize {
        self.idle.len()
    }

    pub(super) fn queue_depth(&self) -> usize {
        self.queue.len()
    }
}
