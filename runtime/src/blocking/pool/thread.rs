//! The life of one thread of the pool: hooks, jobs, the wait between them, the way out.
//!
//! Decides nothing about who gets which job; it asks `State`. The invariant it keeps: whatever user code does,
//! the thread leaves through [`State::left`](super::state::State::left), so the counts stay true.

use std::io;
use std::time::Instant;

use super::seat::{Call, Seat};
use super::state::{Next, Queued, State, Woken};
use super::{Job, Shared};
use crate::park::Parker;
use crate::primitive::sync::Arc;
use crate::primitive::thread;
use crate::util::guarded;

/// A thread of the pool, as it sees itself.
struct PoolThread<J: Job> {
    shared: Arc<Shared<J>>,
    seat: Arc<Seat<J>>,
    parker: Parker,
}

/// Makes a thread for a job and counts it, under the pool's lock. The job comes back if there is no thread.
pub(super) fn start<J: Job>(
    shared: &Arc<Shared<J>>,
    state: &mut State<J>,
    name: Option<String>,
    queued: Queued<J>,
) -> Result<(), (Queued<J>, io::Error)> {
    let parker = Parker::new();
    let seat = Arc::new(Seat::new(state.next_number(), parker.unparker()));
    let pool_thread = PoolThread { shared: Arc::clone(shared), seat: Arc::clone(&seat), parker };
    // Before the thread is there: its first look is into the seat, without the pool's lock.
    seat.put(Call::Job(queued.job));
    let mut builder = thread::Builder::new();
    if let Some(name) = name {
        builder = builder.name(name);
    }
    if let Some(bytes) = shared.config.stack_size {
        builder = builder.stack_size(bytes);
    }
    match (shared.config.create)(builder, Box::new(move || pool_thread.live())) {
        Ok(handle) => {
            state.add_thread(handle);
            Ok(())
        }
        Err(error) => match seat.take() {
            Some(Call::Job(job)) => Err((Queued { job, ..queued }, error)),
            _ => unreachable!("only its thread takes it out, and there is none"),
        },
    }
}

impl<J: Job> PoolThread<J> {
    fn live(mut self) {
        let shared = Arc::clone(&self.shared);
        match &shared.config.enter {
            None => self.work(),
            Some(enter) => {
                let mut has_worked = false;
                guarded(|| {
                    enter(&mut || {
                        if !std::mem::replace(&mut has_worked, true) {
                            self.work();
                        }
                    });
                });
                // A hook that failed before it called us must not strand the jobs this thread was made for.
                if !has_worked {
                    self.work();
                }
            }
        }
        self.end();
    }

    fn work(&mut self) {
        let shared = Arc::clone(&self.shared);
        if let Some(hook) = &shared.config.on_start {
            guarded(|| hook());
        }
        let mut next = match self.seat.take() {
            Some(Call::Job(job)) => Some(job),
            _ => self.next_job(),
        };
        while let Some(job) = next {
            guarded(|| job.run());
            next = self.next_job();
        }
        if let Some(hook) = &shared.config.on_stop {
            guarded(|| hook());
        }
    }

    /// The next job, once there is one. None: this thread is counted as leaving.
    fn next_job(&mut self) -> Option<J> {
        let next = self.shared.lock().next(&self.seat);
        match next {
            Next::Run(job) => Some(job),
            Next::Leave => None,
            Next::Wait => self.wait(),
        }
    }

    /// Waits in the seat, which stands on the idle stack.
    fn wait(&mut self) -> Option<J> {
        let mut deadline = self.deadline();
        loop {
            match deadline {
                Some(deadline) => {
                    self.parker.park_timeout(deadline.saturating_duration_since(Instant::now()))
                }
                None => self.parker.park(),
            }
            if let Some(call) = self.seat.take() {
                let (next, helper) = self.shared.lock().came(&self.seat, call);
                if let Some(helper) = helper {
                    helper.unpark();
                }
                match next {
                    Next::Run(job) => return Some(job),
                    Next::Leave => return None,
                    Next::Wait => deadline = self.deadline(),
                }
                continue;
            }
            let is_expired = deadline.is_some_and(|deadline| Instant::now() >= deadline);
            let woken = self.shared.lock().woken(&self.seat, is_expired);
            match woken {
                Woken::Run(job) => return Some(job),
                Woken::Wait => {}
                Woken::Leave => return None,
            }
        }
    }

    /// When the keep-alive time that begins now is over. None: it is beyond the clock's range and never ends.
    fn deadline(&self) -> Option<Instant> {
        Instant::now().checked_add(self.shared.config.keep_alive)
    }

    fn end(self) {
        let (former, is_last) = self.shared.lock().left(self.seat.number);
        if is_last {
            self.shared.all_left.notify_all();
        }
        if let Some(former) = former {
            let _ = former.join();
        }
    }
}
