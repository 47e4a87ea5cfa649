//! `size`: code lines per crate, beside tokio's, and the models per primitive.
//!
//! Not a gate: nothing is right or wrong about a number. A code line has something other than a comment in it; lines that
//! only tests compile are counted apart, by the same rule for tokio, so that only the ratio rests on it. Invariant: what
//! counts as a model is what `cargo xtask loom` runs, a test in a module named `model`.

use std::collections::BTreeMap;
use std::path::Path;

use super::source::{self, Source, matching_brace};
use super::{collect, sources};
use crate::facade;
use crate::published;
use crate::step::{Failure, root};

/// What a user of the runtime builds, by crate: the facade, what it stands on, and the package under tokio's name.
const CRATES: &[(&str, &str)] = &[
    ("mini-runtime", "runtime/"),
    ("mini-net", "net/"),
    ("mini-macros", "macros/"),
    ("mini-rt", "src/"),
    ("tokio (facade)", "compat/tokio/"),
];

/// What is not built by a user.
const OTHERS: &[(&str, &str)] = &[
    ("tests", "tests/"),
    ("examples", "examples/"),
    ("benches", "benches/"),
    ("compat/apps", "compat/apps/"),
    ("xtask", "xtask/"),
];

/// Code lines.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Size {
    files: usize,
    product: usize,
    tests: usize,
}

/// Prints both tables.
pub(crate) fn show() -> Result<(), Failure> {
    let sources = sources(&root()).map_err(|error| unreadable(&error))?;
    println!("{:<16} {:>5} {:>8} {:>8}", "crate", "files", "product", "tests");
    let mut all = Size::default();
    for (name, folder) in CRATES {
        let size = Size::of(&sources, folder);
        all = all + size;
        size.print(name);
    }
    all.print("all");
    println!();
    for (name, folder) in OTHERS {
        Size::of(&sources, folder).print(name);
    }
    println!();
    Size::of(&of_tokio()?, "src/").print("tokio itself");

    println!("\nmodels  primitive");
    let models = models(&sources);
    for (primitive, count) in &models {
        println!("{count:>6}  {primitive}");
    }
    println!("{:>6}  all", models.values().sum::<usize>());
    Ok(())
}

/// The published package's sources.
fn of_tokio() -> Result<Vec<Source>, Failure> {
    let package = published::fetch(&root().join("target/size/fetch"), &facade::version()?, &["full"])?;
    let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
    let folder = manifest.parent().unwrap_or(manifest);
    let mut sources = Vec::new();
    collect(folder, &folder.join("src"), &mut sources).map_err(|error| unreadable(&error))?;
    source::mark_test_files(&mut sources);
    Ok(sources)
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::Found(format!("cannot read the sources: {error}"))
}

impl Size {
    fn of(sources: &[Source], folder: &str) -> Self {
        let counted = sources.iter().filter(|source| source.path.starts_with(folder));
        counted.fold(Self::default(), |sum, source| {
            let product = lines(&source.product);
            sum + Self { files: 1, product, tests: lines(&source.code) - product }
        })
    }

    fn print(self, name: &str) {
        println!("{name:<16} {:>5} {:>8} {:>8}", self.files, self.product, self.tests);
    }
}

impl std::ops::Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            files: self.files + other.files,
            product: self.product + other.product,
            tests: self.tests + other.tests,
        }
    }
}

/// Lines with something on them, comments being blank.
fn lines(code: &str) -> usize {
    code.lines().filter(|line| !line.trim().is_empty()).count()
}

/// How many models each module has that has any.
fn models(sources: &[Source]) -> BTreeMap<String, usize> {
    let mut models = BTreeMap::new();
    for source in sources
        .iter()
        .filter(|source| ["runtime/src/", "net/src/"].iter().any(|at| source.path.starts_with(at)))
    {
        let (module, code) = match source.path.split_once("/model") {
            Some((module, _)) => (module, &*source.code),
            None => {
                (source.path.trim_end_matches(".rs").trim_end_matches("/mod"), inline_model(&source.code))
            }
        };
        let count = code.matches("#[test]").count();
        if count > 0 {
            let name = module.replacen("/src/", "::", 1).replace('/', "::");
            *models.entry(name).or_insert(0) += count;
        }
    }
    models
}

/// The body of a module `model` in braces, or nothing.
fn inline_model(code: &str) -> &str {
    let mark = "\nmod model {";
    code.find(mark).map_or("", |at| &code[at..matching_brace(code, at + mark.len() - 1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source::new(path.to_owned(), text.to_owned())
    }

    #[test]
    fn comments_are_no_code_and_tests_are_counted_apart() {
        let text = "//! A.\n\nfn f() {} // b\n\n#[cfg(test)]\nmod tests {\n    fn g() {}\n}\n";
        let size = Size::of(&[source("net/src/a.rs", text)], "net/");
        assert_eq!(size, Size { files: 1, product: 1, tests: 4 });
    }

    #[test]
    fn models_are_the_tests_in_modules_of_that_name() {
        let inline = "fn f() {}\n#[cfg(all(test, loom))]\nmod model {\n    #[test]\n    fn a() {}\n}\n#[test]\nfn b() {}\n";
        let found = models(&[
            source("runtime/src/sync/mutex/mod.rs", inline),
            source("runtime/src/park/model.rs", "#[test]\nfn a() {}\n#[test]\nfn b() {}\n"),
            source("net/src/tests.rs", "#[test]\nfn a() {}\n"),
        ]);
        let expected = [("runtime::park".to_owned(), 2), ("runtime::sync::mutex".to_owned(), 1)];
        assert_eq!(Vec::from_iter(found), expected);
    }
}
