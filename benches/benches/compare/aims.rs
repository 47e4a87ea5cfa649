//! Where `mini` stands against what it aims at, the furthest behind first.

use mini_benches::lines::{Against, Aim, Line};

use crate::results::{Results, Spread};
use crate::runtimes::{OURS, RAW, TOKIO};
use crate::table::short;

/// An aim and how it was met.
pub(crate) struct Standing {
    pub(crate) line: &'static Line,
    pub(crate) aim: Aim,
    /// The ratio or the figure that the aim bounds.
    pub(crate) found: Spread,
}

impl Standing {
    /// How many times the aim it is; more than 1 is a miss.
    pub(crate) fn gap(&self) -> f64 {
        self.found.median / self.aim.at_most
    }
}

/// All aims of the lines that were run, the furthest behind first.
pub(crate) fn standings(results: &Results) -> Vec<Standing> {
    let mut standings = Vec::new();
    for line in &results.lines {
        for aim in line.aims {
            let found = match aim.against {
                Against::Tokio => results.ratio(line, OURS, TOKIO, aim.figure),
                Against::Raw => results.ratio(line, OURS, RAW, aim.figure),
                Against::Bound => results.figure(line, OURS, aim.figure),
            };
            standings.extend(found.map(|found| Standing { line, aim: *aim, found }));
        }
    }
    standings.sort_by(|one, other| other.gap().total_cmp(&one.gap()));
    standings
}

pub(crate) fn print(results: &Results) {
    let standings = standings(results);
    if standings.is_empty() {
        return;
    }
    let behind = standings.iter().filter(|standing| standing.gap() > 1.0).count();
    println!(
        "\n{:26} {:>8} {:>12} {:>8} {:>8} {:>6}  (spread)",
        "aims", "figure", "against", "aim", "found", "gap"
    );
    for (index, standing) in standings.iter().enumerate() {
        if index == behind {
            println!("--- {behind} behind, {} met", standings.len() - behind);
        }
        let against = match standing.aim.against {
            Against::Tokio => TOKIO,
            Against::Raw => RAW,
            Against::Bound => "",
        };
        println!(
            "{:26} {:>8} {against:>12} {:>8} {:>8} {:>6.2}  {}..{}",
            standing.line.name,
            standing.aim.figure.name(),
            short(standing.aim.at_most),
            short(standing.found.median),
            standing.gap(),
            short(standing.found.least),
            short(standing.found.most),
        );
    }
}
