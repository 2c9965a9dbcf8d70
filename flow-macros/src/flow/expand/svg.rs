//! A picture of the clauses for rustdoc: inline, without scripts, and in the colour of the text, so
//! that it can be read on every theme.
//!
//! It is put together from blocks that know their size. What handlers emit is not seen in the text
//! of the flow, so it is not drawn.

use crate::flow::expand::rustdoc::{name, trigger};
use crate::flow::route::{Each, Route, Stage};
use crate::flow::tree::{Clause, Trigger};
use crate::written::written;

/// The width of a letter; the font is monospaced.
const LETTER: usize = 8;
/// Half the height of a box.
const HALF: usize = 14;
/// The length of an arrow.
const ARROW: usize = 24;
/// Between a frame and what is in it, and between lines.
const SPACE: usize = 10;

const DASHED: &str = " stroke-dasharray=\"4 3\"";

/// The picture as one line of HTML.
pub(super) fn svg(clauses: &[Clause]) -> String {
    let mut rows: Vec<(String, Vec<Block>, Block)> = Vec::new();
    for clause in clauses {
        let (text, source) = (written(&clause.route), source(&clause.trigger));
        match rows.iter_mut().find(|(known, ..)| *known == text) {
            Some((_, sources, _)) => sources.push(source),
            None => rows.push((text, vec![source], along(&clause.route, true))),
        }
    }
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(_, sources, route)| (side_by_side(sources, Sides::Right), route))
        .collect();
    let longest = rows.iter().map(|(source, _)| source.width).max();
    let rows = rows.into_iter().map(|(mut source, route)| {
        source.stretch(longest.unwrap_or(0));
        source.then(&route)
    });
    let (mut width, mut height, mut inner) = (0, SPACE, String::new());
    for row in rows {
        inner += &row.at(SPACE, height + row.above);
        width = width.max(row.width + 2 * SPACE);
        height += row.above + row.below + SPACE;
    }
    format!(
        "<div style=\"overflow-x:auto\"><svg role=\"img\" aria-label=\"The clauses\" \
         width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" fill=\"none\" \
         stroke=\"currentColor\" font-family=\"monospace\" font-size=\"13\">{inner}</svg></div>"
    )
}

/// What begins a clause. An event goes by its name.
fn source(of: &Trigger) -> Block {
    let text = match of {
        Trigger::Event(event) => name(event),
        Trigger::All(events) => {
            let events: Vec<_> = events.iter().map(name).collect();
            events.join(" & ")
        }
        Trigger::Start(_) | Trigger::Rescue(_) | Trigger::Answered(_) | Trigger::Unanswered(_) => {
            trigger(of)
        }
    };
    let style = match of {
        Trigger::Rescue(_) => DASHED,
        _ => "",
    };
    Block::labelled(&text, HALF, style)
}

/// A route, from left to right. `last`: nothing takes what comes out.
fn along(route: &Route, last: bool) -> Block {
    let mut stages = route.stages.iter().peekable();
    let mut whole: Option<Block> = None;
    while let Some(next) = stages.next() {
        let next = stage(next, last && stages.peek().is_none());
        whole = Some(match whole {
            Some(before) => before.then(&next),
            None => next,
        });
    }
    whole.unwrap_or_default()
}

fn stage(stage: &Stage, last: bool) -> Block {
    match stage {
        Stage::Handler(handler) => Block {
            open: !last,
            ..Block::labelled(&name(handler), 2, "")
        },
        Stage::Join { branches, .. } => {
            let branches = branches.iter().map(|branch| along(branch, last));
            let whole = side_by_side(branches.collect(), Sides::Both);
            if whole.open {
                whole.then(&Block::labelled("&", HALF, ""))
            } else {
                whole
            }
        }
        Stage::Each(Each { route, limit, .. }) => {
            let limit = limit.as_ref().map(|(_, limit)| written(limit));
            let limit = limit.map(|limit| format!(", {limit} at a time"));
            along(route, last).framed(&format!("each{}", limit.unwrap_or_default()))
        }
        Stage::Match { arms, .. } => {
            let ways = arms
                .iter()
                .map(|arm| way(&arm.condition(), &arm.route, last));
            choice(ways.collect())
        }
        Stage::If(_) => {
            let mut ways = Vec::new();
            conditions(stage, last, &mut ways);
            choice(ways)
        }
        Stage::End(_) => {
            let mut end = Block::labelled("end", HALF, "");
            let (x, y, width, height) = (3, HALF - 3, end.width - 6, 2 * HALF - 6);
            let inner = format!(
                "<rect x=\"{x}\" y=\"-{y}\" width=\"{width}\" height=\"{height}\" rx=\"{y}\"/>"
            );
            end.svg.push_str(&inner);
            end.closed()
        }
        Stage::Ignore(_) => Block::labelled("ignore", 2, DASHED).closed(),
        Stage::Ask(_) => Block::labelled("ask", HALF, "").closed(),
    }
}

/// The ways of an `if`; each `else if` is one more.
fn conditions(stage: &Stage, last: bool, ways: &mut Vec<Block>) {
    let Stage::If(of) = stage else {
        return;
    };
    ways.push(way(&written(&of.condition), &of.then.1, last));
    match of.otherwise.1.only() {
        Some(inner @ Stage::If(_)) => conditions(inner, last, ways),
        _ => ways.push(way("else", &of.otherwise.1, last)),
    }
}

fn way(condition: &str, route: &Route, last: bool) -> Block {
    Block::line(condition).then(&along(route, last))
}

