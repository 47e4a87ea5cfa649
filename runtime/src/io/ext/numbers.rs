//! Reading and writing numbers: one operation each way, and the table of the 22 methods of each trait.
//!
//! Not a serialiser: fixed-width two's complement and IEEE 754 alone. The bytes of a number under way live in
//! the operation, so a stream may split it anywhere.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::future::Operation;
use crate::io::step::poll_read_uninterrupted;
use crate::io::step::poll_write_some;
use crate::io::{AsyncRead, AsyncWrite};

/// Reads `SIZE` bytes, then makes a number of them.
pub struct ReadNumber<T, const SIZE: usize> {
    bytes: [u8; SIZE],
    /// How many of them were read.
    filled: usize,
    decode: fn([u8; SIZE]) -> T,
}

impl<T, const SIZE: usize> ReadNumber<T, SIZE> {
    pub(super) fn new(decode: fn([u8; SIZE]) -> T) -> Self {
        Self { bytes: [0; SIZE], filled: 0, decode }
    }
}

impl<T, const SIZE: usize, R: AsyncRead + ?Sized> Operation<R> for ReadNumber<T, SIZE> {
    type Output = io::Result<T>;

    #[inline]
    fn poll_on(&mut self, mut reader: Pin<&mut R>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        while self.filled < SIZE {
            let rest = &mut self.bytes[self.filled..];
            match ready!(poll_read_uninterrupted(reader.as_mut(), cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                count => self.filled += count,
            }
        }
        Poll::Ready(Ok((self.decode)(self.bytes)))
    }
}

impl<T, const SIZE: usize> fmt::Debug for ReadNumber<T, SIZE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadNumber").field("filled", &self.filled).finish_non_exhaustive()
    }
}

/// Writes the `SIZE` bytes of a number.
#[derive(Debug)]
pub struct WriteNumber<const SIZE: usize> {
    bytes: [u8; SIZE],
    /// How many of them were written.
    written: usize,
}

impl<const SIZE: usize> WriteNumber<SIZE> {
    pub(super) fn new(bytes: [u8; SIZE]) -> Self {
        Self { bytes, written: 0 }
    }
}

impl<const SIZE: usize, W: AsyncWrite + ?Sized> Operation<W> for WriteNumber<SIZE> {
    type Output = io::Result<()>;

    #[inline]
    fn poll_on(&mut self, mut writer: Pin<&mut W>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.written < SIZE {
            self.written += ready!(poll_write_some(writer.as_mut(), cx, &self.bytes[self.written..]))?;
        }
        Poll::Ready(Ok(()))
    }
}

/// Calls `$method_macro!` with the table: read method, write method, type, decoder, encoder, byte order.
macro_rules! for_each_number {
    ($method_macro:ident) => {
        $method_macro! {
            read_u8 write_u8 u8 from_be_bytes to_be_bytes "one byte";
            read_i8 write_i8 i8 from_be_bytes to_be_bytes "one byte";
            read_u16 write_u16 u16 from_be_bytes to_be_bytes "big-endian";
            read_i16 write_i16 i16 from_be_bytes to_be_bytes "big-endian";
            read_u32 write_u32 u32 from_be_bytes to_be_bytes "big-endian";
            read_i32 write_i32 i32 from_be_bytes to_be_bytes "big-endian";
            read_u64 write_u64 u64 from_be_bytes to_be_bytes "big-endian";
            read_i64 write_i64 i64 from_be_bytes to_be_bytes "big-endian";
            read_u128 write_u128 u128 from_be_bytes to_be_bytes "big-endian";
            read_i128 write_i128 i128 from_be_bytes to_be_bytes "big-endian";
            read_f32 write_f32 f32 from_be_bytes to_be_bytes "big-endian";
            read_f64 write_f64 f64 from_be_bytes to_be_bytes "big-endian";
            read_u16_le write_u16_le u16 from_le_bytes to_le_bytes "little-endian";
            read_i16_le write_i16_le i16 from_le_bytes to_le_bytes "little-endian";
            read_u32_le write_u32_le u32 from_le_bytes to_le_bytes "little-endian";
            read_i32_le write_i32_le i32 from_le_bytes to_le_bytes "little-endian";
            read_u64_le write_u64_le u64 from_le_bytes to_le_bytes "little-endian";
            read_i64_le write_i64_le i64 from_le_bytes to_le_bytes "little-endian";
            read_u128_le write_u128_le u128 from_le_bytes to_le_bytes "little-endian";
            read_i128_le write_i128_le i128 from_le_bytes to_le_bytes "little-endian";
            read_f32_le write_f32_le f32 from_le_bytes to_le_bytes "little-endian";
            read_f64_le write_f64_le f64 from_le_bytes to_le_bytes "little-endian";
        }
    };
}

