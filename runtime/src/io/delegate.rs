//! Trait bodies that pass every call on to something inside `self`: a pointer's target or an adapter's field.
//!
//! Not for adapters that change a call. Each macro takes how to reach the inner value from `Pin<&mut Self>`
//! (and, for writers, from `&Self`), and forwards every method, so that none is forgotten: a missing
//! `poll_write_vectored` would compile and silently lose vectored writes.

/// The body of an `AsyncRead` impl.
macro_rules! delegate_async_read {
    ($this:ident => $inner:expr) => {
        #[inline]
        fn poll_read(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
            buf: &mut $crate::io::ReadBuf<'_>,
        ) -> ::std::task::Poll<::std::io::Result<()>> {
            let $this = self;
            $crate::io::AsyncRead::poll_read($inner, cx, buf)
        }
    };
}

/// The body of an `AsyncBufRead` impl.
macro_rules! delegate_async_buf_read {
    ($this:ident => $inner:expr) => {
        #[inline]
        fn poll_fill_buf(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
        ) -> ::std::task::Poll<::std::io::Result<&[u8]>> {
            let $this = self;
            $crate::io::AsyncBufRead::poll_fill_buf($inner, cx)
        }

        #[inline]
        fn consume(self: ::std::pin::Pin<&mut Self>, amount: usize) {
            let $this = self;
            $crate::io::AsyncBufRead::consume($inner, amount);
        }
    };
}

/// The body of an `AsyncSeek` impl.
macro_rules! delegate_async_seek {
    ($this:ident => $inner:expr) => {
        #[inline]
        fn start_seek(
            self: ::std::pin::Pin<&mut Self>,
            position: ::std::io::SeekFrom,
        ) -> ::std::io::Result<()> {
            let $this = self;
            $crate::io::AsyncSeek::start_seek($inner, position)
        }

        #[inline]
        fn poll_complete(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
        ) -> ::std::task::Poll<::std::io::Result<u64>> {
            let $this = self;
            $crate::io::AsyncSeek::poll_complete($inner, cx)
        }
    };
}

/// The body of an `AsyncWrite` impl.
macro_rules! delegate_async_write {
    ($this:ident => $inner:expr, $shared:ident => $reference:expr) => {
        #[inline]
        fn poll_write(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
            buf: &[u8],
        ) -> ::std::task::Poll<::std::io::Result<usize>> {
            let $this = self;
            $crate::io::AsyncWrite::poll_write($inner, cx, buf)
        }

        #[inline]
        fn poll_write_vectored(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
            bufs: &[::std::io::IoSlice<'_>],
        ) -> ::std::task::Poll<::std::io::Result<usize>> {
            let $this = self;
            $crate::io::AsyncWrite::poll_write_vectored($inner, cx, bufs)
        }

        #[inline]
        fn is_write_vectored(&self) -> bool {
            let $shared = self;
            $crate::io::AsyncWrite::is_write_vectored($reference)
        }

        #[inline]
        fn poll_flush(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
        ) -> ::std::task::Poll<::std::io::Result<()>> {
            let $this = self;
            $crate::io::AsyncWrite::poll_flush($inner, cx)
        }

        #[inline]
        fn poll_shutdown(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
        ) -> ::std::task::Poll<::std::io::Result<()>> {
            let $this = self;
            $crate::io::AsyncWrite::poll_shutdown($inner, cx)
        }
    };
}

#[allow(unused_imports)] // Its users outside of `io` depend on the features.
pub(crate) use delegate_async_write;
