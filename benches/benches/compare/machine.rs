//! What the figures were taken on: they mean nothing without it.

use std::fs;
use std::thread;

use serde_json::{Value, json};

/// A machine, as far as a figure depends on it.
pub(crate) struct Machine {
    pub(crate) cores: u64,
    pub(crate) processor: String,
    pub(crate) kernel: String,
}

impl Machine {
    /// This one.
    pub(crate) fn this() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let processor = read("/proc/cpuinfo")
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
            .map_or("unknown processor".to_owned(), |(_, name)| name.trim().to_owned());
        Self {
            cores: thread::available_parallelism().map_or(0, |cores| cores.get() as u64),
            processor,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({ "cores": self.cores, "processor": self.processor, "kernel": self.kernel })
    }

    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            cores: value["cores"].as_u64()?,
            processor: value["processor"].as_str()?.to_owned(),
            kernel: value["kernel"].as_str()?.to_owned(),
        })
    }

    /// In a phrase.
    pub(crate) fn phrase(&self) -> String {
        format!("{} cores of {}, Linux {}", self.cores, self.processor, self.kernel)
    }
}
