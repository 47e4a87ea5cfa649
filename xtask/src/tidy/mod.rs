//! The house rules that a script can check, over every Rust source of ours and the README.
//!
//! Not a parser of Rust: it blanks comments and literals and counts braces, which is enough for these rules. The
//! invariant: an exception is a line in `lists`, with its reason; one that no longer applies is itself reported.

mod examples;
mod layers;
mod lists;
mod map;
mod reach;
mod rules;
mod size;
mod source;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::step::{Failure, root};
pub(crate) use size::show as size;
use source::Source;

/// Folders and files of the root that hold sources of ours.
const PLACES: &[&str] =
    &["src", "tests", "examples", "runtime", "net", "macros", "benches", "xtask", "compat"];

/// A rule broken, and where.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    path: String,
    /// Counted from 1; 0 for the file as a whole.
    line: usize,
    text: String,
}

pub(crate) fn gate() -> Result<(), Failure> {
    let start = Instant::now();
    let (violations, items) =
        check(&root()).map_err(|error| Failure::Found(format!("cannot read the tree: {error}")))?;
    println!("  tidy: {:.1} s", start.elapsed().as_secs_f64());
    println!("  {items} public items, each to have an example");
    for violation in &violations {
        println!("{}", show(violation));
    }
    match violations.len() {
        0 => Ok(()),
        count => Err(Failure::Found(format!("{count} rules broken"))),
    }
}

fn show(violation: &Violation) -> String {
    format!("{}:{}: {}", violation.path, violation.line, violation.text)
}

/// Every violation in the tree below `root`, in order of path and line, and how many public items there are.
fn check(root: &Path) -> io::Result<(Vec<Violation>, usize)> {
    let sources = sources(root)?;
    let mut violations = Vec::new();
    for source in &sources {
        rules::check(source, &mut violations);
        layers::check(source, &mut violations);
    }
    let items = examples::check(&sources, &mut violations);
    rules::check_exceptions(&sources, &mut violations);
    map::check(root, &sources, &mut violations);
    violations.sort();
    Ok((violations, items))
}

/// Every source of ours.
fn sources(root: &Path) -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for place in PLACES {
        let path = root.join(place);
        if path.is_dir() {
            collect(root, &path, &mut sources)?;
        }
    }
    source::mark_test_files(&mut sources);
    Ok(sources)
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) -> io::Result<()> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    entries.sort();
    for path in entries {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if path.is_dir() {
            if !name.starts_with("target") && !name.starts_with('.') {
                collect(root, &path, sources)?;
            }
        } else if name.ends_with(".rs") {
            let relative = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            sources.push(Source::new(relative, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
