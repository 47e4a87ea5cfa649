//! The queue that all workers share: tasks that were scheduled from outside, and what a worker that goes away lays down.
//!
//! Not bounded: a task exists at most once in all queues together, so it holds no more than the tasks alive. Single
//! tasks and whole batches go two ways, so that the tasks of a whole queue cost one push.

use crate::primitive::queue::SegQueue;

/// See the head of this file.
pub(crate) struct Injector<T> {
    singles: SegQueue<T>,
    batches: SegQueue<Vec<T>>,
}

impl<T> Injector<T> {
    pub(crate) fn new() -> Self {
        Self { singles: SegQueue::new(), batches: SegQueue::new() }
    }

    /// Puts an item at the back.
    pub(crate) fn push(&self, item: T) {
        self.singles.push(item);
    }

    /// Puts a batch at the back.
    pub(crate) fn push_batch(&self, batch: Vec<T>) {
        if !batch.is_empty() {
            self.batches.push(batch);
        }
    }

    /// Whether both ways were empty just now.
    pub(crate) fn is_empty(&self) -> bool {
        self.singles.is_empty() && self.batches.is_empty()
    }

    /// Takes the oldest single item.
    pub(crate) fn pop(&self) -> Option<T> {
        self.singles.pop()
    }

    /// How many single items there were just now.
    pub(crate) fn singles_len(&self) -> usize {
        self.singles.len()
    }

    /// Takes the oldest batch.
    pub(crate) fn pop_batch(&self) -> Option<Vec<T>> {
        self.batches.pop()
    }
}
