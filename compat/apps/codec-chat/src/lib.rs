//! A chat in lines: the first is one's name, what follows is heard by all others.
//!
//! Each guest is a task, and has a queue of lines that it has not heard yet. Who reads so slowly that the queue is
//! full is shown out: nobody waits for anybody.
//!
//! Invariant: when [`serve`] returns, every guest has been told goodbye, or is gone.

mod guest;
mod room;

use std::future::Future;
use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use room::QUEUED_LINES;
use room::Room;

/// Serves until `stop` completes and the guests have gone.
pub async fn serve(listener: TcpListener, stop: impl Future<Output = ()>) -> io::Result<()> {
    let (room, guests, stopping) = (Arc::new(Room::default()), TaskTracker::new(), CancellationToken::new());
    let accept = async {
        loop {
            let (stream, _) = listener.accept().await?;
            let (room, stopping) = (Arc::clone(&room), stopping.clone());
            guests.spawn(async move {
                // An error is a guest that is gone without a word.
                let _ = guest::welcome(stream, &room, &stopping).await;
            });
        }
    };
    let result = tokio::select! {
        result = accept => result,
        () = stop => Ok(()),
    };
    drop(listener);
    stopping.cancel();
    guests.close();
    guests.wait().await;
    result
}
