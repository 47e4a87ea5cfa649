//! Values of the wrong kind or out of range.

#[mini::main(flavor = "multithread")]
async fn near_flavor() {}

#[mini::main(flavor = "green")]
async fn no_such_flavor() {}

#[mini::main(flavor = 1)]
async fn flavor_is_no_number() {}

#[mini::main(flavor)]
async fn no_value() {}

#[mini::main(worker_threads = 0)]
async fn no_workers() {}

#[mini::main(worker_threads = "4")]
async fn workers_are_no_string() {}

#[mini::main(worker_threads = 2 + 2)]
async fn workers_are_no_sum() {}

#[mini::test(start_paused = "yes")]
async fn paused_is_no_string() {}

#[mini::main(name = " ")]
async fn blank_name() {}

#[mini::main(name = 1)]
async fn name_is_no_number() {}

#[mini::main(crate = mini)]
async fn crate_is_no_path() {}

#[mini::main(crate = "not a path")]
async fn crate_has_spaces() {}

fn main() {}
