//! Sums over loopback: every kind of call, both sides' departures, and servers that are none.

mod calls;
mod ends;

use grpc::SumsClient;
use loopback::{Server, Stop};
use tokio::net::TcpListener;
use tonic::transport::Channel;

async fn start() -> Server {
    Server::start(|listener: TcpListener, stop: Stop| grpc::serve(listener, stop)).await
}

async fn client(server: &Server) -> SumsClient<Channel> {
    SumsClient::connect(server.url("http")).await.unwrap()
}
