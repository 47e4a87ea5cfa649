//! The lines on no runtime at all: a queue of boxed futures, a bare epoll loop, threads and std's channels.
//!
//! Each line does the same as the runtimes' work of that name, by the shortest way there is. What has no such way, or
//! would be a runtime itself, is left out.

use mini_benches::heap::Heap;
use mini_benches::program::{self, Flavour};

#[path = "../raw/connections.rs"]
mod connections;
#[path = "../raw/queue.rs"]
mod queue;
#[path = "../raw/tasks.rs"]
mod tasks;
#[path = "../raw/tcp.rs"]
mod tcp;
#[path = "../raw/threads.rs"]
mod threads;
#[path = "../raw/timers.rs"]
mod timers;

#[global_allocator]
static HEAP: Heap = Heap;

/// No runtime, of no flavour.
struct Bare;

fn start(_: Flavour) -> Bare {
    Bare
}

fn main() -> std::process::ExitCode {
    program::main(start, &[tasks::WORKS, tcp::WORKS, connections::WORKS, timers::WORKS, threads::WORKS])
}
