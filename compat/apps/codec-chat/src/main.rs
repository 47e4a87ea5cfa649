//! A chat until ctrl-c.
//!
//! ```text
//! cargo run -p codec-chat [HOST:PORT]
//! nc 127.0.0.1 8080        # in as many terminals as there are guests
//! ```

use std::io;

use tokio::net::TcpListener;
use tokio::signal;

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(&address).await?;
    println!("listening on {}", listener.local_addr()?);
    let stop = async { signal::ctrl_c().await.expect("ctrl-c can be listened to") };
    codec_chat::serve(listener, stop).await
}
