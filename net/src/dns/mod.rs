//! Name lookup: the OS resolver, off the worker threads.
//!
//! Not a resolver of our own: what `getaddrinfo` answers is what the user gets.

pub(crate) mod offload;
