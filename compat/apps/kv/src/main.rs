//! Serves keys and values until ctrl-c.
//!
//! ```text
//! cargo run -p kv [HOST:PORT]
//! redis-cli -p 6380 set greeting hello
//! ```

use std::io;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:6380".to_owned());
    let listener = TcpListener::bind(&address).await?;
    // From before it says that it listens, ctrl-c is an orderly end.
    let mut interrupt = signal(SignalKind::interrupt())?;
    println!("listening on {}", listener.local_addr()?);
    kv::serve(listener, async move { _ = interrupt.recv().await }).await
}
