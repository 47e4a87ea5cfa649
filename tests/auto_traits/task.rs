//! `task`: what is spawned, and what holds it.

use std::future::Future;
use std::pin::Pin;

use mini::task::coop::{Coop, RestoreOnPending, Unconstrained, cooperative, unconstrained};
use mini::task::futures::TaskLocalFuture;
use mini::task::*;

use crate::rows::{futures, types};
use crate::{NN, YN, YY};

type SendSyncFuture = Pin<Box<dyn Future<Output = ()> + Send + Sync>>;
type SendFuture = Pin<Box<dyn Future<Output = ()> + Send>>;
type LocalFuture = Pin<Box<dyn Future<Output = ()>>>;

types! {
    AbortHandle => yes yes yes;
    Builder<'_> => yes yes yes;
    Id => yes yes yes;
    JoinError => yes yes yes;
    JoinHandle<NN> => no no yes;
    JoinHandle<YN> => yes yes yes;
    JoinHandle<YY> => yes yes yes;
    JoinHandle<std::marker::PhantomPinned> => yes yes yes;
    JoinSet<NN> => no no yes;
    JoinSet<YN> => yes yes yes;
    JoinSet<YY> => yes yes yes;
    LocalEnterGuard => no no yes;
    LocalKey<NN> => yes yes yes;
    LocalSet => no no yes;
    RestoreOnPending => no no yes;
    Coop<LocalFuture> => no no yes;
    Coop<SendFuture> => yes no yes;
    Coop<SendSyncFuture> => yes yes yes;
    Coop<std::marker::PhantomPinned> => yes yes no;
    Unconstrained<LocalFuture> => no no yes;
    Unconstrained<SendFuture> => yes no yes;
    Unconstrained<SendSyncFuture> => yes yes yes;
    Unconstrained<std::marker::PhantomPinned> => yes yes no;
    TaskLocalFuture<NN, LocalFuture> => no no no;
    TaskLocalFuture<NN, SendFuture> => no no no;
    TaskLocalFuture<NN, SendSyncFuture> => no no no;
    TaskLocalFuture<YN, LocalFuture> => no no no;
    TaskLocalFuture<YN, SendFuture> => yes no no;
    TaskLocalFuture<YN, SendSyncFuture> => yes no no;
    TaskLocalFuture<YY, LocalFuture> => no no no;
    TaskLocalFuture<YY, SendFuture> => yes no no;
    TaskLocalFuture<YY, SendSyncFuture> => yes yes no;
    TaskLocalFuture<YY, std::marker::PhantomPinned> => yes yes no;
}

futures! {
    () yield_now() => yes yes no;
    () consume_budget() => yes yes no;
    (future: SendSyncFuture) unconstrained(future) => yes yes yes;
    (future: LocalFuture) cooperative(future) => no no yes;
    (set: &mut JoinSet<NN>) set.join_next() => no no no;
    (set: &mut JoinSet<YN>) set.join_next() => yes yes no;
    (set: &mut JoinSet<YY>) set.join_next() => yes yes no;
    (set: &mut JoinSet<YN>) set.join_next_with_id() => yes yes no;
    (set: &mut JoinSet<YN>) set.shutdown() => yes yes no;
    (set: JoinSet<YY>) set.join_all() => yes yes no;
    (set: &LocalSet, future: SendSyncFuture) set.run_until(future) => no no no;
}
