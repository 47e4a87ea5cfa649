//! Files and directories as a user has them: against std's own as the model, and under what a disk, a kernel and an
//! ending runtime do to them.
//!
//! Not each function by itself, which its example shows. No test waits by sleeping: where something has to be under
//! way, it is a pipe that nobody has emptied or filled yet.

#![forbid(unsafe_code)]
#![cfg(target_os = "linux")]

mod clones;
mod directories;
mod endings;
mod files;
mod like_std;
mod refusals;
mod support;
