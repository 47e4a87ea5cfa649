//! An async runtime for network services: work stealing, a mio reactor, timers, a blocking pool.
//!
//! ```no_run
//! use mini::io::{AsyncReadExt, AsyncWriteExt};
//! use mini::net::TcpListener;
//!
//! #[mini::main]
//! async fn main() -> std::io::Result<()> {
//!     let listener = TcpListener::bind("127.0.0.1:8080").await?;
//!     loop {
//!         let (mut socket, _) = listener.accept().await?;
//!         mini::spawn(async move {
//!             let mut buffer = [0; 1024];
//!             while let Ok(count @ 1..) = socket.read(&mut buffer).await {
//!                 if socket.write_all(&buffer[..count]).await.is_err() {
//!                     break;
//!                 }
//!             }
//!         });
//!     }
//! }
//! ```
//!
//! Names, modules and behaviour are tokio's; what is added has names that tokio does not use. What is guaranteed, and
//! what is not, stands in the README.
//!
//! This crate is the facade: it puts the executor (`mini-runtime`), the reactor and sockets (`mini-net`) and the
//! macros (`mini-macros`) together, and has no logic of its own.
//!
//! # Features
//!
//! | feature | what it brings | by default |
//! |---|---|---|
//! | `rt` | [`runtime`], [`task`], [`spawn`] | yes |
//! | `rt-multi-thread` | the multi-thread flavor of the macros | yes |
//! | `net` | [`net`], and the reactor in runtimes | yes |
//! | `time` | [`time`] | yes |
//! | `sync` | [`sync`] | yes |
//! | `io-util` | the extension traits and utilities of [`io`] | yes |
//! | `signal` | `signal` | yes |
//! | `test-util` | nothing more: the clock can always be paused. For the sake of manifests that name it | |
//! | `macros` | [`main`], [`test`](macro@test), [`select!`], [`join!`] and so on | yes |
//! | `process` | `process`, on Unix; and `net` and `signal` | |
//! | `fs` | [`fs`] | |
//! | `io-std` | standard input, output and error in [`io`] | |
//! | `futures-io` | adapters to and from futures-io's traits | |
//! | `hyper` | hyper 1's `rt` traits | |
//! | `full` | all of these | |
#![forbid(unsafe_code)]

// The macros' `::mini` path works inside this package too.
#[allow(unused_extern_crates)]
extern crate self as mini;

#[cfg(feature = "macros")]
#[doc(hidden)]
pub mod macros;

#[cfg(all(feature = "macros", feature = "rt"))]
pub use macros::{main, test};

#[cfg(feature = "rt")]
pub mod runtime;
#[cfg(feature = "rt")]
pub mod task;

#[cfg(feature = "rt")]
pub use task::spawn;

#[cfg(feature = "rt")]
pub use mini_runtime::task_local;

pub mod io;

#[cfg(feature = "fs")]
pub use mini_runtime::fs;

#[cfg(feature = "net")]
pub use mini_net::net;
#[cfg(all(unix, feature = "process"))]
pub use mini_net::process;
#[cfg(feature = "signal")]
pub use mini_net::signal;
#[cfg(feature = "sync")]
pub use mini_runtime::sync;
#[cfg(feature = "time")]
pub use mini_runtime::time;

#[cfg(feature = "hyper")]
pub mod hyper;

// The README's code compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
