//! Values of a durable flow as bytes: CBOR (RFC 8949), with the names of fields and variants.
//!
//! It is written here because a value has to come back as it was, and the crates for CBOR that we
//! tried lose what serde tells them: `Some(None)` and `Some(())` come back as `None`, a `char` in
//! an untagged enum as a `String`, and an `IpAddr` in a flattened struct not at all. Two tags keep
//! the first two apart ([`SOME`], [`CHAR`]). The format counts as human-readable for the last one:
//! what serde buffers for `untagged` and `flatten` always does.

mod read;
#[cfg(test)]
mod tests;
mod write;

use std::any::type_name;
use std::error::Error;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// How deeply values may be nested. Both ways count in the same way, so that what was written can
/// be read.
const MAX_DEPTH: u16 = 128;

/// The tag of a `Some` whose value would be read as `None` without it.
const SOME: u64 = 63_001;

/// The tag of a `char`, whose value is a text.
const CHAR: u64 = 63_002;

/// The tags of integers that need more than eight bytes.
const BIG: u64 = 2;
const BIG_NEGATIVE: u64 = 3;

/// The major types of CBOR.
mod major {
    pub(super) const UNSIGNED: u8 = 0;
    pub(super) const NEGATIVE: u8 = 1;
    pub(super) const BYTES: u8 = 2;
    pub(super) const TEXT: u8 = 3;
    pub(super) const ARRAY: u8 = 4;
    pub(super) const MAP: u8 = 5;
    pub(super) const TAG: u8 = 6;
    pub(super) const SIMPLE: u8 = 7;
}

/// Whole first bytes of values.
mod byte {
    pub(super) const FALSE: u8 = 0xf4;
    pub(super) const TRUE: u8 = 0xf5;
    /// CBOR's `null`.
    pub(super) const NONE: u8 = 0xf6;
    /// CBOR's `undefined`.
    pub(super) const UNIT: u8 = 0xf7;
    pub(super) const F32: u8 = 0xfa;
    pub(super) const F64: u8 = 0xfb;
    /// The end of an array or a map without a length.
    pub(super) const END: u8 = 0xff;
    /// In the place of a length: an end follows.
    pub(super) const OPEN: u8 = 31;
}

/// Writes a value as an execution records it: CBOR, with the names of fields and variants.
///
/// # Errors
///
/// If its `Serialize` fails, or it is nested too deeply.
///
/// ```
/// use flow_core::durable::codec::{from_bytes, to_bytes};
///
/// # fn main() -> Result<(), flow_core::durable::codec::CodecError> {
/// let bytes = to_bytes(&("order", 42))?;
/// assert_eq!(from_bytes::<(String, u32)>(&bytes)?, ("order".to_owned(), 42));
/// # Ok(())
/// # }
/// ```
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CodecError> {
    write::to_bytes(value).map_err(|Why(why)| CodecError::Encode {
        of: type_name::<T>(),
        why,
    })
}

/// Reads a value that [`to_bytes`] has written. The bytes have to be all of it.
///
/// The format describes itself, so any type that can take the value can be read, such as a JSON
/// value.
///
/// # Errors
///
/// If the bytes are no such value.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    read::from_bytes(bytes).map_err(|Why(why)| CodecError::Decode {
        of: type_name::<T>(),
        why,
    })
}

/// Why a value of a durable flow cannot be recorded, or what was recorded cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodecError {
    /// A value cannot be written: its `Serialize` says why.
    Encode {
        /// The type of the value.
        of: &'static str,
        /// The message of its `Serialize`.
        why: String,
    },
    /// What was recorded is no such value: it was written by another version of the type, or
    /// something has changed it.
    Decode {
        /// The type of the value.
        of: &'static str,
        /// The message of its `Deserialize`.
        why: String,
    },
    /// What was recorded belongs to a clause that the flow has no more.
    NoClause(String),
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encode { of, why } => write!(f, "a `{of}` cannot be recorded: {why}"),
            Self::Decode { of, why } => write!(f, "it is no `{of}`: {why}"),
            Self::NoClause(name) => write!(
                f,
                "what was recorded belongs to the clause `{name}`, which this flow does not have"
            ),
        }
    }
}

impl Error for CodecError {}

/// What serde said.
#[derive(Debug)]
struct Why(String);

impl Why {
    fn too_deep() -> Self {
        Self(format!(
            "it is nested more than {MAX_DEPTH} levels deep: store such a value as a list"
        ))
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Why {}

impl serde::ser::Error for Why {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl serde::de::Error for Why {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}
