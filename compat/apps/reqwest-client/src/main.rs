//! Adds its arguments as notes, all at once, and prints what the service then has.
//!
//! ```text
//! cargo run -p axum-service &
//! cargo run -p reqwest-client http://127.0.0.1:8080 milk bread
//! ```

use std::error::Error;
use std::time::Duration;

use reqwest_client::Client;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("usage: reqwest-client URL [TEXT]...")?;
    let client = Client::new(&url, Duration::from_secs(10))?;
    let mut adding = JoinSet::new();
    for text in arguments {
        let client = client.clone();
        adding.spawn(async move { client.add(&text).await });
    }
    while let Some(added) = adding.join_next().await {
        added??;
    }
    for note in client.all().await? {
        println!("{}: {}", note.id, note.text);
    }
    Ok(())
}
