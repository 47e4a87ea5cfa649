//! `ReadBuf`: the buffer a reader fills, which knows how much of it is filled and how much was ever initialised.
//!
//! Not growable: `lend::poll_read_buf` is the bridge to buffers that are. These two files hold all the unsafe
//! code of `io`, so that an adapter can pass uninitialised memory down without writing any.
//!
//! Invariant R1: `filled <= initialized <= buf.len()`, and the bytes of `buf[..initialized]` are initialised.

use std::fmt;
use std::mem::MaybeUninit;

use bytes::BufMut;

#[cfg(feature = "io-util")]
mod lend;
#[cfg(feature = "io-util")]
pub(super) use lend::poll_read_buf;

/// A byte buffer in three parts: filled, initialised but not filled, not initialised.
///
/// Readers into plain memory use [`initialize_unfilled`](Self::initialize_unfilled) and
/// [`advance`](Self::advance), or [`put_slice`](Self::put_slice). The design is that of RFC 2930.
///
/// ```
/// use mini_runtime::io::ReadBuf;
///
/// let mut bytes = [0; 8];
/// let mut buf = ReadBuf::new(&mut bytes);
/// buf.put_slice(b"mini");
/// assert_eq!(buf.filled(), b"mini");
/// assert_eq!(buf.remaining(), 4);
/// ```
pub struct ReadBuf<'a> {
    buf: &'a mut [MaybeUninit<u8>],
    /// R1.
    filled: usize,
    /// R1. Never falls.
    initialized: usize,
}

impl<'a> ReadBuf<'a> {
    /// A buffer over initialised bytes, none of them filled.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// assert!(buf.filled().is_empty());
    /// ```
    #[inline]
    pub fn new(buf: &'a mut [u8]) -> Self {
        let initialized = buf.len();
        // SAFETY: the layouts are the same. Nothing uninitialised is written through the slice: safe methods
        // write bytes only, and the unsafe ones demand it of their callers.
        let buf = unsafe { &mut *(buf as *mut [u8] as *mut [MaybeUninit<u8>]) };
        Self { buf, filled: 0, initialized }
    }

    /// A buffer over memory that need not be initialised.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut vec = Vec::<u8>::with_capacity(16);
    /// let buf = ReadBuf::uninit(vec.spare_capacity_mut());
    /// assert_eq!(buf.initialized().len(), 0);
    /// ```
    #[inline]
    pub fn uninit(buf: &'a mut [MaybeUninit<u8>]) -> Self {
        Self { buf, filled: 0, initialized: 0 }
    }

    /// The length of the whole buffer.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// buf.put_slice(b"mini");
    /// assert_eq!(buf.capacity(), 8);
    /// ```
    #[inline]
    pub fn capacity(&self) -> usize {
        self.buf.len()
    }

    /// The bytes filled so far.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// buf.put_slice(b"mini");
    /// assert_eq!(buf.filled(), b"mini");
    /// ```
    #[inline]
    pub fn filled(&self) -> &[u8] {
        // SAFETY: initialised, by R1.
        unsafe { assume_bytes(&self.buf[..self.filled]) }
    }

    /// The bytes filled so far, to change in place.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// buf.put_slice(b"mini");
    /// buf.filled_mut().make_ascii_uppercase();
    /// assert_eq!(buf.filled(), b"MINI");
    /// ```
    #[inline]
    pub fn filled_mut(&mut self) -> &mut [u8] {
        // SAFETY: initialised, by R1.
        unsafe { assume_bytes_mut(&mut self.buf[..self.filled]) }
    }

