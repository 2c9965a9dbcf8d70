//! Durable executions of flows in a directory on a disk, with nothing to install.
//!
//! A [`Journal`] runs the executions of durable flows in one process, and keeps them in one
//! directory. Kill the process anywhere, start it again, and they go on behind the last call that
//! was recorded.
//!
//! ```
//! use flow_core::{flow, handler};
//! use flow_journal::Journal;
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
//! # let directory = tempfile::tempdir()?;
//! # std::env::set_current_dir(&directory)?;
//! let journal = Journal::open("orders").await?;
//! let orders = journal.register(Order::new()); // continues what was under way
//! let order = orders.start("order-42", 700).await?;
//! assert_eq!(order.output().await?, "charged 700");
//! journal.close(std::time::Duration::from_secs(10)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! What a durable flow is, which handlers are safe in one, and what can be asked of an execution
//! stands in [`flow_core::durable`] and in the page [durable flows](flow_core::guide::durable).

mod directory;
mod disk;
mod journal;
mod open_error;
mod scan;

pub use journal::{Journal, Open};
pub use open_error::OpenError;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
