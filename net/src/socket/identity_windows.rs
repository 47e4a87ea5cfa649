//! What a socket is for the OS on Windows: a socket handle, lent or given.
//!
//! The same macros as in `identity_unix`.

/// `AsSocket` and `AsRawSocket` of a type with a registration.
macro_rules! identity {
    ($socket:ident) => {
        impl std::os::windows::io::AsSocket for $socket {
            fn as_socket(&self) -> std::os::windows::io::BorrowedSocket<'_> {
                self.registration.source().as_socket()
            }
        }

        impl std::os::windows::io::AsRawSocket for $socket {
            fn as_raw_socket(&self) -> std::os::windows::io::RawSocket {
                self.registration.source().as_raw_socket()
            }
        }
    };
}

/// The same of a type that holds one of socket2's, and the handle taken out of it and put into it.
macro_rules! raw_socket {
    ($socket:ident) => {
        impl std::os::windows::io::AsSocket for $socket {
            fn as_socket(&self) -> std::os::windows::io::BorrowedSocket<'_> {
                self.socket.as_socket()
            }
        }

        impl std::os::windows::io::AsRawSocket for $socket {
            fn as_raw_socket(&self) -> std::os::windows::io::RawSocket {
                self.socket.as_raw_socket()
            }
        }

        impl std::os::windows::io::IntoRawSocket for $socket {
            fn into_raw_socket(self) -> std::os::windows::io::RawSocket {
                self.socket.into_raw_socket()
            }
        }

        impl std::os::windows::io::FromRawSocket for $socket {
            /// Takes a socket over; it must be in non-blocking mode.
            ///
            /// # Safety
            ///
            /// The handle is open, and nobody else's.
            unsafe fn from_raw_socket(socket: std::os::windows::io::RawSocket) -> Self {
                // SAFETY: the caller's promise is the same.
                Self { socket: unsafe { std::os::windows::io::FromRawSocket::from_raw_socket(socket) } }
            }
        }
    };
}
