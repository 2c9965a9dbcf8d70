//! The picture for the README: bars on a logarithmic scale.
//!
//! It has no background, and its greys are readable on white and on near-black, so that one file
//! serves both themes.

use std::fmt::Write;

use crate::case::Case;
use crate::quantity;
use crate::results::{Results, Row};
use crate::system::Role;
use crate::table;

/// The cases in the chart, and their labels.
const PANELS: [(Case, &str); 2] = [
    (Case::EventHop, "An event from one handler to the next"),
    (
        Case::StreamItem,
        "An item from a handler to the reader of the stream",
    ),
];

const WIDTH: f64 = 860.0;
/// The horizontal range of the bars.
const LEFT: f64 = 250.0;
const RIGHT: f64 = 790.0;
const BAR: f64 = 16.0;
const LINE: f64 = 24.0;

const TEXT: &str = "#737c87";
const OURS: &str = "#e8590c";
const PEERS: &str = "#8c959f";
const GRID: &str = "#8c959f";

pub(crate) fn svg(all: &[Results]) -> String {
    let panels = PANELS.map(|(case, title)| (case, title, bars(all, case)));
    let figures = panels.iter().flat_map(|(_, _, bars)| bars);
    let scale = Scale::of(figures.map(|(_, figure)| *figure));

    let mut body = String::new();
    let mut y = 24.0;
    for (case, title, bars) in &panels {
        y = panel(&mut body, &scale, (*case, title, bars), y);
    }
    for machine in table::machines(all) {
        let machine = escaped(machine);
        let _ = writeln!(
            body,
            r#"<text x="0" y="{y}" class="small">Measured on {machine}.</text>"#
        );
        y += 18.0;
    }
    let height = y - 8.0;
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-label="What an event and an item cost, by system">
<style>
text {{ font: 13px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; fill: {TEXT}; }}
.title {{ font-size: 15px; font-weight: 600; }}
.small {{ font-size: 12px; }}
.ours {{ font-weight: 700; fill: {OURS}; }}
.end {{ text-anchor: end; }}
.middle {{ text-anchor: middle; }}
</style>
{body}</svg>
"#
    )
}

/// The systems that have the case, the fastest first.
fn bars(all: &[Results], case: Case) -> Vec<(&Row, f64)> {
    let rows = all.iter().flat_map(|results| &results.rows);
    let mut bars: Vec<_> = rows
        .filter_map(|row| Some((row, *row.figures.get(&case)?)))
        .collect();
    bars.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    bars
}

/// Draws one case from `y` on, and returns the `y` of the next.
fn panel(
    body: &mut String,
    scale: &Scale,
    (case, title, bars): (Case, &str, &[(&Row, f64)]),
    mut y: f64,
) -> f64 {
    let _ = writeln!(body, r#"<text x="0" y="{y}" class="title">{title}</text>"#);
    let note = "shorter is better; each line is ten times the one before";
    let _ = writeln!(
        body,
        r#"<text x="{WIDTH}" y="{y}" class="small end">{note}</text>"#
    );
    y += 14.0;
    let rows: f64 = bars.iter().map(|_| LINE).sum();
    for (x, figure) in scale.lines() {
        let (bottom, below) = (y + rows, y + rows + 16.0);
        let text = quantity::text(figure, case.unit()).replace(".0 ", " ");
        let _ = writeln!(
            body,
            r#"<path d="M{x:.1} {y}V{bottom}" stroke="{GRID}" stroke-opacity=".25"/><text x="{x:.1}" y="{below}" class="small middle">{text}</text>"#
        );
    }
    for (row, figure) in bars {
        bar(
            body,
            row,
            &quantity::text(*figure, case.unit()),
            scale.at(*figure),
            y,
        );
        y += LINE;
    }
    y + 56.0
}

fn bar(body: &mut String, row: &Row, figure: &str, end: f64, y: f64) {
    let name = escaped(&row.name);
    let (class, name, style) = match row.role {
        Role::Ours => ("ours", name, format!(r#"fill="{OURS}""#)),
        Role::Peer => ("", name, format!(r#"fill="{PEERS}""#)),
        Role::Floor => (
            "",
            name,
            format!(r#"fill="{PEERS}" fill-opacity=".25" stroke="{PEERS}" stroke-dasharray="4 3""#),
        ),
    };
    let (top, baseline) = (y + (LINE - BAR) / 2.0, y + LINE / 2.0 + 4.5);
    let (label, length, after) = (LEFT - 10.0, end - LEFT, end + 7.0);
    let _ = writeln!(
        body,
        r#"<text x="{label}" y="{baseline}" class="end {class}">{name}</text><rect x="{LEFT}" y="{top}" width="{length:.1}" height="{BAR}" rx="2" {style}/><text x="{after:.1}" y="{baseline}" class="{class}">{figure}</text>"#
    );
}

/// A logarithmic scale, of whole powers of ten.
struct Scale {
    from: f64,
    to: f64,
}

impl Scale {
    fn of(figures: impl Iterator<Item = f64>) -> Self {
        let exponents = figures.map(f64::log10);
        let (least, most) = exponents.fold((0.0, 1.0), |(least, most): (f64, f64), exponent| {
            (least.min(exponent), most.max(exponent))
        });
        Self {
            from: least.floor(),
            to: most.ceil(),
        }
    }

    fn at(&self, figure: f64) -> f64 {
        let part = (figure.log10() - self.from) / (self.to - self.from);
        LEFT + part * (RIGHT - LEFT)
    }

    /// The position of each power of ten.
    fn lines(&self) -> impl Iterator<Item = (f64, f64)> {
        let mut exponent = self.from;
        std::iter::from_fn(move || {
            let figure = (exponent <= self.to).then(|| 10_f64.powf(exponent))?;
            exponent += 1.0;
            Some((self.at(figure), figure))
        })
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
