//! Arguments that contradict each other, and several mistakes at once.

#[mini::main(flavor = "current_thread", worker_threads = 2)]
async fn workers_of_one_thread() {}

#[mini::test(worker_threads = 2)]
async fn workers_of_the_default() {}

#[mini::main(start_paused = true)]
async fn paused_default() {}

#[mini::test(flavor = "multi_thread", start_paused = true)]
async fn paused_many() {}

#[mini::main(flavour = "local", worker_threads = 0, start_paused = 1)]
fn four_mistakes() {}

fn main() {}
