//! Latency and lateness where they are the point: for each line and runtime a range from p50 to p99.

use mini_benches::figure::Figure;
use mini_benches::lines::Line;

use super::svg::{Anchor, LogAxis, Svg, Theme};
use crate::runtimes::{RUNTIMES, Runtime};
use crate::saved::Saved;
use crate::table::lines_with;

const WIDTH: f64 = 860.0;
const LEFT: f64 = 200.0;
const RIGHT: f64 = 690.0;
const TOP: f64 = 74.0;
const ROW: f64 = 16.0;
const GAP: f64 = 26.0;
/// In nanoseconds.
const TICKS: &[(f64, &str)] =
    &[(1e4, "10 µs"), (1e5, "100 µs"), (1e6, "1 ms"), (1e7, "10 ms"), (1e8, "100 ms"), (1e9, "1 s")];
/// The lines that are about latency; in the others it is how long a queue of the load generator's is.
const LINES: &[&str] =
    &["echo_lone", "fair_busy", "fair_blocked", "overload", "sleeps_100k", "sleeps_million", "interval"];

pub(super) fn draw(saved: &Saved, theme: &'static Theme) -> Option<Svg> {
    let results = &saved.results;
    let lines: Vec<&Line> =
        lines_with(results, Figure::P50).into_iter().filter(|line| LINES.contains(&line.name)).collect();
    let range = |line: &Line, runtime: &Runtime| {
        let figure = |figure| Some(results.figure(line, runtime.name, figure)?.median);
        Some((figure(Figure::P50)?, figure(Figure::P99)?))
    };
    let rows: Vec<Vec<(&Runtime, (f64, f64))>> = lines
        .iter()
        .map(|line| RUNTIMES.iter().filter_map(|runtime| Some((runtime, range(line, runtime)?))).collect())
        .collect();
    let count: usize = rows.iter().map(Vec::len).sum();
    if count == 0 {
        return None;
    }
    let bottom = TOP + ROW * count as f64 + GAP * lines.len() as f64;
    let axis = LogAxis { least: 5e3, most: 1e9, left: LEFT, right: RIGHT };
    let note = format!("left is better; medians of the rounds; {}", saved.machine.phrase());
    let mut svg = Svg::new(theme, WIDTH, bottom + 34.0, "Latency and lateness: from p50 to p99", &note);
    for (tick, name) in TICKS {
        let x = axis.at(*tick);
        svg.line((x, TOP - 8.0), (x, bottom), theme.grid, 1.0);
        svg.small(x, bottom + 18.0, name, theme.faint, Anchor::Middle);
    }
    let mut y = TOP;
    for (line, row) in lines.iter().zip(rows) {
        y += GAP;
        svg.text(16.0, y - 8.0, &format!("{}: {}", line.name, line.what), theme.text, Anchor::Start);
        for (runtime, (p50, p99)) in row {
            let middle = y + ROW / 2.0 - 2.0;
            svg.small(LEFT - 14.0, middle + 4.0, runtime.name, theme.faint, Anchor::End);
            let (from, to) = ((axis.at(p50), middle), (axis.at(p99), middle));
            svg.line(from, to, theme.colour(runtime), 3.0);
            svg.mark(runtime, from.0, middle);
            let text = format!("{} – {}", time(p50), time(p99));
            svg.small(WIDTH - 16.0, middle + 4.0, &text, theme.faint, Anchor::End);
            y += ROW;
        }
    }
    Some(svg)
}

/// With a unit in which it has few digits.
fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        size if size >= 9.95e6 => format!("{:.0} ms", size / 1e6),
        size if size >= 0.995e6 => format!("{:.1} ms", size / 1e6),
        size => format!("{:.0} µs", size / 1e3),
    }
}
