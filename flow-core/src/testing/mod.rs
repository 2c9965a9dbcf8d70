//! The means to test flows; with the feature `testing`, which belongs into `[dev-dependencies]`.
//!
//! | to test | there is |
//! | --- | --- |
//! | one handler | [`Recorder`], whose context the handler is called with |
//! | a flow without the model, the network, the clock of some handler | [`Flow::replace`](crate::Flow::replace) |
//! | what happened, in which order | [`Journal`] |
//! | which parts of a graph no test has reached | [`Coverage`] |
//!
//! Time is that of tokio, which a test can pause. The page
//! [Testing a flow](crate::guide::testing) shows each of them.

mod coverage;
mod journal;
mod recorder;
mod replace;

pub use coverage::{Coverage, Edge};
pub use journal::Journal;
#[doc(alias("mock", "spy"))]
pub use recorder::Recorder;
pub use replace::{Replacement, Returns, StandIn};
