//! The notes service over loopback: by reqwest, by websocket, and by hand where no client would say such a thing.

mod end;
mod feed;
mod json;

use loopback::{Server, Stop};
use reqwest::Client;
use tokio::net::TcpListener;

async fn start() -> Server {
    Server::start(|listener: TcpListener, stop: Stop| axum_service::serve(listener, stop)).await
}

/// Without what the environment says of proxies.
fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}
