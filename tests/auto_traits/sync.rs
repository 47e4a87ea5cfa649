//! `sync`: locks, channels and notifications.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use mini::sync::futures::{Notified, OwnedNotified};
use mini::sync::*;

use crate::rows::{futures, types};
use crate::{NN, YN, YY};

type SendSyncFuture<T> = Pin<Box<dyn Future<Output = T> + Send + Sync>>;
type SendFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

types! {
    Barrier => yes yes yes;
    BarrierWaitResult => yes yes yes;

    Mutex<NN> => no no yes;
    Mutex<YN> => yes yes yes;
    Mutex<YY> => yes yes yes;
    MutexGuard<'_, NN> => no no yes;
    MutexGuard<'_, YN> => yes no yes;
    MutexGuard<'_, YY> => yes yes yes;
    OwnedMutexGuard<NN> => no no yes;
    OwnedMutexGuard<YN> => yes no yes;
    OwnedMutexGuard<YY> => yes yes yes;
    MappedMutexGuard<'_, NN> => no no yes;
    MappedMutexGuard<'_, YN> => yes no yes;
    MappedMutexGuard<'_, YY> => yes yes yes;
    OwnedMappedMutexGuard<NN, NN> => no no yes;
    OwnedMappedMutexGuard<NN, YN> => no no yes;
    OwnedMappedMutexGuard<NN, YY> => no no yes;
    OwnedMappedMutexGuard<YN, NN> => no no yes;
    OwnedMappedMutexGuard<YN, YN> => yes no yes;
    OwnedMappedMutexGuard<YN, YY> => yes no yes;
    OwnedMappedMutexGuard<YY, NN> => no no yes;
    OwnedMappedMutexGuard<YY, YN> => yes no yes;
    OwnedMappedMutexGuard<YY, YY> => yes yes yes;
    TryLockError => yes yes yes;

    Notify => yes yes yes;
    Notified<'_> => yes yes no;
    OwnedNotified => yes yes no;

    OnceCell<NN> => no no yes;
    OnceCell<YN> => yes no yes;
    OnceCell<YY> => yes yes yes;
    SetError<NN> => no no yes;
    SetError<YN> => yes no yes;
    SetError<YY> => yes yes yes;
    SetOnce<NN> => no no yes;
    SetOnce<YN> => yes no yes;
    SetOnce<YY> => yes yes yes;
    SetOnceError<NN> => no no yes;
    SetOnceError<YN> => yes no yes;
    SetOnceError<YY> => yes yes yes;

    RwLock<NN> => no no yes;
    RwLock<YN> => yes no yes;
    RwLock<YY> => yes yes yes;
    RwLockReadGuard<'_, NN> => no no yes;
    RwLockReadGuard<'_, YN> => no no yes;
    RwLockReadGuard<'_, YY> => yes yes yes;
    RwLockWriteGuard<'_, NN> => no no yes;
    RwLockWriteGuard<'_, YN> => no no yes;
    RwLockWriteGuard<'_, YY> => yes yes yes;
    RwLockMappedWriteGuard<'_, NN> => no no yes;
    RwLockMappedWriteGuard<'_, YN> => no no yes;
    RwLockMappedWriteGuard<'_, YY> => yes yes yes;
    OwnedRwLockWriteGuard<NN> => no no yes;
    OwnedRwLockWriteGuard<YN> => no no yes;
    OwnedRwLockWriteGuard<YY> => yes yes yes;
    OwnedRwLockReadGuard<NN, NN> => no no yes;
    OwnedRwLockReadGuard<NN, YN> => no no yes;
    OwnedRwLockReadGuard<NN, YY> => no no yes;
    OwnedRwLockReadGuard<YN, NN> => no no yes;
    OwnedRwLockReadGuard<YN, YN> => no no yes;
    OwnedRwLockReadGuard<YN, YY> => no no yes;
    OwnedRwLockReadGuard<YY, NN> => no no yes;
    OwnedRwLockReadGuard<YY, YN> => no no yes;
    OwnedRwLockReadGuard<YY, YY> => yes yes yes;
    OwnedRwLockMappedWriteGuard<NN, NN> => no no yes;
    OwnedRwLockMappedWriteGuard<NN, YN> => no no yes;
    OwnedRwLockMappedWriteGuard<NN, YY> => no no yes;
    OwnedRwLockMappedWriteGuard<YN, NN> => no no yes;
    OwnedRwLockMappedWriteGuard<YN, YN> => no no yes;
    OwnedRwLockMappedWriteGuard<YN, YY> => no no yes;
    OwnedRwLockMappedWriteGuard<YY, NN> => no no yes;
    OwnedRwLockMappedWriteGuard<YY, YN> => no no yes;
    OwnedRwLockMappedWriteGuard<YY, YY> => yes yes yes;

    Semaphore => yes yes yes;
    SemaphorePermit<'_> => yes yes yes;
    OwnedSemaphorePermit => yes yes yes;
    AcquireError => yes yes yes;
    TryAcquireError => yes yes yes;
}

