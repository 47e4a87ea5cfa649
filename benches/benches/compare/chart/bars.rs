//! Bytes of an idle task and of an idle connection.

use mini_benches::figure::Figure;

use super::svg::{Anchor, Svg, Theme};
use crate::runtimes::RUNTIMES;
use crate::saved::Saved;
use crate::table::{lines_with, short};

const WIDTH: f64 = 860.0;
const LEFT: f64 = 110.0;
const RIGHT: f64 = 780.0;
const TOP: f64 = 66.0;
const ROW: f64 = 20.0;
const GAP: f64 = 28.0;

pub(super) fn draw(saved: &Saved, theme: &'static Theme) -> Option<Svg> {
    let results = &saved.results;
    let lines = lines_with(results, Figure::Resident);
    let bytes = |line, name| Some(results.figure(line, name, Figure::Resident)?.median);
    let rows: Vec<Vec<_>> = lines
        .iter()
        .map(|line| {
            RUNTIMES.iter().filter_map(|runtime| Some((runtime, bytes(line, runtime.name)?))).collect()
        })
        .collect();
    let count: usize = rows.iter().map(Vec::len).sum();
    if count == 0 {
        return None;
    }
    let bottom = TOP + ROW * count as f64 + GAP * lines.len() as f64;
    let note = format!("shorter is better; what the process grows by; {}", saved.machine.phrase());
    let mut svg = Svg::new(theme, WIDTH, bottom + 10.0, "Memory of what only waits, in bytes each", &note);
    let mut y = TOP;
    for (line, row) in lines.iter().zip(rows) {
        y += GAP;
        svg.text(16.0, y - 8.0, &format!("{}: {}", line.name, line.what), theme.text, Anchor::Start);
        let most = row.iter().map(|(_, bytes)| *bytes).fold(1.0, f64::max);
        for (runtime, bytes) in row {
            let width = bytes / most * (RIGHT - LEFT);
            svg.small(LEFT - 10.0, y + 13.0, runtime.name, theme.faint, Anchor::End);
            svg.bar(LEFT, y + 2.0, width.max(1.0), ROW - 6.0, theme.colour(runtime));
            svg.small(LEFT + width + 8.0, y + 13.0, &short(bytes), theme.text, Anchor::Start);
            y += ROW;
        }
    }
    Some(svg)
}
