//! Durable executions of flows on Restate: many machines, and nothing is lost.

mod client;
mod desk;
mod http;
mod kept;
mod register;
mod run;
mod sdk;
mod session;
mod wire;
mod worker;

pub use client::Client;
pub use register::{register, register_anew};
pub use worker::Worker;
