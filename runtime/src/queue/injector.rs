//! The queue that all workers share: tasks that were scheduled from outside, and what a worker that goes away lays down.
//!
//! Not bounded: a task exists at most once in all queues together, so it holds no more than the tasks alive. Single
//! tasks and whole batches go two ways, so that the tasks of a whole queue cost one push.

use crate::primitive::queue::SegQueue;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};

/// See the head of this file.
pub(crate) struct Injector<T> {
    singles: SegQueue<T>,
    batches: SegQueue<Vec<T>>,
    /// How many items there are in the batches. Raised before a batch is pushed, lowered after it was popped.
    batched: AtomicUsize,
}

impl<T> Injector<T> {
    pub(crate) fn new() -> Self {
        Self { singles: SegQueue::new(), batches: SegQueue::new(), batched: AtomicUsize::new(0) }
    }

    /// Puts an item at the back.
    pub(crate) fn push(&self, item: T) {
        self.singles.push(item);
    }

    /// Puts a batch at the back.
    pub(crate) fn push_batch(&self, batch: Vec<T>) {
        if !batch.is_empty() {
            // Ordering: Relaxed; a number for people. The queue orders the two sides' changes to it.
            self.batched.fetch_add(batch.len(), Ordering::Relaxed);
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
        let batch = self.batches.pop()?;
        // Ordering: as in `push_batch`.
        self.batched.fetch_sub(batch.len(), Ordering::Relaxed);
        Some(batch)
    }

    /// How many items there were just now, in batches or not.
    pub(crate) fn len(&self) -> usize {
        self.singles.len() + self.batched.load(Ordering::Relaxed)
    }
}
