//! CPU time of an operation as a ratio to tokio's, a row for each line of a group.

use mini_benches::figure::Figure;
use mini_benches::lines::Group;

use super::svg::{Anchor, LogAxis, Svg, Theme};
use crate::runtimes::{OURS, RUNTIMES, Runtime, TOKIO};
use crate::saved::Saved;
use crate::table::{lines_with, short};

const WIDTH: f64 = 860.0;
const LEFT: f64 = 178.0;
const RIGHT: f64 = 770.0;
const TOP: f64 = 96.0;
const ROW: f64 = 24.0;
const TICKS: &[f64] = &[0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];

pub(super) fn draw(saved: &Saved, group: Group, theme: &'static Theme) -> Option<Svg> {
    let results = &saved.results;
    let lines: Vec<_> =
        lines_with(results, Figure::Cpu).into_iter().filter(|line| line.group == group).collect();
    let ratio = |line, name| Some(results.ratio(line, name, TOKIO, Figure::Cpu)?.median);
    let all = lines.iter().flat_map(|line| RUNTIMES.iter().filter_map(|runtime| ratio(line, runtime.name)));
    let (least, most) = all.fold((1.0_f64, 1.0_f64), |(least, most), one| (least.min(one), most.max(one)));
    if least == most {
        return None;
    }
    let least = TICKS.iter().copied().rfind(|tick| *tick <= least).unwrap_or(TICKS[0]);
    let most = TICKS.iter().copied().find(|tick| *tick >= most).unwrap_or(TICKS[TICKS.len() - 1]);
    let axis = LogAxis { least, most: most.max(2.0), left: LEFT, right: RIGHT };

    let bottom = TOP + ROW * lines.len() as f64;
    let title = format!("{}: CPU time of an operation, tokio = 1", group.title());
    let note = format!("left is better; median of the rounds' ratios; {}", saved.machine.phrase());
    let mut svg = Svg::new(theme, WIDTH, bottom + 34.0, &title, &note);
    svg.legend(RUNTIMES, 72.0);
    svg.small(WIDTH - 16.0, 72.0, "mini", theme.faint, Anchor::End);
    for tick in TICKS.iter().filter(|tick| (axis.least..=axis.most).contains(*tick)) {
        let (x, is_one) = (axis.at(*tick), *tick == 1.0);
        let colour = if is_one { theme.faint } else { theme.grid };
        svg.line((x, TOP - 10.0), (x, bottom), colour, if is_one { 1.5 } else { 1.0 });
        svg.small(x, bottom + 18.0, &tick.to_string(), theme.faint, Anchor::Middle);
    }
    for (index, line) in lines.iter().enumerate() {
        let y = TOP + ROW * (index as f64 + 0.5);
        svg.text(LEFT - 14.0, y + 4.0, line.name, theme.text, Anchor::End);
        // Ours last, so that it lies on top.
        let (ours, others): (Vec<&Runtime>, Vec<&Runtime>) =
            RUNTIMES.iter().partition(|runtime| runtime.name == OURS);
        for runtime in others.into_iter().chain(ours) {
            if let Some(ratio) = ratio(line, runtime.name) {
                svg.mark(runtime, axis.at(ratio), y);
            }
        }
        if let Some(ratio) = ratio(line, OURS) {
            svg.text(WIDTH - 16.0, y + 4.0, &short(ratio), theme.text, Anchor::End);
        }
    }
    Some(svg)
}
