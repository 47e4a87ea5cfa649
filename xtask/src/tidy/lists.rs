//! What the rules allow and forbid: bounds, words, and every exception with its reason.
//!
//! Data only. An exception that is not needed any more is reported by the rule it excuses.

/// A file that may do what a rule forbids.
pub(super) struct Exception {
    pub(super) path: &'static str,
    pub(super) reason: &'static str,
}

const fn because(path: &'static str, reason: &'static str) -> Exception {
    Exception { path, reason }
}

/// Lines of a file, above which it is split by concept.
pub(super) const MOST_LINES: usize = 500;

/// Lines of a function's body: a screen.
pub(super) const MOST_FUNCTION_LINES: usize = 70;

/// Files that may be longer.
pub(super) const LONG_FILES: &[Exception] =
    &[because("runtime/src/task/model.rs", "every pairing of steps of one state word, side by side")];

/// Functions that may be longer: path, name, reason.
pub(super) const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[];

/// Every file with `unsafe` in it, and why it must be there.
pub(super) const ALLOWED_UNSAFE: &[Exception] = &[
    because("benches/src/heap.rs", "the allocator that counts, and what the system's says of itself"),
    because("benches/src/slow_clock.rs", "takes the place of two of libc's functions in a counted program"),
    because("benches/src/usage.rs", "getrusage and setrlimit, which std does not have"),
    because(
        "net/src/async_fd/mod.rs",
        "the constructors that take a borrowed descriptor's validity on trust, as tokio names them",
    ),
    because("net/src/process/command/pre_exec.rs", "a call whose contract is the user's to keep"),
    because("net/src/reactor/sys/linux.rs", "epoll's waits, one of which mio does not have"),
    because("net/src/signal/handler.rs", "installing a handler: what it does is async-signal-safe"),
    because(
        "net/src/socket/identity_unix.rs",
        "making a socket of a descriptor, which the trait has as unsafe",
    ),
    because(
        "net/src/socket/identity_windows.rs",
        "making a socket of a handle, which the trait has as unsafe",
    ),
    because("net/src/socket/receive.rs", "receiving into memory that is not yet initialised"),
    because("net/src/unix/credentials.rs", "getsockopt of credentials, which std does not have"),
    because("net/src/unix/pipe/raw.rs", "reading into memory that is not yet initialised, and fcntl"),
    because("net/tests/it/limits.rs", "setrlimit, to run out of descriptors; the default of SIGPIPE"),
    because("net/tests/it/signals.rs", "raising a signal in this process"),
    because("net/tests/it/unix_streams.rs", "a socket made of a descriptor"),
    because("net/tests/it/without_pidfd.rs", "a filter of system calls"),
    because("runtime/src/blocking/task.rs", "the promise that a blocking task's home outlives it"),
    because("runtime/src/fs/file/unix.rs", "the constructor that takes a raw descriptor on trust"),
    because("runtime/src/io/hyper.rs", "hyper's buffer, filled in place"),
    because("runtime/src/io/read_buf.rs", "a buffer of which a part is not yet initialised"),
    because("runtime/src/io/read_buf/lend.rs", "lending a `BufMut`'s memory to a reader"),
    because("runtime/src/park/model.rs", "the model's cell, which loom checks for races"),
    because("runtime/src/queue/item.rs", "what may stand in a queue of atomic pointers"),
    because("runtime/src/queue/lifo.rs", "an item in one atomic pointer"),
    because("runtime/src/queue/local.rs", "the ring of atomic pointers"),
    because(
        "runtime/src/runtime/local_set.rs",
        "the promise that the set's tasks stay on its thread and that it outlives them",
    ),
    because(
        "runtime/src/scheduler/current_thread/mod.rs",
        "the promise that the scheduler outlives its tasks, and keeps local ones on their thread",
    ),
    because(
        "runtime/src/scheduler/multi_thread/peer.rs",
        "the promise that the scheduler outlives its tasks",
    ),
    because("runtime/src/sync/mpsc/block_list.rs", "the blocks of slots, written and read by turns"),
    because(
        "runtime/src/sync/mpsc/ends.rs",
        "what the one receiver touches, and a slot that its sender claimed",
    ),
    because("runtime/src/sync/mutex/guard.rs", "the value behind the permit"),
    because("runtime/src/sync/once_value.rs", "a value written once and then shared"),
    because(
        "runtime/src/sync/oneshot/halves.rs",
        "one allocation that the two halves share and the last one frees",
    ),
    because("runtime/src/sync/permits/model.rs", "its model's cell, which loom checks for races"),
    because("runtime/src/sync/rwlock/hold.rs", "the value behind the permits"),
    because("runtime/src/sync/rwlock/model.rs", "its models' cell, which loom checks for races"),
    because("runtime/src/sync/wait_queue.rs", "the intrusive list of waiters"),
    because("runtime/src/task/cell.rs", "the memory of a task, typed"),
    because("runtime/src/task/current.rs", "the task that this thread is polling"),
    because("runtime/src/task/header.rs", "the types of the vtable's functions"),
    because("runtime/src/task/join.rs", "the handles' references, and the output"),
    because("runtime/src/task/model.rs", "the model's scheduler promises what the real ones do"),
    because("runtime/src/task/tests/mod.rs", "the tests' scheduler promises what the real ones do"),
    because("runtime/src/task/mod.rs", "making a task's two owners"),
    because("runtime/src/task/owned.rs", "the intrusive list of tasks"),
    because("runtime/src/task/runnable.rs", "the right to run a task, as one word"),
    because("runtime/src/task/waker.rs", "the waker's vtable"),
    because("runtime/src/util/atomic_waker.rs", "the slot that two bits guard"),
    because("runtime/src/util/prefetch/x86_64.rs", "an instruction that std has as unsafe"),
    because("runtime/src/util/scoped.rs", "a thread-local that lends a reference"),
    because("runtime/src/util/wake_batch.rs", "room for wakers that is not initialised before it is filled"),
    because("runtime/src/util/test_waker.rs", "a waker that counts and panics on demand"),
];

