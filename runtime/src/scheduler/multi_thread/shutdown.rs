//! The threads' coming and going, and the end of the tasks.
//!
//! Not the order in which a whole runtime ends (`runtime`). Close, drain, join: `close` tells all threads to leave;
//! each worker that leaves cancels the tasks it bound and drains its queues; the last thread to leave does so for all,
//! and waits for the few runnables that are on their way between a wake and a queue. So when the last has left,
//! every task is over, and no waker will look for the scheduler again.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::primitive::sync::atomic::{Ordering, fence};
use crate::scheduler::threads::{EnterContext, ThreadOptions};

use super::Shared;
use super::watch::Watcher;
use super::worker::{Core, Worker};

impl Shared {
    /// Starts the workers' threads and the reactor thread.
    pub(crate) fn start(self: &Arc<Self>, options: &ThreadOptions, enter: &EnterContext) -> io::Result<()> {
        for index in 1..self.peers.len() {
            let name = options.name(|| format!("mini-worker-{}", index - 1));
            let shared = self.clone();
            self.start_thread(options, name, enter, move || {
                let core = shared.spare_cores[index].lock().take();
                if let Some(core) = core {
                    Worker::new(shared, index, core).run_as_thread();
                }
            })?;
        }
        let shared = self.clone();
        let watcher = ThreadOptions { hooks: Default::default(), ..options.clone() };
        self.start_thread(&watcher, "mini-reactor".to_owned(), enter, move || {
            Watcher::new(shared.clone()).run();
            shared.thread_left();
        })
    }

    fn start_thread(
        &self,
        options: &ThreadOptions,
        name: String,
        enter: &EnterContext,
        main: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        self.thread_came();
        match options.start(name, enter.clone(), main) {
            Ok(thread) => {
                self.threads.lock().handles.push(thread);
                Ok(())
            }
            Err(error) => {
                self.thread_left();
                Err(error)
            }
        }
    }

    /// Counts a thread that acts for the scheduler.
    pub(super) fn thread_came(&self) {
        self.threads.lock().alive += 1;
    }

    /// A thread stops acting for the scheduler.
    pub(super) fn thread_left(&self) {
        let mut threads = self.threads.lock();
        if self.is_closed() && threads.alive == 1 {
            // Nobody else is left, and whoever comes now leaves through here again.
            drop(threads);
            self.cancel_all();
            threads = self.threads.lock();
        }
        threads.alive -= 1;
        if threads.alive == 0 {
            drop(threads);
            self.all_left.notify_all();
        }
    }

    /// Lays a core aside, its queue emptied for the others.
    pub(super) fn put_back(&self, index: usize, mut core: Box<Core>) {
        let mut batch = Vec::new();
        batch.extend(self.peers[index].lifo_slot.take());
        batch.extend(std::iter::from_fn(|| core.queue.pop_front()));
        self.injector.push_batch(batch);
        if std::mem::take(&mut core.is_searching) {
            let _ = self.idle.stop_searching();
        }
        *self.spare_cores[index].lock() = Some(core);
        if !self.injector.is_empty() {
            self.unpark_one_after_push();
        }
    }

    /// Cancels what is in the injector.
    pub(super) fn cancel_injected(&self) {
        while let Some(runnable) = self.injector.pop() {
            runnable.cancel();
        }
        while let Some(batch) = self.injector.pop_batch() {
            drop(batch);
        }
    }

    fn cancel_all(&self) {
        // Ordering: pairs with the fence in `push_remote`.
        fence(Ordering::SeqCst);
        for peer in &self.peers {
            peer.owned.close_and_cancel();
            peer.timers.close();
        }
        self.watch.timers().close();
        loop {
            self.cancel_injected();
            if self.owned_tasks() == 0 {
                break;
            }
            // Some waker on another thread has brought a runnable into being and not yet queued it.
            std::thread::sleep(Duration::from_micros(50));
        }
        // A handle to the runtime may live on; what waits for a socket of ours elsewhere must not.
        if let Some(seat) = &self.seat {
            seat.close();
        }
    }

    /// Waits until all threads have left; false if the time ran out.
    pub(crate) fn join(&self, limit: Option<Duration>) -> bool {
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut threads = self.threads.lock();
        while threads.alive > 0 {
            threads = match deadline {
                None => self.all_left.wait(threads),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return false;
                    }
                    self.all_left.wait_timeout(threads, left).0
                }
            };
        }
        let handles = std::mem::take(&mut threads.handles);
        drop(threads);
        let this = std::thread::current().id();
        for handle in handles {
            // A runtime may be dropped by a task of its own, on a worker that is on its way out.
            if handle.thread().id() != this && limit.is_none() {
                let _ = handle.join();
            }
        }
        true
    }
}

impl Worker {
    /// Runs as a thread's whole life, already counted, and leaves.
    pub(super) fn run_as_thread(&self) {
        self.busy.start(Self::now());
        self.enter(|| {
            self.run();
            if self.has_core() {
                self.busy.stop(&self.peer().counts, Self::now());
                self.cancel_own();
            }
        });
        drop(self.core.take());
        self.shared.thread_left();
    }

    /// Cancels the tasks that this worker bound or has queued.
    fn cancel_own(&self) {
        let peer = self.peer();
        peer.owned.close_and_cancel();
        loop {
            // Dropped futures may wake others, which then come to our queue.
            let queued =
                peer.lifo_slot.take().or_else(|| self.with_core(|core| core.queue.pop_front()).flatten());
            match queued {
                Some(runnable) => runnable.cancel(),
                None => break,
            }
        }
    }
}
