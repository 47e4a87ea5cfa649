//! [`Svg`]: a drawing under way, and the [`Theme`] that it is drawn in.
//!
//! Knows nothing of benches but the runtimes' names, for their colours.

use std::fmt::Write;

use crate::runtimes::Runtime;

/// Colours of a page.
pub(super) struct Theme {
    pub(super) name: &'static str,
    page: &'static str,
    pub(super) text: &'static str,
    pub(super) faint: &'static str,
    pub(super) grid: &'static str,
    /// Of mini, tokio, smol, nio and raw: told apart by colour-blind readers too.
    runtimes: [&'static str; 5],
}

pub(super) const LIGHT: Theme = Theme {
    name: "light",
    page: "#ffffff",
    text: "#1f2328",
    faint: "#59636e",
    grid: "#d9dee3",
    runtimes: ["#0072b2", "#d55e00", "#009e73", "#b3568d", "#6e7781"],
};

pub(super) const DARK: Theme = Theme {
    name: "dark",
    page: "#0d1117",
    text: "#e6edf3",
    faint: "#9198a1",
    grid: "#2b323b",
    runtimes: ["#58b4f0", "#ff9248", "#2fcf9d", "#e39cc5", "#9aa4af"],
};

impl Theme {
    pub(super) fn colour(&self, runtime: &Runtime) -> &'static str {
        let family = runtime.name.trim_end_matches("-ct");
        let place = ["mini", "tokio", "smol", "nio"].iter().position(|name| *name == family);
        self.runtimes[place.unwrap_or(4)]
    }
}

/// Where a text stands, seen from its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A drawing under way.
pub(super) struct Svg {
    theme: &'static Theme,
    width: f64,
    height: f64,
    body: String,
}

impl Svg {
    /// With a title and a line that says how to read it.
    pub(super) fn new(theme: &'static Theme, width: f64, height: f64, title: &str, note: &str) -> Self {
        let mut svg = Self { theme, width, height, body: String::new() };
        svg.styled_text(16.0, 28.0, title, theme.text, Anchor::Start, "font-size=\"16\" font-weight=\"600\"");
        svg.styled_text(16.0, 48.0, note, theme.faint, Anchor::Start, "font-size=\"12\"");
        svg
    }

    pub(super) fn text(&mut self, x: f64, y: f64, text: &str, colour: &str, anchor: Anchor) {
        self.styled_text(x, y, text, colour, anchor, "font-size=\"12\"");
    }

    pub(super) fn small(&mut self, x: f64, y: f64, text: &str, colour: &str, anchor: Anchor) {
        self.styled_text(x, y, text, colour, anchor, "font-size=\"11\"");
    }

    fn styled_text(&mut self, x: f64, y: f64, text: &str, colour: &str, anchor: Anchor, style: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.push(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{colour}\" text-anchor=\"{anchor}\" {style}>{text}</text>"
        ));
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.push(&format!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\" \
             stroke-width=\"{width}\" stroke-linecap=\"round\"/>"
        ));
    }

    pub(super) fn bar(&mut self, x: f64, y: f64, width: f64, height: f64, colour: &str) {
        self.push(&format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"2\" fill=\"{colour}\"/>"
        ));
    }

    /// A runtime's mark: a dot, hollow for the current-thread flavour, a bar for no runtime, the largest for ours.
    pub(super) fn mark(&mut self, runtime: &Runtime, x: f64, y: f64) {
        let (colour, page) = (self.theme.colour(runtime), self.theme.page);
        let radius = if runtime.name == "mini" { 6.0 } else { 4.5 };
        if runtime.name == "raw" {
            return self.bar(x - 1.5, y - 7.0, 3.0, 14.0, colour);
        }
        let fill = if runtime.name.ends_with("-ct") { page } else { colour };
        self.push(&format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{fill}\" stroke=\"{colour}\" stroke-width=\"1.8\"/>"
        ));
    }

    /// The marks of these runtimes with their names, in a row.
    pub(super) fn legend(&mut self, runtimes: &[Runtime], y: f64) {
        let mut x = 24.0;
        for runtime in runtimes {
            self.mark(runtime, x, y - 4.0);
            self.text(x + 11.0, y, runtime.name, self.theme.text, Anchor::Start);
            x += 34.0 + 7.2 * runtime.name.len() as f64;
        }
    }

    fn push(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    /// The whole file.
    pub(super) fn finish(self) -> String {
        let (width, height, page) = (self.width, self.height, self.theme.page);
        let mut file = String::new();
        writeln!(
            file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" font-family=\"-apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, \
             sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"{page}\"/>\n{}</svg>",
            self.body
        )
        .expect("a string takes all");
        file
    }
}

/// A logarithmic axis from left to right.
pub(super) struct LogAxis {
    pub(super) least: f64,
    pub(super) most: f64,
    pub(super) left: f64,
    pub(super) right: f64,
}

impl LogAxis {
    /// Where a value stands; what is beyond the ends stands at the end.
    pub(super) fn at(&self, value: f64) -> f64 {
        let share = (value.clamp(self.least, self.most) / self.least).ln() / (self.most / self.least).ln();
        self.left + share * (self.right - self.left)
    }
}
