//! What a socket is for the OS on Unix: a file descriptor, lent.
//!
//! The same macro as in `identity_windows`.

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
