//! What is asked of an execution that is over: it was done before, or is done no more.

use crate::durable::encoded::Encoded;
use crate::durable::host::request::{Ask, Request};
use crate::durable::host::seat::Seat;
use crate::durable::host::shared::{Changed, Left};
use crate::durable::request_error::RequestError;
use crate::durable::store::{ExecutionName, Keys, Store, Unavailable};
use crate::durable::tell::Tell;
use crate::records::commit::Commit;
use crate::records::key;
use crate::records::message::Refused;
use crate::records::rows::Rows;

/// Replies to all that has come. `None` if the execution is not there any more: it was purged, and
/// forgotten, while it was looked for. What has come for it comes again.
pub(super) async fn reply(seat: &mut Seat) -> Result<Option<Left>, Unavailable> {
    while let Some(Request { ask, reply }) = seat.try_next() {
        let replied = reply_to(seat, &ask).await;
        let unavailable = match &replied {
            Err(RequestError::Unavailable(error)) => Some(error.clone()),
            Err(RequestError::NotFound { .. }) => {
                seat.put_back(Request { ask, reply });
                return Ok(None);
            }
            _ => None,
        };
        reply.send(replied);
        if let Some(error) = unavailable {
            return Err(error);
        }
    }
    Ok(Some(Left::Over))
}

async fn reply_to(seat: &Seat, ask: &Ask) -> Result<(), RequestError> {
    let (store, id) = (&*seat.shared.store, &seat.id);
    match ask {
        Ask::Start { input, .. } => {
            let head = store.read(id, Keys::one(key::HEAD)).await?;
            if head.is_empty() {
                return Err(gone(store, id).await);
            }
            let started_with = seat.program.input(&head);
            let started_with = started_with.map_err(|reason| RequestError::Blocked { reason })?;
            seat.same_input(&Encoded::from_bytes(started_with), input)
        }
        Ask::Tell(tell) => told_before(store, id, tell, Refused::Ended).await,
        Ask::Purge => {
            if one(store, id, key::HEAD).await?.is_none() {
                return match gone(store, id).await {
                    RequestError::Purged { .. } => Ok(()),
                    error => Err(error),
                };
            }
            // The store may have failed before.
            store.load(id, key::LOGS).await?;
            store.commit(id, Commit::purge()).await?;
            seat.shared.changed(id, Changed::STATUS);
            Ok(())
        }
        Ask::Retry | Ask::Close => Ok(()),
    }
}

/// Why there is nothing to read of an execution. It may be purged, and forgotten, between two
/// reads, so this is asked after what was looked for is not found.
async fn gone(store: &dyn Store, id: &ExecutionName) -> RequestError {
    let id_of = || id.id().to_owned();
    match one(store, id, key::PURGED).await {
        Ok(Some(_)) => RequestError::Purged { id: id_of() },
        Ok(None) => RequestError::NotFound { id: id_of() },
        Err(error) => RequestError::Unavailable(error),
    }
}

/// The execution refuses this. If it was told before, that is what the reply is about.
pub(super) async fn told_before(
    store: &dyn Store,
    id: &ExecutionName,
    tell: &Tell,
    refused: Refused,
) -> Result<(), RequestError> {
    let before = one(store, id, &tell.row()).await?;
    if before.is_none() && one(store, id, key::HEAD).await?.is_none() {
        return Err(gone(store, id).await);
    }
    tell.told_before(before.as_deref(), refused)
}

async fn one(
    store: &dyn Store,
    id: &ExecutionName,
    key: &str,
) -> Result<Option<Vec<u8>>, Unavailable> {
    let rows: Rows = store.read(id, Keys::one(key)).await?;
    Ok(rows.get(key).map(<[u8]>::to_vec))
}
