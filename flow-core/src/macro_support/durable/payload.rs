//! The values that clauses run with and whose types are of this crate, as bytes.

use crate::failed::Failed;
use crate::macro_support::durable::codec::{CodecError, ErrorCodec, ValueCodec};
use crate::records::codec::{from_bytes, to_bytes};

/// What a rescue runs with.
pub fn failed_to_bytes<E, Cause>(
    failed: &Failed<E, Cause>,
    error: ErrorCodec<E>,
    cause: ValueCodec<Cause>,
) -> Result<Vec<u8>, CodecError> {
    to_bytes(&failed.map(error.encode, cause.encode)?)
}

pub fn failed_from_bytes<E, Cause>(
    bytes: &[u8],
    error: ErrorCodec<E>,
    cause: ValueCodec<Cause>,
) -> Result<Failed<E, Cause>, CodecError> {
    let failed: Failed<Vec<u8>, Vec<u8>> = from_bytes(bytes)?;
    failed.map(|bytes| (error.decode)(bytes), |bytes| (cause.decode)(bytes))
}
