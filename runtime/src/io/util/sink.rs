//! `Sink`: a writer that forgets what is written to it.
//!
//! Always ready, and so spends the task's budget.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::poll_spend;
use crate::io::AsyncWrite;

/// A writer that forgets: [`sink`].
///
/// ```
/// use mini_runtime::io::{AsyncWriteExt, sink};
///
/// # futures::executor::block_on(async {
/// assert_eq!(sink().write(b"mini").await?, 4);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Sink(());

/// A writer that takes everything and keeps nothing.
///
/// ```
/// # futures::executor::block_on(async {
/// let count = mini_runtime::io::copy(&mut &b"abc"[..], &mut mini_runtime::io::sink()).await?;
/// assert_eq!(count, 3);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub fn sink() -> Sink {
    Sink(())
}

forgets_writes!(Sink);

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::io::AsyncWriteExt;
    use crate::io::mock::yields_under_budget;

    #[test]
    fn loops_over_it_yield() {
        let loops = async {
            for _ in 0..1000 {
                assert_eq!(sink().write(b"abc").await.unwrap(), 3);
                assert_eq!(
                    sink().write_vectored(&[IoSlice::new(b"a"), IoSlice::new(b"b")]).await.unwrap(),
                    2
                );
            }
        };
        assert_eq!(yields_under_budget(loops), 2000 / 128);
    }
}
