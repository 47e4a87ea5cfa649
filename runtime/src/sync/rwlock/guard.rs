//! `guard!` and `guard_mut!`: what all guards of a lock can do besides, which is to be what they show.
//!
//! Not their methods. The invariant: a guard that may not write has no `DerefMut`.

/// A guard that reads: a newtype of what it can do.
macro_rules! guard {
    (<$($parameter:ident),+> $guard:ty => $target:ident) => {
        impl<$($parameter: ?Sized),+> std::ops::Deref for $guard {
            type Target = $target;
            fn deref(&self) -> &$target {
                &self.0
            }
        }

        impl<$($parameter: ?Sized),+> std::fmt::Debug for $guard
        where
            $target: std::fmt::Debug,
        {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                (**self).fmt(f)
            }
        }

        impl<$($parameter: ?Sized),+> std::fmt::Display for $guard
        where
            $target: std::fmt::Display,
        {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                (**self).fmt(f)
            }
        }
    };
}

/// A guard that writes, too.
macro_rules! guard_mut {
    (<$($parameter:ident),+> $guard:ty => $target:ident) => {
        guard!(<$($parameter),+> $guard => $target);

        impl<$($parameter: ?Sized),+> std::ops::DerefMut for $guard {
            fn deref_mut(&mut self) -> &mut $target {
                &mut self.0
            }
        }
    };
}
