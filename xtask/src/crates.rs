//! Counts the crates that are not ours in what a user of the facade builds, and fails above the bound.
//!
//! Counted: the default features on this platform, with build scripts and procedural macros, without what only
//! tests need.

use std::collections::BTreeSet;

use crate::step::{Failure, Step};

/// What the project promises.
const MOST: usize = 16;

pub(crate) fn gate() -> Result<(), Failure> {
    let tree = Step::cargo("tree --package mini-rt --edges no-dev --prefix none").output()?;
    let foreign = foreign(&tree);
    let names: Vec<&str> = foreign.iter().map(String::as_str).collect();
    println!("  {} foreign crates of {MOST}: {}", names.len(), names.join(", "));
    if foreign.len() > MOST {
        return Err(Failure::Found(format!("{} foreign crates, {MOST} at most", foreign.len())));
    }
    Ok(())
}

/// Each line is `name vX.Y.Z`, with `(path)` behind it for a crate of the workspace, and `(*)` for one shown before.
fn foreign(tree: &str) -> BTreeSet<String> {
    tree.lines()
        .filter(|line| !line.trim().is_empty() && !line.contains("(/") && !line.contains(":\\"))
        .map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_counts_once_a_version_and_ours_do_not() {
        let tree = "mini-rt v0.1.0 (/here)\nmini-net v0.1.0 (/here/net)\nmio v1.1.0\nlibc v0.2.0\nmio v1.1.0 (*)\n\
                    syn v3.0.0\nsyn v2.0.0\nquote v1.0.0 (proc-macro)\n";
        let expected = ["libc v0.2.0", "mio v1.1.0", "quote v1.0.0", "syn v2.0.0", "syn v3.0.0"];
        assert_eq!(Vec::from_iter(foreign(tree)), expected);
    }
}
