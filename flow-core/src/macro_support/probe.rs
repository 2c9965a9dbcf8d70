//! Questions about types that rustc answers in a constant: what a return type is, and what a handler
//! asks for.

use std::marker::PhantomData;

use crate::error::BoxError;

/// Tells whether a return type is a `Result`, under whatever name: `Probe::<T>::FALLIBLE` is the
/// inherent constant where there is one, and that of [`Infallible`] otherwise.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T, E> Probe<Result<T, E>> {
    /// It is.
    pub const FALLIBLE: bool = true;
}

/// See [`Probe`].
pub trait Infallible {
    /// It is not.
    const FALLIBLE: bool = false;
}

impl<T> Infallible for Probe<T> {}

/// A handler that has the parameter `P`, a `Res<T>` or a `State<T>`.
pub trait HasParameter<P> {}

/// Tells whether the handler `H` does, as [`Probe`] tells what it is asked: `Parameters::<H, P>::PRESENT`.
#[derive(Debug)]
pub struct Parameters<H, P>(PhantomData<(H, P)>);

impl<H: HasParameter<P>, P> Parameters<H, P> {
    /// It does.
    pub const PRESENT: bool = true;
}

/// See [`Parameters`].
pub trait NoParameter {
    /// It does not.
    const PRESENT: bool = false;
}

impl<H, P> NoParameter for Parameters<H, P> {}

/// What a handler's function returns: a value, or a `Result` of one.
pub trait Outcome<const FALLIBLE: bool> {
    /// The value, errors aside.
    type Value;
    /// What it fails with.
    type Error;

    /// The value, or the error.
    ///
    /// # Errors
    ///
    /// The handler's own.
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

/// What a condition sees of an event: `Copy` values as such, all else by reference. Which of the two
/// it is, the order in which rustc looks for methods decides: [`ByValue`] is nearer, if it applies.
#[derive(Debug)]
pub struct View<'a, T>(pub &'a T);

/// See [`View`].
pub trait ByValue<T> {
    /// The value.
    fn view(&self) -> T;
}

impl<T: Copy> ByValue<T> for View<'_, T> {
    fn view(&self) -> T {
        *self.0
    }
}

/// See [`View`].
pub trait ByReference<'a, T> {
    /// The value, by reference.
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
