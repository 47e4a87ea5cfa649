//! The gates that are cargo commands.
//!
//! Those that read sources themselves are `tidy` and `crates`. Each here is one command, or the same command
//! over a list; flags that change the whole build get a target directory of their own, so that gates do not
//! rebuild each other's work.

use std::fs;

use crate::apps;
use crate::step::{Failure, Step, Tests, root};

/// The crates whose code is model-checked and sanitised.
const CORE: &str = "-p mini-runtime -p mini-net";

/// The facade under tokio's name: a workspace of its own, built beside the rest.
const COMPAT: &str = "--manifest-path compat/tokio/Cargo.toml --target-dir target/compat";

pub(crate) fn fmt() -> Result<(), Failure> {
    Step::cargo("fmt --all --check").run()?;
    Step::cargo("fmt --check --manifest-path compat/tokio/Cargo.toml").run()?;
    Step::cargo("fmt --all --check --manifest-path compat/apps/Cargo.toml").run()
}

pub(crate) fn clippy() -> Result<(), Failure> {
    Step::cargo("clippy --workspace --all-targets -- -D warnings").run()?;
    Step::cargo(&format!("clippy {COMPAT} --all-targets --all-features -- -D warnings")).run()?;
    apps::clippy()
}

/// The toolchain itself where it is installed, clippy's lint (which knows when each std item became stable)
/// elsewhere.
pub(crate) fn msrv() -> Result<(), Failure> {
    let version = rust_version()?;
    if Step::new("rustup", &format!("run {version} cargo --version")).succeeds() {
        return Step::cargo(&format!("+{version} check --workspace"))
            .env("CARGO_TARGET_DIR", "target/msrv")
            .run();
    }
    println!("  no toolchain {version} here: clippy's incompatible_msrv stands in");
    Step::cargo("clippy --workspace --all-targets -- -D clippy::incompatible_msrv").run()
}

fn rust_version() -> Result<String, Failure> {
    let manifest = read("Cargo.toml")?;
    manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version"))
        .and_then(|rest| rest.split('"').nth(1))
        .map(str::to_owned)
        .ok_or_else(|| Failure::Found("Cargo.toml names no rust-version".to_owned()))
}

pub(crate) fn build() -> Result<(), Failure> {
    Step::cargo("build --lib --bins --examples").run()
}

pub(crate) fn test() -> Result<(), Failure> {
    Step::cargo("test").last().run()
}

pub(crate) fn doc() -> Result<(), Failure> {
    Step::cargo("doc --no-deps --all-features -p mini-rt -p mini-runtime -p mini-net -p mini-macros")
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()
}

/// `[--deep] [FILTER]`. A model is a test whose path has the module `model` in it.
pub(crate) fn loom(arguments: &[String]) -> Result<(), Failure> {
    let is_deep = arguments.iter().any(|argument| argument == "--deep");
    let filter = arguments.iter().find(|argument| !argument.starts_with("--"));
    let filter = filter.map_or("model", String::as_str);
    Step::cargo(&format!("test --release --lib {CORE}"))
        .arg(filter)
        // An overflow that only some schedule brings about is to be seen.
        .rustflags("--cfg loom -C debug-assertions=on")
        .env("LOOM_MAX_PREEMPTIONS", if is_deep { "3" } else { "2" })
        .env("CARGO_TARGET_DIR", "target/loom")
        .run()
}

/// A part of the tests for Miri.
struct MiriPart {
    target: &'static str,
    /// The tests that belong to it; all, if this is empty.
    filter: &'static str,
    /// Those that do not.
    skipped: &'static str,
    flags: &'static str,
}

/// The timers' thread and the reactor's serve a whole process and never end, which Miri takes for a leak.
const ENDLESS_THREADS: &str = "-Zmiri-ignore-leaks";

/// The sockets' own tests run there too: Miri knows epoll and TCP.
const MIRI: &[MiriPart] = &[
    MiriPart { target: "--lib -p mini-runtime", filter: "", skipped: "time::thread_tests", flags: "" },
    MiriPart {
        target: "--lib -p mini-runtime",
        filter: "time::thread_tests",
        skipped: "none",
        flags: ENDLESS_THREADS,
    },
    MiriPart { target: "--lib -p mini-net", filter: "", skipped: "none", flags: "" },
    MiriPart { target: "--test it -p mini-net", filter: "", skipped: "none", flags: ENDLESS_THREADS },
];

