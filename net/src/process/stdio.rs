//! The parent's ends of a child's standard streams: [`ChildStdin`], [`ChildStdout`] and [`ChildStderr`].
//!
//! Each is a pipe in non-blocking mode; how one is waited for is `unix::pipe`'s. Invariant: the child's end, and a
//! descriptor that is given away, are in blocking mode, as programs expect.

use crate::unix::pipe::{Receiver, Sender};
use mini_runtime::io::{AsyncRead, AsyncWrite, ReadBuf};
use std::io::{self, IoSlice};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll};

/// The end that writes to a child's standard input; dropping it is the end of that input.
///
/// Writing fails with `BrokenPipe` when the child, and whoever else has its input, has closed it. `shutdown` closes
/// nothing.
///
/// ```
/// use mini_net::process::Command;
/// use mini_runtime::io::AsyncWriteExt;
/// use std::process::Stdio;
///
/// # futures::executor::block_on(async {
/// let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
/// let mut stdin = child.stdin.take().expect("it is piped");
/// stdin.write_all(b"hello").await?;
/// drop(stdin);
/// assert_eq!(child.wait_with_output().await?.stdout, b"hello");
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct ChildStdin {
    pipe: Sender,
}

/// The end that reads a child's standard output.
///
/// ```
/// use mini_net::process::Command;
/// use mini_runtime::io::AsyncReadExt;
/// use std::process::Stdio;
///
/// # futures::executor::block_on(async {
/// let mut child = Command::new("echo").arg("hello").stdout(Stdio::piped()).spawn()?;
/// let mut said = String::new();
/// child.stdout.take().expect("it is piped").read_to_string(&mut said).await?;
/// assert_eq!(said, "hello\n");
/// assert!(child.wait().await?.success());
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct ChildStdout {
    pipe: Receiver,
}

/// The end that reads a child's standard error.
///
/// ```
/// use mini_net::process::Command;
/// use mini_runtime::io::AsyncReadExt;
/// use std::process::Stdio;
///
/// # futures::executor::block_on(async {
/// let mut child = Command::new("sh").args(["-c", "echo alas >&2"]).stderr(Stdio::piped()).spawn()?;
/// let mut said = String::new();
/// child.stderr.take().expect("it is piped").read_to_string(&mut said).await?;
/// assert_eq!(said, "alas\n");
/// assert!(child.wait().await?.success());
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct ChildStderr {
    pipe: Receiver,
}

/// What the three have alike. `$field` is the one of `Child` that holds it, `$method` the one of `Command` that asks for
/// it.
macro_rules! child_pipe {
    ($pipe:ident, $end:ident, $field:literal) => {
        impl $pipe {
            /// Makes one of std's, which is put in non-blocking mode.
            ///
            /// ```
            #[doc = concat!("use mini_net::process::", stringify!($pipe), ";")]
            /// use std::process::{Command, Stdio};
            ///
            /// # futures::executor::block_on(async {
            #[doc = concat!("let mut child = Command::new(\"cat\").", $field, "(Stdio::piped()).spawn()?;")]
            #[doc = concat!("let pipe = child.", $field, ".take().expect(\"it is piped\");")]
            #[doc = concat!("let pipe = ", stringify!($pipe), "::from_std(pipe)?;")]
            /// # drop(pipe);
            /// # child.kill()?;
            /// # child.wait()?;
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// The OS's, if it cannot be registered with the reactor.
            pub fn from_std(pipe: std::process::$pipe) -> io::Result<Self> {
                let fd = OwnedFd::from(pipe);
                socket2::SockRef::from(&fd).set_nonblocking(true)?;
                Ok(Self { pipe: $end::from_owned_fd_unchecked(fd)? })
            }

            /// Gives the descriptor back, in blocking mode.
            ///
            /// ```
            /// use mini_net::process::Command;
            /// use std::process::Stdio;
            ///
            /// # futures::executor::block_on(async {
            #[doc = concat!("let mut child = Command::new(\"cat\").", $field, "(Stdio::piped()).spawn()?;")]
            #[doc = concat!("let pipe = child.", $field, ".take().expect(\"it is piped\");")]
            /// let file = std::fs::File::from(pipe.into_owned_fd()?);
            /// # drop(file);
            /// # child.kill().await?;
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// The OS's.
            pub fn into_owned_fd(self) -> io::Result<OwnedFd> {
                self.pipe.into_blocking_fd()
            }
        }

        /// For another child's standard stream; the descriptor is put in blocking mode.
        impl TryFrom<$pipe> for Stdio {
            type Error = io::Error;

            fn try_from(pipe: $pipe) -> io::Result<Self> {
                Ok(Self::from(pipe.into_owned_fd()?))
            }
        }

        impl AsFd for $pipe {
            fn as_fd(&self) -> BorrowedFd<'_> {
                self.pipe.as_fd()
            }
        }

        impl AsRawFd for $pipe {
            fn as_raw_fd(&self) -> RawFd {
                self.pipe.as_raw_fd()
            }
        }
    };
}

child_pipe!(ChildStdin, Sender, "stdin");
child_pipe!(ChildStdout, Receiver, "stdout");
child_pipe!(ChildStderr, Receiver, "stderr");

impl AsyncWrite for ChildStdin {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.pipe).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.pipe).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.pipe.is_write_vectored()
    }

    /// Nothing to do: the pipe keeps no buffer on this side.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_flush(cx)
    }

    /// Nothing to do: dropping it closes the pipe.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_shutdown(cx)
    }
}

impl AsyncRead for ChildStdout {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_read(cx, buf)
    }
}

impl AsyncRead for ChildStderr {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_read(cx, buf)
    }
}
