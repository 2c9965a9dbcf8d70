//! Mermaid flowcharts.

use std::fmt::Write;

use crate::graph::picture::nodes::{Picture, Shape};

/// Writes the picture. `marked` has the indices of the edges to mark.
pub(super) fn write(picture: &Picture, marked: &[usize]) -> String {
    let mut lines = Vec::new();
    if let Some(title) = &picture.title {
        lines.push(format!("---\ntitle: {title}\n---"));
    }
    lines.push("flowchart LR".to_owned());
    frame(picture, None, 1, &mut lines);
    for edge in &picture.edges {
        let Some((from, to)) = picture.ends(edge) else {
            continue;
        };
        let arrow = if edge.error { "-.->" } else { "-->" };
        let label = match edge.label {
            "" => String::new(),
            label => format!("|\"{}\"|", escaped(label)),
        };
        lines.push(format!("    {from} {arrow}{label} {to}"));
    }
    for node in &picture.nodes {
        if matches!(node.shape, Shape::Ignored) {
            lines.push(format!("    style {} stroke-dasharray: 3 3", node.id));
        }
    }
    if !marked.is_empty() {
        let marked: Vec<_> = marked.iter().map(ToString::to_string).collect();
        let edges = marked.join(",");
        lines.push(format!(
            "    linkStyle {edges} stroke:#d33,stroke-dasharray:5 5"
        ));
    }
    lines.join("\n") + "\n"
}

/// Writes the nodes of a frame, and the frames in it.
fn frame(picture: &Picture, which: Option<usize>, depth: usize, lines: &mut Vec<String>) {
    let indent = "    ".repeat(depth);
    for node in picture.nodes_in(which) {
        let (left, right) = brackets(node.shape);
        let (id, label) = (&node.id, escaped(&node.text()));
        lines.push(format!("{indent}{id}{left}\"{label}\"{right}"));
    }
    for (index, inner) in picture.frames_in(which) {
        let label = escaped(&inner.label);
        lines.push(format!("{indent}subgraph each_{index}[\"{label}\"]"));
        frame(picture, Some(index), depth + 1, lines);
        lines.push(format!("{indent}end"));
    }
}

fn brackets(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Source | Shape::All => ("((", "))"),
        Shape::Handler | Shape::Ignored => ("[", "]"),
        Shape::Flow => ("[[", "]]"),
        Shape::Ask | Shape::Closure => ("[/", "/]"),
        Shape::Event => ("([", "])"),
        Shape::Choice => ("{", "}"),
        Shape::End => ("(((", ")))"),
    }
}

/// Escapes a label. Mermaid reads it as Markdown and then as HTML, so each character with a meaning
/// in either is written as its number.
fn escaped(label: &str) -> String {
    let mut text = String::new();
    let mut before = ' ';
    for c in label.chars() {
        let plain = match c {
            '_' | ':' | ',' | '(' | ')' | '=' | '\'' | '?' | '/' | ' ' => true,
            // `1.` starts a list.
            '.' => !before.is_ascii_digit(),
            _ => !c.is_ascii_punctuation() && !c.is_control(),
        };
        before = c;
        if plain {
            text.push(c);
        } else if c.is_control() {
            text.push(' ');
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "#{};", u32::from(c));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_means_something_goes_by_its_number() {
        assert_eq!(escaped("a_b(c, ..) é"), "a_b(c, ..) é");
        assert_eq!(escaped("\"x\" | y"), "#34;x#34; #124; y");
        assert_eq!(escaped("1. -2"), "1#46; #45;2");
        assert_eq!(escaped("a\nb"), "a b");
    }
}
