//! Sockets to and from std's: the conversions, and how a socket is printed.
//!
//! One macro, for all sockets and listeners. std's are made non-blocking on the way in, and stay so on the way out.

/// `from_std`, `into_std`, `TryFrom` both ways, and `Debug`.
///
/// `$open` registers a source of mio's; `$setup` is a macro that gives code for the examples, which makes a socket, `ours`.
macro_rules! std_socket {
    ($socket:ident, $std:ty, $mio:ty, $open:path, $setup:ident) => {
        impl $socket {
            /// Takes over a socket of std's, and makes it non-blocking.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            #[doc = concat!("let socket = ", stringify!($socket), "::from_std(ours.into_std()?)?;")]
            /// # drop(socket);
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// The OS's.
            pub fn from_std(socket: $std) -> std::io::Result<Self> {
                socket.set_nonblocking(true)?;
                $open(<$mio>::from_std(socket))
            }

            /// Gives the socket back to std. It stays non-blocking.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            /// let socket = ours.into_std()?;
            /// socket.set_nonblocking(false)?;
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// The OS's, if it cannot be deregistered.
            pub fn into_std(self) -> std::io::Result<$std> {
                self.registration.into_source().map(Into::into)
            }
        }

        impl TryFrom<$std> for $socket {
            type Error = std::io::Error;

            /// `from_std`.
            fn try_from(socket: $std) -> std::io::Result<Self> {
                Self::from_std(socket)
            }
        }

        impl TryFrom<$socket> for $std {
            type Error = std::io::Error;

            /// `into_std`.
            fn try_from(socket: $socket) -> std::io::Result<Self> {
                socket.into_std()
            }
        }

        impl std::fmt::Debug for $socket {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.registration.source().fmt(f)
            }
        }

        identity!($socket);
    };
}
