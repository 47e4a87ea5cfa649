//! [`Server`]: an app that serves in this process, on a port of the loopback that the system picks.
//!
//! Invariant: after [`Server::end`] the app's `serve` has returned, and its port refuses.

use std::fmt::Debug;
use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::Pin;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Completes when the app is to stop.
pub type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

pub struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Server {
    /// Binds a port and has it served by a task.
    pub async fn start<S, F, E>(serve: S) -> Self
    where
        S: FnOnce(TcpListener, Stop) -> F,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Debug,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = serve(listener, Box::pin(async move { stopped.await.unwrap_or_default() }));
        Self { address, stop, served: tokio::spawn(async move { serving.await.unwrap() }) }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as a URL of this scheme.
    pub fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.address)
    }

    /// A bare connection, for what no well-behaved client says.
    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Asks it to stop, and returns at once: what it is in the midst of may go on.
    pub fn stop(self) -> Stopping {
        self.stop.send(()).expect("it serves until it is stopped");
        Stopping { address: self.address, served: self.served }
    }

    /// Asks it to stop, and waits until it has.
    pub async fn end(self) {
        self.stop().ended().await;
    }
}

/// A server that was asked to stop.
pub struct Stopping {
    address: SocketAddr,
    served: JoinHandle<()>,
}

impl Stopping {
    pub fn has_ended(&self) -> bool {
        self.served.is_finished()
    }

    /// Waits until it has ended, and sees that nobody listens any more.
    pub async fn ended(self) {
        self.served.await.expect("the server panicked, or serving failed");
        let error = TcpStream::connect(self.address).await.expect_err("nobody should listen any more");
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    }
}
