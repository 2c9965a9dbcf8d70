//! Values that hold events, which `emit` in a route emits.

use crate::event::Event;
use crate::graph::held::Held;
use crate::handler::router::Router;

/// A value that `-> emit` in a flow emits: an event, or a value that holds events.
///
/// Tuples of up to 12, arrays, `Option` and `Vec` of such values are, and an enum with
/// [`#[derive(Events)]`](macro@crate::Events). A handler that returns its events needs no context
/// and no `emits`, and can be tested as a plain function:
///
/// ```
/// use flow_core::{Event, flow, handler};
///
/// #[derive(Debug, Event, PartialEq)]
/// struct Word(String);
///
/// #[handler]
/// async fn split(text: &'static str) -> Vec<Word> {
///     text.split(' ').map(|word| Word(word.to_owned())).collect()
/// }
/// # #[handler(on = Word)]
/// # async fn print(Word(word): Word, cx: &flow_core::Cx) { cx.put(word).await }
///
/// let words = flow! { start(&'static str) -> split -> emit; when Word -> print };
/// assert_eq!(words.blocking_iter("to be").count(), 2);
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert_eq!(split("to be").await, [Word("to".to_owned()), Word("be".to_owned())]);
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// The events are emitted in the order of the value, as by [`Cx::emit`](crate::Cx::emit), when the
/// handler has returned.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event, and holds none",
    label = "not an event",
    note = "derive `Event` for it, or `Events` if it is an enum that holds an event in each variant"
)]
pub trait Events: Sized + Send + 'static {
    #[doc(hidden)]
    const HELD: Held;

    #[doc(hidden)]
    fn emit<R: Router>(self, router: &R);
}

#[diagnostic::do_not_recommend]
impl<E: Event> Events for E {
    const HELD: Held = Held::One(E::DESC);

    #[inline]
    fn emit<R: Router>(self, router: &R) {
        router.emit(self);
    }
}

#[diagnostic::do_not_recommend]
impl<E: Events> Events for Option<E> {
    const HELD: Held = Held::Optional(&E::HELD);

    #[inline]
    fn emit<R: Router>(self, router: &R) {
        if let Some(events) = self {
            events.emit(router);
        }
    }
}

#[diagnostic::do_not_recommend]
impl<E: Events> Events for Vec<E> {
    const HELD: Held = Held::Any(&E::HELD);

    #[inline]
    fn emit<R: Router>(self, router: &R) {
        for events in self {
            events.emit(router);
        }
    }
}

#[diagnostic::do_not_recommend]
impl<E: Events, const N: usize> Events for [E; N] {
    const HELD: Held = Held::Times(N, &E::HELD);

    #[inline]
    fn emit<R: Router>(self, router: &R) {
        for events in self {
            events.emit(router);
        }
    }
}

macro_rules! tuples {
    ($($first:ident $($other:ident)*;)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<$first: Events, $($other: Events),*> Events for ($first, $($other,)*) {
                const HELD: Held = Held::All(&[$first::HELD, $($other::HELD),*]);

                #[inline]
                #[allow(non_snake_case, reason = "the variables are named like their types")]
                fn emit<R: Router>(self, router: &R) {
                    let ($first, $($other,)*) = self;
                    $first.emit(router);
                    $($other.emit(router);)*
                }
            }
        )*
    };
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
    A B C D E F G H I;
    A B C D E F G H I J;
    A B C D E F G H I J K;
    A B C D E F G H I J K L;
}
