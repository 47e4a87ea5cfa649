//! A chat until ctrl-c.
//!
//! ```text
//! cargo run -p codec-chat [HOST:PORT]
//! nc 127.0.0.1 8080        # in as many terminals as there are guests
//! ```

use std::io;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(&address).await?;
    // From before it says that it listens, ctrl-c is an orderly end.
    let mut interrupt = signal(SignalKind::interrupt())?;
    println!("listening on {}", listener.local_addr()?);
    codec_chat::serve(listener, async move { _ = interrupt.recv().await }).await
}
