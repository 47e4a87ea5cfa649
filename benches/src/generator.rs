//! The load generator, seen from the server: its process, and the words that the two exchange.
//!
//! The generator connects and warms up, says `ready`, loads once told `go`, says what it found, and keeps its
//! connections until its input ends. So neither connecting nor closing is in a figure, unless a line is about it.

use std::io::{self, BufRead, BufReader, Lines, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::str::FromStr;
use std::time::Duration;

use crate::figure::Figure;
use crate::latency::Percentiles;
use crate::sample::{Sample, Stopwatch};

/// Connections that may wait to be accepted, on every runtime alike.
const BACKLOG: i32 = 4096;

/// A listener on a free port of this host, for a runtime to take over.
///
/// # Errors
///
/// The kernel's.
pub fn listener() -> io::Result<TcpListener> {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// A running generator. It is killed when dropped before its end.
pub struct Generator {
    process: Child,
    to: Option<ChildStdin>,
    from: Lines<BufReader<ChildStdout>>,
}

/// What a generator found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Report {
    /// Operations done, each with the right answer.
    pub done: u64,
    /// Operations it could not begin.
    pub refused: u64,
    /// From the first to the last.
    pub wall: Duration,
    /// Of the latencies, where they are the point.
    pub percentiles: Option<Percentiles>,
}

impl Report {
    /// What the server measured of itself, with what the generator saw of it.
    pub fn complete(self, sample: Sample) -> Sample {
        let mut sample = sample.with_wall(self.wall);
        if self.refused > 0 {
            let refused = self.refused as f64 * 1000.0 / (self.done + self.refused) as f64;
            sample = sample.with(Figure::Refused, refused);
        }
        match self.percentiles {
            Some(percentiles) => sample.with_percentiles(percentiles),
            None => sample,
        }
    }

    /// Its line of text.
    pub fn to_line(self) -> String {
        let line = format!("{} {} {}", self.done, self.refused, self.wall.as_nanos());
        match self.percentiles {
            Some(percentiles) => format!("{line} {percentiles}"),
            None => line,
        }
    }
}

impl FromStr for Report {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let malformed = |_| format!("the load generator said {line:?}");
        let mut words = line.split(' ');
        let mut next = || words.next().unwrap_or_default();
        let (done, refused, wall) = (next(), next(), next());
        let percentiles = words
            .map(|word| word.parse().map_err(|_| format!("the load generator said {line:?}")))
            .collect::<Result<Vec<f64>, _>>()?;
        let percentiles = match percentiles[..] {
            [p50, p99, p999] => Some(Percentiles { p50, p99, p999 }),
            _ => None,
        };
        Ok(Self {
            done: done.parse().map_err(malformed)?,
            refused: refused.parse().map_err(malformed)?,
            wall: Duration::from_nanos(wall.parse().map_err(malformed)?),
            percentiles,
        })
    }
}

impl Generator {
    /// Starts one against that server, with the mode and its numbers, and waits until it is ready.
    ///
    /// # Panics
    ///
    /// If it cannot be started or fails; the run is then void.
    pub fn start(address: SocketAddr, mode: &str, numbers: &[u64]) -> Self {
        let program = std::env::current_exe().expect("this program has a path").with_file_name("load");
        let mut process = Command::new(program)
            .args([mode, &address.to_string()])
            .args(numbers.iter().map(u64::to_string))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the load generator starts");
        let to = process.stdin.take();
        let from = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let mut generator = Self { process, to, from };
        assert_eq!(generator.line(), "ready");
        generator
    }

    fn line(&mut self) -> String {
        self.from.next().expect("the load generator did not fail").expect("it speaks text")
    }

    /// Lets it load once, from its start to its end, while this process is measured.
    ///
    /// # Panics
    ///
    /// If it fails; the run is then void.
    pub fn measure(address: SocketAddr, mode: &str, numbers: &[u64]) -> Sample {
        let mut generator = Self::start(address, mode, numbers);
        let stopwatch = Stopwatch::start();
        let report = generator.load();
        let sample = report.complete(stopwatch.stop(report.done));
        generator.end();
        sample
    }

    /// Lets it load, and waits for what it finds.
    ///
    /// # Panics
    ///
    /// If it fails; the run is then void.
    pub fn load(&mut self) -> Report {
        let to = self.to.as_mut().expect("it is open until the end");
        to.write_all(b"go\n").expect("the load generator listens");
        self.line().parse().expect("it reports")
    }

    /// Lets it close its connections and go.
    ///
    /// # Panics
    ///
    /// If it failed; the run is then void.
    pub fn end(mut self) {
        self.to = None;
        assert!(self.process.wait().expect("it is our child").success(), "the load generator failed");
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        // Both fail for one that has ended, and nothing is left to do then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_survives_its_line_of_text() {
        let report = Report { done: 3, refused: 1, wall: Duration::from_nanos(9), percentiles: None };
        assert_eq!(report.to_line().parse(), Ok(report));
        let percentiles = Some(Percentiles { p50: 1.0, p99: 2.5, p999: 3.0 });
        let report = Report { percentiles, ..report };
        assert_eq!(report.to_line().parse(), Ok(report));
        assert!("nonsense".parse::<Report>().is_err());
    }
}
