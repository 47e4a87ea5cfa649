//! The work, on nio: `on_nio list` names it; see `mini_benches::program` for the rest.

use mini_benches::heap::Heap;
use mini_benches::program;

#[path = "../work/blocking.rs"]
mod blocking;
#[path = "../rt/channels.rs"]
mod channels;
#[path = "../work/connections.rs"]
mod connections;
#[path = "../work/echo.rs"]
mod echo;
#[path = "../work/exchanges.rs"]
mod exchanges;
#[path = "../work/fairness.rs"]
mod fairness;
#[path = "../work/mpsc.rs"]
mod mpsc;
#[path = "../rt/nio.rs"]
mod rt;
#[path = "../work/serving.rs"]
mod serving;
#[path = "../work/sleeps.rs"]
mod sleeps;
#[path = "../work/spawns.rs"]
mod spawns;
#[path = "../work/timeouts.rs"]
mod timeouts;
#[path = "../work/unbounded.rs"]
mod unbounded;
#[path = "../work/wakes.rs"]
mod wakes;
#[path = "../work/mod.rs"]
mod work;

#[global_allocator]
static HEAP: Heap = Heap;

fn main() -> std::process::ExitCode {
    program::main(
        rt::start,
        &[
            spawns::WORKS,
            wakes::WORKS,
            exchanges::WORKS,
            blocking::WORKS,
            echo::WORKS,
            connections::WORKS,
            fairness::WORKS,
            timeouts::WORKS,
            sleeps::WORKS,
            mpsc::WORKS,
            unbounded::WORKS,
        ],
    )
}
