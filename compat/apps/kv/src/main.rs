//! Serves keys and values until ctrl-c.
//!
//! ```text
//! cargo run -p kv [HOST:PORT]
//! redis-cli -p 6380 set greeting hello
//! ```

use std::io;

use tokio::net::TcpListener;
use tokio::signal;

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:6380".to_owned());
    let listener = TcpListener::bind(&address).await?;
    println!("listening on {}", listener.local_addr()?);
    let stop = async { signal::ctrl_c().await.expect("ctrl-c can be listened to") };
    kv::serve(listener, stop).await
}
