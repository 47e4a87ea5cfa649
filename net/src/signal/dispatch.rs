//! The thread that carries arrivals from the handlers to the waiting tasks.
//!
//! | handler | thread | task |
//! |---|---|---|
//! | 1. flag: false -> true; if it was true, done | 1. read the socket | 1. store the waker |
//! | 2. write a byte | 2. flag: true -> false | 2. look at the count again |
//! | | 3. add to the count; take and wake the wakers | |
//!
//! Nothing is lost: whoever turns the flag true writes a byte after it, so the thread looks after every such turn;
//! and an arrival that finds the flag true comes before the thread's step 2, hence counts with it.

use mini_runtime::util::{AtomicWaker, WakeBatch};
use slab::Slab;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use super::handler;

/// Signal numbers below this are served: Linux has 64 of them, and the others fewer.
const SIGNAL_COUNT: usize = 128;

/// What the OS keeps for itself, or what cannot be handled by returning from a handler.
const FORBIDDEN: [libc::c_int; 5] = [libc::SIGKILL, libc::SIGSTOP, libc::SIGILL, libc::SIGFPE, libc::SIGSEGV];

/// One signal.
#[derive(Debug)]
pub(super) struct Channel {
    /// Set by the handler, taken by the thread.
    has_arrived: AtomicBool,
    /// How often the thread has seen it; written by the thread alone.
    count: AtomicU64,
    /// The wakers of the `Signal`s, one each.
    listeners: Mutex<Slab<Arc<AtomicWaker>>>,
    /// Whether the handler stands. Held while it is installed.
    is_installed: Mutex<bool>,
}

/// All signals, and the end of the socket that the handlers write to.
#[derive(Debug)]
struct Dispatcher {
    channels: Vec<Channel>,
    alarm: UnixStream,
}

static DISPATCHER: OnceLock<Dispatcher> = OnceLock::new();
/// Held while the dispatcher is started, so that one thread starts it; a failure leaves it for the next try.
static STARTING: Mutex<()> = Mutex::new(());

/// The channel of `signal`, its handler installed.
pub(super) fn channel(signal: libc::c_int) -> io::Result<&'static Channel> {
    let index = usize::try_from(signal).ok().filter(|index| (1..SIGNAL_COUNT).contains(index));
    let Some(index) = index.filter(|_| !FORBIDDEN.contains(&signal)) else {
        let reason = format!("signal {signal} cannot be listened to");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    };
    let dispatcher = dispatcher()?;
    let channel = &dispatcher.channels[index];
    let mut is_installed = lock(&channel.is_installed);
    if !*is_installed {
        handler::install(signal, channel, &dispatcher.alarm)?;
        *is_installed = true;
    }
    Ok(channel)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn dispatcher() -> io::Result<&'static Dispatcher> {
    if let Some(dispatcher) = DISPATCHER.get() {
        return Ok(dispatcher);
    }
    let _starting = lock(&STARTING);
    if let Some(dispatcher) = DISPATCHER.get() {
        return Ok(dispatcher);
    }
    let (alarm, bell) = UnixStream::pair()?;
    alarm.set_nonblocking(true)?;
    // The thread waits for the first byte, which no handler writes before the dispatcher stands.
    thread::Builder::new().name("mini-signal".into()).spawn(move || run(bell))?;
    let channels = (0..SIGNAL_COUNT).map(|_| Channel::new()).collect();
    Ok(DISPATCHER.get_or_init(|| Dispatcher { channels, alarm }))
}

/// The thread. It ends only if its socket breaks, which nobody can do but by closing a foreign descriptor.
fn run(mut bell: UnixStream) {
    let mut bytes = [0; 64];
    loop {
        match bell.read(&mut bytes) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        }
        for channel in DISPATCHER.get().iter().flat_map(|dispatcher| &dispatcher.channels) {
            channel.deliver();
        }
    }
}

impl Channel {
    fn new() -> Self {
        Self {
            has_arrived: AtomicBool::new(false),
            count: AtomicU64::new(0),
            listeners: Mutex::new(Slab::new()),
            is_installed: Mutex::new(false),
        }
    }

    /// The handler's step 1. Whether it has to write a byte.
    pub(super) fn mark_arrived(&self) -> bool {
        // Ordering: AcqRel pairs with the swap in `deliver`; the two are turns of one flag.
        !self.has_arrived.swap(true, Ordering::AcqRel)
    }

    /// The thread's steps 2 and 3.
    fn deliver(&self) {
        // Ordering: as in `mark_arrived`.
        if !self.has_arrived.swap(false, Ordering::AcqRel) {
            return;
        }
        // Ordering: Release pairs with the Acquire in `count`. A task that looks too early has stored its waker
        // before, and the take below finds it (AtomicWaker orders the two).
        self.count.fetch_add(1, Ordering::Release);
        let mut batch = WakeBatch::new();
        let mut listeners = lock(&self.listeners);
        let mut next = 0;
        while next < listeners.capacity() {
            if !batch.can_push() {
                drop(listeners);
                batch.wake_all();
                listeners = lock(&self.listeners);
            }
            if let Some(waker) = listeners.get(next).and_then(|listener| listener.take()) {
                batch.push(waker);
            }
            next += 1;
        }
        drop(listeners);
        batch.wake_all();
    }

    /// How often the signal was seen.
    pub(super) fn count(&self) -> u64 {
        // Ordering: Acquire pairs with the Release in `deliver`.
        self.count.load(Ordering::Acquire)
    }

    /// A place for a waker; given up with [`remove_listener`](Self::remove_listener).
    pub(super) fn add_listener(&self, waker: Arc<AtomicWaker>) -> usize {
        lock(&self.listeners).insert(waker)
    }

    /// Gives a place up.
    pub(super) fn remove_listener(&self, key: usize) {
        // Dropped after the lock is: the waker in it is the user's code.
        let listener = lock(&self.listeners).try_remove(key);
        drop(listener);
    }
}
