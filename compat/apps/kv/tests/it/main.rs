//! The key-value server over loopback: by the `redis` crate, and by hand where that would not say such a thing.

mod channels;
mod ends;
mod values;
mod wire;

use loopback::{Server, Stop};
use redis::aio::MultiplexedConnection;
use tokio::net::TcpListener;

async fn start() -> Server {
    Server::start(|listener: TcpListener, stop: Stop| kv::serve(listener, stop)).await
}

fn client(server: &Server) -> redis::Client {
    redis::Client::open(server.url("redis")).unwrap()
}

async fn connect(server: &Server) -> MultiplexedConnection {
    client(server).get_multiplexed_async_connection().await.unwrap()
}
