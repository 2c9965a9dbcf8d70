//! Events from outside without their types, and how they are cloned on their way into stages.

use std::any::Any;
use std::marker::PhantomData;

/// An event from outside.
pub(crate) type AnyEvent = Box<dyn Any + Send>;

/// Returns a clone of the event; `None` if it is not `Clone`.
pub(crate) type CopyEvent = fn(&(dyn Any + Send)) -> Option<AnyEvent>;

/// How is an event of type `E` cloned? `Copies::<E>::COPY` answers, in the way of
/// [`Probe`](crate::macro_support::probe::Probe). A stage asks for `Clone` where it is named.
#[derive(Debug)]
pub struct Copies<E>(PhantomData<E>);

impl<E: Clone + Send + 'static> Copies<E> {
    pub const COPY: CopyEvent = |event| {
        let event = event.downcast_ref::<E>()?;
        Some(Box::new(event.clone()))
    };
}

/// See [`Copies`].
pub trait NotClone {
    const COPY: CopyEvent = |_| None;
}

impl<E> NotClone for Copies<E> {}
