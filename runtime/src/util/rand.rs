//! Small random numbers, one generator a thread, for choices that shall be fair.
//!
//! Not for secrets: the numbers can be foretold from a few of them. Invariant: the generator's state is never
//! zero once it is seeded, for zero is xorshift's fixed point; zero says "not yet seeded".
//!
//! The generator is Marsaglia's xorshift64* ("Xorshift RNGs", Journal of Statistical Software 8(14), 2003, with
//! Vigna's multiplier); the reduction to a range without division is Lemire's ("Fast Random Integer Generation
//! in an Interval", 2019) without its rejection step: over a few branches the bias is below 2^-25.

use std::cell::Cell;

use crate::primitive::random_seed;

thread_local_const! {
    /// Written and read by this thread alone.
    static STATE: Cell<u64> = Cell::new(0)
}

/// A number below `n`, from this thread's generator.
///
/// ```
/// let branch = mini_runtime::util::rand::thread_rng_n(3);
/// assert!(branch < 3);
/// ```
///
/// With `n` of zero there is no such number, and the answer is zero. So it is on a thread whose locals are
/// already gone: fairness then matters to nobody.
#[inline]
pub fn thread_rng_n(n: u32) -> u32 {
    STATE.try_with(|state| below(next(state), n)).unwrap_or(0)
}

/// The high bits of `random`, scaled to the range below `n`.
#[inline]
fn below(random: u64, n: u32) -> u32 {
    (((random >> 32) * u64::from(n)) >> 32) as u32
}

#[inline]
fn next(state: &Cell<u64>) -> u64 {
    let mut word = state.get();
    if word == 0 {
        word = random_seed() | 1;
    }
    word ^= word >> 12;
    word ^= word << 25;
    word ^= word >> 27;
    state.set(word);
    word.wrapping_mul(0x2545_F491_4F6C_DD1D)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn every_number_below_n_comes_about_equally_often() {
        // Of each number so many that a quarter more or less is eight standard deviations away.
        const EXPECTED: u32 = 1_000;
        let ranges: &[u32] = if cfg!(miri) { &[2, 3] } else { &[1, 2, 3, 7, 64] };
        for &n in ranges {
            let mut counts = vec![0_u32; n as usize];
            for _ in 0..EXPECTED * n {
                counts[thread_rng_n(n) as usize] += 1;
            }
            for (number, count) in counts.iter().enumerate() {
                assert!(count.abs_diff(EXPECTED) < EXPECTED / 4, "{number} of {n}: {count} times");
            }
        }
    }

    #[test]
    fn the_ends_of_the_range_are_reached_and_kept() {
        assert_eq!(below(0, 10), 0);
        assert_eq!(below(u64::MAX, 10), 9);
        assert_eq!(below(u64::MAX, u32::MAX), u32::MAX - 1);
        assert_eq!(thread_rng_n(0), 0);
    }

    #[test]
    fn threads_draw_different_numbers() {
        let draw = || (0..8).map(|_| thread_rng_n(u32::MAX)).collect::<Vec<_>>();
        let other = std::thread::spawn(draw).join().unwrap();
        assert_ne!(draw(), other);
    }

    #[test]
    fn the_state_never_becomes_zero() {
        let state = Cell::new(1);
        for _ in 0..10_000 {
            next(&state);
            assert_ne!(state.get(), 0);
        }
    }
}
