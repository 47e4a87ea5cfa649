//! `runtime`: runtimes, their makers and what is seen of them.

use mini::runtime::*;

use crate::rows::types;

types! {
    Builder => yes yes yes;
    EnterGuard<'_> => no yes yes;
    Handle => yes yes yes;
    Id => yes yes yes;
    LocalOptions => no no yes;
    LocalRuntime => no no yes;
    Runtime => yes yes yes;
    RuntimeFlavor => yes yes yes;
    RuntimeMetrics => yes yes yes;
    TryCurrentError => yes yes yes;
}
