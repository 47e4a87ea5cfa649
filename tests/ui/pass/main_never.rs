//! A `main` that never returns.

#[mini::main]
async fn main() -> ! {
    std::process::exit(0)
}