    /// A buffer over the first `limit` bytes of the unfilled part, or all of it if that is shorter.
    ///
    /// What is put there does not count as filled here: follow with [`assume_init`](Self::assume_init) and
    /// [`advance`](Self::advance).
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// let mut part = buf.take(3);
    /// assert_eq!(part.remaining(), 3);
    /// part.put_slice(b"abc");
    /// // What it filled is initialised here, and to be counted.
    /// buf.advance(3);
    /// assert_eq!(buf.filled(), b"abc");
    /// ```
    #[inline]
    pub fn take(&mut self, limit: usize) -> ReadBuf<'_> {
        let length = self.remaining().min(limit);
        let initialized = (self.initialized - self.filled).min(length);
        let buf = &mut self.buf[self.filled..self.filled + length];
        ReadBuf { buf, filled: 0, initialized }
    }

    /// The bytes that were ever initialised, the filled ones first.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// assert_eq!(buf.initialized(), [0; 8]);
    /// ```
    #[inline]
    pub fn initialized(&self) -> &[u8] {
        // SAFETY: R1.
        unsafe { assume_bytes(&self.buf[..self.initialized]) }
    }

    /// The bytes that were ever initialised, to change in place.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// buf.initialized_mut()[0] = 7;
    /// buf.advance(1);
    /// assert_eq!(buf.filled(), [7]);
    /// ```
    #[inline]
    pub fn initialized_mut(&mut self) -> &mut [u8] {
        // SAFETY: R1.
        unsafe { assume_bytes_mut(&mut self.buf[..self.initialized]) }
    }

    /// The whole buffer.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut vec = Vec::<u8>::with_capacity(8);
    /// let mut buf = ReadBuf::uninit(vec.spare_capacity_mut());
    /// // SAFETY: nothing is made uninitialised.
    /// unsafe { buf.inner_mut()[0].write(7) };
    /// // SAFETY: the first byte was written just now.
    /// unsafe { buf.assume_init(1) };
    /// buf.advance(1);
    /// assert_eq!(buf.filled(), [7]);
    /// ```
    ///
    /// # Safety
    ///
    /// No byte that is initialised may be made uninitialised.
    #[inline]
    pub unsafe fn inner_mut(&mut self) -> &mut [MaybeUninit<u8>] {
        self.buf
    }

    /// The part that is not filled.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut vec = Vec::<u8>::with_capacity(8);
    /// let mut buf = ReadBuf::uninit(vec.spare_capacity_mut());
    /// // SAFETY: nothing is made uninitialised.
    /// unsafe { buf.unfilled_mut()[0].write(7) };
    /// // SAFETY: the first byte was written just now.
    /// unsafe { buf.assume_init(1) };
    /// buf.advance(1);
    /// assert_eq!(buf.filled(), [7]);
    /// ```
    ///
    /// # Safety
    ///
    /// No byte that is initialised may be made uninitialised.
    #[inline]
    pub unsafe fn unfilled_mut(&mut self) -> &mut [MaybeUninit<u8>] {
        &mut self.buf[self.filled..]
    }

    /// The part that is not filled, after what of it was not initialised has been zeroed.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 4];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// buf.initialize_unfilled()[..2].copy_from_slice(b"ok");
    /// buf.advance(2);
    /// assert_eq!(buf.filled(), b"ok");
    /// ```
    #[inline]
    pub fn initialize_unfilled(&mut self) -> &mut [u8] {
        self.initialize_unfilled_to(self.remaining())
    }

    /// As [`initialize_unfilled`](Self::initialize_unfilled), for the first `length` bytes of that part.
    ///
    /// # Panics
    ///
    /// If `length` is more than [`remaining`](Self::remaining).
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut memory = [std::mem::MaybeUninit::uninit(); 8];
    /// let mut buf = ReadBuf::uninit(&mut memory);
    /// buf.initialize_unfilled_to(2).copy_from_slice(b"ok");
    /// buf.advance(2);
    /// assert_eq!(buf.filled(), b"ok");
    /// assert_eq!(buf.initialized().len(), 2);
    /// ```
    #[inline]
    #[track_caller]
    pub fn initialize_unfilled_to(&mut self, length: usize) -> &mut [u8] {
        assert!(
            length <= self.remaining(),
            "{length} bytes asked for, {} remain; bound the length by `remaining()`",
            self.remaining()
        );
        let end = self.filled + length;
        if self.initialized < end {
            self.buf[self.initialized..end].fill(MaybeUninit::new(0));
            self.initialized = end;
        }
        // SAFETY: `end <= initialized` after the lines above, and R1.
        unsafe { assume_bytes_mut(&mut self.buf[self.filled..end]) }
    }

    /// The length of the part that is not filled.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// buf.put_slice(b"mini");
    /// assert_eq!(buf.remaining(), 4);
    /// ```
    #[inline]
    pub fn remaining(&self) -> usize {
        self.buf.len() - self.filled
    }

    /// Makes the filled part empty. The bytes stay initialised.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// buf.put_slice(b"mini");
    /// buf.clear();
    /// assert_eq!(buf.remaining(), 8);
    /// assert_eq!(&buf.initialized()[..4], b"mini");
    /// ```
    #[inline]
    pub fn clear(&mut self) {
        self.filled = 0;
    }

    /// Counts `amount` more bytes as filled.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// buf.initialize_unfilled()[..2].copy_from_slice(b"hi");
    /// buf.advance(2);
    /// assert_eq!(buf.filled(), b"hi");
    /// ```
    ///
    /// # Panics
    ///
    /// If that many were not initialised.
    #[inline]
    #[track_caller]
    pub fn advance(&mut self, amount: usize) {
        self.set_filled(self.filled.saturating_add(amount));
    }

    /// Counts the first `length` bytes as filled, which may be more or fewer than before.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// buf.put_slice(b"mini");
    /// buf.set_filled(2);
    /// assert_eq!(buf.filled(), b"mi");
    /// ```
    ///
    /// # Panics
    ///
    /// If that many were not initialised.
    #[inline]
    #[track_caller]
    pub fn set_filled(&mut self, length: usize) {
        assert!(
            length <= self.initialized,
            "{length} bytes cannot be filled: only {} are initialised; write them by `put_slice` or \
             `initialize_unfilled` first",
            self.initialized
        );
        self.filled = length;
    }

    /// Declares the first `amount` unfilled bytes initialised. They do not count as filled yet.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut vec = Vec::<u8>::with_capacity(8);
    /// let mut buf = ReadBuf::uninit(vec.spare_capacity_mut());
    /// // SAFETY: nothing is made uninitialised.
    /// unsafe { buf.unfilled_mut()[0].write(7) };
    /// // SAFETY: the first byte was written just now.
    /// unsafe { buf.assume_init(1) };
    /// assert_eq!(buf.initialized(), [7]);
    /// ```
    ///
    /// # Safety
    ///
    /// They are.
    #[inline]
    pub unsafe fn assume_init(&mut self, amount: usize) {
        debug_assert!(amount <= self.remaining());
        self.initialized = self.initialized.max(self.filled + amount);
    }

    /// Copies `bytes` to the start of the unfilled part and counts them as filled.
    ///
    /// ```
    /// # use mini_runtime::io::ReadBuf;
    /// let mut bytes = [0; 8];
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// buf.put_slice(b"mini");
    /// assert_eq!(buf.filled(), b"mini");
    /// ```
    ///
    /// # Panics
    ///
    /// If they are more than [`remaining`](Self::remaining).
    #[inline]
    #[track_caller]
    pub fn put_slice(&mut self, bytes: &[u8]) {
        assert!(
            bytes.len() <= self.remaining(),
            "{} bytes do not fit: {} remain; bound the slice by `remaining()`",
            bytes.len(),
            self.remaining()
        );
        let end = self.filled + bytes.len();
        // SAFETY: the layouts are the same, and the slice is only read.
        let source = unsafe { &*(bytes as *const [u8] as *const [MaybeUninit<u8>]) };
        self.buf[self.filled..end].copy_from_slice(source);
        self.initialized = self.initialized.max(end);
        self.filled = end;
    }
}

