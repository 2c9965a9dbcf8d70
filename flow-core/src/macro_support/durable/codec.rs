//! How the values of a durable flow become bytes and come back.
//!
//! The expansion asks for the codec of a type by the way of [`Probe`], which always compiles: a
//! type without serde's traits has a codec that fails. It is never called, because a check has
//! refused the flow, at the word to change.

use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{BoxError, Written};
use crate::macro_support::probe::Probe;
use crate::macro_support::type_map::TypeMap;
use crate::records::codec::{from_bytes, to_bytes};
use crate::snapshot::Snapshot;

pub use crate::records::codec::CodecError;

type Encode<T> = fn(&T) -> Result<Vec<u8>, CodecError>;
type Decode<T> = fn(&[u8]) -> Result<T, CodecError>;

/// How a value of this type is written and read.
pub struct ValueCodec<T> {
    pub(crate) encode: Encode<T>,
    pub(crate) decode: Decode<T>,
}

impl<T> ValueCodec<T> {
    #[must_use]
    pub const fn new(encode: Encode<T>, decode: Decode<T>) -> Self {
        Self { encode, decode }
    }

    pub fn encode(self, value: &T) -> Result<Vec<u8>, CodecError> {
        (self.encode)(value)
    }

    pub fn decode(self, bytes: &[u8]) -> Result<T, CodecError> {
        (self.decode)(bytes)
    }
}

impl<T> Clone for ValueCodec<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ValueCodec<T> {}

impl<T> fmt::Debug for ValueCodec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ValueCodec")
            .field(&type_name::<T>())
            .finish()
    }
}

impl<T: ?Sized> Probe<&'static T> {
    pub const BORROWS: bool = true;
}

/// Is a type a reference? `Probe::<T>::BORROWS` answers, in the way of [`Probe`]. rustc takes
/// `&'static str` for one that serde can read, and reports later that only what lives for ever can
/// be read as such.
pub trait Owns {
    const BORROWS: bool = false;
}

impl<T> Owns for Probe<T> {}

/// The type that is asked for serde's traits in place of a `T`: a `Reference` has none of them.
/// `BORROWS` is the answer of [`Owns`].
pub trait AskedFor<const BORROWS: bool> {
    type Type;
}

impl<T> AskedFor<false> for T {
    type Type = T;
}

impl<T: ?Sized + 'static> AskedFor<true> for &'static T {
    type Type = Reference<T>;
}

/// See [`AskedFor`].
#[derive(Debug)]
pub struct Reference<T: ?Sized + 'static>(PhantomData<&'static T>);

impl<T: ?Sized + 'static> NoCodec<&'static T> for Probe<Reference<T>> {}

impl<T: ?Sized + 'static> NoErrorCodec<&'static T> for ErrorProbe<Reference<T>> {}

impl<T: Serialize + DeserializeOwned> Probe<T> {
    pub const CODEC: ValueCodec<T> = ValueCodec::new(to_bytes, from_bytes);
}

/// The codec of a type without serde's traits. See [`Probe`].
pub trait NoCodec<T> {
    const CODEC: ValueCodec<T> =
        ValueCodec::new(|_| Err(no_codec::<T>()), |_| Err(no_codec::<T>()));
}

impl<T> NoCodec<T> for Probe<T> {}

fn no_codec<T>() -> CodecError {
    CodecError::Encode {
        of: type_name::<T>(),
        why: "it is not `Serialize` and `DeserializeOwned`".to_owned(),
    }
}

/// How an error of a handler is written and read, as an `A`.
pub struct ErrorCodec<E, A = E> {
    pub(crate) encode: Encode<A>,
    pub(crate) decode: Decode<A>,
    /// What the error would be if it were written and read.
    pub(crate) settle: fn(E) -> A,
}

impl<E> ErrorCodec<E> {
    const fn of(codec: ValueCodec<E>) -> Self {
        Self {
            encode: codec.encode,
            decode: codec.decode,
            settle: |error| error,
        }
    }
}

impl<E, A> Clone for ErrorCodec<E, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, A> Copy for ErrorCodec<E, A> {}

impl<E, A> fmt::Debug for ErrorCodec<E, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ErrorCodec")
            .field(&type_name::<E>())
            .finish()
    }
}

/// Which codec has an error of type `E`? `ErrorProbe::<E>::CODEC` answers, in the way of [`Probe`].
#[derive(Debug)]
pub struct ErrorProbe<E>(PhantomData<E>);

impl<E: Serialize + DeserializeOwned> ErrorProbe<E> {
    pub const CODEC: ErrorCodec<E> = ErrorCodec::of(Probe::<E>::CODEC);
}

/// The codec of an error without serde's traits: a boxed one, or one without values. Any other
/// arrives as a `Recorded`, or is refused by a check. See [`ErrorProbe`].
pub trait NoErrorCodec<E: 'static> {
    const CODEC: ErrorCodec<E> = ErrorCodec {
        encode: |error| match (error as &dyn Any).downcast_ref::<BoxError>() {
            Some(error) => to_bytes(&Written::of(error)),
            None => Err(no_codec::<E>()),
        },
        decode: |bytes| {
            let is_boxed = TypeId::of::<E>() == TypeId::of::<BoxError>();
            let mut boxed = None;
            if is_boxed {
                boxed = Some(from_bytes::<Written>(bytes)?.boxed());
            }
            let error = (&mut boxed as &mut dyn Any).downcast_mut::<Option<E>>();
            error.and_then(Option::take).ok_or_else(no_codec::<E>)
        },
        settle: |mut error| {
            if let Some(boxed) = (&mut error as &mut dyn Any).downcast_mut::<BoxError>() {
                *boxed = Written::of(boxed).boxed();
            }
            error
        },
    };
}

