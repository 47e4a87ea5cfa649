//! What is Send, Sync and Unpin, of every public type and of the futures of async methods: a table that compiles or
//! does not.
//!
//! Nothing runs here. One file for each module of the facade, with the rows in the order of its documentation. What a
//! container or guard holds is named by what it is itself: [`YY`], [`YN`] or [`NN`].

mod rows;

#[cfg(unix)]
mod async_fd;
mod fs;
mod io;
mod io_readiness;
mod net;
#[cfg(unix)]
mod net_unix;
#[cfg(unix)]
mod process;
mod runtime;
mod signal;
#[cfg(unix)]
mod signal_unix;
mod sync;
mod task;
mod time;

/// Send and Sync.
pub type YY = u8;
/// Send, not Sync.
pub type YN = std::cell::Cell<u8>;
/// Neither.
pub type NN = std::rc::Rc<u8>;
