//! What a socket is for the OS on Windows: a socket handle, lent.
//!
//! The same macro as in `identity_unix`.

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
