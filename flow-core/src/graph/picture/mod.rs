//! Pictures of a graph: `draw` turns a [`GraphDesc`] into nodes and edges, `mermaid` and `dot`
//! those into text.

mod dot;
mod draw;
mod mermaid;
pub(crate) mod nodes;

use crate::graph::desc::GraphDesc;
use crate::graph::picture::draw::draw;
#[cfg(feature = "testing")]
use crate::graph::picture::nodes::End;

/// # Pictures
///
/// Both languages show the same nodes and edges, in the order of the flow:
///
/// | in the flow | Mermaid | DOT |
/// | --- | --- | --- |
/// | `start`, `outside` for `external` events, `ask` | circle | circle |
/// | a handler | box | box |
/// | a named flow, as a stage | box with double sides | box with a double border |
/// | a closure | slanted box | slanted box |
/// | an event | rounded box | ellipse |
/// | `(a, b)`, `A & B` | circle `&` | circle `&` |
/// | `match`, `if` | diamond, with the conditions at its edges | the same |
/// | `each` | frame | frame |
/// | a handler's error that an `else` or a `rescue` takes | dotted edge `error` | dashed edge `error` |
/// | `ignore`, `skip` | dotted box | plain text |
/// | `end` | double circle | double circle |
///
/// An edge from a handler to an event shows that the handler emits it, or returns what `emit` emits.
/// Its label is how many a call emits that succeeds: `one of` for exactly one of the events with this
/// label, `?` for one at most, `*` for any number, `+` for at least one, `2` or `3`. It has none if
/// that is exactly one, or if the body does not show it. An edge `while it runs` from an event to a
/// named flow shows that the flow takes the event from outside. Clauses with the same
/// route share its nodes. A handler in two different routes is drawn twice. A named flow that is a
/// stage is one node; its `GRAPH` has a picture of its own.
impl GraphDesc {
    /// Draws the graph as a [Mermaid](https://mermaid.js.org) flowchart, which many sites render in
    /// Markdown.
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
    #[doc(alias("diagram", "draw", "visualize"))]
    pub fn to_mermaid(&self) -> String {
        mermaid::write(&draw(self), &[])
    }

    /// As [`to_mermaid`](Self::to_mermaid), with the edges red and dashed for whose ends and label
    /// `marks` is true.
    #[cfg(feature = "testing")]
    pub(crate) fn mermaid_marking(&self, marks: impl Fn(End<'_>, End<'_>, &str) -> bool) -> String {
        let picture = draw(self);
        let edges = picture.edges.iter().enumerate();
        let marked = edges.filter(|(_, edge)| {
            let (from, to) = (picture.end(edge.from), picture.end(edge.to));
            marks(from, to, edge.label)
        });
        let marked: Vec<_> = marked.map(|(index, _)| index).collect();
        mermaid::write(&picture, &marked)
    }

    /// Draws the graph in the DOT language of [Graphviz](https://graphviz.org).
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
    #[doc(alias("diagram", "draw", "graphviz", "visualize"))]
    pub fn to_dot(&self) -> String {
        dot::write(&draw(self))
    }
}
