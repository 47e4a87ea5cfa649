//! [`Operation`]: a job whose caller has an `io::Error` to put its loss into.
//!
//! Not to be aborted: nobody is given the means. So, and this is the invariant, one that was cancelled was cancelled by
//! the end of its runtime, and its error says so.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::driver::operation_shut_down_error;
use crate::task::JoinHandle;

/// See the head of this file. It answers with an error if the runtime ended before the job began, or the job panicked.
#[derive(Debug)]
pub(crate) struct Operation<T>(JoinHandle<T>);

impl<T> Operation<T> {
    pub(crate) fn new(job: JoinHandle<T>) -> Self {
        Self(job)
    }
}

impl<T> Future for Operation<T> {
    type Output = io::Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        Pin::new(&mut self.0)
            .poll(cx)
            .map_err(|error| if error.is_cancelled() { operation_shut_down_error() } else { error.into() })
    }
}
