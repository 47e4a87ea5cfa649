//! [`Docs`]: what rustdoc knows of a set of crates, and an item of it found from any of them.
//!
//! A crate's own file says little of what it re-exports from another: where that is documented too, the item is looked
//! up there by its path. The invariant: an [`Item`] lies in the crate that defines it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::published;
use crate::step::{Failure, Step, root};

/// The facade and what it re-exports.
const OURS: &str = "-p tokio -p mini-rt -p mini-runtime -p mini-net -p mini-macros";

/// Crates by their names.
pub(super) struct Docs {
    crates: HashMap<String, Crate>,
}

struct Crate {
    json: Value,
    /// Its own items: path and kind, to id.
    ids: HashMap<(String, String), String>,
}

/// An item, and the crate whose numbers the ids in it are.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) json: &'a Value,
    pub(super) krate: &'a str,
}

/// The published package's.
pub(super) fn of_tokio(version: &str) -> Result<Docs, Failure> {
    published::fetch(&root().join("target/api/fetch"), version, &["full", "test-util"])?;
    document("target/api/fetch/Cargo.toml", "-p tokio", "target/api/tokio")
}

/// The facade's.
pub(super) fn of_facade() -> Result<Docs, Failure> {
    let packages = format!("{OURS} --features full,test-util");
    document("compat/tokio/Cargo.toml", &packages, "target/api/mini")
}

fn document(manifest: &str, packages: &str, target: &str) -> Result<Docs, Failure> {
    let folder = root().join(target).join("doc");
    // What an earlier run left there may be of a crate that is no more.
    let _ = fs::remove_dir_all(&folder);
    Step::cargo(&format!("+nightly doc --no-deps --lib --quiet --manifest-path {manifest} {packages}"))
        .env("RUSTDOCFLAGS", "-Z unstable-options --output-format json --cap-lints allow")
        .env("CARGO_TARGET_DIR", target)
        .run()?;
    Docs::read(&folder)
}

impl Docs {
    fn read(folder: &Path) -> Result<Self, Failure> {
        let unreadable =
            |error: &dyn std::fmt::Display| Failure::Found(format!("cannot read rustdoc's JSON: {error}"));
        let mut crates = HashMap::new();
        for entry in fs::read_dir(folder).map_err(|error| unreadable(&error))? {
            let path = entry.map_err(|error| unreadable(&error))?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let text = fs::read_to_string(&path).map_err(|error| unreadable(&error))?;
                let json: Value = serde_json::from_str(&text).map_err(|error| unreadable(&error))?;
                let (name, krate) = Crate::new(json);
                crates.insert(name, krate);
            }
        }
        Ok(Self { crates })
    }

    #[cfg(test)]
    pub(super) fn of(crates: Vec<Value>) -> Self {
        Self { crates: crates.into_iter().map(Crate::new).collect() }
    }

    /// The outermost module of a crate.
    pub(super) fn root(&self, krate: &str) -> Option<Item<'_>> {
        let (name, krate) = self.crates.get_key_value(krate)?;
        Some(Item { json: krate.json["index"].get(krate.json["root"].to_string())?, krate: name })
    }

    /// The item that `id` means in the crate of `from`, wherever it is defined.
    pub(super) fn item(&self, from: &str, id: &Value) -> Option<Item<'_>> {
        let (name, krate) = self.crates.get_key_value(from)?;
        let id = id.to_string();
        if let Some(json) = krate.json["index"].get(&id) {
            return Some(Item { json, krate: name });
        }
        let summary = krate.json["paths"].get(&id)?;
        let home = krate.json["external_crates"][summary["crate_id"].to_string()]["name"].as_str()?;
        let (name, krate) = self.crates.get_key_value(home)?;
        let id = krate.ids.get(&key(summary))?;
        Some(Item { json: krate.json["index"].get(id)?, krate: name })
    }
}

impl Crate {
    fn new(json: Value) -> (String, Self) {
        let paths = json["paths"].as_object();
        let own = paths.into_iter().flatten().filter(|(_, summary)| summary["crate_id"] == 0);
        let ids = own.map(|(id, summary)| (key(summary), id.clone())).collect();
        let name = json["index"][json["root"].to_string()]["name"].as_str().unwrap_or_default().to_owned();
        (name, Self { json, ids })
    }
}

/// What an item goes by in every crate: its path and its kind, for a module may have a function's name.
fn key(summary: &Value) -> (String, String) {
    (summary["path"].to_string(), summary["kind"].to_string())
}
