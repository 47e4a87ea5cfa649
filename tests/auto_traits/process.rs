//! `process`: commands, children and their pipes.

use mini::process::*;

use crate::rows::{futures, types};

types! {
    Child => yes yes yes;
    ChildStderr => yes yes yes;
    ChildStdin => yes yes yes;
    ChildStdout => yes yes yes;
    Command => yes yes yes;
}

futures! {
    (command: &mut Command) command.status() => yes yes no;
    (command: &mut Command) command.output() => yes yes no;
    (child: &mut Child) child.wait() => yes yes no;
    (child: &mut Child) child.kill() => yes yes no;
    (child: Child) child.wait_with_output() => yes yes no;
}
