//! From bytes to a value.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Error as _, IntoDeserializer, Unexpected, Visitor,
};

use super::{BIG, BIG_NEGATIVE, CHAR, MAX_DEPTH, SOME, Why, byte, major};

pub(super) fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Why> {
    let mut reader = Reader {
        rest: bytes,
        depth: 0,
    };
    let value = T::deserialize(&mut reader)?;
    match reader.rest.len() {
        0 => Ok(value),
        more => Err(Why(format!("{more} more bytes follow it"))),
    }
}

struct Reader<'de> {
    rest: &'de [u8],
    depth: u16,
}

/// The first bytes of a value.
enum Head {
    Unsigned(u64),
    /// -1 minus this.
    Negative(u64),
    Bytes(u64),
    Text(u64),
    Array(Option<u64>),
    Map(Option<u64>),
    Tag(u64),
    Bool(bool),
    None,
    Unit,
    F32(f32),
    F64(f64),
}

fn short() -> Why {
    Why("bytes are missing at its end".to_owned())
}

fn unknown(first: u8) -> Why {
    Why(format!("0x{first:02x} begins no value"))
}

impl<'de> Reader<'de> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Why> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or_else(short)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn bytes(&mut self, length: u64) -> Result<&'de [u8], Why> {
        let length = usize::try_from(length).map_err(|_| short())?;
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or_else(short)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn text(&mut self, length: u64) -> Result<&'de str, Why> {
        let bytes = self.bytes(length)?;
        std::str::from_utf8(bytes).map_err(|error| Why(error.to_string()))
    }

    /// A name of a variant.
    fn name(&mut self) -> Result<&'de str, Why> {
        match self.head()? {
            Head::Text(length) => self.text(length),
            _ => Err(Why("the name of a variant is missing".to_owned())),
        }
    }

    fn head(&mut self) -> Result<Head, Why> {
        let [first] = self.array()?;
        let (kind, low) = (first >> 5, first & 0x1f);
        if kind == major::SIMPLE {
            return match first {
                byte::FALSE => Ok(Head::Bool(false)),
                byte::TRUE => Ok(Head::Bool(true)),
                byte::NONE => Ok(Head::None),
                byte::UNIT => Ok(Head::Unit),
                byte::F32 => self.array().map(|bits| Head::F32(f32::from_be_bytes(bits))),
                byte::F64 => self.array().map(|bits| Head::F64(f64::from_be_bytes(bits))),
                _ => Err(unknown(first)),
            };
        }
        let argument = match low {
            0..=23 => Some(low.into()),
            24 => Some(u8::from_be_bytes(self.array()?).into()),
            25 => Some(u16::from_be_bytes(self.array()?).into()),
            26 => Some(u32::from_be_bytes(self.array()?).into()),
            27 => Some(u64::from_be_bytes(self.array()?)),
            byte::OPEN => None,
            _ => return Err(unknown(first)),
        };
        match (kind, argument) {
            (major::UNSIGNED, Some(number)) => Ok(Head::Unsigned(number)),
            (major::NEGATIVE, Some(number)) => Ok(Head::Negative(number)),
            (major::BYTES, Some(length)) => Ok(Head::Bytes(length)),
            (major::TEXT, Some(length)) => Ok(Head::Text(length)),
            (major::ARRAY, length) => Ok(Head::Array(length)),
            (major::MAP, length) => Ok(Head::Map(length)),
            (major::TAG, Some(tag)) => Ok(Head::Tag(tag)),
            _ => Err(unknown(first)),
        }
    }

    /// The next head, which is read again.
    fn peek(&self) -> Result<Head, Why> {
        let mut ahead = Self {
            rest: self.rest,
            depth: self.depth,
        };
        ahead.head()
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Why>) -> Result<T, Why> {
        if self.depth == MAX_DEPTH {
            return Err(Why::too_deep());
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn parts<T>(
        &mut self,
        left: Option<u64>,
        read: impl FnOnce(&mut Parts<'_, 'de>) -> Result<T, Why>,
    ) -> Result<T, Why> {
        self.deeper(|reader| {
            let mut parts = Parts { reader, left };
            let value = read(&mut parts)?;
            if parts.more()? {
                return Err(Why("it has more parts than its type".to_owned()));
            }
            Ok(value)
        })
    }

    /// The integer of a [`BIG`] tag.
    fn big(&mut self) -> Result<u128, Why> {
        let Head::Bytes(length) = self.head()? else {
            return Err(Why("the bytes of an integer are missing".to_owned()));
        };
        let bytes = self.bytes(length)?;
        if bytes.len() > size_of::<u128>() {
            return Err(Why("an integer has more than 128 bits".to_owned()));
        }
        let add = |number, byte: &u8| number << 8 | u128::from(*byte);
        Ok(bytes.iter().fold(0, add))
    }

    fn tagged<V: Visitor<'de>>(&mut self, tag: u64, visitor: V) -> Result<V::Value, Why> {
        match tag {
            SOME => self.deeper(|reader| visitor.visit_some(reader)),
            CHAR => {
                let text = self.name()?;
                let mut chars = text.chars();
                match (chars.next(), chars.next()) {
                    (Some(char), None) => visitor.visit_char(char),
                    _ => Err(Why::invalid_value(Unexpected::Str(text), &"one character")),
                }
            }
            BIG => visitor.visit_u128(self.big()?),
            BIG_NEGATIVE => match i128::try_from(self.big()?) {
                Ok(below) => visitor.visit_i128(!below),
                Err(_) => Err(Why("an integer has more than 128 bits".to_owned())),
            },
            _ => Err(Why(format!("the tag {tag} is unknown"))),
        }
    }
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Why;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Why> {
        match self.head()? {
            Head::Unsigned(number) => visitor.visit_u64(number),
            Head::Negative(below) => match i64::try_from(below) {
                Ok(below) => visitor.visit_i64(!below),
                Err(_) => visitor.visit_i128(!i128::from(below)),
            },
            Head::Bytes(length) => visitor.visit_borrowed_bytes(self.bytes(length)?),
            Head::Text(length) => visitor.visit_borrowed_str(self.text(length)?),
            Head::Array(length) => self.parts(length, |parts| visitor.visit_seq(parts)),
            Head::Map(length) => self.parts(length, |parts| visitor.visit_map(parts)),
            Head::Tag(tag) => self.tagged(tag, visitor),
            Head::Bool(value) => visitor.visit_bool(value),
            Head::None => visitor.visit_none(),
            Head::Unit => visitor.visit_unit(),
            Head::F32(value) => visitor.visit_f32(value),
            Head::F64(value) => visitor.visit_f64(value),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Why> {
        match self.peek()? {
            Head::None | Head::Unit => {
                self.head()?;
                visitor.visit_none()
            }
            Head::Tag(SOME) => {
                self.head()?;
                self.deeper(|reader| visitor.visit_some(reader))
            }
            _ => self.deeper(|reader| visitor.visit_some(reader)),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Why> {
        match self.peek()? {
            Head::None | Head::Unit => {
                self.head()?;
                visitor.visit_unit()
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Why> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Why> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Why> {
        match self.head()? {
            Head::Text(length) => visitor.visit_enum(self.text(length)?.into_deserializer()),
            Head::Map(Some(1)) => self.deeper(|reader| visitor.visit_enum(Variant(reader))),
            _ => Err(Why("it is no variant of an enum".to_owned())),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

/// An array or a map that is being read.
struct Parts<'a, 'de> {
    reader: &'a mut Reader<'de>,
    /// How many are left; `None` if an end follows them.
    left: Option<u64>,
}

impl Parts<'_, '_> {
    /// Whether another part follows. It is counted.
    fn more(&mut self) -> Result<bool, Why> {
        match &mut self.left {
            Some(0) => Ok(false),
            Some(left) => {
                *left -= 1;
                Ok(true)
            }
            None if self.reader.rest.first() == Some(&byte::END) => {
                self.reader.array::<1>()?;
                self.left = Some(0);
                Ok(false)
            }
            None => Ok(true),
        }
    }

    fn hint(&self) -> Option<usize> {
        usize::try_from(self.left?).ok()
    }
}

impl<'de> de::SeqAccess<'de> for &mut Parts<'_, 'de> {
    type Error = Why;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Why> {
        if self.more()? {
            return seed.deserialize(&mut *self.reader).map(Some);
        }
        Ok(None)
    }

    fn size_hint(&self) -> Option<usize> {
        self.hint()
    }
}

impl<'de> de::MapAccess<'de> for &mut Parts<'_, 'de> {
    type Error = Why;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Why> {
        if self.more()? {
            return seed.deserialize(&mut *self.reader).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Why> {
        seed.deserialize(&mut *self.reader)
    }

    fn size_hint(&self) -> Option<usize> {
        self.hint()
    }
}

/// `{variant: value}`
struct Variant<'a, 'de>(&'a mut Reader<'de>);

impl<'de> de::EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Why;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Why> {
        let name = BorrowedStrDeserializer::new(self.0.name()?);
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Why;

    fn unit_variant(self) -> Result<(), Why> {
        de::Deserialize::deserialize(self.0)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Why> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Why> {
        de::Deserializer::deserialize_any(self.0, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Why> {
        de::Deserializer::deserialize_any(self.0, visitor)
    }
}
