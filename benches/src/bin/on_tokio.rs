//! The work, on tokio: `on_tokio list` names it, `on_tokio NAME DIVISOR` does it and prints a sample.

pub(crate) use tokio as rt;

#[path = "../work/mod.rs"]
mod work;

fn main() -> std::process::ExitCode {
    work::main()
}
