//! Serves accounts until ctrl-c, from a file that stays.
//!
//! ```text
//! cargo run -p sqlite [HOST:PORT [FILE]]
//! nc 127.0.0.1 8080
//! ```

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use sqlite::accounts::Accounts;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let file = arguments.next().unwrap_or_else(|| "accounts.sqlite".to_owned());
    let accounts = Accounts::open(Path::new(&file), Duration::from_secs(10)).await?;
    let listener = TcpListener::bind(&address).await?;
    // From before it says that it listens, ctrl-c is an orderly end.
    let mut interrupt = signal(SignalKind::interrupt())?;
    println!("listening on {}", listener.local_addr()?);
    Ok(sqlite::serve(listener, accounts, async move { _ = interrupt.recv().await }).await?)
}
