//! Accounts over loopback and by the pool itself, on a file in a folder that goes with the test.

mod commands;
mod pool;

use std::path::Path;
use std::time::Duration;

use loopback::{Server, Stop};
use sqlite::accounts::Accounts;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// Longer than any scenario: what is not about patience never runs out of it.
const PATIENT: Duration = Duration::from_secs(600);

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

async fn open(folder: &Path, patience: Duration) -> Accounts {
    Accounts::open(&folder.join("accounts.sqlite"), patience).await.unwrap()
}

async fn start(folder: &Path) -> Server {
    let accounts = open(folder, PATIENT).await;
    Server::start(|listener: TcpListener, stop: Stop| sqlite::serve(listener, accounts, stop)).await
}
