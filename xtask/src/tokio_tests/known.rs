//! [`Known`]: the tests of tokio's that are known not to pass, and why: `compat/known.txt`.
//!
//! A line is `file::test | reason`, or `file | reason` for a file that does not compile; `#` begins a comment. The
//! invariant: every line has a reason.

use std::collections::BTreeMap;
use std::fs;

use crate::step::{Failure, root};

const PATH: &str = "compat/known.txt";

pub(super) struct Known {
    reasons: BTreeMap<String, String>,
}

impl Known {
    pub(super) fn read() -> Result<Self, Failure> {
        let text = fs::read_to_string(root().join(PATH))
            .map_err(|error| Failure::Found(format!("cannot read {PATH}: {error}")))?;
        Self::parse(&text)
    }

    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let mut reasons = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once('|') {
                Some((name, reason)) if !reason.trim().is_empty() => {
                    reasons.insert(name.trim().to_owned(), reason.trim().to_owned());
                }
                _ => return Err(Failure::Found(format!("{PATH}:{}: no reason given", number + 1))),
            }
        }
        Ok(Self { reasons })
    }

    /// Why this one, a file or `file::test`, is known not to pass.
    pub(super) fn reason(&self, name: &str) -> Option<&str> {
        self.reasons.get(name).map(String::as_str)
    }

    /// The names that are listed of a file: its own, or its tests'.
    pub(super) fn of_file(&self, file: &str) -> Vec<&str> {
        let names = self.reasons.keys().map(String::as_str);
        names
            .filter(|name| *name == file || name.split_once("::").is_some_and(|(of, _)| of == file))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_reason() {
        let known = Known::parse("# why\n\nrt_basic::a | prints a name\nfs_uring | unstable\n").unwrap();
        assert_eq!(known.reason("rt_basic::a"), Some("prints a name"));
        assert_eq!(known.of_file("rt_basic"), ["rt_basic::a"]);
        assert_eq!(known.of_file("fs_uring"), ["fs_uring"]);
        assert_eq!(known.of_file("rt"), [""; 0]);
        assert!(Known::parse("rt_basic::a").is_err());
        assert!(Known::parse("rt_basic::a |  ").is_err());
    }

    #[test]
    fn the_list_can_be_read() {
        Known::read().unwrap();
    }
}
