//! `RESULTS.md`: all tables, for a reader of the repository.
//!
//! The same figures as on the terminal, from the same results.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use mini_benches::figure::Figure;
use mini_benches::lines::Against;

use crate::aims::standings;
use crate::runtimes::{OURS, RAW, RUNTIMES, TOKIO};
use crate::saved::Saved;
use crate::table::{cell, lines_with, short};

/// Writes it into that folder.
pub(crate) fn write(saved: &Saved, folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    let out = &mut text;
    writeln!(out, "# Results\n")?;
    writeln!(
        out,
        "Written by `cargo bench -p mini-benches -- --save`; how to read it is in [README.md](README.md)."
    )?;
    writeln!(out, "Taken on {}.\n", saved.machine.phrase())?;
    aims(saved, out)?;
    if let Some(costs) = &saved.costs {
        writeln!(out, "## Costs\n\n{}", costs.table())?;
    }
    for figure in Figure::ALL {
        figures(saved, *figure, out)?;
    }
    failures(saved, out)?;
    Ok(fs::write(folder.join("RESULTS.md"), text)?)
}

fn aims(saved: &Saved, out: &mut String) -> Result<(), Box<dyn Error>> {
    writeln!(out, "## What is aimed at\n\nThe furthest behind first; a gap above 1 is a miss.\n")?;
    writeln!(out, "| line | figure | against | aim | found | gap |\n|---|---|---|---|---|---|")?;
    for standing in standings(&saved.results) {
        let against = match standing.aim.against {
            Against::Tokio => "tokio",
            Against::Raw => "raw",
            Against::Bound => "the number itself",
        };
        let (line, figure) = (standing.line.name, standing.aim.figure.name());
        let (aim, found) = (short(standing.aim.at_most), short(standing.found.median));
        let gap = match standing.gap() {
            gap if gap > 1.0 => format!("**{gap:.2}**"),
            gap => format!("{gap:.2}"),
        };
        writeln!(out, "| {line} | {figure} | {against} | {aim} | {found} | {gap} |")?;
    }
    Ok(writeln!(out)?)
}

fn figures(saved: &Saved, figure: Figure, out: &mut String) -> Result<(), Box<dyn Error>> {
    let results = &saved.results;
    let lines = lines_with(results, figure);
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "## {}\n", figure.title())?;
    let names: Vec<&str> = RUNTIMES.iter().map(|runtime| runtime.name).collect();
    writeln!(out, "| line | {} | mini/raw | mini/tokio |", names.join(" | "))?;
    writeln!(out, "|---|{}---|---|", "---|".repeat(names.len()))?;
    for line in lines {
        let cells: Vec<String> =
            names.iter().map(|name| cell(results, line, name, figure).trim().to_owned()).collect();
        let to_raw =
            results.ratio(line, OURS, RAW, figure).map_or("-".to_owned(), |ratio| short(ratio.median));
        let to_tokio = results.ratio(line, OURS, TOKIO, figure);
        let to_tokio =
            to_tokio.map_or("-".to_owned(), |ratio| format!("{}..{}", short(ratio.least), short(ratio.most)));
        writeln!(out, "| {} | {} | {to_raw} | {to_tokio} |", line.name, cells.join(" | "))?;
    }
    Ok(writeln!(out)?)
}

fn failures(saved: &Saved, out: &mut String) -> Result<(), Box<dyn Error>> {
    for line in &saved.results.lines {
        for runtime in RUNTIMES {
            if let Some(reason) = saved.results.failure(line, runtime) {
                writeln!(out, "- {} on {} failed: {reason}", line.name, runtime.name)?;
            }
        }
    }
    Ok(())
}
