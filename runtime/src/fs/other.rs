//! What only unix has, where there is no unix: nothing.

/// Permission bits mean nothing here, and no public method sets any.
pub(super) fn set_dir_mode(_: &mut std::fs::DirBuilder, _: u32) {}
