//! Every public item has a runnable example.
//!
//! An item is a `pub` function, method, struct, enum, union, trait, constant or type, a method of a `pub` trait or an
//! exported macro; what is `#[doc(hidden)]`, in a module that is, in a module named `sealed`, or that [`Reach`] finds no
//! way to is none. An example at a `pub use` is the item's too. Whether an example shows anything is for readers; that
//! it runs is for `cargo test`.

use super::Violation;
use super::reach::Reach;
use super::source::{Source, matching_brace, words};

/// What a code block may be marked with and still run, or be compiled at least.
const RUNNABLE: &[&str] = &["", "no_run", "should_panic", "compile_fail", "rust"];

/// Reports the items that have no example, and answers how many items there are.
pub(super) fn check(sources: &[Source], violations: &mut Vec<Violation>) -> usize {
    let reach = Reach::of(sources);
    let mut count = 0;
    for source in sources.iter().filter(|source| reach.is_public(source)) {
        let found = items(source);
        let types = || found.iter().filter(|item| item.is_type);
        // What belongs to types that nobody can name.
        let is_closed = types().next().is_some() && !types().any(|item| reach.is_reached(source, item.name));
        for item in &found {
            if if item.is_type || !item.is_member { !reach.is_reached(source, item.name) } else { is_closed }
            {
                continue;
            }
            count += 1;
            if !item.has_example && !reach.has_example(item.name) {
                let text = format!("`{}` has no runnable example in its documentation", item.name);
                violations.push(Violation { path: source.path.clone(), line: item.line, text });
            }
        }
    }
    count
}

/// A public item.
#[derive(Debug, PartialEq, Eq)]
struct Item<'a> {
    name: &'a str,
    /// Counted from 1.
    line: usize,
    has_example: bool,
    /// Inside of braces: a method, or what a module or a macro has there.
    is_member: bool,
    /// A type or a trait, which may have members.
    is_type: bool,
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
        if docs.is_hidden || hidden.contains(&index) {
            continue;
        }
        let Some((kind, name)) = declared(code, methods.contains(&index), docs.is_exported) else { continue };
        found.push(Item {
            name,
            line: index + 1,
            has_example: docs.has_example,
            is_member: code.starts_with(' '),
            is_type: ["struct", "enum", "union", "trait"].contains(&kind),
        });
    }
    found
}

/// What stands before an item: its documentation and attributes.
#[derive(Default)]
pub(super) struct Docs {
    pub(super) has_example: bool,
    pub(super) is_hidden: bool,
    is_exported: bool,
    is_in_block: bool,
    /// Brackets of an attribute that are still open.
    open: i32,
}

impl Docs {
    /// Whether the line belongs to what stands before an item.
    pub(super) fn take(&mut self, line: &str) -> bool {
        if let Some(mark) = line.strip_prefix("///").and_then(|text| text.trim_start().strip_prefix("```")) {
            self.has_example |= !self.is_in_block && is_runnable(mark);
            self.is_in_block = !self.is_in_block;
        }
        if line.starts_with("///") || line.starts_with("//") {
            return true;
        }
        if self.open == 0 && !line.starts_with("#[") {
            return false;
        }
        self.is_hidden |= line.contains("doc(hidden)");
        self.is_exported |= line.contains("macro_export");
        self.open += count(line, '[') - count(line, ']');
        true
    }
}

fn count(line: &str, char: char) -> i32 {
    line.matches(char).count().try_into().unwrap_or(i32::MAX)
}

/// Whether a block so marked is one that `cargo test` compiles; an expected error's number may stand behind it.
fn is_runnable(mark: &str) -> bool {
    mark.split(',').next().is_some_and(|mark| RUNNABLE.contains(&mark.trim()))
}

/// The kind and the name of what the line declares; a method of a trait and a macro need not say `pub`.
fn declared(line: &str, is_method: bool, is_exported: bool) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let rest = line.strip_prefix("pub ").or((is_method || is_exported).then_some(line))?;
    let mut words = words(rest).map(|(_, word)| word).peekable();
    while let Some(word) = words.next() {
        let next = words.peek().copied();
        return match word {
            "const" if next.is_some_and(|next| ["fn", "async", "unsafe", "extern"].contains(&next)) => {
                continue;
            }
            "async" | "unsafe" | "extern" | "default" => continue,
            "fn" | "struct" | "enum" | "union" | "trait" | "const" | "static" => {
                next.map(|name| (word, name))
            }
            // An associated type is the implementor's.
            "type" if !is_method => next.map(|name| (word, name)),
            "macro_rules" if is_exported => next.map(|name| (word, name)),
            _ => None,
        };
    }
    None
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
            ["f", "C"]
        );
        assert_eq!(missing("macro_rules! a {}\n#[macro_export]\nmacro_rules! b {}\n"), ["b"]);
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