/// The `read_*` methods of `AsyncReadExt`.
macro_rules! read_number_methods {
    ($($read:ident $write:ident $number:ident $decode:ident $encode:ident $order:literal;)*) => {$(
        #[doc = concat!("Reads one `", stringify!($number), "`, ", $order, ".")]
        ///
        /// # Errors
        ///
        /// `UnexpectedEof` if the stream ends within it; else what the stream reports.
        ///
        /// # Cancel safety
        ///
        /// Not cancel safe: a dropped future may have taken some of the bytes.
        ///
        /// ```
        /// use mini_runtime::io::AsyncReadExt;
        ///
        /// # futures::executor::block_on(async {
        #[doc = concat!("let bytes = (42 as ", stringify!($number), ").", stringify!($encode), "();")]
        #[doc = concat!(
            "assert_eq!((&bytes[..]).", stringify!($read), "().await?, 42 as ", stringify!($number), ");"
        )]
        /// # std::io::Result::Ok(()) }).unwrap();
        /// ```
        #[inline]
        fn $read(&mut self) -> IoFuture<'_, Self, ReadNumber<$number, { size_of::<$number>() }>>
        where
            Self: Unpin,
        {
            IoFuture::new(self, ReadNumber::new(<$number>::$decode))
        }
    )*};
}

/// The `write_*` methods of `AsyncWriteExt`.
macro_rules! write_number_methods {
    ($($read:ident $write:ident $number:ident $decode:ident $encode:ident $order:literal;)*) => {$(
        #[doc = concat!("Writes one `", stringify!($number), "`, ", $order, ".")]
        ///
        /// # Errors
        ///
        /// `WriteZero` if the writer takes no more; else what it reports.
        ///
        /// # Cancel safety
        ///
        /// Not cancel safe: a dropped future may have written some of the bytes.
        ///
        /// ```
        /// use mini_runtime::io::AsyncWriteExt;
        ///
        /// # futures::executor::block_on(async {
        /// let mut bytes = Vec::new();
        #[doc = concat!("bytes.", stringify!($write), "(42 as ", stringify!($number), ").await?;")]
        #[doc = concat!("assert_eq!(bytes, (42 as ", stringify!($number), ").", stringify!($encode), "());")]
        /// # std::io::Result::Ok(()) }).unwrap();
        /// ```
        #[inline]
        fn $write(&mut self, value: $number) -> IoFuture<'_, Self, WriteNumber<{ size_of::<$number>() }>>
        where
            Self: Unpin,
        {
            IoFuture::new(self, WriteNumber::new(value.$encode()))
        }
    )*};
}

pub(super) use {for_each_number, read_number_methods, write_number_methods};

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;

    use crate::io::mock::{MockReader, MockWriter, Step, give};
    use crate::io::{AsyncReadExt, AsyncWriteExt, ErrorKind};

    #[test]
    fn numbers_survive_any_cut_and_interruptions() {
        let number = 0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10_u128;
        let mut writer = MockWriter::new([
            Step::Accept(5),
            Step::Pending,
            Step::Fail(ErrorKind::Interrupted),
            Step::Accept(1),
        ]);
        block_on(writer.write_u128_le(number)).unwrap();
        let bytes = writer.written();
        assert_eq!(bytes, number.to_le_bytes());

        let (head, tail) = bytes.split_at(7);
        let mut reader =
            MockReader::new([give(head), Step::Pending, Step::Fail(ErrorKind::Interrupted), give(tail)]);
        assert_eq!(block_on(reader.read_u128_le()).unwrap(), number);
    }

    #[test]
    fn only_the_bytes_of_the_number_are_taken() {
        let mut reader: &[u8] = &[0xff, 0xfe, 1, 2];
        assert_eq!(block_on(reader.read_i16()).unwrap(), -2);
        assert_eq!(reader, [1, 2]);
        assert_eq!(block_on(reader.read_u8()).unwrap(), 1);
        let error = block_on(reader.read_u32()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_writer_that_takes_no_more_is_write_zero() {
        let mut array = [0; 3];
        let error = block_on(std::io::Cursor::new(&mut array[..]).write_f32(1.0)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WriteZero);
        assert_eq!(array, [0x3f, 0x80, 0]);
    }
}
