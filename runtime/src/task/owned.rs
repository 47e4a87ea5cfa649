//! The tasks of one worker that were polled and stayed Pending, so that a shutdown reaches them all.
//!
//! Not a queue, and not every task: one that is still queued for its first poll is found in its queue,
//! and one that answers at its first poll never comes here. A task stands here from its first Pending until it
//! is complete, whichever worker polls it later.
//!
//! A mutex for each worker: taken twice in the life of a task that ever waits, by its own worker unless the task was
//! stolen in between. tokio's registry is taken twice by every task.

use std::ptr::NonNull;

use crate::primitive::sync::Mutex;

use super::cell::release;
use super::header::{Header, Links};
use super::state::WakeAction;

/// See the head of this file.
pub(crate) struct OwnedTasks {
    list: Mutex<List>,
}

#[derive(Default)]
struct List {
    head: Option<NonNull<Header>>,
    length: usize,
    is_closed: bool,
}

// SAFETY: the pointers are followed under the lock only, and lead to tasks that are alive as long as they stand here.
unsafe impl Send for List {}

impl OwnedTasks {
    pub(crate) fn new() -> Self {
        Self { list: Mutex::new(List::default()) }
    }

    /// Takes a task in, or refuses it because the list is closed. Called once in a task's life.
    pub(super) fn bind(&self, task: NonNull<Header>) -> bool {
        let mut list = self.list.lock();
        if list.is_closed {
            return false;
        }
        let next = list.head.replace(task);
        list.length += 1;
        // SAFETY: both tasks are incomplete, so alive; links are ours under the lock.
        unsafe {
            task.as_ref().links.with_mut(|links| *links = Links { previous: None, next });
            if let Some(next) = next {
                next.as_ref().links.with_mut(|links| (*links).previous = Some(task));
            }
        }
        true
    }

    /// Lets a completed task go.
    ///
    /// # Safety
    ///
    /// The task is alive and stands in this list.
    pub(super) unsafe fn remove(&self, task: NonNull<Header>) {
        let mut list = self.list.lock();
        list.length -= 1;
        // SAFETY: neighbours stand in the list, so they are alive; links are ours under the lock.
        unsafe {
            let Links { previous, next } = task.as_ref().links.with_mut(|links| std::mem::take(&mut *links));
            match previous {
                Some(previous) => previous.as_ref().links.with_mut(|links| (*links).next = next),
                None => list.head = next,
            }
            if let Some(next) = next {
                next.as_ref().links.with_mut(|links| (*links).previous = previous);
            }
        }
    }

    /// How many tasks stand here.
    pub(crate) fn len(&self) -> usize {
        self.list.lock().length
    }

    /// Whether it refuses tasks.
    pub(crate) fn is_closed(&self) -> bool {
        self.list.lock().is_closed
    }

    /// Refuses tasks from now on, and cancels those that are here: at once where the task is idle, else by whoever
    /// holds its `Runnable`. The list is empty when they have all done so.
    pub(crate) fn close_and_cancel(&self) {
        let tasks = {
            let mut list = self.list.lock();
            list.is_closed = true;
            let mut tasks = Vec::with_capacity(list.length);
            let mut cursor = list.head;
            while let Some(task) = cursor {
                // SAFETY: it stands in the list, so it is alive; the reference keeps it so after the unlock.
                unsafe {
                    task.as_ref().state.add_reference();
                    cursor = task.as_ref().links.with(|links| (*links).next);
                }
                tasks.push(task);
            }
            tasks
        };
        for task in tasks {
            // SAFETY: alive through our reference, which goes last.
            unsafe {
                if task.as_ref().state.cancel() == WakeAction::Schedule {
                    (task.as_ref().vtable.cancel)(task);
                }
                release(task);
            }
        }
    }
}

impl std::fmt::Debug for OwnedTasks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnedTasks").field("len", &self.len()).finish()
    }
}
