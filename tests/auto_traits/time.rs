//! `time`: sleeps, limits, intervals and their errors.

use std::future::Future;
use std::pin::Pin;

use mini::time::*;

use crate::rows::{futures, types};

type SendSyncFuture = Pin<Box<dyn Future<Output = ()> + Send + Sync>>;
type SendFuture = Pin<Box<dyn Future<Output = ()> + Send>>;
type LocalFuture = Pin<Box<dyn Future<Output = ()>>>;

types! {
    Instant => yes yes yes;
    Interval => yes yes yes;
    MissedTickBehavior => yes yes yes;
    Sleep => yes yes no;
    Timeout<LocalFuture> => no no no;
    Timeout<SendFuture> => yes no no;
    Timeout<SendSyncFuture> => yes yes no;
    error::Elapsed => yes yes yes;
    error::Error => yes yes yes;
}

futures! {
    () advance(Duration::ZERO) => yes yes no;
    (interval: &mut Interval) interval.tick() => yes yes no;
    (future: SendFuture) timeout_at(Instant::now(), future) => yes no no;
}
