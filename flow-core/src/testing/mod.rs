//! Utilities for testing flows, behind the feature `testing`.
//!
//! Enable the feature in `[dev-dependencies]` only: it makes each handler call look for a
//! replacement.
//!
//! - [`Recorder`] provides a context for calling a single handler, and records what it does.
//! - [`Flow::replace`](crate::Flow::replace) replaces handlers of a flow, such as those that are
//!   slow or use the network.
//! - [`Journal`] records what happens in an execution, and in which order.
//! - [`Coverage`] reports which parts of the graph no test has reached.
//!
//! Flows use tokio's clock, which a test can pause. The guide
//! [Testing a flow](crate::guide::testing) shows all of them in use.

mod coverage;
mod journal;
mod recorder;
mod replace;

pub use coverage::{Coverage, Edge};
pub use journal::Journal;
#[doc(alias("mock", "spy"))]
pub use recorder::Recorder;
pub use replace::{Replacement, Returns, StandIn};
