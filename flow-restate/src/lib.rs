//! Durable executions of flows on Restate: many machines, and nothing is lost.
//!
//! A [`Worker`] runs the executions of durable flows for a server of Restate, of which
//! [`register`] tells the server. A [`Client`] starts them, reads their items, answers their
//! questions and waits for their outputs, with the same types as a journal in one process:
//! [`Executions`](flow_core::durable::Executions) and [`Handle`](flow_core::durable::Handle).
//!
//! ```no_run
//! use flow_core::{flow, handler};
//! use flow_restate::{Client, Worker, register};
//!
//! #[handler]
//! async fn charge(cents: u32) -> String {
//!     format!("charged {cents}")
//! }
//!
//! flow! {
//!     pub flow Order(u32) -> String;
//!     durable;
//!     start -> charge -> end;
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! tokio::spawn(Worker::new().flow(Order::new()).serve("0.0.0.0:9080"));
//! register("http://127.0.0.1:9070", "http://127.0.0.1:9080").await?;
//!
//! let orders = Client::new("http://127.0.0.1:8080").executions::<Order>();
//! let order = orders.start("order-42", 700).await?;
//! assert_eq!(order.output().await?, "charged 700");
//! # Ok(())
//! # }
//! ```
//!
//! What changes on the way from one process to many machines, what must not be exposed, and when to
//! stay with a journal, the README of this crate tells.

mod client;
mod close;
mod desk;
mod http;
mod kept;
#[cfg(feature = "nats")]
mod nats;
mod outlet;
mod past;
mod reading;
mod register;
mod requests;
mod run;
mod sdk;
mod session;
mod streams;
mod wire;
mod worker;

pub use client::Client;
#[cfg(feature = "nats")]
pub use nats::Nats;
pub use register::{register, register_anew};
pub use worker::Worker;

// One of its programs needs the feature.
#[cfg(all(doctest, feature = "nats"))]
#[doc = include_str!("../README.md")]
struct Readme;
