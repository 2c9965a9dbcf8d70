//! Questions about types that rustc answers in a constant: whether a return type is a `Result`, and
//! which parameters a handler has.

use std::marker::PhantomData;

use crate::error::BoxError;

/// Is the return type `T` a `Result`, even under another name? `Probe::<T>::FALLIBLE` answers: it
/// is the inherent constant where `T` is a `Result`, and the constant of [`Infallible`] otherwise.
/// `Probe::<T>::FAILS` tells whether it is one that may be an `Err`.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T, E> Probe<Result<T, E>> {
    pub const FALLIBLE: bool = true;
    /// Only `None` is left of an `Option` of a type without values, such as
    /// [`Infallible`](std::convert::Infallible), and rustc needs no byte for it.
    pub const FAILS: bool = size_of::<Option<E>>() > 0;
}

/// See [`Probe`].
pub trait Infallible {
    const FALLIBLE: bool = false;
    const FAILS: bool = false;
}

impl<T> Infallible for Probe<T> {}

/// The handler has the parameter `P`, a `Res<T>` or a `State<T>`.
pub trait HasParameter<P> {}

/// Does the handler `H` have the parameter `P`? `Parameters::<H, P>::PRESENT` answers, in the way
/// of [`Probe`].
#[derive(Debug)]
pub struct Parameters<H, P>(PhantomData<(H, P)>);

impl<H: HasParameter<P>, P> Parameters<H, P> {
    pub const PRESENT: bool = true;
}

/// See [`Parameters`].
pub trait NoParameter {
    const PRESENT: bool = false;
}

impl<H, P> NoParameter for Parameters<H, P> {}

/// Are two types the same? `Pair::<A, B>::SAME` answers, in the way of [`Probe`].
#[derive(Debug)]
pub struct Pair<A, B>(PhantomData<(A, B)>);

impl<T> Pair<T, T> {
    pub const SAME: bool = true;
}

/// See [`Pair`].
pub trait Differs {
    const SAME: bool = false;
}

impl<A, B> Differs for Pair<A, B> {}

/// The parameter `T`, the number `N` of a handler, unless it `IS_KNOWN` from another one: then a
/// type that no other parameter has. The handler implements it because rustc compares impls by the
/// traits of local types alone.
pub trait Distinct<T, const IS_KNOWN: bool, const N: usize> {
    type Type;
}

impl<H, T, const N: usize> Distinct<T, false, N> for H {
    type Type = T;
}

/// See [`Distinct`].
#[derive(Debug)]
pub enum Known<const N: usize> {}

impl<H, T, const N: usize> Distinct<T, true, N> for H {
    type Type = Known<N>;
}

/// Splits the return type of a handler into value and error. `FALLIBLE` is the answer of [`Probe`].
pub trait Outcome<const FALLIBLE: bool> {
    type Value;
    type Error;

    fn into_result(self) -> Result<Self::Value, Self::Error>;
}

impl<T> Outcome<false> for T {
    type Value = T;
    type Error = BoxError;

    fn into_result(self) -> Result<T, BoxError> {
        Ok(self)
    }
}

impl<T, E> Outcome<true> for Result<T, E> {
    type Value = T;
    type Error = E;

    fn into_result(self) -> Self {
        self
    }
}

/// Gives a condition the fields of an event: a `Copy` value by value, any other by reference. rustc
/// prefers the `view` of [`ByValue`], if it applies, because it needs one reference less.
#[derive(Debug)]
pub struct View<'a, T>(pub &'a T);

/// See [`View`].
pub trait ByValue<T> {
    fn view(&self) -> T;
}

impl<T: Copy> ByValue<T> for View<'_, T> {
    fn view(&self) -> T {
        *self.0
    }
}

/// See [`View`].
pub trait ByReference<'a, T> {
    fn view(&self) -> &'a T;
}

impl<'a, T> ByReference<'a, T> for &View<'a, T> {
    fn view(&self) -> &'a T {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Infallible, Probe};

    type Alias<T> = Result<T, std::io::Error>;

    #[test]
    fn a_result_is_known_under_every_name() {
        const {
            assert!(Probe::<Result<(), String>>::FALLIBLE);
            assert!(Probe::<Alias<u8>>::FALLIBLE);
            assert!(!Probe::<()>::FALLIBLE);
            assert!(!Probe::<Option<Alias<u8>>>::FALLIBLE);
        }
    }
}
