//! No ctrl-c here yet; an error says so, where a future that never completes would look like a hang.

use std::io;

pub(super) async fn ctrl_c() -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "ctrl-c is not supported on this platform yet"))
}
