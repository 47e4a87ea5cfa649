//! hyper 1 on `mini`: what it reads and writes ([`Io`]), where it spawns ([`Executor`]), how it waits ([`Timer`]).
//!
//! Not a server: hyper is that, and needs of its runtime no more than these three. Invariant: nothing is buffered
//! or copied here; each call is one call of what is wrapped.
//!
//! # Examples
//!
//! ```
//! use std::convert::Infallible;
//!
//! use http_body_util::{BodyExt, Empty, Full};
//! use hyper::{Request, Response, body::Bytes, client, server, service::service_fn};
//!
//! # #[mini::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A socket pair in memory; a `TcpStream` serves as well.
//! let (near, far) = mini::io::duplex(1024);
//!
//! let answer = service_fn(|_request| async {
//!     Ok::<_, Infallible>(Response::new(Full::new(Bytes::from("hello"))))
//! });
//! mini::spawn(
//!     server::conn::http1::Builder::new()
//!         .timer(mini::hyper::Timer::new())
//!         .serve_connection(mini::hyper::Io::new(far), answer),
//! );
//!
//! let (mut sender, connection) = client::conn::http1::handshake(mini::hyper::Io::new(near)).await?;
//! mini::spawn(connection);
//! let request = Request::builder().uri("/").header("host", "mini").body(Empty::<Bytes>::new())?;
//! let body = sender.send_request(request).await?.collect().await?.to_bytes();
//! assert_eq!(body, "hello");
//! # Ok(())
//! # }
//! ```

use std::future::Future;
use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt;
use pin_project_lite::pin_project;

use crate::io::{AsyncRead, AsyncWrite, ReadBuf};
use crate::time::{self, Instant};

pin_project! {
    /// Lets hyper read and write what is [`AsyncRead`] and [`AsyncWrite`]; and us, what is hyper's
    /// [`Read`](rt::Read) and [`Write`](rt::Write), such as an upgraded connection.
    ///
    /// hyper's buffer is read into directly. The other way a read fills the rest of the buffer with zeros the first time.
    ///
    /// ```
    /// use hyper::rt::{ReadBuf, Write};
    /// use mini::io::AsyncReadExt;
    /// use std::{future::poll_fn, pin::Pin};
    ///
    /// # #[mini::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (near, mut far) = mini::io::duplex(64);
    /// let mut near = mini::hyper::Io::new(near);
    /// // hyper's trait, as hyper uses it.
    /// poll_fn(|cx| Write::poll_write(Pin::new(&mut near), cx, b"mini")).await?;
    /// assert_eq!(far.read_u32().await?.to_be_bytes(), *b"mini");
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Debug, Clone, Copy, Default)]
    pub struct Io<T> {
        #[pin]
        inner: T,
    }
}

impl<T> Io<T> {
    /// Wraps `inner`.
    ///
    /// ```
    /// use http_body_util::Empty;
    /// use hyper::{body::Bytes, client::conn::http1};
    ///
    /// # #[mini::main(flavor = "current_thread")]
    /// # async fn main() -> hyper::Result<()> {
    /// let (near, _far) = mini::io::duplex(1024);
    /// let (sender, _connection) = http1::handshake::<_, Empty<Bytes>>(mini::hyper::Io::new(near)).await?;
    /// assert!(!sender.is_closed());
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(inner: T) -> Self {
        Self { inner }
    }

    /// What is wrapped.
    ///
    /// ```
    /// let io = mini::hyper::Io::new(std::io::Cursor::new(b"mini"));
    /// assert_eq!(io.inner().position(), 0);
    /// ```
    pub fn inner(&self) -> &T {
        &self.inner
    }

    /// What is wrapped, to change.
    ///
    /// ```
    /// let mut io = mini::hyper::Io::new(std::io::Cursor::new(b"mini"));
    /// io.inner_mut().set_position(2);
    /// assert_eq!(io.inner().position(), 2);
    /// ```
    pub fn inner_mut(&mut self) -> &mut T {
        &mut self.inner
    }

    /// Unwraps. Nothing is lost, since nothing is buffered.
    ///
    /// ```
    /// use mini::io::AsyncReadExt;
    ///
    /// # #[mini::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut upgraded = mini::hyper::Io::new(&b"mini"[..]).into_inner();
    /// assert_eq!(upgraded.read_u32().await?.to_be_bytes(), *b"mini");
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_inner(self) -> T {
        self.inner
    }
}

