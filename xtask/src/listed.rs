//! [`Listed`]: a committed list of what is known to be otherwise than it should, and why.
//!
//! A line is `name | reason`; `#` begins a comment. The invariant: every line has a reason, and a name of its own.

use std::collections::BTreeMap;
use std::fs;

use crate::step::{Failure, root};

pub(crate) struct Listed {
    reasons: BTreeMap<String, String>,
}

impl Listed {
    /// Reads a file, whose path begins at the root.
    pub(crate) fn read(path: &str) -> Result<Self, Failure> {
        let text = fs::read_to_string(root().join(path))
            .map_err(|error| Failure::Found(format!("cannot read {path}: {error}")))?;
        Self::parse(path, &text)
    }

    /// Reads the text of the file of this name.
    pub(crate) fn parse(path: &str, text: &str) -> Result<Self, Failure> {
        let mut reasons = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once('|') {
                Some((name, reason)) if !reason.trim().is_empty() => {
                    if reasons.insert(name.trim().to_owned(), reason.trim().to_owned()).is_some() {
                        return Err(Failure::Found(format!("{path}:{}: it is listed twice", number + 1)));
                    }
                }
                _ => return Err(Failure::Found(format!("{path}:{}: no reason given", number + 1))),
            }
        }
        Ok(Self { reasons })
    }

    /// Why this one is listed, if it is.
    pub(crate) fn reason(&self, name: &str) -> Option<&str> {
        self.reasons.get(name).map(String::as_str)
    }

    /// All that are listed.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.reasons.keys().map(String::as_str)
    }

    /// This name and all inside it.
    pub(crate) fn within(&self, outer: &str) -> Vec<&str> {
        self.names().filter(|name| name.split("::").next() == Some(outer)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Listed, Failure> {
        Listed::parse("list", text)
    }

    #[test]
    fn every_line_has_a_reason() {
        let listed = parse("# why\n\nrt_basic::a | prints a name\nfs_uring | unstable\n").unwrap();
        assert_eq!(listed.reason("rt_basic::a"), Some("prints a name"));
        assert_eq!(listed.within("rt_basic"), ["rt_basic::a"]);
        assert_eq!(listed.within("fs_uring"), ["fs_uring"]);
        assert_eq!(listed.within("rt"), [""; 0]);
        assert!(parse("rt_basic::a").is_err());
        assert!(parse("rt_basic::a |  ").is_err());
        assert!(parse("fs | slow\nfs | too slow").is_err(), "one of the two would not be read");
    }

    #[test]
    fn the_lists_can_be_read() {
        for path in ["compat/known.txt", "compat/api.txt"] {
            Listed::read(path).unwrap();
        }
    }
}
