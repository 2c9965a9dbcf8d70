//! What the codec has written as JSON, whatever its type was.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::records::codec::{CodecError, from_bytes};

pub(super) fn read(bytes: &[u8]) -> Result<Value, CodecError> {
    from_bytes::<Json>(bytes).map(|Json(value)| value)
}

/// Reads more than `serde_json`'s value does: bytes, and maps with keys that are no strings.
struct Json(Value);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can say")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        Number::from_i128(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom(too_large(value)))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        Number::from_u128(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom(too_large(value)))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<Value, E> {
        Ok(value.iter().copied().collect())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Json(value)) = values.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(Json(key)) = entries.next_key()? {
            let key = match key {
                Value::String(key) => key,
                Value::Number(key) => key.to_string(),
                Value::Bool(key) => key.to_string(),
                other => {
                    let why = format!("JSON has no maps with keys such as `{other}`");
                    return Err(A::Error::custom(why));
                }
            };
            let Json(value) = entries.next_value()?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

fn too_large(value: impl fmt::Display) -> String {
    format!("{value} is too large for JSON")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::{Value, json};

    use super::read;
    use crate::records::codec::to_bytes;

    #[derive(Serialize)]
    enum Shape {
        Point,
        Circle { radius: f32 },
        Pair(u8, Option<char>),
    }

    fn through<T: Serialize>(value: &T) -> Value {
        read(&to_bytes(value).unwrap()).unwrap()
    }

    #[test]
    fn values_are_the_json_that_serde_json_makes_of_them() {
        let shapes = [Shape::Point, Shape::Circle { radius: 0.5 }];
        assert_eq!(through(&shapes), serde_json::to_value(&shapes).unwrap());
        let pairs = (
            Shape::Pair(1, Some('x')),
            Shape::Pair(2, None),
            "a",
            -7,
            u64::MAX,
        );
        assert_eq!(through(&pairs), serde_json::to_value(&pairs).unwrap());
        let nothing = ((), None::<u8>, Some(Some(1)), Vec::<u8>::new());
        assert_eq!(through(&nothing), json!([null, null, 1, []]));
    }

    #[test]
    fn keys_that_are_no_strings_become_strings() {
        assert_eq!(
            through(&BTreeMap::from([(-1, 'a'), (2, 'b')])),
            json!({ "-1": "a", "2": "b" })
        );
        assert_eq!(
            through(&BTreeMap::from([('x', true)])),
            json!({ "x": true })
        );
        let pairs = to_bytes(&BTreeMap::from([((1, 2), 3)])).unwrap();
        let error = read(&pairs).unwrap_err().to_string();
        assert!(
            error.ends_with("JSON has no maps with keys such as `[1,2]`"),
            "{error}"
        );
    }

    #[test]
    fn numbers_beyond_json_are_told_or_null() {
        assert_eq!(through(&[f64::NAN, f64::INFINITY]), json!([null, null]));
        assert_eq!(through(&(u128::from(u64::MAX))), json!(u64::MAX));
        assert!(read(&to_bytes(&u128::MAX).unwrap()).is_err());
    }
}
