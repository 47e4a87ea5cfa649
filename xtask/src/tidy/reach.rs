//! [`Reach`]: which public items a user can get at, as far as module declarations and `pub use` tell.
//!
//! Not name resolution: an item in a private module is reached if some `pub use` has a word of its name. What that takes
//! in by mistake has to have an example too, which harms nobody; nothing is left out by mistake. Invariant: what is in a
//! module that is `#[doc(hidden)]` is not reached through it.

use std::collections::HashSet;

use super::examples::Docs;
use super::source::{Source, words};

/// What the user sees: the crates that he depends on.
const PUBLIC: &[&str] = &["src/", "macros/src/", "net/src/", "runtime/src/", "compat/tokio/src/"];

/// See the head of this file.
#[derive(Default)]
pub(super) struct Reach {
    /// Paths without `.rs` of the modules that are declared private.
    private: HashSet<String>,
    /// Of those that are hidden.
    hidden: HashSet<String>,
    /// What some `pub use` names, where it is not hidden.
    names: HashSet<String>,
    /// What some `pub use` names and shows an example of, hidden or not.
    shown: HashSet<String>,
}

impl Reach {
    pub(super) fn of(sources: &[Source]) -> Self {
        let mut reach = Self::default();
        let public: Vec<&Source> = sources.iter().filter(|source| is_of_public_crate(source)).collect();
        public.iter().for_each(|source| reach.declare_modules(source));
        public.iter().for_each(|source| reach.re_export(source));
        reach
    }

    /// Whether the file may have public items.
    pub(super) fn is_public(&self, source: &Source) -> bool {
        is_of_public_crate(source) && !is_within(&self.hidden, source)
    }

    /// Whether a user can name what stands by this name at the top of the file.
    pub(super) fn is_reached(&self, source: &Source, name: &str) -> bool {
        !is_within(&self.private, source) || self.names.contains(name)
    }

    /// Whether an example stands where it is re-exported.
    pub(super) fn has_example(&self, name: &str) -> bool {
        self.shown.contains(name)
    }

    fn declare_modules(&mut self, source: &Source) {
        for (docs, declaration) in declarations(source) {
            let (rest, is_private) = match declaration.strip_prefix("pub ") {
                Some(rest) => (rest, false),
                None => (declaration.strip_prefix("pub(crate) ").unwrap_or(declaration), true),
            };
            // A module in braces has no file.
            let Some(name) = rest.strip_prefix("mod ").filter(|name| !name.contains('{')) else { continue };
            let stem = format!("{}/{name}", folder(source));
            if is_private {
                self.private.insert(stem);
            } else if docs.is_hidden {
                self.hidden.insert(stem);
            }
        }
    }

    fn re_export(&mut self, source: &Source) {
        let is_hidden = is_within(&self.hidden, source);
        for (docs, declaration) in declarations(source) {
            let Some(names) = declaration.strip_prefix("pub use ") else { continue };
            let names = || words(names).map(|(_, word)| word.to_owned());
            if docs.has_example {
                self.shown.extend(names());
            }
            if !is_hidden && !docs.is_hidden {
                self.names.extend(names());
            }
        }
    }
}

/// What stands before each line of code, and the code from there to the next semicolon, or all the rest.
fn declarations(source: &Source) -> impl Iterator<Item = (Docs, &str)> {
    let mut docs = Docs::default();
    let mut at = 0;
    source.text.lines().zip(source.product.lines()).filter_map(move |(text, line)| {
        let code = &source.product[at..];
        at += line.len() + 1;
        let declaration = code.split(';').next().unwrap_or_default().trim_start();
        (!docs.take(text.trim_start())).then(|| (std::mem::take(&mut docs), declaration))
    })
}

fn is_of_public_crate(source: &Source) -> bool {
    PUBLIC.iter().any(|folder| source.path.starts_with(folder))
}

/// The folder that the file's modules are in.
fn folder(source: &Source) -> &str {
    let (folder, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
    match file {
        "mod.rs" | "lib.rs" | "main.rs" => folder,
        _ => source.path.trim_end_matches(".rs"),
    }
}

/// Whether the file is one of these modules, or inside of one.
fn is_within(modules: &HashSet<String>, source: &Source) -> bool {
    let path = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.match_indices('/').map(|(at, _)| &path[..at]).chain([path]).any(|stem| modules.contains(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_modules_are_reached_by_pub_use_and_hidden_ones_are_not() {
        let source = |path: &str, text: &str| Source::new(path.to_owned(), text.to_owned());
        let sources = [
            source(
                "net/src/lib.rs",
                "mod a;\npub mod b;\n#[doc(hidden)]\npub mod c;\npub use a::{\n    A,\n};\n",
            ),
            source("net/src/a.rs", ""),
            source("net/src/b/mod.rs", ""),
            source("net/src/c/d.rs", "/// ```\n/// ```\npub use b::B;\n"),
        ];
        let reach = Reach::of(&sources);
        let [_, a, b, d] = &sources;
        assert!(reach.is_reached(a, "A") && !reach.is_reached(a, "B"));
        assert!(reach.is_reached(b, "C") && reach.is_public(b));
        assert!(!reach.is_public(d));
        assert!(reach.has_example("B") && !reach.has_example("A"));
    }
}
