//! Notes over HTTP: JSON routes to keep them, a websocket to hear of new ones.
//!
//! | | |
//! |---|---|
//! | `POST /notes` `{"text": …}` | keeps a note, and answers with it |
//! | `GET /notes`, `GET /notes/{id}` | all notes, or one |
//! | `DELETE /notes/{id}` | forgets one |
//! | `GET /feed` | a websocket: each new note as JSON; what is sent to it as text becomes a note |
//!
//! Invariant: when [`serve`] returns, every request that was begun has been answered, and every feed was told
//! goodbye.

mod feed;
mod notes;
mod routes;

use std::future::Future;
use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use notes::Note;
use notes::Notes;

/// What the handlers share.
#[derive(Default)]
struct Service {
    notes: Notes,
    /// Cancelled when the service is to stop; ends the feeds, which would go on for ever.
    stop: CancellationToken,
    /// axum does not wait for connections that became websockets; this does.
    feeds: TaskTracker,
}

/// Serves until `stop` completes and all that was begun by then is done.
pub async fn serve(listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let service = Arc::new(Service::default());
    let stopping = service.stop.clone();
    axum::serve(listener, routes::router(Arc::clone(&service)))
        .with_graceful_shutdown(async move {
            stop.await;
            stopping.cancel();
        })
        .await?;
    service.feeds.close();
    service.feeds.wait().await;
    Ok(())
}
