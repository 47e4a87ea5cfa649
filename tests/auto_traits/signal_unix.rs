//! `signal::unix`: signals by their numbers.

use mini::signal::unix::*;

use crate::rows::{futures, types};

types! {
    Signal => yes yes yes;
    SignalKind => yes yes yes;
}

futures! {
    (signal: &mut Signal) signal.recv() => yes yes no;
}
