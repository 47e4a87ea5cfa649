//! The part of `io` that a descriptor's readiness is about.

use mini::io::{Interest, Ready};

use crate::rows::types;

types! {
    Interest => yes yes yes;
    Ready => yes yes yes;
}
