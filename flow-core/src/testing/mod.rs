//! Utilities for testing flows, behind the feature `testing`.
//!
//! Enable the feature in `[dev-dependencies]` only: it makes each handler call look for a
//! replacement.
//!
//! | to test | use |
//! | --- | --- |
//! | a single handler | [`Recorder`], which provides a context to call it with |
//! | a flow without its slow or external parts | [`Flow::replace`](crate::Flow::replace), which replaces handlers |
//! | what happens, and in which order | [`Journal`] |
//! | which parts of the graph the tests reach | [`Coverage`] |
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
