//! A clock that goes a fiftieth as fast, preloaded under callgrind, where the program does too.
//!
//! Not a module of the suite: `--counts` compiles it by itself, as a library that takes the place of two of libc's
//! functions. Without it a runtime that looks at its sockets every so many microseconds would seem to do so at every
//! task. The invariant: what was read from the slow clock and is given back to the kernel as a deadline means the same
//! instant.

use std::ffi::{CStr, c_char, c_int, c_long, c_void};
use std::mem::transmute;
use std::sync::OnceLock;

/// About what callgrind slows a program down by.
const SLOWER: i64 = 50;
const SECOND: i64 = 1_000_000_000;

const CLOCK_MONOTONIC: c_int = 1;
const FUTEX: c_long = if cfg!(target_arch = "x86_64") { 202 } else { 98 };
/// The operation that takes a deadline and not a length, and the bit that makes it one of the other clock.
const FUTEX_WAIT_BITSET: c_long = 9;
const FUTEX_CLOCK_REALTIME: c_long = 256;
const FUTEX_PRIVATE: c_long = 128;

/// The kernel's.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

impl Timespec {
    fn total(self) -> i64 {
        self.seconds * SECOND + self.nanoseconds
    }

    fn of(total: i64) -> Self {
        Self { seconds: total / SECOND, nanoseconds: total % SECOND }
    }
}

type ClockGettime = unsafe extern "C" fn(c_int, *mut Timespec) -> c_int;
type Syscall = unsafe extern "C" fn(c_long, c_long, c_long, c_long, c_long, c_long, c_long) -> c_long;

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

/// libc's own function of that name.
fn next(name: &CStr) -> *mut c_void {
    // glibc's `RTLD_NEXT`.
    let after_this_library = -1_isize as *mut c_void;
    // SAFETY: the name is a C string, and that handle is always valid.
    let found = unsafe { dlsym(after_this_library, name.as_ptr()) };
    assert!(!found.is_null(), "libc has it");
    found
}

/// When the first reading was taken, by the real clock; the two go apart from there.
static START: OnceLock<i64> = OnceLock::new();

/// # Safety
///
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_gettime(clock: c_int, time: *mut Timespec) -> c_int {
    static NEXT: OnceLock<usize> = OnceLock::new();
    let real = *NEXT.get_or_init(|| next(c"clock_gettime") as usize);
    // SAFETY: libc's function of that name has this type.
    let real = unsafe { transmute::<usize, ClockGettime>(real) };
    // SAFETY: the caller's contract is libc's.
    let result = unsafe { real(clock, time) };
    if clock == CLOCK_MONOTONIC && result == 0 {
        // SAFETY: libc has just written there.
        let now = unsafe { (*time).total() };
        let start = *START.get_or_init(|| now);
        // SAFETY: as above.
        unsafe { *time = Timespec::of(start + (now - start) / SLOWER) };
    }
    result
}

/// # Safety
///
/// As libc's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syscall(
    number: c_long,
    a: c_long,
    operation: c_long,
    c: c_long,
    time: c_long,
    e: c_long,
    f: c_long,
) -> c_long {
    static NEXT: OnceLock<usize> = OnceLock::new();
    let real = *NEXT.get_or_init(|| next(c"syscall") as usize);
    // SAFETY: libc's function of that name takes as many numbers as the call has, all of this type.
    let real = unsafe { transmute::<usize, Syscall>(real) };
    let has_deadline = number == FUTEX
        && operation & !FUTEX_PRIVATE == FUTEX_WAIT_BITSET
        && operation & FUTEX_CLOCK_REALTIME == 0
        && time != 0;
    if !has_deadline {
        // SAFETY: the caller's contract is libc's.
        return unsafe { real(number, a, operation, c, time, e, f) };
    }
    // SAFETY: this call's fourth argument is a pointer to a time, and not null.
    let deadline = unsafe { (*(time as *const Timespec)).total() };
    let start = START.get().copied().unwrap_or(deadline);
    let deadline = Timespec::of(start + (deadline - start).saturating_mul(SLOWER));
    // SAFETY: as above; the kernel only reads the deadline, and does so before this returns.
    unsafe { real(number, a, operation, c, &raw const deadline as c_long, e, f) }
}
