//! How an execution comes into memory.

use std::sync::Arc;

use crate::durable::host::ramp::Loading;
use crate::durable::host::request::{Ask, Reply, Request};
use crate::durable::host::seat::Seat;
use crate::durable::host::shared::Shared;
use crate::durable::host::task::Task;
use crate::durable::request_error::RequestError;
use crate::durable::store::ExecutionName;

/// Asks something of an execution, which is loaded for it.
pub(super) async fn ask(
    shared: &Arc<Shared>,
    id: &ExecutionName,
    ask: Ask,
) -> Result<(), RequestError> {
    let (reply, replied) = Reply::channel();
    load(shared, id, Some(Request { ask, reply }), None);
    replied.await.map_err(|_dropped| RequestError::Closed)?
}

/// Hands a request to an execution, or has it go on by itself. It counts as one that is loading
/// until it is loaded.
pub(super) fn load(
    shared: &Arc<Shared>,
    id: &ExecutionName,
    request: Option<Request>,
    loading: Option<Loading>,
) {
    shared.hand(id, request, |program, mailbox| {
        let seat = Seat::new(Arc::clone(shared), program, id.clone(), mailbox);
        let task = Task::new(seat, loading);
        shared.runtime.spawn(task.run()).abort_handle()
    });
}
