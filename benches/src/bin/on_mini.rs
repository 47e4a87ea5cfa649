//! The work, on mini: `on_mini list` names it, `on_mini NAME DIVISOR` does it and prints a sample.

pub(crate) use mini as rt;

#[path = "../work/mod.rs"]
mod work;

fn main() -> std::process::ExitCode {
    work::main()
}
