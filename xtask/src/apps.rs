//! `apps`: programs written for tokio, on `mini` under tokio's name, built and driven over the loopback.
//!
//! They are a workspace of their own, `compat/apps`, in which the facade stands in tokio's place. The invariant: what
//! is tested there is `mini`; a build with the real tokio in it fails before its first test.

use crate::facade;
use crate::step::{Failure, Step, root};

/// The workspace, built beside the rest.
pub(crate) const WORKSPACE: &str = "--manifest-path compat/apps/Cargo.toml --target-dir target/apps";

/// `[APPS]`: packages of the workspace; all by default.
pub(crate) fn gate(apps: &[String]) -> Result<(), Failure> {
    assert_facade()?;
    let packages: String = apps.iter().map(|app| format!(" --package {app}")).collect();
    let tests = Step::cargo(&format!("test {WORKSPACE}{packages}")).run_tests()?;
    match tests.passed {
        0 => Err(Failure::Found("no test ran".to_owned())),
        _ => Ok(()),
    }
}

/// The same lints as everywhere.
pub(crate) fn clippy() -> Result<(), Failure> {
    assert_facade()?;
    Step::cargo(&format!("clippy {WORKSPACE} --workspace --all-targets -- -D warnings")).run()
}

fn assert_facade() -> Result<(), Failure> {
    facade::assert_alone(&root().join("compat/apps/Cargo.toml"))
}
