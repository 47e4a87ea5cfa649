//! The wheel against a sorted map, which does the same in an obvious way.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Key, UNSTARTED, Wheel};

/// Instants within an aligned range of so many bits may come in any order.
const ORDER_BITS: u32 = 20;

/// The lowest bit of each digit.
const FIRST_BITS: [u32; 9] = [0, 6, 13, 20, 30, 37, 44, 51, 58];

/// The wheel and its model, driven side by side; every step checks what must always hold.
struct Pair {
    wheel: Wheel<u64>,
    /// (deadline, serial number of the insertion) to the wheel's key.
    model: BTreeMap<(u64, u64), Key>,
    stale: Vec<Key>,
    serial: u64,
    now: u64,
    /// No removal, no reset so far, and no drain under way: the bound must be exact.
    is_exact: bool,
    is_draining: bool,
}

impl Pair {
    fn new() -> Self {
        Self {
            wheel: Wheel::new(),
            model: BTreeMap::new(),
            stale: Vec::new(),
            serial: 0,
            now: 0,
            is_exact: true,
            is_draining: false,
        }
    }

    fn insert(&mut self, deadline: u64) {
        let key = self.wheel.insert(deadline, self.serial);
        self.model.insert((deadline, self.serial), key);
        self.serial += 1;
        self.check();
    }

    /// The `choice`-th live timer, counting round.
    fn choose(&self, choice: usize) -> Option<((u64, u64), Key)> {
        let at = choice.checked_rem(self.model.len())?;
        self.model.iter().nth(at).map(|(id, key)| (*id, *key))
    }

    fn remove(&mut self, choice: usize) {
        if let Some((id, key)) = self.choose(choice) {
            self.is_exact = false;
            assert_eq!(self.wheel.get_mut(key).copied(), Some(id.1));
            assert_eq!(self.wheel.remove(key), Some(id));
            self.model.remove(&id);
            self.stale.push(key);
            self.check();
        }
    }

    fn reset(&mut self, choice: usize, deadline: u64) {
        if let Some((id, key)) = self.choose(choice) {
            self.is_exact = false;
            assert_eq!(self.wheel.reset(key, deadline), Some(id.0));
            self.model.remove(&id);
            self.model.insert((deadline, id.1), key);
            self.check();
        }
    }

    /// Pops at most `limit` timers that are due at `now`.
    fn pop(&mut self, now: u64, limit: usize) -> Vec<u64> {
        let mut popped = Vec::new();
        while popped.len() < limit {
            let Some(serial) = self.wheel.pop_expired(now) else {
                let first = self.model.keys().next();
                assert!(first.is_none_or(|(deadline, _)| *deadline > now), "{first:?} is due at {now}");
                self.is_draining &= now < self.now;
                break;
            };
            let id = *self.model.keys().find(|id| id.1 == serial).expect("popped twice, or after removal");
            assert!(id.0 <= now.max(self.now), "{id:?} came out early, at {now}");
            self.stale.push(self.model.remove(&id).unwrap());
            popped.push(id.0);
            self.is_draining = true;
            self.check();
        }
        self.now = self.now.max(now);
        popped
    }

    fn check(&mut self) {
        assert_eq!((self.wheel.len(), self.wheel.is_empty()), (self.model.len(), self.model.is_empty()));
        let first = self.model.keys().next().map(|id| id.0);
        match (self.wheel.next_deadline(), first) {
            (None, None) => {}
            (Some(bound), Some(first)) => {
                assert!(bound <= first.max(self.now), "the bound {bound} is later than {first}");
                assert!(!self.is_exact || self.is_draining || bound == first, "{bound} is not {first}");
            }
            (bound, first) => panic!("bound {bound:?}, first deadline {first:?}"),
        }
    }

    fn check_stale(&mut self) {
        for key in self.stale.clone() {
            assert_eq!(self.wheel.get_mut(key), None);
            assert_eq!(self.wheel.remove(key), None);
            assert_eq!(self.wheel.reset(key, 0), None);
        }
        self.check();
    }

    /// Sleeps from bound to bound until all is out; each sleep must be for something, but for a few a timer.
    fn run_dry(&mut self) {
        let mut turns = 0;
        let limit = 12 * (self.model.len() + 1);
        while let Some(bound) = self.wheel.next_deadline() {
            turns += 1;
            assert!(turns <= limit, "the bound does not lead anywhere");
            let now = bound.max(self.now);
            self.pop(now, usize::MAX);
            assert!(self.wheel.next_deadline().is_none_or(|next| next > now), "the bound stands still");
        }
        self.check_stale();
    }
}

#[derive(Debug, Clone)]
enum Step {
    Insert(u64),
    InsertPast(u64),
    Remove(usize),
    Reset(usize, u64),
    /// Forward by this much, and take out this many.
    Pop(u64, usize),
    /// An instant that has been already.
    PopPast(u64),
}

/// Distances of every size alike: uniform numbers would all lie in the top level.
fn distance() -> impl Strategy<Value = u64> {
    (0u32..64, any::<u64>()).prop_map(|(bits, noise)| noise >> bits)
}

