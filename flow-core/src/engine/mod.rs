//! The engine in memory: one execution is one future, and its handlers run inside it.
//!
//! No task, no channel and no heap node belongs to an event. The handlers of a flow are the arms of
//! one generated loop ([`Worker`](crate::graph::Worker)); a [`Driver`](driver::Driver) polls as many
//! copies of that loop ("slots") as handlers are suspended at the same time, and reuses them.
//!
//! What happens inside (handlers that emit and put, a reader that polls the execution itself) stays
//! on the polling thread and takes no lock: [`turn`] and [`local`]. What comes from outside takes
//! one: [`remote`]. Who is to be polled next stands in [`wakes`], and what is to be done at a certain
//! time in [`alarms`].

mod alarms;
mod driver;
mod home;
mod local;
mod puts;
mod questions;
mod quietly;
mod reading;
mod remote;
mod shared;
#[cfg_attr(not(feature = "tracing"), path = "untraced.rs")]
mod trace;
mod turn;
mod wakes;
mod watch;
mod worker;

pub(crate) use alarms::Alarms;
pub(crate) use driver::{Batch, Driver};
pub(crate) use home::Work;
pub(crate) use local::{BUDGET, Outlet};
pub use quietly::Waiting;
pub(crate) use quietly::drop_quietly;
pub(crate) use shared::{Ending, Read, Shared};
pub(crate) use worker::Engine;
