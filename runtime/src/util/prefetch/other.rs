//! For machines whose instruction std does not have, and for tools that model memory.

/// Does nothing.
#[inline]
pub(super) fn fetch_line(_address: *const ()) {}
