//! Sums over gRPC: one answer to one question, streams in either direction, and both at once.
//!
//! The trait [`generated::sums_server::Sums`] and the client are made by `build.rs`, without protoc.
//!
//! Invariant: when [`serve`] returns no stream is open; those that would go on for ever are ended with
//! `UNAVAILABLE`.

mod count;
pub mod messages;
mod sums;

/// What `build.rs` makes.
#[allow(clippy::all, rust_2018_idioms)] // tonic's lines, not ours.
pub mod generated {
    include!(concat!(env!("OUT_DIR"), "/sums.Sums.rs"));
}

use std::future::Future;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::{Error, Server};

use generated::sums_server::SumsServer;
use sums::Sums;

pub use generated::sums_client::SumsClient;

/// Serves until `stop` completes and what was begun by then is done.
pub async fn serve(
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let (stopping, is_stopping) = watch::channel(false);
    Server::builder()
        .add_service(SumsServer::new(Sums::new(is_stopping)))
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), async move {
            stop.await;
            stopping.send_replace(true);
        })
        .await
}
