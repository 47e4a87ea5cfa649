//! The sweep: keys leave when their deadline comes, so that memory is not held for what nobody asks for.

use std::convert::Infallible;

use tokio::time::sleep_until;

use crate::store::Store;

/// Sweeps for as long as it is polled.
pub(crate) async fn sweep(store: &Store) -> Infallible {
    loop {
        match store.sweep() {
            Some(deadline) => tokio::select! {
                () = sleep_until(deadline) => {}
                () = store.has_earlier_deadline() => {}
            },
            None => store.has_earlier_deadline().await,
        }
    }
}
