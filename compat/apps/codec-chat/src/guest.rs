//! One guest, from its name to its last line.
//!
//! Invariant: a guest that does not read holds up neither the room nor its end.

use std::sync::Arc;

use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};
use tokio_util::sync::CancellationToken;

use crate::room::{Room, Seat};

/// The longest line in bytes.
const MOST_BYTES: usize = 1024;

type Lines = Framed<TcpStream, LinesCodec>;

pub(crate) async fn welcome(
    stream: TcpStream,
    room: &Room,
    stopping: &CancellationToken,
) -> Result<(), LinesCodecError> {
    // A line is small, and is not to wait for the next one.
    stream.set_nodelay(true)?;
    let mut lines = Framed::new(stream, LinesCodec::new_with_max_length(MOST_BYTES));
    let reason = tokio::select! {
        reason = stay(&mut lines, room) => reason?,
        () = stopping.cancelled() => Some("* the room closes"),
    };
    if let Some(reason) = reason {
        // As far as there is room for it at once.
        lines.send(reason).now_or_never().transpose()?;
    }
    Ok(())
}

/// Until the guest leaves, or there is a reason to show it out.
async fn stay(lines: &mut Lines, room: &Room) -> Result<Option<&'static str>, LinesCodecError> {
    lines.send("* your name?").await?;
    while let Some(name) = next(lines).await? {
        let Ok(name) = name else { return Ok(name.err()) };
        match room.enter(&name) {
            _ if name.is_empty() => lines.send("* a name has a letter; your name?").await?,
            None => lines.send("* that name is taken; your name?").await?,
            Some((seat, unheard)) => {
                return tokio::select! {
                    reason = talk(lines, &seat, unheard, &name) => reason,
                    () = seat.is_too_slow() => Ok(Some("* you read too slowly")),
                };
            }
        }
    }
    Ok(None)
}

async fn talk(
    lines: &mut Lines,
    seat: &Seat<'_>,
    mut unheard: mpsc::Receiver<Arc<str>>,
    name: &str,
) -> Result<Option<&'static str>, LinesCodecError> {
    lines.send(format!("* welcome, {name}")).await?;
    loop {
        tokio::select! {
            line = next(lines) => match line? {
                Some(Ok(line)) => seat.say(&line),
                Some(Err(reason)) => return Ok(Some(reason)),
                None => return Ok(None),
            },
            Some(line) = unheard.recv() => lines.send(line).await?,
        }
    }
}

/// The next line, or why it is none.
async fn next(lines: &mut Lines) -> Result<Option<Result<String, &'static str>>, LinesCodecError> {
    match lines.next().await {
        Some(Err(LinesCodecError::MaxLineLengthExceeded)) => Ok(Some(Err("* that line is too long"))),
        line => Ok(line.transpose()?.map(Ok)),
    }
}
