//! The websocket: new notes go out, and texts that come in become notes.
//!
//! Invariant: who has the handshake's answer hears of every note from then on. A feed ends when either side leaves
//! or the service stops, and leaves no task behind.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use serde_json::json;
use tokio::sync::broadcast::{self, error::RecvError};

use crate::{Note, Service};

/// The longest text that becomes a note.
const MOST_BYTES: usize = 64 * 1024;

pub(crate) async fn open(upgrade: WebSocketUpgrade, State(service): State<Arc<Service>>) -> Response {
    let tracked = service.feeds.token();
    // Before the answer goes out.
    let news = service.notes.subscribe();
    upgrade.max_message_size(MOST_BYTES).on_upgrade(async move |mut socket| {
        let _tracked = tracked;
        // An error means that the other side is gone: there is nobody to tell.
        let _ = relay(&mut socket, &service, news).await;
    })
}

async fn relay(
    socket: &mut WebSocket,
    service: &Service,
    mut news: broadcast::Receiver<Note>,
) -> Result<(), axum::Error> {
    loop {
        tokio::select! {
            () = service.stop.cancelled() => return say_goodbye(socket).await,
            note = news.recv() => match note {
                Ok(note) => socket.send(text(&json!(note))).await?,
                Err(RecvError::Lagged(missed)) => socket.send(text(&json!({"missed": missed}))).await?,
                Err(RecvError::Closed) => return Ok(()),
            },
            message = socket.recv() => match message.transpose()? {
                Some(Message::Text(text)) => {
                    service.notes.add(text.to_string());
                }
                // Pings are answered by the library.
                Some(Message::Binary(_) | Message::Ping(_) | Message::Pong(_)) => {}
                Some(Message::Close(_)) | None => return Ok(()),
            },
        }
    }
}

async fn say_goodbye(socket: &mut WebSocket) -> Result<(), axum::Error> {
    let reason = CloseFrame { code: close_code::AWAY, reason: "the service stops".into() };
    socket.send(Message::Close(Some(reason))).await?;
    // What the other side still says is read, up to its own goodbye.
    while let Some(message) = socket.recv().await {
        message?;
    }
    Ok(())
}

fn text(value: &serde_json::Value) -> Message {
    Message::Text(value.to_string().into())
}
