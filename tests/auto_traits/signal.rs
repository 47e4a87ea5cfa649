//! `signal`: ctrl-c, everywhere; Unix signals are in `signal_unix`.

use mini::signal::*;

use crate::rows::futures;

futures! {
    () ctrl_c() => yes yes no;
}
