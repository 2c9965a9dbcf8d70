//! What the `each` of a durable flow goes through: elements that come in the same order again when
//! the execution is loaded, or a record of them.

use std::collections::{BinaryHeap, HashMap, HashSet};
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::vec;

use pin_project::pin_project;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{FlowError, FlowErrorKind};
use crate::macro_support::durable::bounds::InOrder;
use crate::macro_support::durable::call::fail;
use crate::macro_support::durable::codec::ValueCodec;
use crate::macro_support::durable::path::Place;
use crate::macro_support::graph::Graph;
use crate::macro_support::iterate::{Iterable, Source};
use crate::macro_support::probe::Probe;
use crate::macro_support::recorder::Recorder;
use crate::records::codec::{from_bytes, to_bytes};

/// How the elements of a `T` are written; `None` if they come as they are.
pub trait Elements<T: Iterable>: Send {
    const CODEC: Option<ValueCodec<Vec<T::Item>>>;
}

/// They come as they are.
#[derive(Debug)]
pub struct AsTheyCome;

impl<T: Iterable> Elements<T> for AsTheyCome {
    const CODEC: Option<ValueCodec<Vec<T::Item>>> = None;
}

/// They are written as values of serde's.
#[derive(Debug)]
pub struct AsValues;

impl<T> Elements<T> for AsValues
where
    T: Iterable<Item: Serialize + DeserializeOwned>,
{
    const CODEC: Option<ValueCodec<Vec<T::Item>>> = Some(ValueCodec::new(to_bytes, from_bytes));
}

impl<T: Iterable<Item: Serialize + DeserializeOwned>> Probe<T> {
    pub const ELEMENTS: PhantomData<AsValues> = PhantomData;
    pub const ARE_VALUES: bool = true;
}

/// Can the elements of a type be written? `Probe::<T>::ELEMENTS` answers, in the way of [`Probe`].
pub trait NoElements {
    const ELEMENTS: PhantomData<AsTheyCome> = PhantomData;
    const ARE_VALUES: bool = false;
}

impl<T> NoElements for Probe<T> {}

/// Can the `each` of a durable flow take a collection whose type has no name in the flow, so that
/// no [`Probe`] answers?
#[diagnostic::on_unimplemented(
    message = "the elements of `{Self}` may come in another order when the execution is loaded, and cannot be recorded: collect them into a `Vec` before this `each`",
    label = "the order is not certain"
)]
pub trait ArrivesInOrder: Iterable + Sized {
    /// How they are recorded.
    type How: Elements<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: InOrder + Iterable> ArrivesInOrder for T {
    type How = AsTheyCome;
}

macro_rules! recorded_in_order {
    ($(<$($param:ident),*> $collection:ty: $element:ty;)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<$($param),*> ArrivesInOrder for $collection
            where
                $collection: Iterable<Item = $element>,
                $element: Serialize + DeserializeOwned,
            {
                type How = AsValues;
            }
        )*
    };
}

recorded_in_order! {
    <K, V, S> HashMap<K, V, S>: (K, V);
    <T, S> HashSet<T, S>: T;
    <T> BinaryHeap<T>: T;
}

/// The elements of the collection at this place. Those whose order is not certain are recorded, so
/// that the items of the `each` are the same when the execution is loaded.
pub async fn recorded_elements<G, W, T, C>(
    worker: &W,
    place: Place,
    _how: PhantomData<C>,
    in_order: bool,
    collection: T,
) -> Replayed<T::Source>
where
    G: Graph,
    W: Recorder<G>,
    T: Iterable,
    C: Elements<T>,
{
    let codec = C::CODEC.filter(|_| !in_order && worker.is_recorded());
    let Some(codec) = codec else {
        return Replayed::AsTheyCome(collection.iterate());
    };
    if let Some(row) = worker.recorded(&place) {
        return match codec.decode(&row) {
            Ok(elements) => Replayed::Written(elements.into_iter()),
            Err(error) => fail(worker, FlowError::new(FlowErrorKind::NotRecorded, error)).await,
        };
    }
    let mut source = pin!(collection.iterate());
    let mut elements = Vec::new();
    poll_fn(|cx| {
        while let Some(element) = ready!(source.as_mut().poll_next(cx)) {
            elements.push(element);
        }
        Poll::Ready(())
    })
    .await;
    worker.note(&place, codec.encode(&elements));
    Replayed::Written(elements.into_iter())
}

/// The same where the type of the collection has no name in the flow.
pub fn recorded_elements_of<G, W, T>(
    worker: &W,
    place: Place,
    collection: T,
) -> impl Future<Output = Replayed<T::Source>> + Send
where
    G: Graph,
    W: Recorder<G>,
    T: ArrivesInOrder,
{
    recorded_elements::<G, W, T, T::How>(worker, place, PhantomData, false, collection)
}

/// The elements of a collection, or those of its record.
#[derive(Debug)]
#[pin_project(project = ReplayedProj)]
pub enum Replayed<S: Source> {
    AsTheyCome(#[pin] S),
    Written(vec::IntoIter<S::Item>),
}

impl<S: Source> Source for Replayed<S> {
    type Item = S::Item;

    const IS_STREAM: bool = S::IS_STREAM;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        match self.project() {
            ReplayedProj::AsTheyCome(source) => source.poll_next(cx),
            ReplayedProj::Written(elements) => Poll::Ready(elements.next()),
        }
    }

    fn at_least(&self) -> usize {
        match self {
            Self::AsTheyCome(source) => source.at_least(),
            Self::Written(elements) => elements.len(),
        }
    }
}
