//! The layers of `runtime`: no module imports one that stands above it.
//!
//! Looks at paths that begin with `crate::`, in imports and in code alike. Tests may reach anywhere.

use super::Violation;
use super::lists::{LAYERS, REACHABLE_BY_ALL};
use super::source::{Source, line_of, matching_brace, words};

const ROOT: &str = "runtime/src/";

pub(super) fn check(source: &Source, violations: &mut Vec<Violation>) {
    let Some(inside) = source.path.strip_prefix(ROOT) else { return };
    let own = inside.split(['/', '.']).next().unwrap_or_default();
    if own == "lib" {
        return;
    }
    let mut report = |line: usize, text: String| {
        violations.push(Violation { path: source.path.clone(), line, text });
    };
    let Some(own_rank) = rank(own) else {
        report(0, format!("`{own}` has no place among the layers (xtask/src/tidy/lists.rs)"));
        return;
    };
    for (at, module) in imports(&source.product) {
        let is_above = rank(module).is_some_and(|rank| rank > own_rank);
        if is_above && !REACHABLE_BY_ALL.contains(&module) {
            report(
                line_of(&source.product, at),
                format!("`{own}` imports `{module}`, which stands above it"),
            );
        }
    }
}

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == module)
}

/// The module of each `crate::module` and of each member of a `crate::{...}`, with the byte it stands at.
pub(super) fn imports(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, mark) in code.match_indices("crate::") {
        let start = at + mark.len();
        if code[start..].starts_with('{') {
            let end = matching_brace(code, start);
            members(code, start + 1, end - 1, &mut found);
        } else if let Some((offset, word)) = words(&code[start..]).next().filter(|(offset, _)| *offset == 0) {
            found.push((start + offset, word));
        }
    }
    found
}

/// The first word of each member between two bytes, not of what is nested in it.
fn members<'a>(code: &'a str, start: usize, end: usize, found: &mut Vec<(usize, &'a str)>) {
    let mut depth = 0_u32;
    let mut is_at_start = true;
    for (at, word_or_mark) in code[start..end].char_indices() {
        match word_or_mark {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => is_at_start = true,
            char if depth == 0 && is_at_start && !char.is_whitespace() => {
                is_at_start = false;
                if let Some((_, word)) = words(&code[start + at..end]).next() {
                    found.push((start + at, word));
                }
            }
            _ => {}
        }
    }
}
