//! Wakers that misbehave: the reactor thread outlives them.

use crate::support::{pair, use_up_readiness};
use futures::executor::block_on;
use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

/// Says that it was woken, then panics.
#[derive(Default)]
struct Panics(AtomicBool);

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
        std::panic::resume_unwind(Box::new("a waker that panics"));
    }
}

#[test]
fn a_panicking_waker_does_not_kill_the_reactor_thread() -> io::Result<()> {
    let (mut client, mut server) = block_on(pair())?;
    use_up_readiness(&server);
    let [slot, listed]: [Arc<Panics>; 2] = Default::default();
    let (slot_waker, listed_waker) = (Waker::from(Arc::clone(&slot)), Waker::from(Arc::clone(&listed)));
    {
        let mut wait = pin!(server.readable());
        assert!(wait.as_mut().poll(&mut Context::from_waker(&listed_waker)).is_pending());
        assert!(server.poll_read_ready(&mut Context::from_waker(&slot_waker)).is_pending());
        block_on(client.write_all(b"x"))?;
        crate::support::wait_until(|| [&slot, &listed].iter().all(|waker| waker.0.load(Ordering::SeqCst)));
    }
    // The thread is alive: it serves the next waits, on this stream and on others.
    block_on(async {
        server.read_exact(&mut [0]).await?;
        client.write_all(b"y").await?;
        server.read_exact(&mut [0]).await?;
        let (mut client, mut server) = pair().await?;
        client.write_all(b"z").await?;
        server.read_exact(&mut [0]).await?;
        Ok(())
    })
}

#[test]
fn a_dropped_stream_lets_go_of_its_task() -> io::Result<()> {
    let (_client, server) = block_on(pair())?;
    use_up_readiness(&server);
    let task = Arc::new(Panics::default());
    let waker = Waker::from(Arc::clone(&task));
    assert!(server.poll_read_ready(&mut Context::from_waker(&waker)).is_pending());
    let mut wait = Box::pin(async { server.readable().await });
    assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    // Even a forgotten future does not keep the task alive once the stream is gone.
    crate::support::forget(wait);
    drop(waker);
    assert!(Arc::strong_count(&task) > 1);
    drop(server);
    assert_eq!(Arc::strong_count(&task), 1);
    Ok(())
}
