//! Graphs in the DOT language.

use crate::graph::picture::nodes::{Picture, Shape};

pub(super) fn write(picture: &Picture) -> String {
    let mut lines = vec!["digraph {".to_owned()];
    if let Some(title) = &picture.title {
        let title = quoted(title);
        lines.push(format!("    label={title}\n    labelloc=t"));
    }
    lines.push("    rankdir=LR\n    fontname=\"Helvetica\"".to_owned());
    for of in ["node", "edge"] {
        lines.push(format!("    {of} [fontname=\"Helvetica\"]"));
    }
    frame(picture, None, 1, &mut lines);
    for edge in &picture.edges {
        let Some((from, to)) = picture.ends(edge) else {
            continue;
        };
        let label = quoted(edge.label);
        let attributes = match (edge.label, edge.error) {
            ("", _) => String::new(),
            (_, false) => format!(" [label={label}]"),
            (_, true) => format!(" [label={label} style=dashed]"),
        };
        lines.push(format!("    {from} -> {to}{attributes}"));
    }
    lines.join("\n") + "\n}\n"
}

/// Writes the nodes of a frame, and the frames in it.
fn frame(picture: &Picture, which: Option<usize>, depth: usize, lines: &mut Vec<String>) {
    let indent = "    ".repeat(depth);
    for node in picture.nodes_in(which) {
        let (id, label, shape) = (&node.id, quoted(&node.text()), shape(node.shape));
        lines.push(format!("{indent}{id} [label={label} {shape}]"));
    }
    for (index, inner) in picture.frames_in(which) {
        // Only a subgraph whose name starts with `cluster` is drawn with a frame.
        lines.push(format!("{indent}subgraph cluster_{index} {{"));
        lines.push(format!("{indent}    label={}", quoted(&inner.label)));
        frame(picture, Some(index), depth + 1, lines);
        lines.push(format!("{indent}}}"));
    }
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Source | Shape::All => "shape=circle",
        Shape::Handler => "shape=box",
        Shape::Flow => "shape=box peripheries=2",
        Shape::Ask | Shape::Closure => "shape=parallelogram",
        Shape::Event => "shape=ellipse",
        Shape::Choice => "shape=diamond",
        Shape::Ignored => "shape=plaintext",
        Shape::End => "shape=doublecircle",
    }
}

/// Quotes a text. A backslash starts an escape, such as `\N` for the node's name.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace(char::is_control, " "))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        assert_eq!(quoted(r#"x == "\N""#), r#""x == \"\\N\"""#);
        assert_eq!(quoted("a\nb"), "\"a b\"");
    }
}
