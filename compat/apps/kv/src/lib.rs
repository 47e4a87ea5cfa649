//! A key-value server that speaks the Redis protocol, as far as its table of commands goes (`src/command.rs`).
//!
//! A connection is a task: it reads a request, does it, and answers; answers to requests that came together leave
//! together. Keys with a deadline are removed when it comes, whether or not somebody asks for them.
//!
//! Invariant: when [`serve`] returns, no task of the server is left.

mod channels;
mod codec;
mod command;
mod connection;
mod reply;
mod request;
mod store;
mod subscriptions;
mod sweep;

use std::future::Future;
use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use channels::Channels;
use store::Store;

/// What the connections share.
#[derive(Default)]
struct Server {
    store: Store,
    channels: Channels,
}

/// Serves until `stop` completes.
pub async fn serve(listener: TcpListener, stop: impl Future<Output = ()>) -> io::Result<()> {
    let (server, connections) = (Arc::new(Server::default()), TaskTracker::new());
    let stopping = CancellationToken::new();
    let accept = async {
        loop {
            let (stream, _) = listener.accept().await?;
            let (server, stopping) = (Arc::clone(&server), stopping.clone());
            connections.spawn(async move {
                // An error is a client that is gone without a word.
                let _ = stopping.run_until_cancelled(connection::serve(stream, &server)).await;
            });
        }
    };
    let result = tokio::select! {
        result = accept => result,
        never = sweep::sweep(&server.store) => match never {},
        () = stop => Ok(()),
    };
    drop(listener);
    stopping.cancel();
    connections.close();
    connections.wait().await;
    result
}