// SAFETY: `chunk_mut` answers the unfilled part, which stays the same until `advance_mut`, and
// `remaining_mut` its length.
unsafe impl BufMut for ReadBuf<'_> {
    fn remaining_mut(&self) -> usize {
        self.remaining()
    }

    unsafe fn advance_mut(&mut self, amount: usize) {
        // SAFETY: the caller promises that these bytes were initialised.
        unsafe { self.assume_init(amount) };
        self.advance(amount);
    }

    fn chunk_mut(&mut self) -> &mut bytes::buf::UninitSlice {
        bytes::buf::UninitSlice::uninit(&mut self.buf[self.filled..])
    }
}

impl fmt::Debug for ReadBuf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadBuf")
            .field("filled", &self.filled)
            .field("initialized", &self.initialized)
            .field("capacity", &self.capacity())
            .finish()
    }
}

/// # Safety
///
/// Every byte of `slice` is initialised.
#[inline]
unsafe fn assume_bytes(slice: &[MaybeUninit<u8>]) -> &[u8] {
    // SAFETY: the layouts are the same, and the caller promises the rest.
    unsafe { &*(slice as *const [MaybeUninit<u8>] as *const [u8]) }
}

/// # Safety
///
/// Every byte of `slice` is initialised.
#[inline]
unsafe fn assume_bytes_mut(slice: &mut [MaybeUninit<u8>]) -> &mut [u8] {
    // SAFETY: the layouts are the same, and the caller promises the rest.
    unsafe { &mut *(slice as *mut [MaybeUninit<u8>] as *mut [u8]) }
}

#[cfg(all(test, not(loom), feature = "io-util"))]
mod tests;
