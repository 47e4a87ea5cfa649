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
pub(super) const LONG_FILES: &[Exception] = &[];

/// Functions that may be longer: path, name, reason.
pub(super) const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[];

/// Every file with `unsafe` in it, and why it must be there.
pub(super) const ALLOWED_UNSAFE: &[Exception] = &[
    because("benches/src/usage.rs", "getrusage is a C function"),
    because("runtime/src/park/model.rs", "the model's cell, which loom checks for races"),
];

/// Files of `runtime` that use std's own instead of the shim's.
pub(super) const PAST_THE_SHIM: &[Exception] = &[];

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
];

/// Modules that any layer may call: `context` answers questions about the current thread by plain functions.
pub(super) const REACHABLE_BY_ALL: &[&str] = &["primitive", "context"];
