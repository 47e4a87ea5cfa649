//! [`prefetch`]: asks the processor for memory that is needed soon.
//!
//! A hint, and no access: any address will do, and nothing is read. Each machine's file here defines
//! `fetch_line(address)`, for the cache line of that address; where there is none, `other` does nothing.

#[cfg(not(all(target_arch = "x86_64", not(any(miri, loom)))))]
mod other;
#[cfg(all(target_arch = "x86_64", not(any(miri, loom))))]
mod x86_64;

#[cfg(not(all(target_arch = "x86_64", not(any(miri, loom)))))]
use other::fetch_line;
#[cfg(all(target_arch = "x86_64", not(any(miri, loom))))]
use x86_64::fetch_line;

/// Bytes of a cache line.
const LINE: usize = 64;

/// Lines that a task of a common size has: its header, and a future of some hundred bytes.
const LINES: usize = 3;

/// Asks for what stands from `address` on.
#[inline]
pub(super) fn prefetch(address: *const ()) {
    for line in 0..LINES {
        fetch_line(address.wrapping_byte_add(line * LINE));
    }
}
