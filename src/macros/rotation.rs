//! Which branch of `join!` and `try_join!` each poll begins with.
//!
//! Not random, as `select!` is: every branch is polled in every poll, and it suffices that each comes first in
//! turn. Were it always the first branch, one that spends the whole budget of each poll would leave its
//! siblings none, for ever.
//!
//! Invariant: in any `count` successive polls a [`Rotating`] names each of `count` branches once.

/// Begins one branch later in each poll.
#[derive(Debug, Default)]
pub struct Rotating {
    next: usize,
}

impl Rotating {
    /// The branch to begin with, of `count`, which is at least one and the same in each call.
    #[inline]
    pub fn first(&mut self, count: usize) -> usize {
        let first = self.next;
        self.next = if first + 1 == count { 0 } else { first + 1 };
        first
    }
}

/// Begins with the first branch always: `biased;`.
#[derive(Debug, Default)]
pub struct FromFirst;

impl FromFirst {
    /// Zero.
    #[inline]
    pub fn first(&mut self, _count: usize) -> usize {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_branch_comes_first_in_turn() {
        let mut rotating = Rotating::default();
        let firsts: Vec<usize> = (0..7).map(|_| rotating.first(3)).collect();
        assert_eq!(firsts, [0, 1, 2, 0, 1, 2, 0]);
        let mut alone = Rotating::default();
        assert_eq!([alone.first(1), alone.first(1)], [0, 0]);
    }

    #[test]
    fn biased_always_begins_with_the_first() {
        assert_eq!([FromFirst.first(3), FromFirst.first(3)], [0, 0]);
    }
}
