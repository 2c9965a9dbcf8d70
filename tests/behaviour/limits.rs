//! Limits that stop an attempt of a handler, or an execution, early.

mod attempts;
mod executions;
mod handlers;
