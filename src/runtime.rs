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
pub type Builder = mini_runtime::runtime::Builder<Source>;

/// Workers, timers, a reactor and a blocking pool.
pub type Runtime = mini_runtime::runtime::Runtime<Source>;

/// A runtime for futures that are not `Send`.
pub type LocalRuntime = mini_runtime::runtime::LocalRuntime<Source>;
