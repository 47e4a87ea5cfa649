//! [`worker_index`]: which worker the calling thread is.

use crate::scheduler;

/// The number of the worker that this thread is, as `RuntimeMetrics` numbers them from zero; `None` on a thread that is
/// none.
///
/// The thread inside `block_on` of a multi-thread runtime is none, though it may run tasks; that of a current-thread
/// runtime is worker 0 while it runs the tasks and the future of `Runtime::block_on`, but not while it polls the future
/// of `Handle::block_on`.
///
/// ```
/// use mini_runtime::runtime::{Builder, NoDriver, worker_index};
///
/// # fn main() -> std::io::Result<()> {
/// assert_eq!(worker_index(), None);
/// let runtime = Builder::<NoDriver>::new_current_thread().build()?;
/// assert_eq!(runtime.block_on(async { worker_index() }), Some(0));
/// # Ok(())
/// # }
/// ```
pub fn worker_index() -> Option<usize> {
    scheduler::worker_index()
}