/// Distances around the places where a digit rolls over.
fn border() -> impl Strategy<Value = u64> {
    (0usize..FIRST_BITS.len(), 0u64..64, -1i64..=1)
        .prop_map(|(level, factor, off)| factor.wrapping_shl(FIRST_BITS[level]).wrapping_add_signed(off))
}

/// Steps whose distances are at most `2^bits`; few bits crowd the timers into the slots that are drained whole.
fn step(bits: u32) -> impl Strategy<Value = Step> {
    let mask = u64::MAX >> (64 - bits);
    let near = move || prop_oneof![distance(), border()].prop_map(move |by| by & mask);
    prop_oneof![
        8 => near().prop_map(Step::Insert),
        1 => near().prop_map(Step::InsertPast),
        3 => any::<usize>().prop_map(Step::Remove),
        2 => (any::<usize>(), near()).prop_map(|(at, by)| Step::Reset(at, by)),
        // Shorter than the others, or every deadline would soon be past.
        4 => (near(), 0..bits, prop_oneof![0usize..4, Just(usize::MAX)])
            .prop_map(|(by, shorter, limit)| Step::Pop(by >> shorter, limit)),
        1 => near().prop_map(Step::PopPast),
    ]
}

fn run(steps: Vec<Step>) {
    let mut pair = Pair::new();
    for step in steps {
        let now = pair.now;
        match step {
            Step::Insert(after) => pair.insert(now.saturating_add(after)),
            Step::InsertPast(before) => pair.insert(now.saturating_sub(before)),
            Step::Remove(choice) => pair.remove(choice),
            Step::Reset(choice, after) => pair.reset(choice, now.saturating_add(after)),
            Step::Pop(after, limit) => drop(pair.pop(now.saturating_add(after), limit)),
            Step::PopPast(before) => drop(pair.pop(now.saturating_sub(before), 2)),
        }
    }
    pair.run_dry();
}

/// Miri runs each step a thousand times slower.
const CASES: u32 = if cfg!(miri) { 4 } else { 2000 };
const STEPS: usize = if cfg!(miri) { 20 } else { 120 };

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn behaves_as_a_sorted_map(steps in proptest::collection::vec(step(64), 1..STEPS)) {
        run(steps);
    }

    #[test]
    fn behaves_as_a_sorted_map_when_drains_are_interrupted(
        steps in (8u32..26).prop_flat_map(|bits| proptest::collection::vec(step(bits), 1..STEPS)),
    ) {
        run(steps);
    }

    #[test]
    fn what_is_never_removed_has_an_exact_bound_and_comes_in_order(
        start in distance(),
        deadlines in proptest::collection::vec(prop_oneof![distance(), border()], 1..STEPS),
    ) {
        let mut pair = Pair::new();
        pair.pop(start, usize::MAX);
        for after in &deadlines {
            pair.insert(start.saturating_add(*after));
        }
        let popped = pair.pop(u64::MAX, usize::MAX);
        prop_assert_eq!(popped.len(), deadlines.len());
        for two in popped.windows(2) {
            prop_assert!(two[0] >> ORDER_BITS <= two[1] >> ORDER_BITS, "{} came before {}", two[0], two[1]);
        }
        pair.check_stale();
    }

    #[test]
    fn equal_deadlines_come_in_the_order_of_insertion(
        deadline in distance(),
        moves in proptest::collection::vec(0u64..=100, 1..STEPS),
    ) {
        let mut wheel = Wheel::new();
        for (serial, hundredths) in moves.iter().enumerate() {
            wheel.insert(deadline, serial);
            if deadline > 0 {
                // Nearer and nearer, but never there.
                let now = (u128::from(deadline - 1) * u128::from(*hundredths) / 100) as u64;
                assert_eq!(wheel.pop_expired(now), None);
            }
        }
        for serial in 0..moves.len() {
            prop_assert_eq!(wheel.pop_expired(deadline), Some(serial));
        }
    }
}

#[test]
fn fires_on_the_instant_at_every_level_border() {
    for first_bit in FIRST_BITS {
        for factor in [1, 2, 31, 63, 127, 1000, 1023] {
            let border = 1u64.wrapping_shl(first_bit).wrapping_mul(factor);
            for from in [0, 1, border.saturating_sub(1), border / 2] {
                for deadline in [border.wrapping_sub(1), border, border.wrapping_add(1)] {
                    if deadline <= from {
                        continue;
                    }
                    let mut wheel = Wheel::new();
                    assert_eq!(wheel.pop_expired(from), None);
                    wheel.insert(deadline, ());
                    assert_eq!(wheel.next_deadline(), Some(deadline));
                    assert_eq!(wheel.pop_expired(deadline - 1), None, "{deadline} from {from} was early");
                    assert_eq!(wheel.pop_expired(deadline), Some(()), "{deadline} from {from} was late");
                    assert!(wheel.is_empty());
                }
            }
        }
    }
}

