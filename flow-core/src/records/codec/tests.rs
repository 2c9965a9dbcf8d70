//! What goes through the codec comes back as it was, whatever serde's attributes make of it.

#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::needless_pass_by_value,
    clippy::option_option,
    clippy::zero_sized_map_values,
    reason = "a test fails by panicking, and these are values that users may have"
)]

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::net::IpAddr;
use std::ops::{Bound, Range};
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{CodecError, from_bytes, to_bytes};

/// Their texts are compared: `NaN` is not equal to itself.
#[track_caller]
fn comes_back<T: Serialize + DeserializeOwned + Debug>(value: T) {
    let back: T = from_bytes(&to_bytes(&value).unwrap()).unwrap();
    assert_eq!(format!("{back:?}"), format!("{value:?}"));
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Struct { x: u32 },
    Text(String),
    Float(f64),
    Pair(Option<u8>, i64),
    List(Vec<u8>),
    Map { keyed: BTreeMap<u32, String> },
    Char(char),
    Unit(()),
    Address { ip: IpAddr },
}

#[derive(Debug, Serialize, Deserialize)]
struct Inner {
    count: u64,
    name: Option<String>,
    nothing: Option<()>,
    twice: Option<Option<u8>>,
    ip: IpAddr,
    pairs: BTreeMap<(u8, u8), f32>,
    numbered: HashMap<i32, Option<()>>,
    char: char,
    choice: External,
    duration: Duration,
}

#[derive(Debug, Serialize, Deserialize)]
struct Flattened {
    id: u8,
    #[serde(flatten)]
    inner: Inner,
    #[serde(flatten)]
    rest: BTreeMap<String, i64>,
}

#[derive(Debug, Serialize, Deserialize)]
enum External {
    Unit,
    Newtype(u8),
    Tuple(u8, String),
    Struct { x: f64 },
    Optional(Option<u8>),
    OfUnit(()),
    EmptyTuple(),
    EmptyStruct {},
    Nested(Box<External>),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Internal {
    Struct { x: i64, twice: Option<Option<u8>> },
    Newtype(Small),
    Unit,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value")]
enum Adjacent {
    Struct { x: u32 },
    Pair(u8, char),
    Unit,
    Twice(Option<Option<u8>>),
}

#[derive(Debug, Serialize, Deserialize)]
struct Small {
    x: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maybe: Option<u8>,
}

#[derive(Debug, Serialize, Deserialize)]
struct UnitStruct;

#[derive(Debug, Serialize, Deserialize)]
struct Newtype(Vec<External>);

/// As `serde_bytes` writes it.
#[derive(Debug)]
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Bytes;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_byte_buf(Visitor)
    }
}

fn external() -> Vec<External> {
    vec![
        External::Unit,
        External::Newtype(1),
        External::Tuple(2, "two".to_owned()),
        External::Struct { x: f64::NAN },
        External::Optional(None),
        External::Optional(Some(3)),
        External::OfUnit(()),
        External::EmptyTuple(),
        External::EmptyStruct {},
        External::Nested(Box::new(External::Tuple(0, String::new()))),
    ]
}

fn flattened() -> Flattened {
    Flattened {
        id: 1,
        inner: Inner {
            count: u64::MAX,
            name: Some(String::new()),
            nothing: Some(()),
            twice: Some(None),
            ip: [127, 0, 0, 1].into(),
            pairs: [((1, 2), f32::NAN), ((1, 3), 0.1)].into(),
            numbered: [(-5, Some(()))].into(),
            char: 'ß',
            choice: External::Struct { x: 0.5 },
            duration: Duration::new(1, 999),
        },
        rest: [("more".to_owned(), i64::MIN)].into(),
    }
}

#[test]
fn untagged_enums() {
    comes_back(vec![
        Untagged::Struct { x: 1 },
        Untagged::Text("text".to_owned()),
        Untagged::Text("c".to_owned()),
        Untagged::Float(1.5),
        Untagged::Float(f64::NAN),
        Untagged::Pair(None, -3),
        Untagged::Pair(Some(1), 3),
        Untagged::List(vec![1, 2, 3]),
        Untagged::Map {
            keyed: [(7, "seven".to_owned())].into(),
        },
        Untagged::Char('c'),
        Untagged::Unit(()),
        Untagged::Address {
            ip: [1, 2, 3, 4].into(),
        },
    ]);
}

#[test]
fn flattened_structs_and_tagged_enums() {
    comes_back(flattened());
    comes_back(vec![
        Internal::Struct {
            x: i64::MIN,
            twice: Some(None),
        },
        Internal::Newtype(Small { x: 1, maybe: None }),
        Internal::Unit,
    ]);
    comes_back(vec![
        Adjacent::Struct { x: 1 },
        Adjacent::Pair(1, '\u{1f600}'),
        Adjacent::Unit,
        Adjacent::Twice(None),
        Adjacent::Twice(Some(None)),
        Adjacent::Twice(Some(Some(0))),
    ]);
}

