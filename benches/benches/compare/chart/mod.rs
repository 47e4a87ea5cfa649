//! Charts of the results, as SVG, each for a light and for a dark page.
//!
//! Not a plotting library: three kinds of chart, in plain text. Of all of them holds that left is better. A runtime
//! has the same colour in each, its current-thread flavour the same colour hollow.

mod bars;
mod ranges;
mod ratios;
mod svg;

use std::error::Error;
use std::fs;
use std::path::Path;

use mini_benches::lines::Group;

use crate::saved::Saved;
use svg::{DARK, LIGHT, Svg};

/// Draws all that there are results for into `charts` in that folder.
pub(crate) fn write(saved: &Saved, folder: &Path) -> Result<(), Box<dyn Error>> {
    let folder = folder.join("charts");
    fs::create_dir_all(&folder)?;
    for theme in [&LIGHT, &DARK] {
        let mut charts: Vec<(&str, Option<Svg>)> = Vec::new();
        for group in Group::ALL {
            charts.push((file_name(*group), ratios::draw(saved, *group, theme)));
        }
        charts.push(("latency", ranges::draw(saved, theme)));
        charts.push(("memory", bars::draw(saved, theme)));
        for (name, chart) in charts {
            if let Some(chart) = chart {
                fs::write(folder.join(format!("{name}-{}.svg", theme.name)), chart.finish())?;
            }
        }
    }
    Ok(())
}

fn file_name(group: Group) -> &'static str {
    match group {
        Group::Executor => "executor",
        Group::Tcp => "tcp",
        Group::Timers => "timers",
        Group::Sync => "sync",
    }
}
