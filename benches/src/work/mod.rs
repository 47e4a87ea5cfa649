//! The work that every runtime is measured on, written once against `crate::rt`.
//!
//! A binary per runtime compiles these modules with its own `rt`; so the source is the same to the letter, and no
//! runtime is in another's process. Each piece of work counts what it did, and a wrong count fails the run. A module
//! that needs what some runtime lacks is left out of that one's binary, so it holds lines of one need only.

use std::future::Future;

use crate::rt;

/// The share of the `index`-th of `parts`, so that the shares add up to `whole`.
pub(crate) fn share(whole: u64, parts: u64, index: u64) -> u64 {
    whole / parts + u64::from(index < whole % parts)
}

/// Spawns that many tasks, and adds up what each says that it did.
pub(crate) async fn all<F>(tasks: u64, task: impl Fn(u64) -> F) -> u64
where
    F: Future<Output = u64> + Send + 'static,
{
    let handles: Vec<_> = (0..tasks).map(|index| rt::spawn(task(index))).collect();
    let mut done = 0;
    for handle in handles {
        done += handle.await.expect("no panic");
    }
    done
}
