//! A value of a durable flow whose type is not known here.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::durable::json;
use crate::records::codec::{CodecError, from_bytes, to_bytes};

/// An input, an output, an item, an answer or an event of a durable flow, without its type.
///
/// It is made of JSON, or of bytes as a store keeps them, and turns into either. The bytes keep
/// more than JSON can say, such as `NaN` and maps with other keys than strings: see
/// [`to_json`](Self::to_json).
///
/// ```
/// use flow_core::durable::Encoded;
/// use serde_json::json;
///
/// let order = Encoded::from(json!({ "number": 42, "express": true }));
/// let kept: Vec<u8> = order.to_bytes()?;
/// assert_eq!(Encoded::from_bytes(kept).to_json()?["number"], 42);
/// # Ok::<(), flow_core::durable::codec::CodecError>(())
/// ```
#[derive(Clone)]
pub struct Encoded(Repr);

#[derive(Clone)]
enum Repr {
    Bytes(Vec<u8>),
    Json(Value),
}

impl Encoded {
    /// The value as the codec of durable flows writes it.
    ///
    /// # Errors
    ///
    /// If its `Serialize` fails.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, CodecError> {
        to_bytes(value).map(Self::from_bytes)
    }

    /// What [`to_bytes`](Self::to_bytes) has returned, or what the rows of an execution contain.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Repr::Bytes(bytes))
    }

    /// The value as bytes, to keep it.
    ///
    /// # Errors
    ///
    /// If it was made of JSON that is nested too deeply.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CodecError> {
        match &self.0 {
            Repr::Bytes(bytes) => Ok(bytes.clone()),
            Repr::Json(value) => to_bytes(value),
        }
    }

    /// The value as JSON.
    ///
    /// Keys of maps that are no strings become strings, as far as they are numbers, characters or
    /// `bool`s. Bytes become lists of numbers, and `NaN` and the infinities `null`.
    ///
    /// # Errors
    ///
    /// If it is not what the codec writes, or a key of a map has another type.
    pub fn to_json(&self) -> Result<Value, CodecError> {
        match &self.0 {
            Repr::Bytes(bytes) => json::read(bytes),
            Repr::Json(value) => Ok(value.clone()),
        }
    }

    /// The value as a `T`.
    ///
    /// # Errors
    ///
    /// If it is no `T`.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, CodecError> {
        match &self.0 {
            Repr::Bytes(bytes) => from_bytes(bytes),
            Repr::Json(value) => from_bytes(&to_bytes(value)?),
        }
    }

    /// Whether both are the same value: as bytes, or else as JSON, where the order of the keys of a
    /// map does not count.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        if let (Repr::Bytes(one), Repr::Bytes(other)) = (&self.0, &other.0)
            && one == other
        {
            return true;
        }
        match (self.to_json(), other.to_json()) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        }
    }
}

impl From<Value> for Encoded {
    fn from(value: Value) -> Self {
        Self(Repr::Json(value))
    }
}

/// As JSON.
impl fmt::Display for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_json() {
            Ok(value) => fmt::Display::fmt(&value, f),
            Err(error) => write!(f, "({error})"),
        }
    }
}

impl fmt::Debug for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encoded({self})")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::collections::{BTreeMap, HashMap};

    use serde_json::json;

    use super::Encoded;

    #[test]
    fn what_json_cannot_say_stays_in_the_bytes() {
        let value = BTreeMap::from([(1_u32, f64::NAN), (2, 0.5)]);
        let encoded = Encoded::of(&value).unwrap();
        assert!(encoded.decode::<BTreeMap<u32, f64>>().unwrap()[&1].is_nan());
        assert_eq!(encoded.to_json().unwrap(), json!({ "1": null, "2": 0.5 }));
    }

    #[test]
    fn json_is_read_as_the_type() {
        let encoded = Encoded::from(json!([[1, "a"], null, 7]));
        let value: ((u8, String), Option<u8>, f64) = encoded.decode().unwrap();
        assert_eq!(value, ((1, "a".to_owned()), None, 7.0));
        assert!(encoded.decode::<bool>().is_err());
    }

    #[test]
    fn the_same_value_is_the_same_however_it_was_made() {
        let json = Encoded::from(json!({ "a": 1, "b": [true] }));
        let kept = Encoded::from_bytes(json.to_bytes().unwrap());
        assert!(json.is_same(&kept) && kept.is_same(&json) && kept.is_same(&kept));
        let other = Encoded::from(json!({ "a": 1, "b": [false] }));
        assert!(!other.is_same(&kept));
        let map: HashMap<_, _> = (0..9).map(|n| (n.to_string(), n)).collect();
        let again: HashMap<_, _> = map.clone().into_iter().collect();
        let (map, again) = (Encoded::of(&map).unwrap(), Encoded::of(&again).unwrap());
        assert!(map.is_same(&again));
        assert!(!Encoded::from_bytes(vec![]).is_same(&kept));
    }
}
