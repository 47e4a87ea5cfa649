//! [`Instant`]: a point in time by the clock of the runtime.
//!
//! Not another clock: it is `std::time::Instant` by another reading. The invariant is that as long as no clock of
//! the process was ever paused, `now` reads the system's and nothing else.

use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::time::Duration;

use crate::time::clock;

/// A point in time, as the runtime's clock shows it; what `std::time::Instant` is to the system's.
///
/// The two differ only in tests that [pause](crate::time::pause) the time.
///
/// ```
/// use mini_runtime::time::{Duration, Instant};
///
/// let start = Instant::now();
/// let deadline = start + Duration::from_secs(1);
/// assert_eq!(deadline - start, Duration::from_secs(1));
/// assert!(start.elapsed() < Duration::from_secs(1));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(std::time::Instant);

impl Instant {
    /// The present, by the clock of the runtime this thread is in, or else by the system's.
    ///
    /// ```
    /// use mini_runtime::time::Instant;
    /// let first = Instant::now();
    /// assert!(Instant::now() >= first);
    /// ```
    #[inline]
    pub fn now() -> Self {
        Self(clock::now())
    }

    /// The same point as std's type has it.
    ///
    /// ```
    /// use mini_runtime::time::Instant;
    /// let std = std::time::Instant::now();
    /// assert_eq!(Instant::from_std(std).into_std(), std);
    /// ```
    pub fn from_std(std: std::time::Instant) -> Self {
        Self(std)
    }

    /// The same point in std's type.
    ///
    /// ```
    /// use mini_runtime::time::Instant;
    /// let std: std::time::Instant = Instant::now().into_std();
    /// assert!(std <= std::time::Instant::now());
    /// ```
    pub fn into_std(self) -> std::time::Instant {
        self.0
    }

    /// The time from `earlier` to this, or zero if `earlier` is the later one.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, Instant};
    /// let now = Instant::now();
    /// let later = now + Duration::from_millis(5);
    /// assert_eq!(later.duration_since(now), Duration::from_millis(5));
    /// assert_eq!(now.duration_since(later), Duration::ZERO);
    /// ```
    pub fn duration_since(&self, earlier: Instant) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }

    /// The time from `earlier` to this, or `None` if `earlier` is the later one.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, Instant};
    /// let now = Instant::now();
    /// assert_eq!(now.checked_duration_since(now + Duration::from_millis(5)), None);
    /// ```
    pub fn checked_duration_since(&self, earlier: Instant) -> Option<Duration> {
        self.0.checked_duration_since(earlier.0)
    }

    /// The time from `earlier` to this, or zero if `earlier` is the later one.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, Instant};
    /// let now = Instant::now();
    /// assert_eq!(now.saturating_duration_since(now + Duration::from_millis(5)), Duration::ZERO);
    /// ```
    pub fn saturating_duration_since(&self, earlier: Instant) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }

    /// The time from this to the present, or zero if this is in the future.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, Instant};
    /// let start = Instant::now();
    /// assert!(start.elapsed() < Duration::from_secs(10));
    /// ```
    pub fn elapsed(&self) -> Duration {
        Self::now().duration_since(*self)
    }

    /// `self + duration`, or `None` if that is beyond what the type can tell.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, Instant};
    /// assert!(Instant::now().checked_add(Duration::from_secs(1)).is_some());
    /// assert!(Instant::now().checked_add(Duration::MAX).is_none());
    /// ```
    pub fn checked_add(&self, duration: Duration) -> Option<Instant> {
        self.0.checked_add(duration).map(Self)
    }

    /// `self - duration`, or `None` if that is beyond what the type can tell.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, Instant};
    /// let now = Instant::now();
    /// let later = now + Duration::from_secs(1);
    /// assert_eq!(later.checked_sub(Duration::from_secs(1)), Some(now));
    /// ```
    pub fn checked_sub(&self, duration: Duration) -> Option<Instant> {
        self.0.checked_sub(duration).map(Self)
    }

    /// `self + duration`, or a point 30 years ahead where that cannot be told.
    pub(crate) fn saturating_add(self, duration: Duration) -> Instant {
        Self(clock::saturating_add(self.0, duration))
    }
}

impl From<std::time::Instant> for Instant {
    fn from(std: std::time::Instant) -> Self {
        Self(std)
    }
}

impl From<Instant> for std::time::Instant {
    fn from(instant: Instant) -> Self {
        instant.0
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;

    /// # Panics
    ///
    /// If the sum is beyond what the type can tell; [`Instant::checked_add`] answers `None` there.
    #[track_caller]
    fn add(self, duration: Duration) -> Instant {
        Self(self.0 + duration)
    }
}

impl AddAssign<Duration> for Instant {
    #[track_caller]
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub for Instant {
    type Output = Duration;

    /// Zero if the right side is the later one.
    fn sub(self, earlier: Instant) -> Duration {
        self.duration_since(earlier)
    }
}

impl Sub<Duration> for Instant {
    type Output = Instant;

    /// # Panics
    ///
    /// If the difference is beyond what the type can tell; [`Instant::checked_sub`] answers `None` there.
    #[track_caller]
    fn sub(self, duration: Duration) -> Instant {
        Self(self.0 - duration)
    }
}

impl SubAssign<Duration> for Instant {
    #[track_caller]
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
