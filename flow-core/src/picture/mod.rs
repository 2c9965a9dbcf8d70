//! Pictures of a graph: [`GraphDesc`] to nodes and edges (`draw`), and those to text.

mod dot;
mod draw;
mod mermaid;

use std::collections::HashSet;

use crate::desc::GraphDesc;
use crate::picture::draw::draw;

/// # Pictures
///
/// Both languages show the same nodes and edges, in an order that only the flow decides:
///
/// | what | Mermaid | DOT |
/// | --- | --- | --- |
/// | `start`, and what is outside | circle | circle |
/// | a handler | box | box |
/// | a named flow, as a stage | box with double sides | box with a double border |
/// | an event | rounded box | ellipse |
/// | `(a, b)`, `A & B`: all have to arrive | circle `&` | circle `&` |
/// | `match`, `if`: one way is taken | diamond, conditions at its edges | the same |
/// | `each` | frame | frame |
/// | a handler's error that is rescued | dotted edge `error` | dashed edge `error` |
/// | `ignore` | dotted box | plain text |
/// | `end` | double circle | double circle |
///
/// An edge from a handler to an event says that the handler emits it. Clauses with the same route are
/// drawn once, with all that leads to it; where routes differ, a handler that is in both is drawn
/// twice. A named flow within is one node: its own picture is that of its own `GRAPH`.
impl GraphDesc {
    /// The picture as a [Mermaid](https://mermaid.js.org) flowchart, which Markdown shows on many
    /// sites.
    ///
    /// ```
    /// # use flow_core::{Cx, Event, flow, handler};
    /// # #[derive(Event)]
    /// # struct Ping;
    /// #[handler(emits = "Ping")]
    /// async fn begin(cx: &Cx) {
    ///     cx.emit(Ping);
    /// }
    ///
    /// #[handler(on = "Ping")]
    /// async fn answer(cx: &Cx) {
    ///     cx.put("pong").await;
    /// }
    ///
    /// let flow = flow! { start -> begin; when Ping -> answer };
    /// assert_eq!(
    ///     flow.graph().to_mermaid(),
    ///     r#"flowchart LR
    ///     start(("start"))
    ///     h_begin["begin"]
    ///     e_Ping(["Ping"])
    ///     h_answer["answer"]
    ///     start --> h_begin
    ///     e_Ping --> h_answer
    ///     h_begin --> e_Ping
    /// "#
    /// );
    /// ```
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        mermaid::write(&draw(*self), &[])
    }

    /// The same; the edges for which `marks` says so are red and dashed. It is asked with both ends.
    #[cfg(feature = "testing")]
    pub(crate) fn mermaid_marking(&self, marks: impl Fn(End<'_>, End<'_>) -> bool) -> String {
        let picture = draw(*self);
        let end = |node| {
            let node: Option<&Node> = picture.nodes.get(node);
            node.map_or(End::Other, Node::end)
        };
        let edges = picture.edges.iter().enumerate();
        let marked = edges.filter(|(_, edge)| marks(end(edge.from), end(edge.to)));
        let marked: Vec<_> = marked.map(|(index, _)| index).collect();
        mermaid::write(&picture, &marked)
    }

    /// The picture in the DOT language, for [Graphviz](https://graphviz.org) and many others.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    /// let dot = flow! { start -> work }.graph().to_dot();
    /// assert!(dot.starts_with("digraph {"));
    /// assert!(dot.contains("start -> h_work"));
    /// ```
    #[must_use]
    pub fn to_dot(&self) -> String {
        dot::write(&draw(*self))
    }
}

/// What is drawn: nodes, edges, and frames around some of the nodes.
#[derive(Default)]
struct Picture {
    title: &'static str,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    frames: Vec<Frame>,
    ids: HashSet<String>,
}

/// A node's place among the nodes of its picture.
type NodeId = usize;

struct Node {
    /// Unique, and of ASCII letters, digits and `_`: a name in both languages.
    id: String,
    label: &'static str,
    shape: Shape,
    /// The innermost frame that it stands in.
    frame: Option<usize>,
}

#[derive(Clone, Copy)]
enum Shape {
    /// `start`, and what is outside.
    Source,
    Handler,
    /// A named flow.
    Flow,
    Event,
    /// All have to arrive.
    All,
    Choice,
    Ignored,
    End,
}

/// What an edge leads from or to.
#[cfg(feature = "testing")]
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum End<'a> {
    Start,
    Event(&'a str),
    Handler(&'a str),
    Other,
}

#[cfg(feature = "testing")]
impl Node {
    fn end(&self) -> End<'_> {
        match self.shape {
            Shape::Source if self.label == "start" => End::Start,
            Shape::Event => End::Event(self.label),
            Shape::Handler | Shape::Flow => End::Handler(self.label),
            _ => End::Other,
        }
    }
}

struct Edge {
    from: NodeId,
    to: NodeId,
    label: &'static str,
    /// It is a handler's error.
    error: bool,
}

struct Frame {
    label: String,
    /// The frame around it.
    outer: Option<usize>,
}

impl Picture {
    /// Adds a node. `id` is what it should be called; it gets a number if that is taken.
    fn node(
        &mut self,
        id: &str,
        label: &'static str,
        shape: Shape,
        frame: Option<usize>,
    ) -> NodeId {
        let id: String = id
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let mut unique = id.clone();
        let mut number = 1;
        while !self.ids.insert(unique.clone()) {
            number += 1;
            unique = format!("{id}_{number}");
        }
        self.nodes.push(Node {
            id: unique,
            label,
            shape,
            frame,
        });
        self.nodes.len() - 1
    }

    fn edge(&mut self, from: NodeId, to: NodeId, label: &'static str) {
        self.edges.push(Edge {
            from,
            to,
            label,
            error: false,
        });
    }

    /// Whether there is an edge from the one to the other.
    fn leads(&self, from: NodeId, to: NodeId) -> bool {
        let mut edges = self.edges.iter();
        edges.any(|edge| (edge.from, edge.to) == (from, to))
    }

    fn error(&mut self, from: NodeId, to: NodeId) {
        self.edges.push(Edge {
            from,
            to,
            label: "error",
            error: true,
        });
    }

    /// The nodes that stand in this frame and in none within it; `None`: in no frame.
    fn nodes_in(&self, frame: Option<usize>) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |node| node.frame == frame)
    }

    /// The frames right within this one.
    fn frames_in(&self, outer: Option<usize>) -> impl Iterator<Item = (usize, &Frame)> {
        let frames = self.frames.iter().enumerate();
        frames.filter(move |(_, frame)| frame.outer == outer)
    }

    /// Both ends' ids.
    fn ends(&self, edge: &Edge) -> Option<(&str, &str)> {
        let id = |node| self.nodes.get(node).map(|node: &Node| node.id.as_str());
        Some((id(edge.from)?, id(edge.to)?))
    }
}
