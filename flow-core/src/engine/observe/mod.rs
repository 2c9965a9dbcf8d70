//! Observers and spans. An execution that nothing observes pays for one pointer.

mod tell;
#[cfg_attr(not(feature = "tracing"), path = "untraced.rs")]
pub(crate) mod trace;
pub(crate) mod watch;
