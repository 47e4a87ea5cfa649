//! A worker's run-next cell: the task that was woken last runs first, while its data is warm.
//!
//! Not a queue of one that others are told of: nobody is unparked for a lone task here. A peer takes from it only
//! when the worker has been stuck in one poll for long (see `scheduler::multi_thread::stall`).

use crate::primitive::sync::atomic::{AtomicPtr, Ordering};

use super::item::Item;

/// See the head of this file.
pub(crate) struct LifoSlot<T: Item> {
    /// Null, or an item. Filled by the owner, emptied by the owner or a peer.
    item: AtomicPtr<T::Pointee>,
}

// SAFETY: an item is handed out once, by `swap`, and items are `Send`.
unsafe impl<T: Item> Send for LifoSlot<T> {}
// SAFETY: as above.
unsafe impl<T: Item> Sync for LifoSlot<T> {}

impl<T: Item> LifoSlot<T> {
    pub(crate) fn new() -> Self {
        Self { item: AtomicPtr::new(std::ptr::null_mut()) }
    }

    /// Puts an item in and returns the one that was there. For the owner only.
    #[inline]
    pub(crate) fn replace(&self, item: T) -> Option<T> {
        // A plain store would do where the slot is seen empty, since only the owner fills it; but that rests on the
        // atomicity of a peer's swap, which the model checker does not know of. What cannot be checked is not done.
        // Ordering: Release publishes the item to a peer's Acquire in `take`; what comes out was put in by this thread.
        Self::own(self.item.swap(item.into_raw(), Ordering::Release))
    }

    /// Takes the item out.
    #[inline]
    pub(crate) fn take(&self) -> Option<T> {
        if self.is_empty() {
            return None;
        }
        // Ordering: Acquire pairs with the Release in `replace`.
        Self::own(self.item.swap(std::ptr::null_mut(), Ordering::Acquire))
    }

    /// Whether it was empty just now.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        // Ordering: Relaxed; a hint, except for the owner, who alone fills the slot.
        self.item.load(Ordering::Relaxed).is_null()
    }

    fn own(raw: *mut T::Pointee) -> Option<T> {
        // SAFETY: a non-null pointer in the slot came from `into_raw`, and the swap took it out for us alone.
        (!raw.is_null()).then(|| unsafe { T::from_raw(raw) })
    }
}

impl<T: Item> Drop for LifoSlot<T> {
    fn drop(&mut self) {
        drop(self.take());
    }
}
