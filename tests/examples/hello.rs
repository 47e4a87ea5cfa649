//! `hello`: what it prints, in its order.

use crate::child::Child;

#[test]
fn hello_comes_before_world() {
    let end = Child::start("hello", &[]).end();
    assert_eq!(end.output, ["hello", "world", "the answer is 42"]);
    assert!(end.status.success());
}
