//! Every public item of the areas in [`COMPLETE`] has a runnable example; elsewhere those without are counted.
//!
//! An item is a `pub` function, method, struct, enum, union or trait, or a method of a `pub` trait, whoever may reach it;
//! what is `#[doc(hidden)]` or in a module named `sealed` is none. Whether an example shows anything is for readers;
//! that it runs is for `cargo test`. The invariant: an area that is complete stays so.

use super::Violation;
use super::source::{Source, matching_brace, words};

/// Folders and files in which no example is missing. One that has become so is to be added.
const COMPLETE: &[&str] = &["net/src/", "runtime/src/sync/", "runtime/src/stdio/"];

/// What the user sees: the crates that he depends on.
const PUBLIC: &[&str] = &["src/", "macros/src/", "net/src/", "runtime/src/"];

/// What a code block may be marked with and still run, or be compiled at least.
const RUNNABLE: &[&str] = &["", "no_run", "should_panic", "compile_fail", "rust"];

/// How many items there are, and how many of them have no example.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) items: usize,
    pub(super) missing: usize,
}

pub(super) fn check(source: &Source, count: &mut Count, violations: &mut Vec<Violation>) {
    if !PUBLIC.iter().any(|folder| source.path.starts_with(folder)) {
        return;
    }
    let is_complete = COMPLETE.iter().any(|area| source.path.starts_with(area));
    for item in items(source) {
        count.items += 1;
        if item.has_example {
            continue;
        }
        count.missing += 1;
        if is_complete {
            let text = format!("`{}` has no runnable example in its documentation", item.name);
            violations.push(Violation { path: source.path.clone(), line: item.line, text });
        }
    }
}

/// A public item.
#[derive(Debug, PartialEq, Eq)]
struct Item<'a> {
    name: &'a str,
    /// Counted from 1.
    line: usize,
    has_example: bool,
}

fn items(source: &Source) -> Vec<Item<'_>> {
    let hidden = hidden_lines(&source.product);
    let methods = trait_method_lines(&source.product);
    let mut found = Vec::new();
    let mut docs = Docs::default();
    for (index, (text, code)) in source.text.lines().zip(source.product.lines()).enumerate() {
        if docs.take(text.trim_start()) {
            continue;
        }
        let docs = std::mem::take(&mut docs);
        let is_item = !docs.is_hidden && !hidden.contains(&index);
        let is_method = methods.contains(&index);
        if let Some(name) = declared(code, is_method).filter(|_| is_item) {
            found.push(Item { name, line: index + 1, has_example: docs.has_example });
        }
    }
    found
}

/// What stands before an item: its documentation and attributes.
#[derive(Default)]
struct Docs {
    has_example: bool,
    is_hidden: bool,
    is_in_block: bool,
    /// Brackets of an attribute that are still open.
    open: i32,
}

impl Docs {
    /// Whether the line belongs to what stands before an item.
    fn take(&mut self, line: &str) -> bool {
        if let Some(mark) = line.strip_prefix("///").and_then(|text| text.trim_start().strip_prefix("```")) {
            self.has_example |= !self.is_in_block && RUNNABLE.contains(&mark.trim());
            self.is_in_block = !self.is_in_block;
        }
        if line.starts_with("///") || line.starts_with("//") {
            return true;
        }
        if self.open == 0 && !line.starts_with("#[") {
            return false;
        }
        self.is_hidden |= line.contains("doc(hidden)");
        self.open += count(line, '[') - count(line, ']');
        true
    }
}

fn count(line: &str, char: char) -> i32 {
    line.matches(char).count().try_into().unwrap_or(i32::MAX)
}

/// The name of the item that the line declares; with `is_method` it need not say `pub`.
fn declared(line: &str, is_method: bool) -> Option<&str> {
    let line = line.trim_start();
    let rest = line.strip_prefix("pub ").or(is_method.then_some(line))?;
    let mut words = words(rest).map(|(_, word)| word);
    let kind = words.find(|word| !["const", "async", "unsafe", "extern", "default"].contains(word))?;
    let is_item = ["fn", "struct", "enum", "union", "trait"].contains(&kind);
    words.next().filter(|_| is_item)
}

/// The lines inside of modules named `sealed`.
fn hidden_lines(code: &str) -> Vec<usize> {
    inside(code, "mod sealed").into_iter().flatten().collect()
}

/// The lines directly inside of public traits, as far as indentation tells.
fn trait_method_lines(code: &str) -> Vec<usize> {
    let lines: Vec<&str> = code.lines().collect();
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let is_direct = |first: usize, line: &usize| indentation(lines[*line]) == indentation(lines[first]) + 4;
    let bodies = inside(code, "pub trait ").into_iter().chain(inside(code, "pub unsafe trait "));
    bodies.flat_map(|body| body.clone().filter(move |line| is_direct(body.start, line))).collect()
}

/// The lines of each body whose head has `mark` in it, from the head's to that of the closing brace.
fn inside(code: &str, mark: &str) -> Vec<std::ops::Range<usize>> {
    let line_at = |at: usize| code[..at].matches('\n').count();
    let heads = code.match_indices(mark).map(|(at, _)| at);
    heads
        .filter_map(|at| {
            let open = code[at..].find(['{', ';']).map(|offset| at + offset)?;
            code[open..].starts_with('{').then(|| line_at(at)..line_at(matching_brace(code, open)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(text: &str) -> Vec<String> {
        let source = Source::new("net/src/x.rs".to_owned(), text.to_owned());
        let lacks = items(&source).into_iter().filter(|item| !item.has_example);
        lacks.map(|item| item.name.to_owned()).collect()
    }

    #[test]
    fn an_item_without_a_block_that_runs_is_missing_one() {
        let example = "/// ```\n/// f();\n/// ```\n";
        assert_eq!(missing("/// Says.\npub fn f() {}\npub(crate) fn g() {}\nfn h() {}\n"), ["f"]);
        assert_eq!(missing(&format!("{example}pub async fn f() {{}}\n")), [""; 0]);
        assert_eq!(missing(&format!("{example}#[must_use =\n    \"[x\"]\npub struct F;\n")), [""; 0]);
        assert_eq!(missing(&format!("{example}\npub struct F;\n")), ["F"]);
        assert_eq!(
            missing("/// ```text\n/// f\n/// ```\npub const fn f() {}\npub const C: u8 = 0;\n"),
            ["f"]
        );
        assert_eq!(missing("/// ```no_run\n/// f\n/// ```\npub unsafe fn f() {}\n"), [""; 0]);
    }

    #[test]
    fn methods_of_public_traits_are_items_and_what_is_hidden_is_not() {
        let text = "pub trait T: S {\n    fn f(&self);\n    fn g(&self) {\n        fn h() {}\n    }\n}\n";
        assert_eq!(missing(text), ["T", "f", "g"]);
        assert_eq!(missing("mod sealed {\n    pub trait T {\n        fn f();\n    }\n}\n"), [""; 0]);
        assert_eq!(missing("#[doc(hidden)]\npub struct F;\ntrait U {\n    fn f();\n}\n"), [""; 0]);
    }
}
