//! Limits that stop an attempt of a handler, or an execution, early.

mod at_run_time;
mod attempts;
mod clock;
mod executions;
mod handlers;
mod shared;
mod waiting_stages;
