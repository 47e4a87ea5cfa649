//! One connection: requests in, replies out, and messages of the channels it listens to.
//!
//! Invariant: replies come in the order of their requests. Before it waits for more, all that was answered has been
//! handed to the kernel.

use std::io::{self, ErrorKind};

use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_util::codec::Framed;

use crate::Server;
use crate::codec::Resp;
use crate::command;
use crate::reply::Reply;
use crate::request::Request;
use crate::subscriptions::Subscriptions;

type Connection = Framed<TcpStream, Resp>;

pub(crate) async fn serve(stream: TcpStream, server: &Server) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut connection = Framed::new(stream, Resp);
    let mut subscriptions = Subscriptions::new(&server.channels);
    let subscriber = subscriptions.subscriber().clone();
    tokio::select! {
        result = talk(&mut connection, server, &mut subscriptions) => match result {
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                connection.send(Reply::Error(format!("ERR Protocol error: {error}").into())).await
            }
            result => result,
        },
        // It may be that nothing can be told: the client does not read.
        () = subscriber.is_too_slow() => Ok(()),
    }
}

async fn talk(
    connection: &mut Connection,
    server: &Server,
    subscriptions: &mut Subscriptions<'_>,
) -> io::Result<()> {
    loop {
        tokio::select! {
            request = connection.next() => match request.transpose()? {
                Some(request) => answer(connection, request, server, subscriptions).await?,
                None => return Ok(()),
            },
            Some(message) = subscriptions.next() => pass_on(connection, message, subscriptions).await?,
        }
        connection.flush().await?;
    }
}

/// Answers this request, and those that came with it.
async fn answer(
    connection: &mut Connection,
    request: Request,
    server: &Server,
    subscriptions: &mut Subscriptions<'_>,
) -> io::Result<()> {
    let mut next = Some(request);
    while let Some(request) = next {
        for reply in command::run(&request, server, subscriptions) {
            connection.feed(reply).await?;
        }
        next = connection.next().now_or_never().flatten().transpose()?;
    }
    Ok(())
}

/// Passes this message on, and those that wait behind it.
async fn pass_on(
    connection: &mut Connection,
    message: Reply,
    subscriptions: &mut Subscriptions<'_>,
) -> io::Result<()> {
    connection.feed(message).await?;
    while let Some(message) = subscriptions.try_next() {
        connection.feed(message).await?;
    }
    Ok(())
}
