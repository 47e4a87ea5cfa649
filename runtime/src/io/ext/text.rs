//! Reading text to the end of a `String`.
//!
//! Not a decoder: bytes that are not UTF-8 are an error. The invariant is that the string holds what it held
//! before, until valid text can be appended to it at once.

use std::io;
use std::mem;
use std::str;

/// A string to append to, and the bytes read for it so far.
#[derive(Debug)]
pub struct Text<'a> {
    target: &'a mut String,
    /// The allocation of `target` if that is empty, so that the common case copies nothing.
    pub(super) bytes: Vec<u8>,
}

impl<'a> Text<'a> {
    pub(super) fn new(target: &'a mut String) -> Self {
        let bytes = if target.is_empty() { mem::take(target).into_bytes() } else { Vec::new() };
        Self { target, bytes }
    }

    /// Appends what was read.
    ///
    /// # Errors
    ///
    /// `InvalidData` if it is not UTF-8; it is dropped then.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        let bytes = mem::take(&mut self.bytes);
        if self.target.is_empty() {
            *self.target = String::from_utf8(bytes).map_err(|error| invalid_text(error.utf8_error()))?;
        } else {
            match str::from_utf8(&bytes) {
                Ok(text) => self.target.push_str(text),
                Err(_) => return Err(self.invalid_after_target(&bytes)),
            }
        }
        Ok(())
    }

    /// The error of `bytes` where they would have been appended: its place is counted from the string's start.
    #[cold]
    fn invalid_after_target(&self, bytes: &[u8]) -> io::Error {
        let whole = [self.target.as_bytes(), bytes].concat();
        match str::from_utf8(&whole) {
            Err(error) => invalid_text(error),
            Ok(_) => io::ErrorKind::InvalidData.into(),
        }
    }
}

/// The error of reading text that is none.
pub(crate) fn invalid_text(source: str::Utf8Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, source)
}
