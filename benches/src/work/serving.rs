//! A server that runs while a thread of its own, which only waits, drives a load generator against it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread;

use mini_benches::sample::Sample;
use mini_benches::waits::Countdown;

use crate::rt::Runtime;

/// Lets `serve` start a server inside the runtime, and `drive` load it from a thread beside it.
pub(crate) fn under_load(
    runtime: &Runtime,
    serve: impl FnOnce() -> SocketAddr + Send + 'static,
    drive: impl FnOnce(SocketAddr) -> Sample + Send + 'static,
) -> Sample {
    let sample = Arc::new(Mutex::new(None));
    let slot = sample.clone();
    runtime.run(move || async move {
        let address = serve();
        let end = Countdown::new(1);
        let is_driven = end.clone();
        let driver = thread::spawn(move || {
            // Counts also when the drive panics, so that the panic is seen and nobody waits for ever.
            let _guard = Ended(is_driven);
            *slot.lock().expect("nobody panicked with it") = Some(drive(address));
        });
        end.wait().await;
        drop(driver);
    });
    let mut sample = sample.lock().expect("nobody panicked with it");
    sample.take().expect("the load was driven to its end")
}

struct Ended(Countdown);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.count();
    }
}
