//! The facade that bears tokio's name: where it stands, and whether a build really uses it.
//!
//! Invariant: whatever of ours builds on it asks [`assert_alone`] first. When the facade lacks a feature, or its
//! version does not fit, cargo only warns and builds the real tokio; a test of that would prove nothing.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::step::{Failure, Step, root};

/// The facade's folder.
pub(crate) fn folder() -> PathBuf {
    root().join("compat/tokio")
}

/// What cargo knows of the workspace of this manifest, dependencies included.
pub(crate) fn metadata(manifest: &Path) -> Result<Value, Failure> {
    let text = Step::cargo("metadata --format-version 1 --manifest-path")
        .arg(&manifest.to_string_lossy())
        .quiet()
        .output()?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::Found(format!("cannot read cargo's metadata: {error}")))
}

/// The packages of this name in cargo's metadata.
pub(crate) fn packages<'a>(metadata: &'a Value, name: &str) -> Vec<&'a Value> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    packages.iter().filter(|package| package["name"] == name).collect()
}

/// The facade's version, which is that of the tokio it stands for.
pub(crate) fn version() -> Result<String, Failure> {
    let metadata = metadata(&folder().join("Cargo.toml"))?;
    match packages(&metadata, "tokio")[..] {
        [facade] => Ok(facade["version"].as_str().unwrap_or_default().to_owned()),
        _ => Err(Failure::Found("compat/tokio is not one package named `tokio`".to_owned())),
    }
}

/// Fails unless the graph of this manifest holds exactly one `tokio`, that is the facade, and no patch is unused.
pub(crate) fn assert_alone(manifest: &Path) -> Result<(), Failure> {
    let metadata = metadata(manifest)?;
    is_alone(&metadata, &folder().join("Cargo.toml"))?;
    let lock = Path::new(metadata["workspace_root"].as_str().unwrap_or_default()).join("Cargo.lock");
    let text = fs::read_to_string(&lock)
        .map_err(|error| Failure::Found(format!("cannot read {}: {error}", lock.display())))?;
    has_no_unused_patch(&text)
}

fn is_alone(metadata: &Value, facade: &Path) -> Result<(), Failure> {
    let manifests: Vec<&str> = packages(metadata, "tokio")
        .iter()
        .map(|package| package["manifest_path"].as_str().unwrap_or_default())
        .collect();
    match manifests[..] {
        [only] if Path::new(only) == facade => Ok(()),
        _ => Err(Failure::Found(format!(
            "the one `tokio` of this build should be {}, but there is {manifests:?}",
            facade.display()
        ))),
    }
}

/// Where cargo warns of a patch that it did not use, it also writes so in Cargo.lock.
fn has_no_unused_patch(lock: &str) -> Result<(), Failure> {
    match lock.split_once("[[patch.unused]]") {
        None => Ok(()),
        Some((_, patch)) => {
            let name = patch.trim_start().lines().next().unwrap_or_default();
            Err(Failure::Found(format!("a patch is not used: {name}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_facade_alone_will_do() {
        let facade = Path::new("/compat/tokio/Cargo.toml");
        let ours = json!({"name": "tokio", "manifest_path": "/compat/tokio/Cargo.toml"});
        let real = json!({"name": "tokio", "manifest_path": "/registry/tokio-1.0.0/Cargo.toml"});
        let other = json!({"name": "bytes", "manifest_path": "/registry/bytes/Cargo.toml"});
        let check = |packages: &[&Value]| is_alone(&json!({"packages": packages}), facade);
        assert!(check(&[&other, &ours]).is_ok());
        for wrong in [&[&real][..], &[&ours, &real], &[&other], &[]] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn an_unused_patch_is_found_and_named() {
        assert!(has_no_unused_patch("[[package]]\nname = \"tokio\"\n").is_ok());
        let lock = "[[package]]\n\n[[patch.unused]]\nname = \"tokio\"\nversion = \"1.0.0\"\n";
        let failure = has_no_unused_patch(lock).err().unwrap();
        assert_eq!(failure.to_string(), "a patch is not used: name = \"tokio\"");
    }

    #[test]
    fn the_facade_has_the_version_of_a_tokio() {
        assert!(version().unwrap().starts_with("1."));
    }
}