impl<E: 'static> NoErrorCodec<E> for ErrorProbe<E> {}

type ReadState = fn(&TypeMap) -> Option<Result<Vec<u8>, CodecError>>;
type WriteState = fn(&TypeMap, &[u8]) -> Result<(), CodecError>;
type CopyState = fn(&[u8]) -> Result<Box<dyn Any + Send>, CodecError>;

/// A state of a durable flow.
pub struct StateCodec {
    /// The type.
    pub(crate) name: fn() -> &'static str,
    /// Its value; `None` if the flow has none of the type.
    pub(crate) read: ReadState,
    pub(crate) write: WriteState,
    pub(crate) type_id: fn() -> TypeId,
    /// A [`Snapshot`] of the value that these bytes are.
    pub(crate) copy: CopyState,
}

impl StateCodec {
    #[must_use]
    pub const fn new(
        name: fn() -> &'static str,
        (read, write): (ReadState, WriteState),
        type_id: fn() -> TypeId,
        copy: CopyState,
    ) -> Self {
        Self {
            name,
            read,
            write,
            type_id,
            copy,
        }
    }
}

impl fmt::Debug for StateCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StateCodec").field(&(self.name)()).finish()
    }
}

/// A [`Snapshot`] of the state `T`, whose value these bytes are.
pub fn copy_state<T: Send + 'static>(
    bytes: &[u8],
    codec: ValueCodec<T>,
) -> Result<Box<dyn Any + Send>, CodecError> {
    Ok(Box::new(Snapshot::new(codec.decode(bytes)?)))
}

/// The value of the state `T`.
#[must_use]
pub fn read_state<T: Send + 'static>(
    states: &TypeMap,
    codec: ValueCodec<T>,
) -> Option<Result<Vec<u8>, CodecError>> {
    let state = states.state::<T>()?;
    Some(state.with(|value| codec.encode(value)))
}

/// Gives the state `T` the value that these bytes are.
pub fn write_state<T: Send + 'static>(
    states: &TypeMap,
    bytes: &[u8],
    codec: ValueCodec<T>,
) -> Result<(), CodecError> {
    let value = codec.decode(bytes)?;
    if let Some(state) = states.state::<T>() {
        // The old value is dropped without the lock: its destructor may look at the state.
        let _old = state.with(|held| std::mem::replace(held, value));
    }
    Ok(())
}

/// The clause of an activation is none that the flow has.
#[must_use]
pub fn no_clause(name: &str) -> CodecError {
    CodecError::NoClause(name.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::convert::Infallible;
    use std::time::Duration;

    use super::{
        CodecError, ErrorProbe, NoCodec as _, NoErrorCodec as _, Probe, read_state, write_state,
    };
    use crate::error::{BoxError, Recorded, TimedOut};
    use crate::macro_support::type_map::TypeMap;

    /// Without serde's traits.
    #[derive(Debug)]
    struct Bare;

    #[test]
    fn a_type_with_the_traits_has_a_codec_and_any_other_one_that_fails() {
        let bytes = Probe::<Option<u8>>::CODEC.encode(&Some(7)).unwrap();
        assert_eq!(Probe::<Option<u8>>::CODEC.decode(&bytes), Ok(Some(7)));
        let error = Probe::<Bare>::CODEC.encode(&Bare).unwrap_err();
        assert!(matches!(error, CodecError::Encode { .. }), "{error}");
        assert!(Probe::<Bare>::CODEC.decode(&bytes).is_err());
        assert!((ErrorProbe::<Bare>::CODEC.encode)(&Bare).is_err());
        assert!((ErrorProbe::<Bare>::CODEC.decode)(&[]).is_err());
        let Bare = (ErrorProbe::<Bare>::CODEC.settle)(Bare);
        assert!((ErrorProbe::<Infallible>::CODEC.decode)(&[]).is_err());
    }

    #[test]
    fn a_boxed_error_is_the_same_whether_it_was_read_or_settled() {
        let codec = ErrorProbe::<BoxError>::CODEC;
        let read = |error: BoxError| (codec.decode)(&(codec.encode)(&error).unwrap()).unwrap();
        for error in [read("no".into()), (codec.settle)("no".into())] {
            assert_eq!(error.downcast_ref::<Recorded>().unwrap().message(), "no");
        }
        let timed_out = TimedOut::new("pay", Duration::from_secs(1));
        for error in [read(timed_out.into()), (codec.settle)(timed_out.into())] {
            assert_eq!(error.downcast_ref::<TimedOut>(), Some(&timed_out));
        }
        let codec = ErrorProbe::<String>::CODEC;
        assert_eq!((codec.settle)("no".to_owned()), "no");
    }

    #[test]
    fn states_are_read_and_written() {
        let mut states = TypeMap::default();
        states.insert_state::<Vec<u8>>(vec![1]);
        let codec = Probe::<Vec<u8>>::CODEC;
        let bytes = read_state(&states, codec).unwrap().unwrap();
        states
            .state::<Vec<u8>>()
            .unwrap()
            .with(|value| value.push(2));
        write_state(&states, &bytes, codec).unwrap();
        assert_eq!(
            states
                .state::<Vec<u8>>()
                .unwrap()
                .with(|value| value.clone()),
            [1]
        );
        assert!(write_state(&states, &[], codec).is_err());
        assert!(read_state(&states, Probe::<u8>::CODEC).is_none());
    }
}