/// `[FILTER]`
pub(crate) fn miri(arguments: &[String]) -> Result<(), Failure> {
    if !Step::cargo("+nightly miri --version").succeeds() {
        return Err(Failure::NotRun(
            "no Miri here; try `rustup component add miri rust-src --toolchain nightly`".to_owned(),
        ));
    }
    let asked = arguments.join(" ");
    let mut tests = Tests::default();
    for MiriPart { target, filter, skipped, flags } in MIRI {
        if !asked.is_empty() && !asked.contains(filter) {
            continue;
        }
        let filter = if asked.is_empty() { filter } else { &*asked };
        tests += Step::cargo(&format!("+nightly miri test {target} {filter} -- --skip {skipped}"))
            .env("MIRIFLAGS", &format!("-Zmiri-disable-isolation -Zmiri-strict-provenance {flags}"))
            .env("CARGO_TARGET_DIR", "target/miri")
            // 256 cases of a property would take hours.
            .env("PROPTEST_CASES", "8")
            // A panic that a test expects would take a minute to write its backtrace.
            .env("RUST_BACKTRACE", "0")
            .run_tests()?;
    }
    println!("  in all: {tests}");
    if tests.passed == 0 {
        return Err(Failure::Found("no test ran".to_owned()));
    }
    Ok(())
}

/// Without `-Zbuild-std` a sanitizer does not see std's own locks, and reports what is no race.
pub(crate) fn sanitizer(kind: &str) -> Result<(), Failure> {
    let target = "x86_64-unknown-linux-gnu";
    let sources = Step::new("rustup", "+nightly component list --installed").output();
    if !sources.is_ok_and(|installed| installed.lines().any(|line| line.starts_with("rust-src"))) {
        return Err(Failure::NotRun(
            "no nightly std sources here; try `rustup component add rust-src --toolchain nightly`".to_owned(),
        ));
    }
    let tests = format!("--lib {CORE} --package mini-rt --test it --test faults");
    Step::cargo(&format!("+nightly test -Zbuild-std --target {target} {tests}"))
        .rustflags(&format!("-Zsanitizer={kind}"))
        .env("CARGO_TARGET_DIR", &format!("target/{kind}-sanitizer"))
        .run()
}

/// None at all, then each alone: a feature that only builds in company is a mistake of ours.
pub(crate) fn features() -> Result<(), Failure> {
    let of_root = |package: &str| format!("-p {package}");
    for (package, manifest) in [
        (of_root("mini-runtime"), "runtime/Cargo.toml"),
        (of_root("mini-net"), "net/Cargo.toml"),
        (of_root("mini-rt"), "Cargo.toml"),
        (COMPAT.to_owned(), "compat/tokio/Cargo.toml"),
    ] {
        let check = format!("check {package} --lib --no-default-features");
        Step::cargo(&check).run()?;
        for feature in feature_names(&read(manifest)?) {
            Step::cargo(&format!("{check} --features {feature}")).run()?;
        }
    }
    Ok(())
}

/// The names in the `[features]` table.
fn feature_names(manifest: &str) -> Vec<String> {
    let table = manifest.lines().skip_while(|line| line.trim() != "[features]").skip(1);
    table
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().to_owned())
        .collect()
}

fn read(path: &str) -> Result<String, Failure> {
    fs::read_to_string(root().join(path))
        .map_err(|error| Failure::Found(format!("cannot read {path}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feature_names_are_those_of_the_one_table() {
        let manifest =
            "[package]\nname = \"x\"\n\n[features]\ndefault = [\"a\"]\na = []\n\n[dependencies]\nb = \"1\"\n";
        assert_eq!(feature_names(manifest), ["default", "a"]);
    }

    #[test]
    fn the_stated_rust_version_is_found() {
        assert!(rust_version().unwrap().starts_with("1."));
    }
}
