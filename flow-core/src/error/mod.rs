//! The errors of executions and handlers.

mod boxed;
mod flow_error;
mod inspect;
mod kind;
mod message;
mod not_answered;
mod panic;
mod parse_number;
#[cfg(feature = "durable")]
mod recorded;
mod timed_out;
#[cfg(feature = "durable")]
mod written;

pub use self::boxed::{BoxError, HandlerError, Result};
pub(crate) use self::flow_error::At;
pub use self::flow_error::FlowError;
pub use self::kind::FlowErrorKind;
pub(crate) use self::not_answered::NotAnswered;
pub(crate) use self::panic::panic_message;
pub use self::parse_number::ParseNumberError;
#[cfg(feature = "durable")]
pub use self::recorded::Recorded;
pub use self::timed_out::TimedOut;
#[cfg(feature = "durable")]
pub(crate) use self::written::Written;
