//! Keys that do not exist, are not supported, or come twice.

#[mini::main(worker_thread = 4)]
async fn mistyped() {}

#[mini::main(flavour = "current_thread")]
async fn other_spelling() {}

#[mini::main(core_threads = 4)]
async fn old_name() {}

#[mini::test(banana = 4)]
async fn unknown() {}

#[mini::main(current_thread)]
async fn bare_flavor() {}

#[mini::main(unhandled_panic = "shutdown_runtime")]
async fn unsupported_panic() {}

#[mini::main(flavor = "local", flavor = "local")]
async fn twice() {}

#[mini::main("current_thread")]
async fn no_key() {}

fn main() {}
