//! [`Store`]: keys, values and deadlines.
//!
//! Invariant: a key has an entry in `deadlines` if and only if its value has that deadline. A key whose deadline has
//! passed is as good as gone, whether or not the sweep has come by.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;
use tokio::time::Instant;

#[derive(Default)]
pub(crate) struct Store {
    state: Mutex<State>,
    /// Notified when there is a deadline earlier than all others.
    earlier: Notify,
}

#[derive(Default)]
struct State {
    values: HashMap<Bytes, Value>,
    deadlines: BTreeSet<(Instant, Bytes)>,
}

struct Value {
    bytes: Bytes,
    deadline: Option<Instant>,
}

/// How long a key has.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TimeToLive {
    NoKey,
    ForEver,
    Left(Duration),
}

impl Store {
    pub(crate) fn get(&self, key: &Bytes) -> Option<Bytes> {
        self.state().live(key).map(|value| value.bytes.clone())
    }

    /// Whether it was set: not if it is to be set only where there is none, and there is one.
    pub(crate) fn set(
        &self,
        key: Bytes,
        bytes: Bytes,
        deadline: Option<Instant>,
        is_only_if_absent: bool,
    ) -> bool {
        let mut state = self.state();
        if is_only_if_absent && state.live(&key).is_some() {
            return false;
        }
        state.remove(&key);
        state.values.insert(key.clone(), Value { bytes, deadline: None });
        if let Some(deadline) = deadline {
            self.set_deadline(&mut state, &key, deadline);
        }
        true
    }

    /// Whether it was there.
    pub(crate) fn remove(&self, key: &Bytes) -> bool {
        let mut state = self.state();
        let was_live = state.live(key).is_some();
        state.remove(key);
        was_live
    }

    /// Adds to a number, which keeps its deadline; no value counts as zero.
    pub(crate) fn increment(&self, key: &Bytes, by: i64) -> Result<i64, String> {
        let mut state = self.state();
        let number = match state.live(key) {
            Some(value) => std::str::from_utf8(&value.bytes).ok().and_then(|text| text.parse().ok()),
            None => Some(0),
        };
        let number = number.ok_or("ERR value is not an integer or out of range")?;
        let number = i64::checked_add(number, by).ok_or("ERR increment or decrement would overflow")?;
        let bytes = Bytes::from(number.to_string());
        match state.live(key) {
            Some(value) => value.bytes = bytes,
            None => {
                state.remove(key);
                state.values.insert(key.clone(), Value { bytes, deadline: None });
            }
        }
        Ok(number)
    }

    /// Whether the key is there to have a deadline.
    pub(crate) fn expire(&self, key: &Bytes, deadline: Instant) -> bool {
        let mut state = self.state();
        let is_live = state.live(key).is_some();
        if is_live {
            self.set_deadline(&mut state, key, deadline);
        }
        is_live
    }

    pub(crate) fn time_to_live(&self, key: &Bytes) -> TimeToLive {
        match self.state().live(key).map(|value| value.deadline) {
            None => TimeToLive::NoKey,
            Some(None) => TimeToLive::ForEver,
            Some(Some(deadline)) => TimeToLive::Left(deadline.saturating_duration_since(Instant::now())),
        }
    }

    /// Removes the keys whose deadline has come, and returns the next deadline.
    pub(crate) fn sweep(&self) -> Option<Instant> {
        let mut state = self.state();
        let now = Instant::now();
        while let Some((deadline, key)) = state.deadlines.pop_first() {
            if deadline > now {
                state.deadlines.insert((deadline, key));
                return Some(deadline);
            }
            state.values.remove(&key);
        }
        None
    }

    /// Completes when the deadline that [`sweep`](Self::sweep) returned may no longer be the next.
    pub(crate) async fn has_earlier_deadline(&self) {
        self.earlier.notified().await;
    }

    fn set_deadline(&self, state: &mut State, key: &Bytes, deadline: Instant) {
        let Some(value) = state.values.get_mut(key) else { return };
        if let Some(old) = value.deadline.replace(deadline) {
            state.deadlines.remove(&(old, key.clone()));
        }
        state.deadlines.insert((deadline, key.clone()));
        if state.deadlines.first().is_some_and(|(_, first)| first == key) {
            self.earlier.notify_one();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing is left half done where it could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn live(&mut self, key: &Bytes) -> Option<&mut Value> {
        let is_live = |value: &&mut Value| value.deadline.is_none_or(|deadline| deadline > Instant::now());
        self.values.get_mut(key).filter(is_live)
    }

    /// Removes it, live or not.
    fn remove(&mut self, key: &Bytes) {
        if let Some(Value { deadline: Some(deadline), .. }) = self.values.remove(key) {
            self.deadlines.remove(&(deadline, key.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Bytes = Bytes::from_static(b"key");
    const VALUE: Bytes = Bytes::from_static(b"value");

    #[test]
    fn a_deadline_goes_with_its_value() {
        let (store, far) = (Store::default(), Instant::now() + Duration::from_secs(1000));
        store.set(KEY, VALUE, Some(far), false);
        assert_eq!(store.sweep(), Some(far));
        store.set(KEY, VALUE, None, false);
        assert_eq!((store.sweep(), store.time_to_live(&KEY)), (None, TimeToLive::ForEver));
        assert!(store.expire(&KEY, far) && store.remove(&KEY) && !store.expire(&KEY, far));
        assert_eq!((store.sweep(), store.time_to_live(&KEY)), (None, TimeToLive::NoKey));
    }

    #[test]
    fn what_has_expired_is_gone_before_the_sweep_and_after() {
        let store = Store::default();
        store.set(KEY, VALUE, Some(Instant::now()), false);
        assert_eq!(store.get(&KEY), None);
        assert_eq!(store.increment(&KEY, 1), Ok(1));
        assert_eq!((store.sweep(), store.get(&KEY)), (None, Some(Bytes::from_static(b"1"))));
    }
}
