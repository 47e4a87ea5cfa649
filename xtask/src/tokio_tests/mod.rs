//! `tokio-tests`: tokio's own tests, unchanged, on `mini` under tokio's name.
//!
//! Not a copy of them: the published package is asked for at run time, and lies in `target` only. The invariant: a
//! test that does not pass is either listed in `compat/known.txt`, with its reason, or fails the gate; and one that
//! is listed and passes fails it too.
//!
//! The steps stand in files of their own: `scratch` lays out the package, `build` compiles each file as a binary
//! of its own, `run` runs one within a time limit, `report` compares with the list and counts.

mod build;
mod report;
mod run;
mod scratch;

use crate::listed::Listed;
use crate::step::Failure;

/// `[FILES]`: the names of test files, or how such names begin; all by default.
pub(crate) fn gate(filters: &[String]) -> Result<(), Failure> {
    let scratch = scratch::Scratch::lay_out()?;
    let names = scratch.tests(filters)?;
    if names.is_empty() {
        return Err(Failure::Found(format!("no file of tokio's tests begins with any of {filters:?}")));
    }
    let known = Listed::read("compat/known.txt")?;
    let isolation = run::Isolation::of_this_machine();
    let mut report = report::Report::new(known);
    for file in build::build(&scratch, &names)? {
        let outcome = run::run(&scratch, &isolation, &file)?;
        report.add(file.name, outcome);
    }
    report.finish(&isolation)
}