#[test]
fn variants_and_structs_of_all_kinds() {
    comes_back(external());
    comes_back(Newtype(external()));
    comes_back((UnitStruct, (), Small { x: 1, maybe: None }));
    comes_back(vec![Ok::<u8, String>(1), Err("no".to_owned())]);
    comes_back((SystemTime::now(), Duration::MAX, 0..9_u8));
    comes_back::<(Bound<u8>, Range<i8>, [u16; 2])>((Bound::Included(3), -1..1, [1, 2]));
    comes_back((String::new(), Vec::<u8>::new(), [0_u8; 0], "\0é".to_owned()));
    comes_back((Bytes(vec![0, 255]), Bytes(Vec::new()), Bytes(vec![7; 300])));
}

#[test]
fn options_in_options() {
    comes_back([None, Some(None), Some(Some(3_u8))]);
    comes_back([Some(Some(None)), Some(Some(Some('c'))), Some(None), None]);
    comes_back([Some(()), None]);
    comes_back([Some(Some(())), Some(None), None]);
    comes_back([Some(UnitStruct), None]);
    comes_back([Some(Some(Untagged::Unit(()))), Some(None), None]);
}

#[test]
fn numbers_at_their_bounds() {
    comes_back((u8::MAX, i8::MIN, u16::MAX, i16::MIN, u32::MAX, i32::MIN));
    comes_back((23_u8, 24_u8, 255_u16, 256_u16, 65_535_u32, 65_536_u32));
    comes_back((
        -1_i8,
        -24_i8,
        -25_i16,
        -256_i32,
        -257_i64,
        u64::MAX,
        i64::MIN,
    ));
    let above = u128::from(u64::MAX) + 1;
    let below = -i128::from(u64::MAX) - 1;
    comes_back((u128::MAX, above, above - 1, 0_u128));
    comes_back((i128::MIN, i128::MAX, below, below - 1, -1_i128));
    comes_back((
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        -0.0_f64,
        0.1_f64,
    ));
    comes_back((
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        -0.0_f32,
        0.1_f32,
    ));
    let with_payload = f64::from_bits(0x7ff8_0000_dead_beef);
    let back: f64 = from_bytes(&to_bytes(&with_payload).unwrap()).unwrap();
    assert_eq!(back.to_bits(), with_payload.to_bits());
}

#[test]
fn maps_with_other_keys_than_text() {
    comes_back(BTreeMap::from([(1_u8, 'a'), (2, 'b')]));
    comes_back(BTreeMap::from([((-1_i8, "a".to_owned()), ())]));
    comes_back(BTreeMap::from([
        (Some(None), 1),
        (Some(Some(1)), 2),
        (None, 3),
    ]));
    comes_back(HashMap::from([(true, vec![1.5_f32])]));
    comes_back(BTreeMap::from([('c', 1)]));
}

