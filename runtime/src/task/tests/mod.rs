//! Tests of a task by itself, on a scheduler that is a queue: who drops what, how often, and what a panic does.
//!
//! Not of the runtime around it (`runtime::tests`), nor of races (`model`). Each scenario counts the drops of the
//! future, of its output and of the task's label, which goes when the task is freed.

mod matrix;
mod panics;
mod shapes;
mod wakes;

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{Location, resume_unwind};
use std::pin::Pin;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::{JoinError, JoinHandle, Label, OwnedTasks, Runnable, Schedule, allocate};

/// A scheduler that runs what it is told to.
struct Home {
    queue: Mutex<VecDeque<Runnable<Home>>>,
    owned: OwnedTasks,
}

// SAFETY: each test keeps its `Home` until its tasks are over.
unsafe impl Schedule for Home {
    unsafe fn schedule(home: NonNull<Self>, runnable: Runnable<Self>) {
        // SAFETY: as above.
        unsafe { home.as_ref() }.push(runnable);
    }

    fn reschedule(&self, runnable: Runnable<Self>) {
        self.push(runnable);
    }

    fn owned(&self) -> &OwnedTasks {
        &self.owned
    }
}

impl Home {
    fn new() -> Arc<Self> {
        Arc::new(Self { queue: Mutex::new(VecDeque::new()), owned: OwnedTasks::new() })
    }

    fn push(&self, runnable: Runnable<Self>) {
        self.queue.lock().unwrap().push_back(runnable);
    }

    fn pop(&self) -> Option<Runnable<Self>> {
        self.queue.lock().unwrap().pop_front()
    }

    fn queued(&self) -> usize {
        self.queue.lock().unwrap().len()
    }

    /// Runs one task, if one is queued.
    fn run_one(&self) {
        if let Some(runnable) = self.pop() {
            runnable.run(self);
        }
    }

    fn spawn<F>(&self, future: F, label: impl Label) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let (runnable, handle) = allocate(future, label, self, Location::caller());
        self.push(runnable);
        handle
    }
}

/// A count that others read.
#[derive(Clone, Debug, Default)]
struct Count(Arc<AtomicUsize>);

impl Count {
    fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self) -> usize {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// Counts its drop, and panics in it if it is told to.
struct Counted {
    drops: Count,
    panics: bool,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.drops.add();
        if self.panics {
            unwind(false);
        }
    }
}

impl Label for Counted {
    fn name(&self) -> Option<&str> {
        Some("counted")
    }
}

/// Panics without a word, with a payload that panics in its own drop if asked to.
fn unwind(with_a_bomb: bool) -> ! {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            resume_unwind(Box::new("a payload's drop"));
        }
    }
    match with_a_bomb {
        true => resume_unwind(Box::new(Bomb)),
        false => resume_unwind(Box::new("a panic")),
    }
}

fn poll_once<T>(handle: &mut JoinHandle<T>, waker: &Waker) -> Poll<Result<T, JoinError>> {
    Pin::new(handle).poll(&mut Context::from_waker(waker))
}
