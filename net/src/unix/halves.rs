//! The halves of a [`UnixStream`]: those of every stream.

use super::SocketAddr;
use super::stream::UnixStream;

halves!(UnixStream, SocketAddr, unix_pair);
