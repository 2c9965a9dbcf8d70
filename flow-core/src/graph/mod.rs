//! The graph of a flow as data: what the checks read, and what pictures are drawn from.
//!
//! Everything here is a `const`, made by the macros: [`Flow::graph`](crate::Flow::graph) and the
//! `GRAPH` of a named flow give it. Fields may be added; none is changed or taken away.
//!
//! # As a picture
//!
//! [`GraphDesc::to_mermaid`] and [`GraphDesc::to_dot`].
//!
//! # As JSON
//!
//! With the feature `serde`, all of it is `serde::Serialize`. The names are those of the fields; what
//! is an enum here is an object there, with its `kind`, and what it is `of`, if it is of something:
//!
//! | in Rust | in JSON |
//! | --- | --- |
//! | [`StageDesc::Handler`] | `{"kind": "handler", "of": {"name": …, "emits": […], …}}` |
//! | [`StageDesc::Join`] | `{"kind": "join", "of": [[stage, …], …]}` |
//! | [`StageDesc::Each`] | `{"kind": "each", "of": {"route": [stage, …], "limit": "8"}}` |
//! | [`StageDesc::Choice`] | `{"kind": "choice", "of": [{"condition": …, "route": [stage, …]}, …]}` |
//! | [`StageDesc::End`], [`Ignore`](StageDesc::Ignore) | `{"kind": "end"}`, `{"kind": "ignore"}` |
//! | [`TriggerDesc::Start`] | `{"kind": "start"}` |
//! | [`TriggerDesc::Event`] | `{"kind": "event", "of": {"name": …, "id": …, …}}` |
//! | [`TriggerDesc::All`] | `{"kind": "all", "of": [event, …]}` |
//! | [`TriggerDesc::Rescue`] | `{"kind": "rescue", "of": handler}`, of `null` for all |
//! | [`TriggerDesc::Answered`], [`Unanswered`](TriggerDesc::Unanswered) | `{"kind": "answered", "of": {"name": …, …}}`, `"unanswered"` |
//! | [`StageDesc::Ask`] | `{"kind": "ask", "of": {"within": 1000}}`, in milliseconds, or `null` |
//! | [`EventDesc::id`] | a string of 16 hexadecimal digits: a number in JSON is not that exact |
//! | [`ClauseDesc::handlers`] | left out: they are in the `route` |
//! | [`HandlerDesc::timeout`], [`GraphDesc::timeout`], [`GraphDesc::idle_timeout`] | milliseconds: `30000`, or `null` |
//!
//! An edge leads from each handler to the clauses that wait for an event with an `id` in its `emits`.
//!
//! ```
//! # use flow_core::{Cx, flow, handler};
//! # #[handler]
//! # async fn work(cx: &Cx) { cx.put("done").await; }
//! let graph = flow! { start -> work }.graph();
//! # #[cfg(feature = "serde")]
//! let json = serde_json::to_value(graph)?;
//! # #[cfg(feature = "serde")]
//! assert_eq!(json["clauses"][0]["route"][0]["of"]["name"], "work");
//! # let _ = graph;
//! # Ok::<(), serde_json::Error>(())
//! ```

mod build;
pub(crate) mod check;
pub(crate) mod desc;
pub(crate) mod duration;
pub(crate) mod event;
pub(crate) mod location;
pub(crate) mod picture;
pub(crate) mod text;

#[doc(alias("dag", "introspection", "reflection"))]
pub use desc::GraphDesc;
pub use desc::{ArmDesc, ClauseDesc, HandlerDesc, StageDesc, TriggerDesc};
pub use event::EventDesc;
pub use location::Location;
