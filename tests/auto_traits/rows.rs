//! The two kinds of rows: [`types!`] and [`futures!`].
//!
//! Each claims `yes` or `no` for Send, Sync and Unpin, in this order. A `no` stands on an ambiguity: the trait
//! `Unless` has a second implementation for what does have the bound, and then the call cannot be inferred.

macro_rules! bound {
    ($module:ident, $bound:ident) => {
        pub mod $module {
            pub struct Has;
            pub trait Unless<Marker> {
                fn no(&self) {}
            }
            impl<T: ?Sized> Unless<()> for T {}
            impl<T: ?Sized + $bound> Unless<Has> for T {}
            pub fn yes<T: ?Sized + $bound>(_: &T) {}
        }
    };
}

bound!(send, Send);
bound!(sync, Sync);
bound!(unpin, Unpin);

macro_rules! claim {
    ($bound:ident yes $value:ident) => {
        crate::rows::$bound::yes(&$value)
    };
    ($bound:ident no $value:ident) => {
        <_ as crate::rows::$bound::Unless<_>>::no(&$value)
    };
}
pub(crate) use claim;

/// `Type => Send Sync Unpin;`
macro_rules! types {
    ($($type:ty => $send:ident $sync:ident $unpin:ident;)*) => { $(
        const _: () = {
            #[allow(dead_code)]
            fn row(value: $type) {
                crate::rows::claim!(send $send value);
                crate::rows::claim!(sync $sync value);
                crate::rows::claim!(unpin $unpin value);
            }
        };
    )* };
}
pub(crate) use types;

/// `(argument: Type) expression with a future => Send Sync Unpin;`
macro_rules! futures {
    ($(($($argument:ident: $type:ty),*) $future:expr => $send:ident $sync:ident $unpin:ident;)*) => { $(
        const _: () = {
            #[allow(dead_code)]
            fn row($($argument: $type),*) {
                let value = $future;
                crate::rows::claim!(send $send value);
                crate::rows::claim!(sync $sync value);
                crate::rows::claim!(unpin $unpin value);
            }
        };
    )* };
}
pub(crate) use futures;
