//! The instruction of x86-64.

use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

/// See the head of this folder.
#[inline]
pub(super) fn fetch_line(address: *const ()) {
    // SAFETY: a hint: it reads nothing, and faults on no address.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) };
}
