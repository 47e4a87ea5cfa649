//! Small types that name a choice about a runtime.

use std::io;
use std::marker::PhantomData;

use crate::driver::{DriverParts, DriverSource, EventLimits};

/// Which scheduler a runtime has.
///
/// ```
/// use mini_runtime::runtime::{Handle, Runtime, RuntimeFlavor};
/// # let runtime = Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// assert_eq!(Handle::current().runtime_flavor(), RuntimeFlavor::MultiThread);
/// # });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuntimeFlavor {
    /// All tasks run on the thread inside `block_on`.
    CurrentThread,
    /// Tasks run on several workers.
    MultiThread,
}

/// Options of a [`LocalRuntime`](super::LocalRuntime); none so far.
///
/// ```
/// let options = mini_runtime::runtime::LocalOptions::default();
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct LocalOptions {
    /// They stay on their thread, like the runtime that they are for: room for options that have to.
    on_this_thread: PhantomData<*const ()>,
}

/// The driver of a runtime that has none: its threads sleep on their own parkers.
///
/// ```
/// use mini_runtime::runtime::{Builder, NoDriver};
///
/// # fn main() -> std::io::Result<()> {
/// let runtime = Builder::<NoDriver>::new_multi_thread().worker_threads(1).build()?;
/// assert_eq!(runtime.block_on(runtime.spawn(async { 42 })).unwrap(), 42);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct NoDriver;

impl DriverSource for NoDriver {
    const IS_NONE: bool = true;

    fn open(_: EventLimits) -> io::Result<DriverParts> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "this build of the runtime has no I/O driver"))
    }
}
