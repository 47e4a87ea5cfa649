//! The barest executors there are, on one thread: a queue of boxed futures that are polled until they are done, and a
//! row of them that are polled when woken.
//!
//! No handles, no cancelling, no other threads: the limit that a runtime with all of these is held against.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

/// A task: nothing but its future.
pub(crate) type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static QUEUE: RefCell<VecDeque<Task>> = const { RefCell::new(VecDeque::new()) };
    static WOKEN: RefCell<VecDeque<usize>> = const { RefCell::new(VecDeque::new()) };
}

/// Puts a future into this thread's queue.
pub(crate) fn spawn(future: impl Future<Output = ()> + 'static) {
    QUEUE.with_borrow_mut(|queue| queue.push_back(Box::pin(future)));
}

/// Polls what is in the queue, and what is put there meanwhile; what is pending goes to the back.
pub(crate) fn run_queue() {
    let mut context = Context::from_waker(Waker::noop());
    while let Some(mut task) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
        if task.as_mut().poll(&mut context).is_pending() {
            QUEUE.with_borrow_mut(|queue| queue.push_back(task));
        }
    }
}

/// Wakes a task of the row: its place goes into the queue of those to poll.
struct Place(usize);

impl Wake for Place {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        WOKEN.with_borrow_mut(|woken| woken.push_back(self.0));
    }
}

/// Polls each once, and then those that are woken, until none is.
pub(crate) fn run_row(tasks: Vec<Task>) {
    let mut row: Vec<(Option<Task>, Waker)> = tasks
        .into_iter()
        .enumerate()
        .map(|(place, task)| (Some(task), Waker::from(Arc::new(Place(place)))))
        .collect();
    WOKEN.with_borrow_mut(|woken| woken.extend(0..row.len()));
    while let Some(place) = WOKEN.with_borrow_mut(VecDeque::pop_front) {
        let (slot, waker) = &mut row[place];
        let Some(task) = slot else { continue };
        if let Poll::Ready(()) = task.as_mut().poll(&mut Context::from_waker(waker)) {
            *slot = None;
        }
    }
}