#[test]
fn ten_thousand_timers_at_one_instant_come_out_once_each() {
    let count = if cfg!(miri) { 200 } else { 10_000 };
    for deadline in [0, 1, 1 << 17, 5_000_000_007, u64::MAX] {
        let mut wheel = Wheel::new();
        let keys: Vec<Key> = (0..count).map(|serial| wheel.insert(deadline, serial)).collect();
        for key in keys.iter().skip(1).step_by(2) {
            assert!(wheel.remove(*key).is_some());
        }
        if deadline > 0 {
            assert_eq!(wheel.pop_expired(deadline - 1), None);
        }
        for serial in (0..count).step_by(2) {
            assert_eq!(wheel.pop_expired(deadline), Some(serial));
        }
        assert_eq!((wheel.pop_expired(deadline), wheel.next_deadline()), (None, None));
    }
}

#[test]
fn a_jump_over_all_time_takes_all_out_in_order() {
    let mut wheel = Wheel::new();
    for bit in (0..64).rev() {
        wheel.insert(1u64 << bit, bit);
    }
    wheel.insert(u64::MAX, 64);
    assert_eq!(wheel.next_deadline(), Some(1));
    let mut popped: Vec<u32> = std::iter::from_fn(|| wheel.pop_expired(u64::MAX)).collect();
    // Those within one drained slot are in no stated order.
    popped[..ORDER_BITS as usize].sort_unstable();
    assert_eq!(popped, (0..=64).collect::<Vec<u32>>());
    // At the end of time everything is past.
    wheel.insert(7, 7);
    assert_eq!((wheel.next_deadline(), wheel.pop_expired(u64::MAX)), (Some(7), Some(7)));
}

#[test]
fn a_stale_key_never_hits_the_timer_that_took_its_place() {
    let mut wheel = Wheel::new();
    let fired = wheel.insert(1, "first");
    assert_eq!(wheel.pop_expired(1), Some("first"));
    let second = wheel.insert(2, "second");
    assert_ne!(fired, second);
    assert_eq!((wheel.remove(fired), wheel.reset(fired, 9)), (None, None));
    assert_eq!(wheel.get_mut(fired), None);
    assert_eq!(wheel.remove(second), Some((2, "second")));
    assert_eq!(wheel.remove(second), None);
}

#[test]
fn a_drain_that_is_interrupted_goes_on_with_what_came_in_between() {
    let mut wheel = Wheel::new();
    let keys: Vec<Key> = (0..4).map(|serial| wheel.insert((1 << 22) + serial, serial)).collect();
    let now = 1 << 23;
    assert_eq!(wheel.pop_expired(now), Some(0));
    // Within the slot that is being drained, later than what is still in it.
    wheel.insert((1 << 22) + 900, 900);
    assert!(wheel.next_deadline().is_some_and(|bound| bound <= now));
    assert!(wheel.remove(keys[2]).is_some());
    // Somebody whose clock was read a little earlier must not end the drain.
    let mut popped: Vec<u64> = std::iter::from_fn(|| wheel.pop_expired((1 << 22) + 500)).collect();
    popped.sort_unstable();
    assert_eq!(popped, [1, 3, 900]);
    assert!(wheel.is_empty());
}

#[test]
fn a_value_without_a_deadline_waits_for_its_start_and_can_be_taken_out_before() {
    let mut wheel = Wheel::new();
    let keys: Vec<Key> = (0..4).map(|serial| wheel.insert_unstarted(10, serial)).collect();
    let far = wheel.insert_unstarted(u64::MAX, 4);
    assert_eq!((wheel.pop_expired(1000), wheel.next_deadline(), wheel.len()), (None, None, 5));
    assert_eq!(wheel.remove(keys[0]), Some((UNSTARTED, 0)));
    assert_eq!(wheel.remove(keys[2]), Some((UNSTARTED, 2)));
    assert_eq!(wheel.reset(keys[3], 1500), Some(UNSTARTED));
    assert_eq!(wheel.get_mut(keys[1]), Some(&mut 1));
    assert!(wheel.has_unstarted());
    wheel.start(2000);
    assert!(!wheel.has_unstarted());
    assert_eq!(wheel.next_deadline(), Some(1500));
    assert_eq!((wheel.pop_expired(2009), wheel.pop_expired(2009)), (Some(3), None));
    assert_eq!((wheel.pop_expired(2010), wheel.pop_expired(2010)), (Some(1), None));
    assert_eq!(wheel.remove(far), Some((u64::MAX - 1, 4)));
    assert!(wheel.is_empty() && !wheel.has_unstarted());
}

#[test]
fn a_wheel_that_begins_anew_knows_no_former_key_and_is_at_the_beginning() {
    let mut wheel = Wheel::new();
    let former = wheel.insert(u64::MAX, 1);
    assert_eq!(wheel.pop_expired(u64::MAX), Some(1));
    assert_eq!(wheel.pop_expired(u64::MAX), None);
    wheel.restart();
    let key = wheel.insert(5, 2);
    assert_eq!((wheel.remove(former), wheel.pop_expired(4), wheel.next_deadline()), (None, None, Some(5)));
    assert_eq!(wheel.remove(key), Some((5, 2)));
}