/// Each kind of nesting, with the levels that one of it has.
#[derive(Debug, Serialize, Deserialize)]
enum Nested {
    Leaf,
    Newtype(Box<Nested>),
    Tuple(u8, Box<Nested>),
    Struct { inner: Box<Nested> },
    Optional(Option<Box<Nested>>),
    List(Vec<Nested>),
    Map(BTreeMap<u8, Nested>),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Tree {
    Leaf(u8),
    Branch { tree: Box<Tree> },
    List(Vec<Tree>),
    Maybe { maybe: Option<Box<Tree>> },
}

fn nested<T>(leaf: T, levels: usize, mut around: impl FnMut(usize, T) -> T) -> T {
    (0..levels).fold(leaf, |inner, level| around(level, inner))
}

fn all_kinds(levels: usize) -> Nested {
    nested(Nested::Leaf, levels, |level, inner| match level % 6 {
        0 => Nested::Newtype(Box::new(inner)),
        1 => Nested::Tuple(0, Box::new(inner)),
        2 => Nested::Struct {
            inner: Box::new(inner),
        },
        3 => Nested::Optional(Some(Box::new(inner))),
        4 => Nested::List(vec![inner]),
        _ => Nested::Map([(0, inner)].into()),
    })
}

fn trees(levels: usize) -> Tree {
    nested(Tree::Leaf(0), levels, |level, inner| match level % 3 {
        0 => Tree::Branch {
            tree: Box::new(inner),
        },
        1 => Tree::List(vec![inner]),
        _ => Tree::Maybe {
            maybe: Some(Box::new(inner)),
        },
    })
}

/// On the stack that a thread of tests has, which is what a task has on a runtime.
#[test]
fn deep_values_come_back_or_are_refused_before_they_are_recorded() {
    for levels in 0..300 {
        let (mut accepted, mut texts) = (0, Vec::new());
        let values = [
            to_bytes(&all_kinds(levels)).map(|bytes| {
                let back: Nested = from_bytes(&bytes).unwrap();
                assert_eq!(format!("{back:?}"), format!("{:?}", all_kinds(levels)));
            }),
            to_bytes(&trees(levels)).map(|bytes| {
                // What serde buffers for an untagged enum costs more at each level.
                let back: Tree = from_bytes(&bytes).unwrap();
                drop(back);
            }),
        ];
        for value in values {
            match value {
                Ok(()) => accepted += 1,
                Err(error) => texts.push(error.to_string()),
            }
        }
        assert!(accepted == 2 || levels > 40, "{levels}: {texts:?}");
        assert!(accepted == 0 || levels < 130, "{levels}");
        let says_why = |text: &String| text.contains("more than 128 levels deep");
        assert!(texts.iter().all(says_why), "{texts:?}");
    }
}

#[test]
fn bytes_that_are_nested_without_end_are_refused() {
    for byte in [0x81, 0x9f, 0xa1, 0xbf, 0xd8] {
        let bytes = vec![byte; 1_000_000];
        assert!(from_bytes::<Tree>(&bytes).is_err());
        assert!(from_bytes::<Nested>(&bytes).is_err());
        assert!(from_bytes::<serde::de::IgnoredAny>(&bytes).is_err());
    }
}

#[test]
fn trailing_and_missing_bytes_are_refused() {
    let bytes = to_bytes(&flattened()).unwrap();
    let read = |bytes: &[u8]| from_bytes::<Flattened>(bytes).map(drop);
    assert_eq!(read(&bytes), Ok(()));
    for length in 0..bytes.len() {
        let error = read(bytes.get(..length).unwrap()).unwrap_err();
        assert!(error.to_string().contains("bytes are missing"), "{error}");
    }
    let error = read(&[bytes, vec![0]].concat()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "it is no `{}`: 1 more bytes follow it",
            std::any::type_name::<Flattened>()
        )
    );
}

#[test]
fn lengths_that_are_made_up_take_no_memory() {
    for head in [0x5b, 0x7b, 0x9b, 0xbb] {
        let mut bytes = vec![head];
        bytes.extend([0xff; 8]);
        assert!(from_bytes::<Vec<u64>>(&bytes).is_err());
        assert!(from_bytes::<String>(&bytes).is_err());
        assert!(from_bytes::<BTreeMap<u8, u8>>(&bytes).is_err());
    }
}

#[test]
fn a_type_may_gain_and_lose_fields() {
    #[derive(Serialize)]
    struct Before {
        kept: u8,
        lost: Vec<External>,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct After {
        kept: u8,
        #[serde(default)]
        gained: Option<u8>,
    }
    let before = Before {
        kept: 1,
        lost: external(),
    };
    let after = After {
        kept: 1,
        gained: None,
    };
    assert_eq!(from_bytes(&to_bytes(&before).unwrap()), Ok(after));
    let error = from_bytes::<Small>(&to_bytes(&"text").unwrap()).unwrap_err();
    assert!(matches!(error, CodecError::Decode { .. }), "{error}");
}

/// Its `Serialize` gives a length that is wrong.
struct Wrong(Cell<usize>);

impl Serialize for Wrong {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq;
        let mut parts = serializer.serialize_seq(Some(self.0.get()))?;
        parts.serialize_element(&1)?;
        parts.end()
    }
}

#[test]
fn a_wrong_length_is_refused_when_it_is_written() {
    assert!(to_bytes(&Wrong(Cell::new(1))).is_ok());
    let error = to_bytes(&Wrong(Cell::new(2))).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("announces 2 parts and writes 1"),
        "{error}"
    );
}

/// Any bytes at all: an error, or a value.
#[test]
fn random_bytes_make_no_panic() {
    let whole = to_bytes(&(flattened(), external(), all_kinds(20))).unwrap();
    fastrand::seed(7);
    for _ in 0..20_000 {
        let mut bytes = whole.clone();
        for _ in 0..fastrand::usize(1..4) {
            let at = fastrand::usize(..bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte = fastrand::u8(..);
            }
        }
        let _ = from_bytes::<(Flattened, Vec<External>, Nested)>(&bytes);
        let _ = from_bytes::<Tree>(&bytes);
        let _ = from_bytes::<serde::de::IgnoredAny>(&bytes);
    }
}