impl<T: AsyncRead> rt::Read for Io<T> {
    #[inline]
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        cursor: rt::ReadBufCursor<'_>,
    ) -> Poll<Result<()>> {
        mini_runtime::io::hyper::poll_read(self.project().inner, context, cursor)
    }
}

impl<T: AsyncWrite> rt::Write for Io<T> {
    #[inline]
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        self.project().inner.poll_write(context, bytes)
    }

    #[inline]
    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.project().inner.poll_flush(context)
    }

    #[inline]
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.project().inner.poll_shutdown(context)
    }

    #[inline]
    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    #[inline]
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        self.project().inner.poll_write_vectored(context, buffers)
    }
}

impl<T: rt::Read> AsyncRead for Io<T> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let count = {
            let mut theirs = rt::ReadBuf::new(buf.initialize_unfilled());
            ready!(self.project().inner.poll_read(context, theirs.unfilled()))?;
            theirs.filled().len()
        };
        buf.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl<T: rt::Write> AsyncWrite for Io<T> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        self.project().inner.poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.project().inner.poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.project().inner.poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        self.project().inner.poll_write_vectored(context, buffers)
    }
}

/// Spawns hyper's background futures as tasks of the current runtime. HTTP/2 needs one.
///
/// # Panics
///
/// [`execute`](rt::Executor::execute) panics outside a runtime, as [`spawn`](crate::spawn) does.
///
/// ```
/// use hyper::rt::Executor;
///
/// # #[mini::main(flavor = "current_thread")]
/// # async fn main() {
/// let (done, wait) = mini::sync::oneshot::channel();
/// mini::hyper::Executor::new().execute(async move { done.send("in the background") });
/// assert_eq!(wait.await, Ok("in the background"));
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Executor;

impl Executor {
    /// An executor; it holds nothing.
    ///
    /// ```
    /// use hyper::rt::Executor;
    ///
    /// # #[mini::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let executor = mini::hyper::Executor::new();
    /// let (held, ended) = mini::sync::oneshot::channel::<()>();
    /// executor.execute(async move { drop(held) });
    /// assert!(ended.await.is_err());
    /// # }
    /// ```
    pub fn new() -> Self {
        Self
    }
}

impl<F> rt::Executor<F> for Executor
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    #[track_caller]
    fn execute(&self, future: F) {
        // hyper has its own ways to hear of the end; without the handle the task goes on.
        drop(crate::spawn(future));
    }
}

/// Gives hyper our clock and timers, for its timeouts; in a test with a paused clock they follow that.
///
/// ```
/// use hyper::rt::Timer;
/// use std::time::Duration;
///
/// # #[mini::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let timer = mini::hyper::Timer::new();
/// let before = timer.now();
/// timer.sleep(Duration::from_secs(3600)).await; // The clock stands still, and so jumps.
/// assert!(timer.now() - before >= Duration::from_secs(3600));
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Timer;

impl Timer {
    /// A timer; it holds nothing.
    ///
    /// ```
    /// use hyper::server::conn::http1;
    /// use std::time::Duration;
    ///
    /// let mut builder = http1::Builder::new();
    /// builder.timer(mini::hyper::Timer::new()).header_read_timeout(Duration::from_secs(5));
    /// ```
    pub fn new() -> Self {
        Self
    }
}

impl rt::Timer for Timer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(Sleep { inner: time::sleep(duration) })
    }

    fn sleep_until(&self, deadline: std::time::Instant) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(Sleep { inner: time::sleep_until(Instant::from(deadline)) })
    }

    fn now(&self) -> std::time::Instant {
        Instant::now().into()
    }

    fn reset(&self, sleep: &mut Pin<Box<dyn rt::Sleep>>, deadline: std::time::Instant) {
        // The box is used again, and the timer's entry with it: hyper does this for each request.
        match sleep.as_mut().downcast_mut_pin::<Sleep>() {
            Some(ours) => ours.project().inner.reset(Instant::from(deadline)),
            None => *sleep = self.sleep_until(deadline),
        }
    }
}

pin_project! {
    /// [`time::Sleep`] under hyper's trait.
    struct Sleep {
        #[pin]
        inner: time::Sleep,
    }
}

impl Future for Sleep {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.project().inner.poll(context)
    }
}

impl rt::Sleep for Sleep {}
