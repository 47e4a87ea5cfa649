//! Work for the processor alone, of a length that is the same for every runtime.
//!
//! Counted in steps and not by the clock, so that a task that was preempted does no less. How long a step takes
//! differs from machine to machine; the names in the table are right for one of 3 GHz.

use std::hint::black_box;

/// About a microsecond of steps.
const STEPS_A_MICROSECOND: u64 = 600;

/// Computes for about that many microseconds.
pub fn compute_us(microseconds: u64) {
    let mut state = black_box(1_u64);
    for _ in 0..microseconds * STEPS_A_MICROSECOND {
        // A dependent chain: a multiplication must wait for the one before it.
        state = black_box(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    }
    black_box(state);
}
