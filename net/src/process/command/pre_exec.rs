//! `Command::pre_exec`: code of the user's own between `fork` and `exec`.
//!
//! All unsafe code of this module is here, and it is the caller's.

use super::Command;
use std::io;
use std::os::unix::process::CommandExt;

impl Command {
    /// Runs `f` in the new process, just before the program takes its place. May be called several times; they run in
    /// this order. If one fails, starting the process fails with its error.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let mut command = Command::new("sh");
    /// command.args(["-c", "umask"]);
    /// // SAFETY: `umask` is async-signal-safe and takes no memory.
    /// unsafe {
    ///     command.pre_exec(|| {
    ///         libc::umask(0o077);
    ///         Ok(())
    ///     });
    /// }
    /// assert_eq!(command.output().await?.stdout, b"0077\n");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Safety
    ///
    /// `f` runs in a copy of this process that has one thread, while other threads may have held locks, the allocator's
    /// too: it may do what a signal handler may. It must not allocate, lock, or panic, nor touch this process's
    /// descriptors in a way that the parent does not expect.
    pub unsafe fn pre_exec<F>(&mut self, f: F) -> &mut Self
    where
        F: FnMut() -> io::Result<()> + Send + Sync + 'static,
    {
        // SAFETY: the caller's promise is the same.
        unsafe { self.std.pre_exec(f) };
        self
    }
}
