//! The signal handler: what runs in the middle of anything.
//!
//! It may do async-signal-safe work only: no lock, no allocation, no panic. It swaps one atomic and makes at most
//! one `send` on a non-blocking socket; `signal-hook-registry` keeps `errno` and chains to earlier handlers.

use super::dispatch::Channel;
use std::io::{self, Write};
use std::os::unix::net::UnixStream;

/// Installs the handler of one signal, for good.
pub(super) fn install(
    signal: libc::c_int,
    channel: &'static Channel,
    alarm: &'static UnixStream,
) -> io::Result<()> {
    let handle = move || {
        if channel.mark_arrived() {
            // A full socket means that the thread has yet to look: it will see the flag.
            let _ = (&*alarm).write(&[0]);
        }
    };
    // SAFETY: `handle` is async-signal-safe: an atomic swap and a write to an open, non-blocking descriptor that is
    // never closed (`'static`); the result of the write holds an OS code, so nothing is allocated or freed.
    unsafe { signal_hook_registry::register(signal, handle) }.map(|_| ())
}
