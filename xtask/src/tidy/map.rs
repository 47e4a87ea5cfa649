//! The README's map of the code: every top-level module of the three crates stands in it.
//!
//! Only that it is named is checked; whether the words beside the name are true is for readers.

use std::fs;
use std::path::Path;

use super::Violation;
use super::source::Source;

const CRATES: &[&str] = &["runtime/src/", "net/src/", "src/"];

pub(super) fn check(root: &Path, sources: &[Source], violations: &mut Vec<Violation>) {
    let mut report = |text: String| {
        violations.push(Violation { path: "README.md".to_owned(), line: 0, text });
    };
    let Ok(readme) = fs::read_to_string(root.join("README.md")) else {
        report("missing".to_owned());
        return;
    };
    let Some(map) = map_of(&readme) else {
        report("no section whose heading says \"map of the code\"".to_owned());
        return;
    };
    for missing in unnamed(map, sources) {
        report(format!("the map of the code does not name `{missing}`"));
    }
}

/// The section up to the next heading of any level.
fn map_of(readme: &str) -> Option<&str> {
    let is_heading = |line: &str| line.starts_with('#');
    let mut at = 0;
    let mut start = None;
    for line in readme.split_inclusive('\n') {
        match start {
            None if is_heading(line) && line.to_lowercase().contains("map of the code") => {
                start = Some(at + line.len());
            }
            Some(start) if is_heading(line) => return Some(&readme[start..at]),
            _ => {}
        }
        at += line.len();
    }
    start.map(|start| &readme[start..])
}

/// The crate's folder with each module that the map lacks; a module is named by its name between backticks, or as
/// part of a path.
fn unnamed(map: &str, sources: &[Source]) -> Vec<String> {
    let is_word = |char: char| char.is_alphanumeric() || char == '_';
    let named: Vec<&str> = map.split(|char| !is_word(char)).collect();
    let mut missing: Vec<String> = sources
        .iter()
        .filter_map(|source| {
            let folder = CRATES.iter().find(|folder| source.path.starts_with(**folder))?;
            let module = source.path[folder.len()..].split(['/', '.']).next()?;
            let is_named = ["lib", "main"].contains(&module) || named.contains(&module);
            (!is_named).then(|| format!("{folder}{module}"))
        })
        .collect();
    missing.sort();
    missing.dedup();
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_named_in_its_section_or_missing() {
        let readme = "# mini\ntask\n## The map of the code\n`runtime/src/task`: x\n## More\nsync\n";
        let map = map_of(readme).unwrap();
        let sources =
            ["runtime/src/lib.rs", "runtime/src/task/mod.rs", "runtime/src/sync/mod.rs", "xtask/src/a.rs"]
                .map(|path| Source::new(path.to_owned(), String::new()));
        assert_eq!(unnamed(map, &sources), ["runtime/src/sync"]);
        assert_eq!(map_of("# mini\n"), None);
    }
}
