//! `api`: the names of tokio's stable interface that the facade does not have. `examples`: what of ours has no example
//! in its documentation.
//!
//! Both are asked of rustdoc, tokio's with the features `full` and `test-util`, so that no list of names is kept
//! here; the lists are compared as text. It compares names, which traits a type has, and whether it is `Send`, `Sync`
//! and `Unpin`: not signatures, which tokio's own tests show best. The invariant: a name that is missing is either
//! listed in `compat/api.txt`, with its reason, or fails the gate; and one that is listed and there fails it too.
//!
//! rustdoc's JSON is a format of nightly toolchains only.

mod docs;
mod surface;

use std::collections::{BTreeMap, BTreeSet};

use crate::facade;
use crate::listed::Listed;
use crate::step::{Failure, Step};

const KNOWN: &str = "compat/api.txt";

/// `[NAMES]`: only what begins with one of these; all by default.
pub(crate) fn gate(filters: &[String]) -> Result<(), Failure> {
    need_nightly()?;
    let version = facade::version()?;
    let theirs = surface::of(&docs::of_tokio(&version)?, "tokio")?.names;
    let ours = surface::of(&docs::of_facade()?, "tokio")?.names;
    report(&theirs, &ours, &Listed::read(KNOWN)?, filters)
}

/// `[NAMES]`: prints what of ours has no example in its documentation.
pub(crate) fn examples(filters: &[String]) -> Result<(), Failure> {
    need_nightly()?;
    let surface = surface::of(&docs::of_facade()?, "tokio")?;
    let lacking: Vec<&str> =
        surface.without_example.iter().map(String::as_str).filter(|name| is_wanted(name, filters)).collect();
    lacking.iter().for_each(|name| println!("{name} has no example"));
    match lacking.len() {
        0 => Ok(()),
        count => Err(Failure::Found(format!("{count} public items have no example"))),
    }
}

fn need_nightly() -> Result<(), Failure> {
    if Step::cargo("+nightly --version").succeeds() {
        return Ok(());
    }
    Err(Failure::NotRun("no nightly toolchain here; try `rustup toolchain add nightly`".to_owned()))
}

fn is_wanted(name: &str, filters: &[String]) -> bool {
    filters.is_empty() || filters.iter().any(|filter| name.starts_with(filter.as_str()))
}

fn report(
    theirs: &BTreeSet<String>,
    ours: &BTreeSet<String>,
    known: &Listed,
    filters: &[String],
) -> Result<(), Failure> {
    let mut areas: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut unexpected = 0;
    for name in theirs.iter().filter(|name| is_wanted(name, filters)) {
        let area = areas.entry(area(name)).or_default();
        area[0] += 1;
        match (ours.contains(name), known.reason(name)) {
            (true, None) => continue,
            (true, Some(_)) => println!("{name} is there: take it off {KNOWN}"),
            (false, Some(reason)) => {
                println!("{name} is missing, as known: {reason}");
                area[2] += 1;
                continue;
            }
            (false, None) => {
                println!("{name} is missing");
                area[1] += 1;
            }
        }
        unexpected += 1;
    }
    for name in known.names().filter(|name| is_wanted(name, filters) && !theirs.contains(*name)) {
        println!("{name} is no name of tokio's: take it off {KNOWN}");
        unexpected += 1;
    }
    println!("\narea         names  missing  missing as known");
    for (area, [names, missing, known]) in &areas {
        println!("{area:<11} {names:>6} {missing:>8} {known:>17}");
    }
    let sum = |column: usize| areas.values().map(|counts| counts[column]).sum::<usize>();
    println!("{:<11} {:>6} {:>8} {:>17}", "all", sum(0), sum(1), sum(2));
    if unexpected == 0 { Ok(()) } else { Err(Failure::Found(format!("{unexpected} unexpected"))) }
}

/// The module that a name is in; what lies at the top is an area of its own.
fn area(name: &str) -> &str {
    name.split_once("::").map_or("(top)", |(area, _)| area)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(ours: &[&str], known: &str) -> Result<(), Failure> {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let known = Listed::parse(KNOWN, known).unwrap();
        report(&set(&["spawn", "task::id"]), &set(ours), &known, &[])
    }

    #[test]
    fn only_what_is_listed_may_be_missing_and_it_must() {
        assert!(verdict(&["spawn", "task::id", "ours::alone"], "").is_ok());
        assert!(verdict(&["spawn"], "").is_err());
        assert!(verdict(&["spawn"], "task::id | why").is_ok());
        assert!(verdict(&["spawn", "task::id"], "task::id | why").is_err());
        assert!(verdict(&["spawn", "task::id"], "task::gone | why").is_err());
    }
}
