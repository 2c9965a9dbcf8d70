//! What a call returns, as bytes.

use crate::macro_support::durable::codec::{CodecError, ErrorCodec, ValueCodec};
use crate::records::bytes::Bytes;
use crate::records::codec::{from_bytes, to_bytes};

/// How what a handler returns is written.
#[derive(Debug)]
pub struct CallCodec<V, E> {
    value: ValueCodec<V>,
    error: ErrorCodec<E>,
}

impl<V, E> Clone for CallCodec<V, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V, E> Copy for CallCodec<V, E> {}

impl<V, E> CallCodec<V, E> {
    #[must_use]
    pub const fn new(value: ValueCodec<V>, error: ErrorCodec<E>) -> Self {
        Self { value, error }
    }

    pub(super) fn settle(&self) -> fn(E) -> E {
        self.error.settle
    }

    pub(super) fn encode(&self, result: &Result<V, E>) -> Result<Vec<u8>, CodecError> {
        let written = match result {
            Ok(value) => Ok(Bytes((self.value.encode)(value)?)),
            Err(error) => Err(Bytes((self.error.encode)(error)?)),
        };
        to_bytes(&written)
    }

    pub(super) fn decode(&self, bytes: &[u8]) -> Result<Result<V, E>, CodecError> {
        Ok(match from_bytes::<Result<Bytes, Bytes>>(bytes)? {
            Ok(Bytes(value)) => Ok((self.value.decode)(&value)?),
            Err(Bytes(error)) => Err((self.error.decode)(&error)?),
        })
    }
}
