//! The published tokio of the facade's version: asked of the registry at run time, so that nothing of it lies here.
//!
//! What cannot be fetched makes a gate say NOT RUN.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

use crate::facade;
use crate::step::Failure;

/// Writes a package into the folder that depends on it with these features; answers with what cargo says of it, whose
/// sources are there now.
pub(crate) fn fetch(folder: &Path, version: &str, features: &[&str]) -> Result<Value, Failure> {
    let manifest = format!(
        "[package]\nname = \"fetch\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\ntokio = {{ version = \"={version}\", features = {features:?} }}\n\n[workspace]\n"
    );
    let path = folder.join("Cargo.toml");
    let lay = || -> io::Result<()> {
        write(&folder.join("src/lib.rs"), b"")?;
        write(&path, manifest.as_bytes())
    };
    lay().map_err(|error| Failure::Found(format!("cannot write {}: {error}", path.display())))?;
    let metadata = facade::metadata(&path)
        .map_err(|failure| Failure::NotRun(format!("tokio {version} cannot be fetched: {failure}")))?;
    match facade::packages(&metadata, "tokio")[..] {
        [package] => Ok(package.clone()),
        _ => Err(Failure::Found("cargo did not fetch one `tokio`".to_owned())),
    }
}

/// Writes a file unless it already says that.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|current| current == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content)
}
