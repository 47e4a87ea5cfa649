//! Accounts in SQLite, behind a protocol of lines.
//!
//! | line | answer |
//! |---|---|
//! | `open NAME AMOUNT` | `ok`, or why not |
//! | `transfer FROM TO AMOUNT` | `ok`, or why not: all of it is done, or nothing |
//! | `balance NAME` | the amount |
//! | `list` | a line `NAME AMOUNT` for each, then `ok` |
//!
//! Invariant: when [`serve`] returns, no command is half done, and the database is closed.

pub mod accounts;
mod connection;

use std::future::Future;
use std::io;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use accounts::Accounts;

/// Serves until `stop` completes and the commands that were begun are done.
pub async fn serve(
    listener: TcpListener,
    accounts: Accounts,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let (connections, stopping) = (TaskTracker::new(), CancellationToken::new());
    let accept = async {
        loop {
            let (stream, _) = listener.accept().await?;
            let (accounts, stopping) = (accounts.clone(), stopping.clone());
            connections.spawn(async move {
                // An error is a client that is gone without a word.
                let _ = connection::serve(stream, &accounts, &stopping).await;
            });
        }
    };
    let result = tokio::select! {
        result = accept => result,
        () = stop => Ok(()),
    };
    drop(listener);
    stopping.cancel();
    connections.close();
    connections.wait().await;
    accounts.close().await;
    result
}
