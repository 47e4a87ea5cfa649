//! What a socket is for the OS on Unix: a file descriptor, lent or given.
//!
//! The same macros as in `identity_windows`.

/// `AsFd` and `AsRawFd` of a type with a registration.
macro_rules! identity {
    ($socket:ident) => {
        impl std::os::fd::AsFd for $socket {
            fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
                self.registration.source().as_fd()
            }
        }

        impl std::os::fd::AsRawFd for $socket {
            fn as_raw_fd(&self) -> std::os::fd::RawFd {
                self.registration.source().as_raw_fd()
            }
        }
    };
}

/// The same of a type that holds one of socket2's, and the descriptor taken out of it and put into it.
macro_rules! raw_socket {
    ($socket:ident) => {
        impl std::os::fd::AsFd for $socket {
            fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
                self.socket.as_fd()
            }
        }

        impl std::os::fd::AsRawFd for $socket {
            fn as_raw_fd(&self) -> std::os::fd::RawFd {
                self.socket.as_raw_fd()
            }
        }

        impl std::os::fd::IntoRawFd for $socket {
            fn into_raw_fd(self) -> std::os::fd::RawFd {
                self.socket.into_raw_fd()
            }
        }

        impl std::os::fd::FromRawFd for $socket {
            /// Takes a socket over; it must be in non-blocking mode.
            ///
            /// # Safety
            ///
            /// The descriptor is open, and nobody else's.
            unsafe fn from_raw_fd(fd: std::os::fd::RawFd) -> Self {
                // SAFETY: the caller's promise is the same.
                Self { socket: unsafe { std::os::fd::FromRawFd::from_raw_fd(fd) } }
            }
        }
    };
}
