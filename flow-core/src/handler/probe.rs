//! Questions about types that rustc answers in a constant: what a return type is, and what a handler
//! asks for.

use std::marker::PhantomData;

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
pub trait Asks<P> {}

/// Tells whether the handler `H` does, as [`Probe`] tells what it is asked: `Asked::<H, P>::TAKEN`.
#[derive(Debug)]
pub struct Asked<H, P>(PhantomData<(H, P)>);

impl<H: Asks<P>, P> Asked<H, P> {
    /// It does.
    pub const TAKEN: bool = true;
}

/// See [`Asked`].
pub trait NotTaken {
    /// It does not.
    const TAKEN: bool = false;
}

impl<H, P> NotTaken for Asked<H, P> {}

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
