//! What the expansions of our macros name. Public only for them: no promise is made about any of it.
//!
//! Not an interface. Invariant: the expansions reach everything through this one module, so that they work
//! under whatever name the facade is known, and whatever the user's scope shadows.

use std::task::Context;

pub use std::future::{Future, IntoFuture, poll_fn};
pub use std::pin::pin;
pub use std::task::Poll;

pub use mini_macros::select_branches;
pub use mini_runtime::util::rand::thread_rng_n;

pub use super::maybe_done::{MaybeDone, all, all_ok, maybe_done};
pub use super::rotation::{FromFirst, Rotating};

/// Pending, with the task woken, when the budget of this poll is spent; takes nothing from it.
#[inline]
pub fn poll_budget_available(context: &mut Context<'_>) -> Poll<()> {
    // The unit comes back as the guard drops: only the leaves spend.
    mini_runtime::coop::poll_proceed(context).map(drop)
}

/// The end of a `select!` that has nothing left to wait for and no `else`.
#[cold]
#[track_caller]
pub fn none_enabled() -> ! {
    panic!("all branches are disabled and there is no else branch; add `else => ...` to this `select!`")
}