types! {
    broadcast::Sender<NN> => no no yes;
    broadcast::Sender<YN> => yes yes yes;
    broadcast::Sender<YY> => yes yes yes;
    broadcast::WeakSender<NN> => no no yes;
    broadcast::WeakSender<YN> => yes yes yes;
    broadcast::WeakSender<YY> => yes yes yes;
    broadcast::Receiver<NN> => no no yes;
    broadcast::Receiver<YN> => yes yes yes;
    broadcast::Receiver<YY> => yes yes yes;
    broadcast::error::SendError<NN> => no no yes;
    broadcast::error::SendError<YN> => yes no yes;
    broadcast::error::SendError<YY> => yes yes yes;
    broadcast::error::RecvError => yes yes yes;
    broadcast::error::TryRecvError => yes yes yes;

    mpsc::Sender<NN> => no no yes;
    mpsc::Sender<YN> => yes yes yes;
    mpsc::Sender<YY> => yes yes yes;
    mpsc::WeakSender<NN> => no no yes;
    mpsc::WeakSender<YN> => yes yes yes;
    mpsc::WeakSender<YY> => yes yes yes;
    mpsc::Receiver<NN> => no no yes;
    mpsc::Receiver<YN> => yes yes yes;
    mpsc::Receiver<YY> => yes yes yes;
    mpsc::Permit<'_, NN> => no no yes;
    mpsc::Permit<'_, YN> => yes yes yes;
    mpsc::Permit<'_, YY> => yes yes yes;
    mpsc::PermitIterator<'_, NN> => no no yes;
    mpsc::PermitIterator<'_, YN> => yes yes yes;
    mpsc::PermitIterator<'_, YY> => yes yes yes;
    mpsc::OwnedPermit<NN> => no no yes;
    mpsc::OwnedPermit<YN> => yes yes yes;
    mpsc::OwnedPermit<YY> => yes yes yes;
    mpsc::UnboundedSender<NN> => no no yes;
    mpsc::UnboundedSender<YN> => yes yes yes;
    mpsc::UnboundedSender<YY> => yes yes yes;
    mpsc::WeakUnboundedSender<NN> => no no yes;
    mpsc::WeakUnboundedSender<YN> => yes yes yes;
    mpsc::WeakUnboundedSender<YY> => yes yes yes;
    mpsc::UnboundedReceiver<NN> => no no yes;
    mpsc::UnboundedReceiver<YN> => yes yes yes;
    mpsc::UnboundedReceiver<YY> => yes yes yes;
    mpsc::error::SendError<NN> => no no yes;
    mpsc::error::SendError<YN> => yes no yes;
    mpsc::error::SendError<YY> => yes yes yes;
    mpsc::error::TrySendError<NN> => no no yes;
    mpsc::error::TrySendError<YN> => yes no yes;
    mpsc::error::TrySendError<YY> => yes yes yes;
    mpsc::error::SendTimeoutError<NN> => no no yes;
    mpsc::error::SendTimeoutError<YN> => yes no yes;
    mpsc::error::SendTimeoutError<YY> => yes yes yes;
    mpsc::error::TryRecvError => yes yes yes;

    oneshot::Sender<NN> => no no yes;
    oneshot::Sender<YN> => yes yes yes;
    oneshot::Sender<YY> => yes yes yes;
    oneshot::Receiver<NN> => no no yes;
    oneshot::Receiver<YN> => yes yes yes;
    oneshot::Receiver<YY> => yes yes yes;
    oneshot::error::RecvError => yes yes yes;
    oneshot::error::TryRecvError => yes yes yes;

    watch::Sender<NN> => no no yes;
    watch::Sender<YN> => no no yes;
    watch::Sender<YY> => yes yes yes;
    watch::Receiver<NN> => no no yes;
    watch::Receiver<YN> => no no yes;
    watch::Receiver<YY> => yes yes yes;
    watch::Ref<'_, NN> => no no yes;
    watch::Ref<'_, YN> => no no yes;
    watch::Ref<'_, YY> => no yes yes;
    watch::error::SendError<NN> => no no yes;
    watch::error::SendError<YN> => yes no yes;
    watch::error::SendError<YY> => yes yes yes;
    watch::error::RecvError => yes yes yes;

    mpsc::Receiver<std::marker::PhantomPinned> => yes yes yes;
    mpsc::UnboundedReceiver<std::marker::PhantomPinned> => yes yes yes;
    oneshot::Receiver<std::marker::PhantomPinned> => yes yes yes;
    oneshot::Sender<std::marker::PhantomPinned> => yes yes yes;
}

