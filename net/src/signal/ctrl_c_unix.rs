//! ctrl-c is SIGINT.

use super::unix::{SignalKind, signal};
use std::io;

pub(super) async fn ctrl_c() -> io::Result<()> {
    signal(SignalKind::interrupt())?.recv().await;
    Ok(())
}
