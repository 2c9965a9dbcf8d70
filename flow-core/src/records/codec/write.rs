//! From a value to bytes.

use serde::ser::{self, Serialize};

use super::{BIG, BIG_NEGATIVE, CHAR, MAX_DEPTH, SOME, Why, byte, major};

/// Room for most values, which would grow several times on their way to it.
const ROOM: usize = 128;

pub(super) fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Why> {
    let mut writer = Writer {
        out: Vec::with_capacity(ROOM),
        depth: 0,
    };
    value.serialize(&mut writer)?;
    Ok(writer.out)
}

struct Writer {
    out: Vec<u8>,
    depth: u16,
}

impl Writer {
    /// The first bytes of a value: its type, and a number or a length.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "each arm has a value that fits"
    )]
    fn head(&mut self, major: u8, argument: u64) {
        let major = major << 5;
        match argument {
            0..=23 => self.out.push(major | argument as u8),
            24..=0xff => self.out.extend([major | 0x18, argument as u8]),
            0x100..=0xffff => {
                self.out.push(major | 0x19);
                self.out.extend((argument as u16).to_be_bytes());
            }
            0x1_0000..=0xffff_ffff => {
                self.out.push(major | 0x1a);
                self.out.extend((argument as u32).to_be_bytes());
            }
            _ => {
                self.out.push(major | 0x1b);
                self.out.extend(argument.to_be_bytes());
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.head(major::TEXT, text.len() as u64);
        self.out.extend(text.as_bytes());
    }

    /// `tag` and the number, most significant byte first.
    fn big(&mut self, tag: u64, number: u128) {
        self.head(major::TAG, tag);
        let bytes = number.to_be_bytes();
        let bytes = bytes.iter().skip_while(|byte| **byte == 0);
        self.head(major::BYTES, bytes.clone().count() as u64);
        self.out.extend(bytes);
    }

    fn deeper(&mut self, levels: u16) -> Result<(), Why> {
        self.depth += levels;
        if self.depth > MAX_DEPTH {
            return Err(Why::too_deep());
        }
        Ok(())
    }

    /// An array or a map, which is `levels` deep.
    fn parts(&mut self, major: u8, length: Option<usize>, levels: u16) -> Result<Parts<'_>, Why> {
        self.deeper(levels)?;
        match length {
            Some(length) => self.head(major, length as u64),
            None => self.out.push(major << 5 | byte::OPEN),
        }
        Ok(Parts {
            writer: self,
            length,
            count: 0,
            levels,
        })
    }

    /// `{variant: [..]}` or `{variant: {..}}`.
    fn variant(&mut self, variant: &str, major: u8, length: usize) -> Result<Parts<'_>, Why> {
        self.head(major::MAP, 1);
        self.text(variant);
        self.parts(major, Some(length), 2)
    }
}

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Why;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    fn serialize_bool(self, value: bool) -> Result<(), Why> {
        self.out.push(if value { byte::TRUE } else { byte::FALSE });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Why> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Why> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Why> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Why> {
        // -1 - value, which is that without its sign bit.
        match u64::try_from(value) {
            Ok(value) => self.head(major::UNSIGNED, value),
            Err(_) => self.head(major::NEGATIVE, (!value).unsigned_abs()),
        }
        Ok(())
    }

    fn serialize_i128(self, value: i128) -> Result<(), Why> {
        if let Ok(value) = u128::try_from(value) {
            return self.serialize_u128(value);
        }
        let below = (!value).unsigned_abs();
        match u64::try_from(below) {
            Ok(below) => self.head(major::NEGATIVE, below),
            Err(_) => self.big(BIG_NEGATIVE, below),
        }
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Why> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Why> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Why> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Why> {
        self.head(major::UNSIGNED, value);
        Ok(())
    }

    fn serialize_u128(self, value: u128) -> Result<(), Why> {
        match u64::try_from(value) {
            Ok(value) => self.head(major::UNSIGNED, value),
            Err(_) => self.big(BIG, value),
        }
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Why> {
        self.out.push(byte::F32);
        self.out.extend(value.to_bits().to_be_bytes());
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Why> {
        self.out.push(byte::F64);
        self.out.extend(value.to_bits().to_be_bytes());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Why> {
        self.head(major::TAG, CHAR);
        self.text(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Why> {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Why> {
        self.head(major::BYTES, value.len() as u64);
        self.out.extend(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Why> {
        self.out.push(byte::NONE);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Why> {
        let begin = self.out.len();
        self.deeper(1)?;
        value.serialize(&mut *self)?;
        self.depth -= 1;
        let mut tag = Writer {
            out: Vec::new(),
            depth: 0,
        };
        tag.head(major::TAG, SOME);
        let written = self.out.get(begin..).unwrap_or_default();
        if matches!(written.first(), Some(&(byte::NONE | byte::UNIT)))
            || written.starts_with(&tag.out)
        {
            self.out.splice(begin..begin, tag.out);
        }
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Why> {
        self.out.push(byte::UNIT);
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Why> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Why> {
        self.text(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Why> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Why> {
        self.head(major::MAP, 1);
        self.text(variant);
        self.deeper(1)?;
        value.serialize(&mut *self)?;
        self.depth -= 1;
        Ok(())
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Parts<'a>, Why> {
        self.parts(major::ARRAY, length, 1)
    }

    fn serialize_tuple(self, length: usize) -> Result<Parts<'a>, Why> {
        self.parts(major::ARRAY, Some(length), 1)
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<Parts<'a>, Why> {
        self.parts(major::ARRAY, Some(length), 1)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Parts<'a>, Why> {
        self.variant(variant, major::ARRAY, length)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Parts<'a>, Why> {
        self.parts(major::MAP, length, 1)
    }

    fn serialize_struct(self, _name: &'static str, length: usize) -> Result<Parts<'a>, Why> {
        self.parts(major::MAP, Some(length), 1)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Parts<'a>, Why> {
        self.variant(variant, major::MAP, length)
    }
}

/// An array or a map that is being written.
struct Parts<'a> {
    writer: &'a mut Writer,
    /// The length that is written in its head.
    length: Option<usize>,
    count: usize,
    levels: u16,
}

impl Parts<'_> {
    fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Why> {
        self.count += 1;
        value.serialize(&mut *self.writer)
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Why> {
        self.count += 1;
        self.writer.text(name);
        value.serialize(&mut *self.writer)
    }

    /// A wrong length would make the rest unreadable.
    fn close(self) -> Result<(), Why> {
        self.writer.depth -= self.levels;
        match self.length {
            None => self.writer.out.push(byte::END),
            Some(length) if length == self.count => {}
            Some(length) => {
                return Err(Why(format!(
                    "its `Serialize` announces {length} parts and writes {}",
                    self.count
                )));
            }
        }
        Ok(())
    }
}

impl ser::SerializeSeq for Parts<'_> {
    type Ok = ();
    type Error = Why;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Why> {
        self.part(value)
    }

    fn end(self) -> Result<(), Why> {
        self.close()
    }
}

impl ser::SerializeTuple for Parts<'_> {
    type Ok = ();
    type Error = Why;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Why> {
        self.part(value)
    }

    fn end(self) -> Result<(), Why> {
        self.close()
    }
}

impl ser::SerializeTupleStruct for Parts<'_> {
    type Ok = ();
    type Error = Why;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Why> {
        self.part(value)
    }

    fn end(self) -> Result<(), Why> {
        self.close()
    }
}

impl ser::SerializeTupleVariant for Parts<'_> {
    type Ok = ();
    type Error = Why;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Why> {
        self.part(value)
    }

    fn end(self) -> Result<(), Why> {
        self.close()
    }
}

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Why;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Why> {
        self.part(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Why> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Why> {
        self.close()
    }
}

impl ser::SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = Why;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Why> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), Why> {
        self.close()
    }
}

impl ser::SerializeStructVariant for Parts<'_> {
    type Ok = ();
    type Error = Why;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Why> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), Why> {
        self.close()
    }
}
