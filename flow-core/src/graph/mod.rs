//! The graph of a flow as data, for the checks, for pictures, and for your own tools.
//!
//! [`Flow::graph`](crate::Flow::graph) returns it, and a named flow has it as its `GRAPH`. The
//! macros make it as a `const`. Later versions may add fields, but do not change or remove any.
//!
//! # As a picture
//!
//! [`GraphDesc::to_mermaid`] and [`GraphDesc::to_dot`] draw a graph.
//!
//! # As JSON
//!
//! With the feature `serde`, all types here implement `serde::Serialize`. Structs become objects
//! with the same field names. Enums become objects with a `kind` and, if the variant has data, an
//! `of`:
//!
//! | in Rust | in JSON |
//! | --- | --- |
//! | [`StageDesc::Handler`] | `{"kind": "handler", "of": {"name": …, …}}`; with `"asks": event` for a stage `ask E` |
//! | [`StageDesc::Join`] | `{"kind": "join", "of": [[stage, …], …]}` |
//! | [`StageDesc::First`] | `{"kind": "first", "of": [[stage, …], …]}` |
//! | [`StageDesc::Each`] | `{"kind": "each", "of": {"route": [stage, …], "limit": "8"}}` |
//! | [`StageDesc::Choice`] | `{"kind": "choice", "of": [arm, …]}` |
//! | [`StageDesc::Else`] | `{"kind": "else", "of": {"route": [stage, …], "stand_in": [stage, …]}}` |
//! | [`StageDesc::End`], [`EndNow`](StageDesc::EndNow), [`Ignore`](StageDesc::Ignore) | `{"kind": "end"}`, `{"kind": "end_now"}`, `{"kind": "ignore"}` |
//! | [`StageDesc::Skip`] | `{"kind": "skip"}` |
//! | [`TriggerDesc::Open`] | `{"kind": "open", "of": "Session"}` |
//! | [`TriggerDesc::Start`] | `{"kind": "start"}` |
//! | [`TriggerDesc::Event`] | `{"kind": "event", "of": event}` |
//! | [`TriggerDesc::All`] | `{"kind": "all", "of": [event, …]}` |
//! | [`TriggerDesc::Times`] | `{"kind": "times", "of": {"event": event, "count": "LIMIT", "number": 3}}` |
//! | [`TriggerDesc::Rescue`] | `{"kind": "rescue", "of": handler}`; `null` for a rescue of all |
//! | [`TriggerDesc::Answered`] | `{"kind": "answered", "of": event}` |
//! | [`TriggerDesc::Unanswered`] | `{"kind": "unanswered", "of": event}` |
//! | [`TriggerDesc::Every`] | `{"kind": "every", "of": {"period": 1000, "text": "every \"1s\""}}`: milliseconds |
//! | [`TriggerDesc::Reminder`] | `{"kind": "reminder", "of": {"question": event, "period": 3600000, "text": "every \"1h\""}}` |
//! | [`TriggerDesc::Finally`] | `{"kind": "finally"}` |
//! | [`TriggerDesc::LeftOver`] | `{"kind": "left_over", "of": event}` |
//! | [`StageDesc::Ask`] | `{"kind": "ask", "of": {"within": 1000}}`: milliseconds, or `null` |
//! | [`StageDesc::Closure`] | `{"kind": "closure", "of": "\|n\| n + 1"}` |
//! | [`StageDesc::Emit`] | `{"kind": "emit", "of": {"events": [event, …], "shape": shape}}` |
//! | [`EventDesc::id`] | 16 hexadecimal digits, because JSON numbers are less precise |
//! | [`HandlerDesc::shape`] | `{"success": [alternative, …], "failure": [alternative, …]}` |
//! | [`Alternative`] | `{"emits": [{"least": 1, "most": null}, …], "waits": false, "stops": false}` |
//! | [`ClauseDesc::handlers`] | left out, because they are in the `route` |
//! | a timeout | milliseconds, such as `30000`, or `null` |
//!
//! A handler leads to each clause that waits for an event whose `id` is in the handler's `emits`. Its
//! [`shape`](HandlerDesc::shape) shows how many of them a call emits. A [`StageDesc::Emit`] leads
//! to the clauses of its `events` in the same way.
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
mod heading;
pub(crate) mod held;
pub(crate) mod location;
pub(crate) mod picture;
mod properties;
pub(crate) mod shape;
pub(crate) mod text;

#[doc(alias("dag", "introspection", "reflection"))]
pub use desc::GraphDesc;
pub use desc::{ArmDesc, ClauseDesc, HandlerDesc, StageDesc, TriggerDesc};
pub use event::EventDesc;
pub use location::Location;
pub use shape::{Alternative, Count, Shape};
