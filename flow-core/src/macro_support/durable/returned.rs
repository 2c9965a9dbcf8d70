//! What a call returns, as bytes.

use crate::macro_support::durable::arriving::ErrorOf;
use crate::macro_support::durable::codec::{CodecError, ErrorCodec, ValueCodec};
use crate::records::bytes::Bytes;
use crate::records::codec::{from_bytes, to_bytes};

/// How what a handler returns is written, with its error as an `A`.
#[derive(Debug)]
pub struct CallCodec<V, E, A = E> {
    value: ValueCodec<V>,
    error: ErrorCodec<E, A>,
}

impl<V, E, A> Clone for CallCodec<V, E, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V, E, A> Copy for CallCodec<V, E, A> {}

impl<V, E> CallCodec<V, E> {
    #[must_use]
    pub const fn new(value: ValueCodec<V>, error: ErrorCodec<E>) -> Self {
        Self { value, error }
    }

    /// The same, with the error as it arrives.
    pub(super) fn arriving<const KEPT: bool>(self) -> CallCodec<V, E, E::Type>
    where
        E: ErrorOf<KEPT>,
    {
        CallCodec {
            value: self.value,
            error: E::codec(self.error),
        }
    }
}

impl<V, E, A> CallCodec<V, E, A> {
    pub(super) fn settle(&self) -> fn(E) -> A {
        self.error.settle
    }

    pub(super) fn encode(&self, result: &Result<V, A>) -> Result<Vec<u8>, CodecError> {
        let written = match result {
            Ok(value) => Ok(Bytes((self.value.encode)(value)?)),
            Err(error) => Err(Bytes((self.error.encode)(error)?)),
        };
        to_bytes(&written)
    }

    pub(super) fn decode(&self, bytes: &[u8]) -> Result<Result<V, A>, CodecError> {
        Ok(match from_bytes::<Result<Bytes, Bytes>>(bytes)? {
            Ok(Bytes(value)) => Ok((self.value.decode)(&value)?),
            Err(Bytes(error)) => Err((self.error.decode)(&error)?),
        })
    }
}
