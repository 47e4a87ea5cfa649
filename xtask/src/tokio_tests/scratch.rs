//! [`Scratch`]: a package in `target` with tokio's tests in it, and the facade in tokio's place.
//!
//! Its manifest is made from what cargo says of the published package (features, what its tests need), so that
//! nothing of that is written here. Files are rewritten only if they differ: cargo then builds only what changed.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::facade;
use crate::published::{self, write};
use crate::step::{Failure, root};

/// What the tests are built with.
const FEATURES: [&str; 2] = ["full", "test-util"];

pub(super) struct Scratch {
    pub(super) folder: PathBuf,
}

impl Scratch {
    /// Fetches the published package of the facade's version and lays out its tests.
    pub(super) fn lay_out() -> Result<Self, Failure> {
        let base = root().join("target/tokio-tests");
        let package = published::fetch(&base.join("fetch"), &facade::version()?, &[])?;
        let source = Path::new(text(&package, "manifest_path")).with_file_name("tests");
        let scratch = Self { folder: base.join("scratch") };
        let lay = || -> io::Result<()> {
            write(&scratch.folder.join("src/lib.rs"), b"//! Holds tokio's tests.\n")?;
            write(&scratch.manifest(), manifest(&package).as_bytes())?;
            copy(&source, &scratch.folder.join("tests"))
        };
        lay().map_err(|error| Failure::Found(format!("cannot lay out tokio's tests: {error}")))?;
        facade::assert_alone(&scratch.manifest())?;
        Ok(scratch)
    }

    pub(super) fn manifest(&self) -> PathBuf {
        self.folder.join("Cargo.toml")
    }

    /// The test files that begin with one of the filters, sorted; without filters all.
    pub(super) fn tests(&self, filters: &[String]) -> Result<Vec<String>, Failure> {
        let folder = self.folder.join("tests");
        let entries =
            fs::read_dir(&folder).map_err(|error| Failure::Found(format!("no tests there: {error}")))?;
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
            .filter(|name| is_wanted(name, filters))
            .collect();
        names.sort();
        Ok(names)
    }
}

/// A filter that is the name of a file means that one; another, all that begin with it.
fn is_wanted(name: &str, filters: &[String]) -> bool {
    filters.is_empty()
        || filters.iter().any(|filter| match filter.strip_suffix(".rs") {
            Some(exact) => name == exact,
            None => name.starts_with(filter.as_str()),
        })
}

/// The scratch package's manifest: tokio's features by name, its tests' dependencies, the facade patched in.
fn manifest(package: &Value) -> String {
    let mut manifest = format!(
        // One of the tests reads this file, and looks for the homepage in it.
        "[package]\nname = \"tokio-tests\"\nversion = \"0.0.0\"\nedition = \"{}\"\nhomepage = \"{}\"\n\n\
         [workspace]\n\n[lints.rust]\nwarnings = \"allow\"\n\n[profile.dev]\ndebug = 0\n\n\
         [patch.crates-io]\ntokio = {{ path = {:?} }}\n\n[features]\ndefault = {FEATURES:?}\n",
        text(package, "edition"),
        text(package, "homepage"),
        facade::folder(),
    );
    for (name, parts) in features(package) {
        let _ = writeln!(manifest, "{name} = {parts:?}");
    }
    let _ = writeln!(
        manifest,
        "\n[dependencies]\ntokio = {{ version = \"={}\", features = {FEATURES:?} }}",
        text(package, "version"),
    );
    let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    // Its own dependencies too: some tests name them.
    let wanted = dependencies.iter().filter(|dependency| dependency["name"] != "tokio-macros");
    wanted.for_each(|dependency| manifest.push_str(&table(dependency)));
    manifest
}

/// tokio's features, each with those of its parts that are features too.
fn features(package: &Value) -> Vec<(&str, Vec<&str>)> {
    let Some(table) = package["features"].as_object() else { return Vec::new() };
    let names = table.iter().filter(|(name, _)| *name != "default");
    names
        .map(|(name, parts)| {
            let parts = parts.as_array().map(Vec::as_slice).unwrap_or_default();
            let parts = parts.iter().filter_map(Value::as_str).filter(|part| table.contains_key(*part));
            (name.as_str(), parts.collect())
        })
        .collect()
}

fn table(dependency: &Value) -> String {
    let kind = if dependency["kind"] == "dev" { "dev-dependencies" } else { "dependencies" };
    let table = match dependency["target"].as_str() {
        Some(target) => format!("target.'{target}'.{kind}"),
        None => kind.to_owned(),
    };
    format!(
        "\n[{table}.{}]\nversion = \"{}\"\nfeatures = {}\ndefault-features = {}\n",
        text(dependency, "name"),
        text(dependency, "req"),
        dependency["features"],
        dependency["uses_default_features"],
    )
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Copies a folder and what is in it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            write(&target, &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_filter_is_a_beginning_or_with_its_ending_a_whole_name() {
        let filters = ["sync_".to_owned(), "fs.rs".to_owned()];
        for (name, wanted) in [("sync_mpsc", true), ("fs", true), ("fs_copy", false), ("rt_basic", false)] {
            assert_eq!(is_wanted(name, &filters), wanted, "{name}");
        }
        assert!(is_wanted("anything", &[]));
    }

    #[test]
    fn the_manifest_has_the_features_and_what_the_tests_need() {
        let package = json!({
            "edition": "2021", "version": "1.2.3", "homepage": "https://example.org",
            "features": {"default": [], "net": ["mio/net", "libc"], "libc": ["dep:libc"]},
            "dependencies": [
                {"name": "mio", "kind": null, "req": "^1", "features": [], "optional": true,
                 "uses_default_features": true},
                {"name": "tokio-macros", "kind": null},
                {"name": "nix", "kind": "dev", "req": "^0.31", "features": ["fs"],
                 "uses_default_features": false, "target": "cfg(unix)"},
            ],
        });
        let manifest = manifest(&package);
        for part in [
            "\nnet = [\"libc\"]\n",
            "[dependencies.mio]\nversion = \"^1\"\nfeatures = []\ndefault-features = true\n",
            "tokio = { version = \"=1.2.3\", features = [\"full\", \"test-util\"] }",
            "[target.'cfg(unix)'.dev-dependencies.nix]\nversion = \"^0.31\"\nfeatures = [\"fs\"]\ndefault-features = false",
        ] {
            assert!(manifest.contains(part), "{part} is not in\n{manifest}");
        }
        assert!(!manifest.contains("tokio-macros"), "{manifest}");
    }
}
