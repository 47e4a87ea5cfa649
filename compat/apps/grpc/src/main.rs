//! Serves sums until ctrl-c, or asks such a service for one.
//!
//! ```text
//! cargo run -p grpc [HOST:PORT]
//! cargo run -p grpc -- --client http://127.0.0.1:8080 1 2 3
//! ```

use std::error::Error;

use futures_util::{StreamExt, stream};
use grpc::SumsClient;
use grpc::messages::Number;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("--client") => {
            let url = arguments.next().ok_or("usage: grpc --client URL [NUMBER]...")?;
            let numbers = arguments.map(|number| number.parse()).collect::<Result<_, _>>()?;
            ask(url, numbers).await
        }
        address => serve(address.unwrap_or("127.0.0.1:8080")).await,
    }
}

async fn serve(address: &str) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(address).await?;
    // From before it says that it listens, ctrl-c is an orderly end.
    let mut interrupt = signal(SignalKind::interrupt())?;
    println!("listening on {}", listener.local_addr()?);
    Ok(grpc::serve(listener, async move { _ = interrupt.recv().await }).await?)
}

/// Prints the sum so far after each number.
async fn ask(url: String, numbers: Vec<i64>) -> Result<(), Box<dyn Error>> {
    let mut client = SumsClient::connect(url).await?;
    let numbers = stream::iter(numbers).map(|value| Number { value });
    let mut sums = client.running(numbers).await?.into_inner();
    while let Some(sum) = sums.message().await? {
        println!("{}", sum.value);
    }
    Ok(())
}
