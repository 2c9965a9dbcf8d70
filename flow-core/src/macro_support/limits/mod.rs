//! The limits in `#[handler(…)]`: `timeout`, `retry` and `concurrency`.
//!
//! A handler with limits wraps its function in calls of these, in this order: `retry` makes
//! attempts, each attempt waits for its permit, and then its time starts. A handler without limits
//! calls none. The `concurrency` of a flow is in [`turns`].

mod overrides;
mod permits;
mod retry;
mod timeout;
mod turns;

pub(crate) use overrides::Overrides;
pub use permits::{Permits, SharedPermits, in_turn, in_turn_of_all};
pub use retry::{CloneFailedForRetry, CloneForRetry, KeptForRetry, Pauses, kept, retry};
pub use timeout::{FromTimedOut, timed_out, within};
#[cfg(feature = "testing")]
pub(crate) use turns::in_turn_of_substitute;
pub(crate) use turns::{Turns, in_turn_of_execution};