futures! {
    (barrier: &Barrier) barrier.wait() => yes yes no;

    (mutex: &Mutex<NN>) mutex.lock() => no no no;
    (mutex: &Mutex<YN>) mutex.lock() => yes yes no;
    (mutex: &Mutex<YY>) mutex.lock() => yes yes no;
    (mutex: Arc<Mutex<NN>>) mutex.lock_owned() => no no no;
    (mutex: Arc<Mutex<YN>>) mutex.lock_owned() => yes yes no;
    (mutex: Arc<Mutex<YY>>) mutex.lock_owned() => yes yes no;

    (notify: &Notify) notify.notified() => yes yes no;
    (notify: Arc<Notify>) notify.notified_owned() => yes yes no;

    (cell: &OnceCell<NN>, make: fn() -> SendSyncFuture<NN>) cell.get_or_init(make) => no no no;
    (cell: &OnceCell<NN>, make: fn() -> SendFuture<NN>) cell.get_or_init(make) => no no no;
    (cell: &OnceCell<NN>, make: fn() -> LocalFuture<NN>) cell.get_or_init(make) => no no no;
    (cell: &OnceCell<YN>, make: fn() -> SendSyncFuture<YN>) cell.get_or_init(make) => no no no;
    (cell: &OnceCell<YN>, make: fn() -> SendFuture<YN>) cell.get_or_init(make) => no no no;
    (cell: &OnceCell<YN>, make: fn() -> LocalFuture<YN>) cell.get_or_init(make) => no no no;
    (cell: &OnceCell<YY>, make: fn() -> SendSyncFuture<YY>) cell.get_or_init(make) => yes yes no;
    (cell: &OnceCell<YY>, make: fn() -> SendFuture<YY>) cell.get_or_init(make) => yes no no;
    (cell: &OnceCell<YY>, make: fn() -> LocalFuture<YY>) cell.get_or_init(make) => no no no;
    (cell: &OnceCell<NN>, make: fn() -> SendSyncFuture<std::io::Result<NN>>) cell.get_or_try_init(make) => no no no;
    (cell: &OnceCell<NN>, make: fn() -> SendFuture<std::io::Result<NN>>) cell.get_or_try_init(make) => no no no;
    (cell: &OnceCell<NN>, make: fn() -> LocalFuture<std::io::Result<NN>>) cell.get_or_try_init(make) => no no no;
    (cell: &OnceCell<YN>, make: fn() -> SendSyncFuture<std::io::Result<YN>>) cell.get_or_try_init(make) => no no no;
    (cell: &OnceCell<YN>, make: fn() -> SendFuture<std::io::Result<YN>>) cell.get_or_try_init(make) => no no no;
    (cell: &OnceCell<YN>, make: fn() -> LocalFuture<std::io::Result<YN>>) cell.get_or_try_init(make) => no no no;
    (cell: &OnceCell<YY>, make: fn() -> SendSyncFuture<std::io::Result<YY>>) cell.get_or_try_init(make) => yes yes no;
    (cell: &OnceCell<YY>, make: fn() -> SendFuture<std::io::Result<YY>>) cell.get_or_try_init(make) => yes no no;
    (cell: &OnceCell<YY>, make: fn() -> LocalFuture<std::io::Result<YY>>) cell.get_or_try_init(make) => no no no;

    (cell: &SetOnce<NN>) cell.wait() => no no no;
    (cell: &SetOnce<YN>) cell.wait() => no no no;
    (cell: &SetOnce<YY>) cell.wait() => yes yes no;

    (lock: &RwLock<NN>) lock.read() => no no no;
    (lock: &RwLock<YN>) lock.read() => no no no;
    (lock: &RwLock<YY>) lock.read() => yes yes no;
    (lock: &RwLock<NN>) lock.write() => no no no;
    (lock: &RwLock<YN>) lock.write() => no no no;
    (lock: &RwLock<YY>) lock.write() => yes yes no;
    (lock: Arc<RwLock<NN>>) lock.read_owned() => no no no;
    (lock: Arc<RwLock<YN>>) lock.read_owned() => no no no;
    (lock: Arc<RwLock<YY>>) lock.read_owned() => yes yes no;
    (lock: Arc<RwLock<NN>>) lock.write_owned() => no no no;
    (lock: Arc<RwLock<YN>>) lock.write_owned() => no no no;
    (lock: Arc<RwLock<YY>>) lock.write_owned() => yes yes no;

    (semaphore: &Semaphore) semaphore.acquire() => yes yes no;
    (semaphore: &Semaphore) semaphore.acquire_many(2) => yes yes no;
    (semaphore: Arc<Semaphore>) semaphore.acquire_owned() => yes yes no;
    (semaphore: Arc<Semaphore>) semaphore.acquire_many_owned(2) => yes yes no;

    (receiver: &mut broadcast::Receiver<NN>) receiver.recv() => no no no;
    (receiver: &mut broadcast::Receiver<YN>) receiver.recv() => yes yes no;
    (receiver: &mut broadcast::Receiver<YY>) receiver.recv() => yes yes no;
    (sender: &broadcast::Sender<NN>) sender.closed() => no no no;
    (sender: &broadcast::Sender<YN>) sender.closed() => yes yes no;
    (sender: &broadcast::Sender<YY>) sender.closed() => yes yes no;

    (receiver: &mut mpsc::Receiver<NN>) receiver.recv() => no no no;
    (receiver: &mut mpsc::Receiver<YN>) receiver.recv() => yes yes no;
    (receiver: &mut mpsc::Receiver<YY>) receiver.recv() => yes yes no;
    (receiver: &mut mpsc::Receiver<NN>, buffer: &mut Vec<NN>) receiver.recv_many(buffer, 2) => no no no;
    (receiver: &mut mpsc::Receiver<YN>, buffer: &mut Vec<YN>) receiver.recv_many(buffer, 2) => yes no no;
    (receiver: &mut mpsc::Receiver<YY>, buffer: &mut Vec<YY>) receiver.recv_many(buffer, 2) => yes yes no;
    (sender: &mpsc::Sender<NN>, value: NN) sender.send(value) => no no no;
    (sender: &mpsc::Sender<YN>, value: YN) sender.send(value) => yes no no;
    (sender: &mpsc::Sender<YY>, value: YY) sender.send(value) => yes yes no;
    (sender: &mpsc::Sender<NN>, value: NN, time: std::time::Duration) sender.send_timeout(value, time) => no no no;
    (sender: &mpsc::Sender<YN>, value: YN, time: std::time::Duration) sender.send_timeout(value, time) => yes no no;
    (sender: &mpsc::Sender<YY>, value: YY, time: std::time::Duration) sender.send_timeout(value, time) => yes yes no;
    (sender: &mpsc::Sender<NN>) sender.reserve() => no no no;
    (sender: &mpsc::Sender<YN>) sender.reserve() => yes yes no;
    (sender: &mpsc::Sender<YY>) sender.reserve() => yes yes no;
    (sender: &mpsc::Sender<NN>) sender.reserve_many(2) => no no no;
    (sender: &mpsc::Sender<YN>) sender.reserve_many(2) => yes yes no;
    (sender: &mpsc::Sender<YY>) sender.reserve_many(2) => yes yes no;
    (sender: mpsc::Sender<NN>) sender.reserve_owned() => no no no;
    (sender: mpsc::Sender<YN>) sender.reserve_owned() => yes yes no;
    (sender: mpsc::Sender<YY>) sender.reserve_owned() => yes yes no;
    (sender: &mpsc::Sender<NN>) sender.closed() => no no no;
    (sender: &mpsc::Sender<YN>) sender.closed() => yes yes no;
    (sender: &mpsc::Sender<YY>) sender.closed() => yes yes no;
    (receiver: &mut mpsc::UnboundedReceiver<NN>) receiver.recv() => no no no;
    (receiver: &mut mpsc::UnboundedReceiver<YN>) receiver.recv() => yes yes no;
    (receiver: &mut mpsc::UnboundedReceiver<YY>) receiver.recv() => yes yes no;
    (sender: &mpsc::UnboundedSender<NN>) sender.closed() => no no no;
    (sender: &mpsc::UnboundedSender<YN>) sender.closed() => yes yes no;
    (sender: &mpsc::UnboundedSender<YY>) sender.closed() => yes yes no;

    (sender: &mut oneshot::Sender<NN>) sender.closed() => no no no;
    (sender: &mut oneshot::Sender<YN>) sender.closed() => yes yes no;
    (sender: &mut oneshot::Sender<YY>) sender.closed() => yes yes no;

    (receiver: &mut watch::Receiver<NN>) receiver.changed() => no no no;
    (receiver: &mut watch::Receiver<YN>) receiver.changed() => no no no;
    (receiver: &mut watch::Receiver<YY>) receiver.changed() => yes yes no;
    (sender: &watch::Sender<NN>) sender.closed() => no no no;
    (sender: &watch::Sender<YN>) sender.closed() => no no no;
    (sender: &watch::Sender<YY>) sender.closed() => yes yes no;
    (receiver: &mut watch::Receiver<NN>) receiver.wait_for(|_| true) => no no no;
    (receiver: &mut watch::Receiver<YN>) receiver.wait_for(|_| true) => no no no;
    (receiver: &mut watch::Receiver<YY>) receiver.wait_for(|_| true) => yes yes no;
}
