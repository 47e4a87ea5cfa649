//! The runtimes that are compared: each a binary, and the flavour in which it is run.
//!
//! `mini` is ours, `tokio` what ratios are taken to, `raw` no runtime at all.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::options::Options;
use crate::process;

/// One column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Runtime {
    pub(crate) name: &'static str,
    pub(crate) binary: &'static str,
    pub(crate) flavour: &'static str,
}

pub(crate) const OURS: &str = "mini";
pub(crate) const TOKIO: &str = "tokio";
pub(crate) const RAW: &str = "raw";

/// Every column of this build.
pub(crate) const RUNTIMES: &[Runtime] = &[
    #[cfg(feature = "mini")]
    Runtime { name: OURS, binary: env!("CARGO_BIN_EXE_on_mini"), flavour: "multi" },
    #[cfg(feature = "mini")]
    Runtime { name: "mini-ct", binary: env!("CARGO_BIN_EXE_on_mini"), flavour: "current" },
    #[cfg(feature = "tokio")]
    Runtime { name: TOKIO, binary: env!("CARGO_BIN_EXE_on_tokio"), flavour: "multi" },
    #[cfg(feature = "tokio")]
    Runtime { name: "tokio-ct", binary: env!("CARGO_BIN_EXE_on_tokio"), flavour: "current" },
    #[cfg(feature = "smol")]
    Runtime { name: "smol", binary: env!("CARGO_BIN_EXE_on_smol"), flavour: "multi" },
    #[cfg(feature = "nio")]
    Runtime { name: "nio", binary: env!("CARGO_BIN_EXE_on_nio"), flavour: "multi" },
    #[cfg(feature = "raw")]
    Runtime { name: RAW, binary: env!("CARGO_BIN_EXE_on_raw"), flavour: "multi" },
];

/// Where cargo puts what it builds of this package.
pub(crate) fn folder() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_load")).parent();
    target.expect("a program is in a folder").to_path_buf()
}

/// Those that the options ask for.
pub(crate) fn wanted(options: &Options) -> Result<Vec<Runtime>, Box<dyn Error>> {
    let all: Vec<&str> = RUNTIMES.iter().map(|runtime| runtime.name).collect();
    if let Some(unknown) = options.runtimes.iter().find(|name| !all.contains(&name.as_str())) {
        return Err(format!("no runtime {unknown} in this build; there are {}", all.join(", ")).into());
    }
    let is_wanted = |runtime: &&Runtime| {
        options.runtimes.is_empty() || options.runtimes.iter().any(|name| name == runtime.name)
    };
    Ok(RUNTIMES.iter().filter(is_wanted).copied().collect())
}

impl Runtime {
    /// The lines that its binary has work for.
    pub(crate) fn lines(&self) -> Result<Vec<String>, String> {
        let list = process::output(self.binary, &["list"], Duration::from_secs(10))?;
        Ok(list.lines().map(str::to_owned).collect())
    }
}
