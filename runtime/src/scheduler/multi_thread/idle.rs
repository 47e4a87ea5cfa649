//! Which workers are parked and how many are searching: [`Idle`].
//!
//! Not the sleep itself (`parker`). The protocol, and why no wake is lost:
//!
//! | the one that queues work | a worker that found none |
//! |---|---|
//! | 1. pushes to the injector | 1. sets its bit, gives up searching |
//! | 2. `fence(SeqCst)` | 2. `fence(SeqCst)` |
//! | 3. reads `searching`, then the bits | 3. looks at all queues once more |
//! | 4. nobody searching: clears a bit and unparks its worker | 4. nothing: sleeps |
//!
//! The two fences order each side's write before its reads, so either the pusher sees the bit, or the worker sees the
//! push. If the pusher is content with a searching worker, then that worker's third step is still to come.
//!
//! Clearing a bit is a claim: of two pushers one unparks the worker, and counts it as searching on its behalf, so that
//! a burst of pushes unparks one worker at a time. A worker that found work and was the last to search gives up
//! searching as in step 1 and 2, looks whether there is more, and then unparks the next.
//!
//! A worker that pushes to its **own** queue skips the fence: if it misses a worker that is going to sleep, the task
//! is late, not lost, for it runs it itself, and looks again every 50 µs whether help is asleep. If it gets
//! stuck before that, the reactor thread sees to it (`watch`).
//!
//! Source: Go's `proc.go` ("Worker thread parking/unparking") and rayon's sleep module. tokio keeps a
//! `Mutex<Vec>` of sleepers beside such a word; here a set of bits is all.

use crate::primitive::sync::atomic::{AtomicBool, AtomicIsize, AtomicU64, Ordering, fence};

/// The worker without a thread, as which whoever is inside `block_on` acts.
pub(super) const GUEST: usize = 0;

const WORD: usize = u64::BITS as usize;

/// See the head of this file.
pub(crate) struct Idle {
    /// One bit per worker: parked, or about to be.
    parked: Box<[AtomicU64]>,
    /// How many workers look for work in others' queues. Never too high, or a pusher would rely on nobody; too low, and
    /// even below zero, for as long as a claimer has yet to count a worker that is quick to give up again.
    searching: AtomicIsize,
    workers: usize,
    /// Whether a thread inside `block_on` acts as worker 0.
    is_guest_present: AtomicBool,
}

impl Idle {
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            parked: (0..workers.div_ceil(WORD)).map(|_| AtomicU64::new(0)).collect(),
            searching: AtomicIsize::new(0),
            workers,
            is_guest_present: AtomicBool::new(false),
        }
    }

    fn bit(index: usize) -> u64 {
        1 << (index % WORD)
    }

    /// Step 1 and 2 of a worker that found nothing.
    pub(crate) fn publish_parked(&self, index: usize, is_searching: bool) {
        // Ordering: Relaxed, the fence orders both before the checks that follow. AcqRel on the count pairs with a
        // later searcher's.
        self.parked[index / WORD].fetch_or(Self::bit(index), Ordering::Relaxed);
        if is_searching {
            self.searching.fetch_sub(1, Ordering::AcqRel);
        }
        fence(Ordering::SeqCst);
    }

    /// Takes the worker's own bit back after a sleep, or instead of one. False: someone has claimed the worker and
    /// counts it as searching.
    #[must_use]
    pub(crate) fn retract_parked(&self, index: usize) -> bool {
        self.clear(index)
    }

    fn clear(&self, index: usize) -> bool {
        let bit = Self::bit(index);
        // Ordering: AcqRel, so that claims of one bit follow one another.
        self.parked[index / WORD].fetch_and(!bit, Ordering::AcqRel) & bit != 0
    }

    /// Steps 3 and 4 after a push to the injector: the worker to unpark, already claimed.
    #[must_use]
    pub(crate) fn claim_after_push(&self, avoid: Option<usize>) -> Option<usize> {
        fence(Ordering::SeqCst);
        self.claim_unless_searching(avoid)
    }

    /// The same without the fence, for a push to the caller's own queue.
    #[must_use]
    #[inline]
    pub(crate) fn claim_unless_searching(&self, avoid: Option<usize>) -> Option<usize> {
        // Ordering: Relaxed; see the fences above.
        if self.searching.load(Ordering::Relaxed) > 0 || !self.has_parked() {
            return None;
        }
        self.claim(avoid)
    }

    #[inline]
    fn has_parked(&self) -> bool {
        self.parked.iter().any(|word| word.load(Ordering::Relaxed) != 0)
    }

    /// Claims some parked worker, `avoid` only if there is no other (it sleeps in the driver, which costs more to
    /// end), and never the guest, who does not search.
    #[must_use]
    pub(crate) fn claim(&self, avoid: Option<usize>) -> Option<usize> {
        for pass in 0..2 {
            for (position, word) in self.parked.iter().enumerate() {
                // Ordering: Relaxed; `claim_one` decides.
                let mut bits = word.load(Ordering::Relaxed);
                while bits != 0 {
                    let index = position * WORD + bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    let is_skipped = index == GUEST || (pass == 0 && Some(index) == avoid);
                    if !is_skipped && self.claim_one(index) {
                        return Some(index);
                    }
                }
            }
            if avoid.is_none() {
                break;
            }
        }
        None
    }

    /// Claims this worker if it is parked.
    #[must_use]
    pub(crate) fn claim_one(&self, index: usize) -> bool {
        let is_claimed = self.clear(index);
        // Counted only now. To count first, and take it back if the claim fails, loses a wake: the worker may have gone
        // on by itself and be parked again, while another pusher relies on the count.
        if is_claimed {
            self.start_searching();
        }
        is_claimed
    }

    /// Lets the caller search, unless half of the workers do already: more would only get in each other's way.
    #[must_use]
    pub(crate) fn try_start_searching(&self) -> bool {
        // The guest is none of them.
        let searching = usize::try_from(self.searching.load(Ordering::Relaxed)).unwrap_or(0);
        if searching * 2 >= self.workers - 1 {
            return false;
        }
        self.start_searching();
        true
    }

    /// Lets the caller search.
    pub(crate) fn start_searching(&self) {
        self.searching.fetch_add(1, Ordering::AcqRel);
    }

    /// The caller found work. True: it was the last to search, and shall unpark another if it sees work now.
    #[must_use]
    pub(crate) fn stop_searching(&self) -> bool {
        let was_last = self.searching.fetch_sub(1, Ordering::AcqRel) <= 1;
        if was_last {
            // Pairs with the pusher's: either it saw that nobody searches, or the caller sees what it pushed.
            fence(Ordering::SeqCst);
        }
        was_last
    }

    /// Whether worker `index` is parked, or about to be.
    pub(crate) fn is_parked(&self, index: usize) -> bool {
        self.parked[index / WORD].load(Ordering::Relaxed) & Self::bit(index) != 0
    }

    /// Whether all workers but those in `except` are parked. The caller's fence comes before.
    pub(crate) fn are_all_parked(&self, except: Option<usize>) -> bool {
        (0..self.workers).all(|index| Some(index) == except || self.is_parked(index))
    }

    /// Whether a thread acts as worker 0.
    pub(crate) fn is_guest_present(&self) -> bool {
        // Ordering: Relaxed; a change is followed by a fence or an unpark where it matters.
        self.is_guest_present.load(Ordering::Relaxed)
    }

    /// A thread begins or ends to act as worker 0.
    pub(crate) fn set_guest_present(&self, is_present: bool) {
        self.is_guest_present.store(is_present, Ordering::Relaxed);
    }
}
