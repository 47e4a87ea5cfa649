//! Waiting for a connect that is under way to end, well or with its error.
//!
//! Dropping the future closes the socket: no descriptor outlives it.

use super::Socket;
use crate::io::{Interest, Ready};
use crate::reactor::registration::Registration;
use std::io;

/// Waits until the OS says how the connect of `socket` ended.
pub(crate) async fn finish<S: Socket>(socket: S) -> io::Result<Registration<S>> {
    let registration = Registration::new(socket, Interest::BOTH, Ready::EMPTY)?;
    loop {
        let observed = registration.readiness(Interest::WRITABLE).await?;
        let socket = registration.source();
        if let Some(error) = socket.call(socket2::Socket::take_error)? {
            return Err(error);
        }
        match socket.call(socket2::Socket::peer_addr) {
            // There is room to write; whether there is something to read, an event will say.
            Ok(_) => return Ok(registration),
            // Spurious readiness: still connecting.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => registration.clear(observed),
            Err(error) => return Err(error),
        }
    }
}
