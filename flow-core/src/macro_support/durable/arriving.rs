//! As what the errors of handlers arrive at a rescue or an `else` of a durable flow.

use crate::error::{HandlerError, Recorded};
use crate::handler::Handler;
use crate::macro_support::durable::codec::ErrorCodec;
use crate::macro_support::graph::{Graph, Worker};
use crate::records::codec::{from_bytes, to_bytes};

/// The error of a handler as it arrives: as it is if it is `KEPT`, and otherwise as a [`Recorded`].
pub trait ErrorOf<const KEPT: bool>: Sized {
    type Type: HandlerError + Send + 'static;

    /// Its codec, out of that for the error as it is.
    fn codec(kept: ErrorCodec<Self>) -> ErrorCodec<Self, Self::Type>;

    /// Whether a rescue takes over the error of the handler.
    fn rescues<H, G, W>(worker: &W, error: &Self::Type) -> bool
    where
        H: Handler<Error = Self>,
        G: Graph,
        W: Worker<G>;
}

impl<E: HandlerError + Send + 'static> ErrorOf<true> for E {
    type Type = E;

    fn codec(kept: ErrorCodec<E>) -> ErrorCodec<E> {
        kept
    }

    fn rescues<H, G, W>(worker: &W, error: &E) -> bool
    where
        H: Handler<Error = E>,
        G: Graph,
        W: Worker<G>,
    {
        worker.rescues::<H>(error)
    }
}

impl<E: HandlerError + Send + 'static> ErrorOf<false> for E {
    type Type = Recorded;

    fn codec(_kept: ErrorCodec<E>) -> ErrorCodec<E, Recorded> {
        ErrorCodec {
            encode: to_bytes,
            decode: from_bytes,
            settle: |error| Recorded::of(&*error.boxed()),
        }
    }

    fn rescues<H, G, W>(worker: &W, error: &Recorded) -> bool
    where
        H: Handler<Error = E>,
        G: Graph,
        W: Worker<G>,
    {
        // It is not that of a flow, which would be kept.
        worker.failed(error);
        true
    }
}
