//! `--costs`: what a runtime costs who builds with it: the time of a clean build, the crates in the tree, the size of
//! a small server, and how soon that server serves.
//!
//! The server is the same to the letter on mini and on tokio, but for the name, and so are the features. The builds
//! take turns; CPU time is the steady figure, as everywhere.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use mini_benches::usage::Usage;
use serde_json::{Value, json};

use crate::process;
use crate::results::Spread;

const ROUNDS: usize = 3;
/// Starts are short, and vary.
const STARTS: usize = 21;
const LIMIT: Duration = Duration::from_secs(600);

const FEATURES: &str = r#"["rt-multi-thread", "net", "time", "sync", "macros", "io-util"]"#;

/// The names under which the server uses a runtime, and where that comes from.
const RUNTIMES: &[(&str, &str)] = &[
    ("mini", concat!("package = \"mini-rt\", path = \"", env!("CARGO_MANIFEST_DIR"), "/..\"")),
    ("tokio", "version = \"=1.54.1\""),
];

const SERVER: &str = r#"
use RUNTIME::io::{AsyncReadExt, AsyncWriteExt};
use RUNTIME::net::TcpListener;

#[RUNTIME::main]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    loop {
        let (mut stream, _) = listener.accept().await?;
        RUNTIME::spawn(async move {
            let mut buffer = [0; 1024];
            while let Ok(length @ 1..) = stream.read(&mut buffer).await {
                if stream.write_all(&buffer[..length]).await.is_err() {
                    return;
                }
            }
        });
    }
}
"#;

/// What each runtime costs, in the order of their names above.
pub(crate) struct Costs(Vec<Cost>);

struct Cost {
    runtime: String,
    build_cpu_s: f64,
    build_wall_s: f64,
    crates: u64,
    stripped_kib: f64,
    first_byte_us: f64,
}

impl Costs {
    /// Builds and starts the servers in that folder.
    pub(crate) fn measure(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let packages = RUNTIMES.iter().map(|(name, source)| Package::write(folder, name, source));
        let packages = packages.collect::<Result<Vec<_>, _>>()?;
        let mut builds = vec![Vec::new(); packages.len()];
        for round in 0..ROUNDS {
            for turn in 0..packages.len() {
                let index = (round + turn) % packages.len();
                builds[index].push(packages[index].build()?);
            }
        }
        let mut starts = vec![Vec::new(); packages.len()];
        for _ in 0..STARTS {
            for (package, starts) in packages.iter().zip(&mut starts) {
                starts.push(package.first_byte()?.as_nanos() as f64 / 1e3);
            }
        }
        let median = |numbers: Vec<f64>| Spread::of(numbers).map_or(f64::NAN, |spread| spread.median);
        let costs = packages.iter().zip(builds).zip(starts).map(|((package, builds), starts)| {
            let (cpu, wall) = builds.into_iter().unzip();
            Ok(Cost {
                runtime: package.runtime.to_owned(),
                build_cpu_s: median(cpu),
                build_wall_s: median(wall),
                crates: package.crates()?,
                stripped_kib: fs::metadata(package.program())?.len() as f64 / 1024.0,
                first_byte_us: median(starts),
            })
        });
        costs.collect::<Result<_, Box<dyn Error>>>().map(Self)
    }

    /// As a table of Markdown.
    pub(crate) fn table(&self) -> String {
        let mut text = String::from(
            "| runtime | clean build, CPU s | on the wall, s | crates in the tree | stripped echo, KiB | first byte, µs |\n\
             |---|---|---|---|---|---|\n",
        );
        for cost in &self.0 {
            let Cost { runtime, build_cpu_s, build_wall_s, crates, stripped_kib, first_byte_us } = cost;
            writeln!(
                text,
                "| {runtime} | {build_cpu_s:.1} | {build_wall_s:.1} | {crates} | {stripped_kib:.0} | {first_byte_us:.0} |"
            )
            .expect("a string takes all");
        }
        text
    }

