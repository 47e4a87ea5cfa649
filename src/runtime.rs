//! The runtime: [`Builder`], [`Runtime`], [`Handle`].
//!
//! Not the machinery, which is `mini-runtime`'s; here its types are fixed to the reactor of `mini-net`.
//!
//! ```
//! use mini::runtime::Builder;
//!
//! # fn main() -> std::io::Result<()> {
//! let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
//! let answer = runtime.block_on(async { mini::spawn(async { 42 }).await });
//! assert_eq!(answer.unwrap(), 42);
//! # Ok(())
//! # }
//! ```

pub use mini_runtime::driver::is_rt_shutdown_err;
pub use mini_runtime::runtime::{
    EnterGuard, Handle, Id, LocalOptions, RuntimeFlavor, RuntimeMetrics, TryCurrentError, worker_index,
};

#[cfg(feature = "net")]
use mini_net::ReactorSource as Source;
#[cfg(not(feature = "net"))]
use mini_runtime::runtime::NoDriver as Source;

/// Makes runtimes; with the feature `net`, such as have a reactor.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// let runtime = mini::runtime::Builder::new_current_thread().enable_time().build()?;
/// runtime.block_on(mini::time::sleep(std::time::Duration::from_millis(1)));
/// # Ok(())
/// # }
/// ```
pub type Builder = mini_runtime::runtime::Builder<Source>;

/// Workers, timers, a reactor and a blocking pool.
///
/// ```
/// use mini::net::TcpListener;
///
/// # fn main() -> std::io::Result<()> {
/// let runtime = mini::runtime::Runtime::new()?;
/// let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
/// assert_ne!(listener.local_addr()?.port(), 0);
/// # Ok(())
/// # }
/// ```
pub type Runtime = mini_runtime::runtime::Runtime<Source>;

/// A runtime for futures that are not `Send`.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// let runtime = mini::runtime::LocalRuntime::new()?;
/// let task = runtime.spawn_local(async { std::rc::Rc::new(42) });
/// assert_eq!(*runtime.block_on(task).unwrap(), 42);
/// # Ok(())
/// # }
/// ```
pub type LocalRuntime = mini_runtime::runtime::LocalRuntime<Source>;
