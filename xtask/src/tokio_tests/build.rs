//! Compiles the test files, each as a binary of its own, and says which did not compile and why.
//!
//! One call of cargo for all of them, which goes on past errors. The invariant: an error outside the test files
//! fails the gate; none of them is blamed for it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::scratch::Scratch;
use crate::step::Failure;

/// A test file, and its binary or its first error.
pub(super) struct TestFile {
    pub(super) name: String,
    pub(super) built: Result<PathBuf, String>,
}

/// Builds the files of these names, in the same order.
pub(super) fn build(scratch: &Scratch, names: &[String]) -> Result<Vec<TestFile>, Failure> {
    println!("building {} files of tokio's tests", names.len());
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--keep-going", "--quiet", "--message-format=json", "--manifest-path"])
        .arg(scratch.manifest())
        // The caller's flags and profile are for our code, and would build all of this again.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_TARGET_DIR")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .stderr(Stdio::null());
    for name in names {
        cargo.args(["--test", name]);
    }
    let output =
        cargo.output().map_err(|error| Failure::NotRun(format!("cannot start `cargo build`: {error}")))?;
    let messages = Messages::read(&String::from_utf8_lossy(&output.stdout))?;
    if messages.is_empty() {
        return Err(Failure::Found("cargo built nothing; try it in target/tokio-tests/scratch".to_owned()));
    }
    Ok(names.iter().map(|name| messages.file(name)).collect())
}

/// What cargo said, by test file.
#[derive(Default)]
struct Messages {
    binaries: HashMap<String, PathBuf>,
    errors: HashMap<String, String>,
}

impl Messages {
    fn read(output: &str) -> Result<Self, Failure> {
        let mut messages = Self::default();
        for line in output.lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
            let target = &message["target"];
            let name = target["name"].as_str().unwrap_or_default().to_owned();
            let is_test = target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|k| k == "test"));
            match message["reason"].as_str() {
                Some("compiler-artifact") if is_test => {
                    if let Some(path) = message["executable"].as_str() {
                        messages.binaries.insert(name, PathBuf::from(path));
                    }
                }
                Some("compiler-message") if message["message"]["level"] == "error" => {
                    let rendered = message["message"]["rendered"].as_str().unwrap_or_default();
                    if !is_test {
                        return Err(Failure::Found(format!("`{name}` does not compile:\n{rendered}")));
                    }
                    messages.errors.entry(name).or_insert_with(|| first_lines(rendered));
                }
                _ => {}
            }
        }
        Ok(messages)
    }

    fn is_empty(&self) -> bool {
        self.binaries.is_empty() && self.errors.is_empty()
    }

    fn file(&self, name: &str) -> TestFile {
        let built = match (self.binaries.get(name), self.errors.get(name)) {
            (Some(binary), None) => Ok(binary.clone()),
            (_, Some(error)) => Err(error.clone()),
            (None, None) => Err("cargo says nothing of it".to_owned()),
        };
        TestFile { name: name.to_owned(), built }
    }
}

/// The error and where it is: enough to act on.
fn first_lines(rendered: &str) -> String {
    rendered.lines().take(6).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT: &str =
        r#"{"reason":"compiler-artifact","target":{"name":"fs","kind":["test"]},"executable":"/fs-1"}"#;

    fn error(name: &str, kind: &str) -> String {
        format!(
            r#"{{"reason":"compiler-message","target":{{"name":"{name}","kind":["{kind}"]}},"message":{{"level":"error","rendered":"error: {name}"}}}}"#
        )
    }

    #[test]
    fn a_file_is_a_binary_or_its_first_error() {
        let messages = Messages::read(&[BUILT, &error("net", "test")].join("\n")).unwrap();
        assert_eq!(messages.file("fs").built, Ok(PathBuf::from("/fs-1")));
        assert_eq!(messages.file("net").built, Err("error: net".to_owned()));
        assert!(messages.file("sync").built.is_err());
    }

    #[test]
    fn an_error_of_the_facade_is_nobodys() {
        let failure = Messages::read(&[BUILT, &error("tokio", "lib")].join("\n")).err().unwrap();
        assert!(failure.to_string().contains("`tokio` does not compile"));
    }
}
