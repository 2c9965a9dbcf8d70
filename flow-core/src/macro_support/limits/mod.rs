//! What the limits in `#[handler(…)]` do: its `timeout`, its `retry`, its `concurrency`.
//!
//! A handler that has some calls these functions around its own, in this order: a retry makes
//! attempts, each attempt waits for its permit, and then its time begins. A handler that has none
//! does not know of them.

mod permits;
mod retry;
mod timeout;

pub use permits::{Permits, in_turn};
pub use retry::{CloneForRetry, Retry, retry};
pub use timeout::{FromTimedOut, timed_out, within};
