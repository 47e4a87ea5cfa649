//! `cargo xtask counts [--update] [LINE...]`: what an operation costs in instructions, syscalls and allocations, held
//! against `benches/counts.txt`.
//!
//! The counting itself is `cargo bench -p mini-benches -- --counts`. The invariant: a figure that is held fails when it
//! grew by more than 3 %, and so does one that is missing on either side; the others are only shown.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::step::{Failure, Step, root};

/// The column that is held; the other is there to compare.
const OURS: &str = "mini-ct";
/// What may be added to it.
const GROWTH: f64 = 1.03;
/// And this, since a count near nothing moves by the share of a start or of a nap: a twentieth of a call.
const SLACK: f64 = 0.05;

const HEAD: &str = "\
# Counts of an operation, on the current-thread flavours: written by `cargo xtask counts --update`, and held by
# `cargo xtask counts`, which fails where a held figure of mini-ct grew by more than 3 %.
";

/// A line of the benches and one of its figures.
type Key = (String, String);

/// A row of the counts.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Count {
    is_held: bool,
    value: f64,
}

pub(crate) fn gate(arguments: &[String]) -> Result<(), Failure> {
    let (flags, lines): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|word| word.starts_with('-'));
    let is_update = match flags[..] {
        [] => false,
        [flag] if flag == "--update" && lines.is_empty() => true,
        _ => return Err(Failure::Found("usage: counts [--update | LINE...]".to_owned())),
    };
    for tool in ["valgrind", "strace"] {
        if !Step::new(tool, "--version").succeeds() {
            return Err(Failure::NotRun(format!("{tool} is missing")));
        }
    }
    let mut bench = Step::cargo("bench --package mini-benches --bench compare -- --counts");
    for line in &lines {
        bench = bench.arg(&format!("={line}"));
    }
    let found = bench.output()?;
    print!("{found}");
    let file = file();
    if is_update {
        return fs::write(&file, format!("{HEAD}{found}")).map_err(|error| failure(&file, &error));
    }
    let committed = fs::read_to_string(&file).map_err(|error| failure(&file, &error))?;
    let is_asked = |(line, _): &Key| lines.is_empty() || lines.contains(&line);
    let mut committed = counts(&committed);
    committed.retain(|key, _| is_asked(key));
    let faults = compare(&committed, &counts(&found));
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Failure::Found(faults.join("\n"))),
    }
}

fn file() -> PathBuf {
    root().join("benches/counts.txt")
}

fn failure(file: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::Found(format!("{}: {error}", file.display()))
}

/// Our column of the table.
fn counts(table: &str) -> BTreeMap<Key, Count> {
    let Some(heading) = table.lines().find(|line| line.contains(OURS) && line.contains(" line ")) else {
        return BTreeMap::new();
    };
    // The sign of a comment is a word of the heading and of no row, and `held` has no heading.
    let column = heading.split_whitespace().position(|word| word == OURS);
    let row = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (&[line, figure, is_held, ..], value) = (&words[..], words.get(column?)?.parse().ok()?) else {
            return None;
        };
        Some(((line.to_owned(), figure.to_owned()), Count { is_held: is_held == "held", value }))
    };
    table.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect()
}

/// What grew, and what is on one side only.
fn compare(committed: &BTreeMap<Key, Count>, found: &BTreeMap<Key, Count>) -> Vec<String> {
    let mut faults = Vec::new();
    for ((line, figure), old) in committed.iter().filter(|(_, count)| count.is_held) {
        match found.get(&(line.clone(), figure.clone())) {
            None => faults.push(format!("{line}: {figure} was not counted")),
            Some(new) if new.value > old.value * GROWTH + SLACK => faults.push(format!(
                "{line}: {figure} grew from {} to {}, by {:.1} %",
                old.value,
                new.value,
                (new.value / old.value - 1.0) * 100.0
            )),
            Some(_) => {}
        }
    }
    for (line, figure) in found.keys().filter(|key| !committed.contains_key(key)) {
        faults
            .push(format!("{line}: {figure} is not in the committed counts; `cargo xtask counts --update`"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMITTED: &str = "# about\n\
        # line   figure               mini-ct tokio-ct\n\
        spawn    instructions  held   100.000 9\n\
        spawn    syscalls      held     0.000 9\n\
        spawn    switches      shown    1.000 9\n";

    fn faults(found: &str) -> Vec<String> {
        compare(&counts(COMMITTED), &counts(found))
    }

    #[test]
    fn what_is_held_may_grow_by_three_percent_and_what_is_shown_as_it_likes() {
        assert_eq!(counts(COMMITTED).len(), 3);
        assert_eq!(faults(COMMITTED), Vec::<String>::new());
        let found = COMMITTED.replace("100.000", "103.000").replace("1.000 9", "7.000 9");
        assert_eq!(faults(&found), Vec::<String>::new());
        let found = COMMITTED.replace("100.000", "103.100").replace("0.000 9", "0.060 9");
        assert_eq!(faults(&found).len(), 2);
    }

    #[test]
    fn a_figure_on_one_side_only_is_a_fault() {
        assert_eq!(faults(&COMMITTED.replace("spawn    syscalls", "spawn    sycalls")).len(), 2);
        assert_eq!(faults("").len(), 2);
    }
}
