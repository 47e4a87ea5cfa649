//! The rules that look at one file at a time.
//!
//! Each is a function of its own that reports and goes on. What a linter of the toolchain already checks
//! (a SAFETY comment on each unsafe block, missing docs) is not repeated here.

use super::Violation;
use super::lists::{
    self, ALLOWED_UNSAFE, Exception, LONG_FILES, LONG_FUNCTIONS, MOST_FUNCTION_LINES, MOST_LINES,
    PAST_THE_SHIM,
};
use super::source::{Source, bodies, line_of, words};

/// Applies every rule of this file.
pub(super) fn check(source: &Source, violations: &mut Vec<Violation>) {
    let mut report = |line: usize, text: String| {
        violations.push(Violation { path: source.path.clone(), line, text });
    };
    opens_with_its_purpose(source, &mut report);
    is_short(source, &mut report);
    functions_are_short(source, &mut report);
    is_finished(source, &mut report);
    names_orderings(source, &mut report);
    keeps_cfg_out_of_bodies(source, &mut report);
    speaks_the_house_words(source, &mut report);
    keeps_unsafe_where_it_is_listed(source, &mut report);
    goes_through_the_shim(source, &mut report);
}

fn has(list: &[Exception], path: &str) -> bool {
    list.iter().any(|exception| exception.path == path)
}

fn opens_with_its_purpose(source: &Source, report: &mut impl FnMut(usize, String)) {
    if !source.text.starts_with("//!") && !source.text.starts_with("#!") {
        report(
            1,
            "open with `//!`: the file's job in one sentence, what it is not, its invariant".to_owned(),
        );
    }
}

fn is_short(source: &Source, report: &mut impl FnMut(usize, String)) {
    let lines = source.text.lines().count();
    if lines > MOST_LINES && !has(LONG_FILES, &source.path) {
        report(0, format!("{lines} lines; split by concept above {MOST_LINES}"));
    }
}

fn functions_are_short(source: &Source, report: &mut impl FnMut(usize, String)) {
    for body in bodies(&source.product) {
        let lines = source.product[body.start..body.end].matches('\n').count() + 1;
        let is_listed =
            LONG_FUNCTIONS.iter().any(|(path, name, _)| *path == source.path && *name == body.name);
        if lines > MOST_FUNCTION_LINES && !is_listed {
            let line = line_of(&source.product, body.start);
            report(line, format!("`{}` has {lines} lines; a function fits {MOST_FUNCTION_LINES}", body.name));
        }
    }
}

fn is_finished(source: &Source, report: &mut impl FnMut(usize, String)) {
    for (at, word) in words(&source.code) {
        if ["todo", "unimplemented"].contains(&word) && source.code[at + word.len()..].starts_with('!') {
            report(line_of(&source.code, at), format!("`{word}!` is left"));
        }
    }
    // Spelt in two halves, as this file is checked too.
    let mark = concat!("FIX", "ME");
    for (number, line) in source.text.lines().enumerate() {
        if line.contains(mark) {
            report(number + 1, format!("{mark} is left"));
        }
    }
}

fn names_orderings(source: &Source, report: &mut impl FnMut(usize, String)) {
    for (at, _) in source.code.match_indices("Ordering::*") {
        report(line_of(&source.code, at), "name each `Ordering` where it is used".to_owned());
    }
}

fn keeps_cfg_out_of_bodies(source: &Source, report: &mut impl FnMut(usize, String)) {
    let code = &source.product;
    for body in bodies(code) {
        for mark in ["#[cfg(", "cfg!("] {
            for (offset, _) in code[body.start..body.end].match_indices(mark) {
                let line = line_of(code, body.start + offset);
                report(line, format!("cfg inside `{}`; choose at a module's door", body.name));
            }
        }
    }
}

fn speaks_the_house_words(source: &Source, report: &mut impl FnMut(usize, String)) {
    for (at, identifier) in words(&source.product) {
        for part in parts(identifier) {
            let found = lists::FORBIDDEN_WORDS.iter().find(|(word, _)| *word == part);
            if let Some((word, instead)) = found {
                if !lists::FOREIGN_IDENTIFIERS.contains(&identifier) {
                    let line = line_of(&source.product, at);
                    report(line, format!("`{identifier}`: not \"{word}\" here but {instead}"));
                }
            }
        }
    }
}

/// `run_next_task`, `RunNextTask` and `RUN_NEXT_TASK` alike: run, next, task.
pub(super) fn parts(identifier: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut was_lower = false;
    for char in identifier.chars() {
        if char == '_' || (char.is_uppercase() && was_lower) || parts.is_empty() {
            parts.push(String::new());
        }
        was_lower = char.is_lowercase() || char.is_numeric();
        if let Some(last) = parts.last_mut().filter(|_| char != '_') {
            last.extend(char.to_lowercase());
        }
    }
    parts
}

fn uses_unsafe(source: &Source) -> Option<usize> {
    words(&source.code).find(|(_, word)| *word == "unsafe").map(|(at, _)| line_of(&source.code, at))
}

fn keeps_unsafe_where_it_is_listed(source: &Source, report: &mut impl FnMut(usize, String)) {
    if let Some(line) = uses_unsafe(source) {
        if !has(ALLOWED_UNSAFE, &source.path) {
            report(line, "unsafe outside the files listed for it (xtask/src/tidy/lists.rs)".to_owned());
        }
    }
}

/// What has a name of its own in `primitive`, so that loom can stand in for it.
const BEHIND_THE_SHIM: &[&str] = &[
    "std::sync::atomic",
    "std::sync::Mutex",
    "std::sync::Condvar",
    "std::sync::RwLock",
    "std::cell::UnsafeCell",
    "std::thread",
    "crossbeam_queue",
    "thread_local!",
];

fn goes_through_the_shim(source: &Source, report: &mut impl FnMut(usize, String)) {
    let is_ours =
        source.path.starts_with("runtime/src/") && !source.path.starts_with("runtime/src/primitive/");
    if !is_ours || has(PAST_THE_SHIM, &source.path) {
        return;
    }
    for name in BEHIND_THE_SHIM {
        for (at, _) in source.product.match_indices(name) {
            report(line_of(&source.product, at), format!("`{name}` past `crate::primitive`"));
        }
    }
}

/// An exception for a file that is gone, or that no longer needs it, is reported.
pub(super) fn check_exceptions(sources: &[Source], violations: &mut Vec<Violation>) {
    let mut check_list = |name: &str, list: &[Exception], is_needed: &dyn Fn(&Source) -> bool| {
        for exception in list {
            let source = sources.iter().find(|source| source.path == exception.path);
            if !source.is_some_and(is_needed) {
                let text = format!("listed in {name} without need ({})", exception.reason);
                violations.push(Violation { path: exception.path.to_owned(), line: 0, text });
            }
        }
    };
    check_list("ALLOWED_UNSAFE", ALLOWED_UNSAFE, &|source| uses_unsafe(source).is_some());
    check_list("LONG_FILES", LONG_FILES, &|source| source.text.lines().count() > MOST_LINES);
    check_list("PAST_THE_SHIM", PAST_THE_SHIM, &|source| {
        BEHIND_THE_SHIM.iter().any(|name| source.product.contains(name))
    });
}