fn choice(ways: Vec<Block>) -> Block {
    let half = HALF;
    let mark = Block {
        width: 2 * half,
        above: half,
        below: half,
        pointed: true,
        open: true,
        svg: format!(
            "<path d=\"M0 0l{half}-{half} {half} {half}-{half} {half}z\"/>{}",
            label("?", half, 4)
        ),
    };
    mark.joined(&side_by_side(ways, Sides::Both), 0)
}

/// What is drawn around a line that comes in at the left, at the height 0, and goes out at the right.
#[derive(Default)]
struct Block {
    width: usize,
    above: usize,
    below: usize,
    /// An arrow to it has a head.
    pointed: bool,
    /// The line goes out of it.
    open: bool,
    svg: String,
}

impl Block {
    /// A box with rounded corners.
    fn labelled(text: &str, radius: usize, style: &str) -> Self {
        let width = (text.chars().count() * LETTER + 2 * SPACE).max(2 * HALF);
        let (height, half) = (2 * HALF, HALF);
        Self {
            width,
            above: HALF,
            below: HALF,
            pointed: true,
            open: true,
            svg: format!(
                "<rect y=\"-{half}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"{style}/>{}",
                label(text, width / 2, 4)
            ),
        }
    }

    /// A piece of the line, with text above it.
    fn line(text: &str) -> Self {
        let width = text.chars().count() * LETTER + SPACE;
        Self {
            width,
            above: HALF + 4,
            below: HALF,
            pointed: false,
            open: true,
            svg: format!("<path d=\"M0 0h{width}\"/>{}", label(text, width / 2, -5)),
        }
    }

    fn closed(self) -> Self {
        Self {
            open: false,
            ..self
        }
    }

    /// Makes it wider, and its line longer.
    fn stretch(&mut self, width: usize) {
        if width > self.width {
            let line = format!("<path d=\"M{} 0H{width}\"/>", self.width);
            self.svg.push_str(&line);
            self.width = width;
        }
    }

    fn then(self, next: &Self) -> Self {
        self.joined(next, ARROW)
    }

    /// The next one behind it, after an arrow of this length.
    fn joined(mut self, next: &Self, length: usize) -> Self {
        if length > 0 {
            self.svg += &arrow(self.width, length, next.pointed);
        }
        self.svg += &next.at(self.width + length, 0);
        Self {
            width: self.width + length + next.width,
            above: self.above.max(next.above),
            below: self.below.max(next.below),
            pointed: self.pointed,
            open: next.open,
            svg: self.svg,
        }
    }

    /// A frame around it, with a title.
    fn framed(&self, title: &str) -> Self {
        let entry = Self {
            open: true,
            ..Self::default()
        };
        let mut inner = entry.then(self);
        let least = title.chars().count() * LETTER + SPACE;
        let width = least.max(inner.width + SPACE);
        if self.open {
            inner.stretch(width);
        }
        let (above, below) = (inner.above + 2 * SPACE, inner.below + SPACE);
        let (height, top) = (above + below, above - HALF);
        let title = label(title, least / 2, 0);
        inner.svg.extend([
            format!("<rect y=\"-{above}\" width=\"{width}\" height=\"{height}\" rx=\"4\" stroke-opacity=\"0.5\"/>"),
            format!("<g transform=\"translate(0 -{top})\">{title}</g>"),
        ]);
        Self {
            width,
            above,
            below,
            ..inner
        }
    }

    fn at(&self, x: usize, y: usize) -> String {
        format!("<g transform=\"translate({x} {y})\">{}</g>", self.svg)
    }
}

/// Where the lines of several blocks come together.
#[derive(Clone, Copy, PartialEq)]
enum Sides {
    Right,
    Both,
}

/// One below the other, with a line that divides at the left and comes together at the right.
fn side_by_side(mut blocks: Vec<Block>, sides: Sides) -> Block {
    if blocks.len() < 2 {
        return blocks.pop().unwrap_or_default();
    }
    let both = sides == Sides::Both;
    let left = if both { ARROW + SPACE } else { 0 };
    let widest = blocks.iter().map(|block| block.width).max().unwrap_or(0);
    let open = blocks.iter().any(|block| block.open);
    let width = left + widest + if open { 2 * SPACE } else { 0 };
    let (mut y, mut levels) = (0, Vec::new());
    for block in &blocks {
        levels.push(y + block.above);
        y += block.above + block.below + SPACE;
    }
    let height = y - SPACE;
    let middle = levels.first().zip(levels.last());
    let middle = middle.map_or(0, |(first, last)| usize::midpoint(*first, *last));
    let mut svg = String::new();
    for (block, level) in blocks.iter().zip(levels) {
        if both {
            let head = arrow(SPACE, ARROW, block.pointed);
            svg.extend([
                format!("<path d=\"M0 {middle}H{SPACE}V{level}\"/>"),
                format!("<g transform=\"translate(0 {level})\">{head}</g>"),
            ]);
        }
        if block.open {
            let (end, spine) = (left + block.width, left + widest + SPACE);
            let line = format!("<path d=\"M{end} {level}H{spine}V{middle}H{width}\"/>");
            svg.push_str(&line);
        }
        svg += &block.at(left, level);
    }
    Block {
        width,
        above: middle,
        below: height - middle,
        pointed: !both,
        open,
        svg: format!("<g transform=\"translate(0 -{middle})\">{svg}</g>"),
    }
}

fn arrow(x: usize, length: usize, pointed: bool) -> String {
    let head = if pointed { "m-6-4l6 4-6 4" } else { "" };
    format!("<path d=\"M{x} 0h{length}{head}\"/>")
}

/// Text around the middle `x`.
fn label(text: &str, x: usize, y: isize) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!(
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" fill=\"currentColor\" \
         stroke=\"none\">{text}</text>"
    )
}