/// Files of `runtime` that use std's own instead of the shim's.
pub(super) const PAST_THE_SHIM: &[Exception] = &[
    because("runtime/src/context/mod.rs", "asks whether the thread is panicking"),
    because("runtime/src/context/runtime_id.rs", "a static count: loom's atomics cannot be constants"),
    because("runtime/src/runtime/builder/build.rs", "asks for the number of cores and the thread's identity"),
    because("runtime/src/runtime/local_set.rs", "the identity of the set's thread; above the models"),
    because("runtime/src/runtime/runtime.rs", "asks whether the thread is panicking"),
    because("runtime/src/runtime/task_local.rs", "its macro expands in the user's crate"),
    because(
        "runtime/src/scheduler/current_thread/mod.rs",
        "the identity of the owner's thread; above the models",
    ),
    because("runtime/src/scheduler/multi_thread/mod.rs", "handles of real threads; above the models"),
    because("runtime/src/scheduler/multi_thread/shutdown.rs", "handles of real threads; above the models"),
    because("runtime/src/scheduler/threads.rs", "starts real threads"),
    because("runtime/src/time/clock.rs", "a static flag: loom's atomics cannot be constants"),
    because("runtime/src/time/sleep.rs", "yields to real threads"),
];

/// Words that the vocabulary rules out wherever they stand in a name, and what to say. Words that are right in
/// one place and wrong in another (token, tick, closed, signal) are left to readers.
pub(super) const FORBIDDEN_WORDS: &[(&str, &str)] = &[
    ("engine", "runtime"),
    ("kick", "wake, schedule, unpark or notify"),
    ("promise", "task or join handle"),
    ("deque", "local queue"),
    ("manager", "the noun itself"),
    ("inner2", "the noun itself"),
];

/// Names of others that we cannot help.
pub(super) const FOREIGN_IDENTIFIERS: &[&str] = &["VecDeque"];

/// `runtime/src`'s modules, lowest first: each imports only what stands before it.
pub(super) const LAYERS: &[&str] = &[
    "primitive",
    "util",
    "coop",
    "park",
    "task",
    "queue",
    "driver",
    "io",
    "sync",
    "time",
    "blocking",
    "scheduler",
    "context",
    "runtime",
    "stdio",
    "fs",
];

/// Modules that any layer may call: `context` answers questions about the current thread by plain functions.
pub(super) const REACHABLE_BY_ALL: &[&str] = &["primitive", "context"];
