//! Whether the process has died while the executions of a flow were looked at after a start.
//!
//! Most of them wait for something, and nothing is written to find that out. If what is gone
//! through again to find it out takes the process with it, the next start loads each of them as if
//! a call of it began, which is counted.

use std::sync::Arc;

use crate::durable::store::{ExecutionName, Store, Unavailable};
use crate::records::commit::{Change, Commit};
use crate::records::key;

/// The flow under whose name this is kept. No flow has it.
const STARTS: &str = "\0starts";

pub(super) struct Start {
    name: ExecutionName,
    /// The process has died in the last one.
    pub(super) is_careful: bool,
}

impl Start {
    /// Writes down that the executions of the flow are about to be looked at.
    pub(super) async fn begin(store: &dyn Store, flow: &Arc<str>) -> Result<Self, Unavailable> {
        let name = ExecutionName::new(STARTS, Arc::clone(flow));
        // What was committed before is durable.
        let rows = store.load(&name, &[]).await?;
        let is_careful = rows.get(key::LOADS).is_some();
        let looks = Change::Put(key::LOADS.to_owned(), Vec::new());
        store.commit(&name, Commit::from(vec![looks])).await?;
        Ok(Self { name, is_careful })
    }

    /// All of them were.
    pub(super) async fn end(&self, store: &dyn Store) -> Result<(), Unavailable> {
        let looked = Change::Delete(key::LOADS.to_owned());
        store.commit(&self.name, Commit::from(vec![looked])).await
    }
}
