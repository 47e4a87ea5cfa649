//! Counting: a task that is a few numbers ahead of who reads them.
//!
//! Invariant: the task ends with the range, with the reader, or with the service, whichever is first.

use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use crate::messages::{Number, Range};
use crate::sums::{stopped, stopping};

/// How many numbers wait for their reader, beside those on their way.
const AHEAD: usize = 8;

pub(crate) fn start(
    range: Range,
    is_stopping: watch::Receiver<bool>,
) -> ReceiverStream<Result<Number, Status>> {
    let (numbers, reader) = mpsc::channel(AHEAD);
    tokio::spawn(count(range, numbers, is_stopping));
    ReceiverStream::new(reader)
}

async fn count(
    range: Range,
    numbers: mpsc::Sender<Result<Number, Status>>,
    mut is_stopping: watch::Receiver<bool>,
) {
    for value in range.first..=range.last {
        let room = tokio::select! {
            room = numbers.reserve() => room,
            () = stopped(&mut is_stopping) => {
                // It fails only if the reader is gone.
                let _ = numbers.send(Err(stopping())).await;
                return;
            }
        };
        let Ok(room) = room else { return };
        room.send(Ok(Number { value }));
    }
}
