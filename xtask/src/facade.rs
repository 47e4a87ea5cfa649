//! The facade that bears tokio's name: where it stands, and whether a build really uses it.
//!
//! Invariant: whatever of ours builds on it asks [`assert_alone`] first. When the facade lacks a feature, or its
//! version does not fit, cargo only warns and builds the real tokio; a test of that would prove nothing.

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

/// Fails unless the graph of this manifest holds exactly one `tokio`, and that is the facade.
pub(crate) fn assert_alone(manifest: &Path) -> Result<(), Failure> {
    is_alone(&metadata(manifest)?, &folder().join("Cargo.toml"))
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
    fn the_facade_has_the_version_of_a_tokio() {
        assert!(version().unwrap().starts_with("1."));
    }
}
