//! What ends a handler's attempts, and what ends an execution, before they have ended by themselves.

mod executions;
mod handlers;