    pub(crate) fn to_json(&self) -> Value {
        let costs = self.0.iter().map(|cost| {
            json!({
                "runtime": cost.runtime,
                "build_cpu_s": cost.build_cpu_s,
                "build_wall_s": cost.build_wall_s,
                "crates": cost.crates,
                "stripped_kib": cost.stripped_kib,
                "first_byte_us": cost.first_byte_us,
            })
        });
        costs.collect::<Vec<_>>().into()
    }

    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        let cost = |value: &Value| {
            let number = |name: &str| value[name].as_f64();
            Some(Cost {
                runtime: value["runtime"].as_str()?.to_owned(),
                build_cpu_s: number("build_cpu_s")?,
                build_wall_s: number("build_wall_s")?,
                crates: value["crates"].as_u64()?,
                stripped_kib: number("stripped_kib")?,
                first_byte_us: number("first_byte_us")?,
            })
        };
        value.as_array()?.iter().map(cost).collect::<Option<_>>().map(Self)
    }
}

/// A server's package.
struct Package {
    runtime: &'static str,
    folder: PathBuf,
}

impl Package {
    fn write(folder: &Path, runtime: &'static str, source: &str) -> Result<Self, Box<dyn Error>> {
        let folder = folder.join(runtime);
        fs::create_dir_all(folder.join("src"))?;
        let manifest = format!(
            "[package]\nname = \"echo\"\nedition = \"2024\"\n\n[workspace]\n\n[profile.release]\nstrip = true\n\n\
             [dependencies]\n{runtime} = {{ {source}, default-features = false, features = {FEATURES} }}\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(folder.join("src/main.rs"), SERVER.replace("RUNTIME", runtime))?;
        // The versions that the suite itself is built with, which are there already.
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Self { runtime, folder })
    }

    fn cargo(&self, words: &str) -> Result<String, String> {
        let mut cargo = Command::new("cargo");
        cargo.args(words.split(' ')).arg("--offline").current_dir(&self.folder);
        process::run(cargo.env("CARGO_TARGET_DIR", self.folder.join("target")), LIMIT)
    }

    /// A clean build's seconds of CPU and on the wall.
    fn build(&self) -> Result<(f64, f64), Box<dyn Error>> {
        let target = self.folder.join("target");
        if target.exists() {
            fs::remove_dir_all(target)?;
        }
        let (before, start) = (Usage::of_children(), Instant::now());
        self.cargo("build --release --quiet")?;
        let cpu = Usage::of_children().cpu - before.cpu;
        Ok((cpu.as_secs_f64(), start.elapsed().as_secs_f64()))
    }

    fn program(&self) -> PathBuf {
        self.folder.join("target/release/echo")
    }

    /// Those of the runtime's project included, the server itself not.
    fn crates(&self) -> Result<u64, String> {
        let tree = self.cargo("tree --edges no-dev --prefix none --no-dedupe")?;
        let mut names: Vec<String> = tree
            .lines()
            .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
            .filter(|name| !name.is_empty() && !name.starts_with("echo "))
            .collect();
        names.sort();
        names.dedup();
        Ok(names.len() as u64)
    }

    /// From the start of the process to the first byte that it echoes.
    fn first_byte(&self) -> Result<Duration, Box<dyn Error>> {
        let start = Instant::now();
        let mut server = Command::new(self.program()).stdout(Stdio::piped()).spawn()?;
        let served = (|| {
            let mut address = String::new();
            let output = server.stdout.take().ok_or("it is piped")?;
            BufReader::new(output).read_line(&mut address)?;
            let mut stream = TcpStream::connect(address.trim())?;
            stream.write_all(b"!")?;
            stream.read_exact(&mut [0])?;
            Ok(start.elapsed())
        })();
        server.kill()?;
        server.wait()?;
        served
    }
}
