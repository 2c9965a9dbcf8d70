//! What is asked of an execution.

use tokio::sync::oneshot;

use crate::durable::encoded::Encoded;
use crate::durable::request_error::RequestError;
use crate::durable::tell::Tell;
use crate::records::commit::Commit;

/// Something that is asked of an execution, and where the reply goes.
pub(super) struct Request {
    pub(super) ask: Ask,
    pub(super) reply: Reply,
}

pub(super) enum Ask {
    /// With this input; the commit is made if there is none yet.
    Start {
        input: Encoded,
        commit: Commit,
    },
    Tell(Tell),
    /// Remove what is left of it.
    Purge,
    /// Try once more to go on with it.
    Retry,
    /// Let the calls that run end, begin no further one, and leave the memory.
    Close,
}

/// Where a reply goes. If it is dropped, the host is closed.
pub(super) struct Reply(oneshot::Sender<Result<(), RequestError>>);

impl Reply {
    pub(super) fn channel() -> (Self, oneshot::Receiver<Result<(), RequestError>>) {
        let (sender, receiver) = oneshot::channel();
        (Self(sender), receiver)
    }

    pub(super) fn send(self, reply: Result<(), RequestError>) {
        // It is all the same to the execution if nobody waits for it any more.
        let _nobody_waits = self.0.send(reply);
    }
}
