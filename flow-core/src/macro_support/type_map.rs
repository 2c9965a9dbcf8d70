//! A map from types to values.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::resource::Res;
use crate::state::State;

/// A map from types to values: the resources of a flow, or the states of an execution. It is a
/// list, because there are few.
#[derive(Clone, Default)]
pub struct TypeMap(Vec<Arc<dyn Any + Send + Sync>>);

/// A resource of any type.
pub struct AnyResource(Arc<dyn Any + Send + Sync>);

impl AnyResource {
    pub(crate) fn new<T: ?Sized + Send + Sync + 'static>(resource: Res<T>) -> Self {
        Self(Arc::new(resource))
    }
}

impl fmt::Debug for AnyResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyResource").finish_non_exhaustive()
    }
}

impl TypeMap {
    /// Adds a resource.
    pub fn insert<T: Send + Sync + 'static>(&mut self, value: T) {
        self.share(Res::new(value));
    }

    /// Adds a resource, in place of the one of the same type if there is one.
    pub(crate) fn replace<T: Send + Sync + 'static>(&mut self, value: T) {
        self.0.retain(|resource| !resource.is::<Res<T>>());
        self.insert(value);
    }

    /// Adds a resource that another flow has as well. The handle is kept, and not the value, which
    /// may be a trait object.
    pub fn share<T: ?Sized + Send + Sync + 'static>(&mut self, resource: Res<T>) {
        self.add(AnyResource::new(resource));
    }

    pub(crate) fn add(&mut self, resource: AnyResource) {
        self.0.push(resource.0);
    }

    pub fn insert_state<T: Send + 'static>(&mut self, value: T) {
        self.0.push(Arc::new(State::new(value)));
    }

    /// The values, to be dropped one by one.
    pub(crate) fn into_values(self) -> impl DoubleEndedIterator<Item = Arc<dyn Any + Send + Sync>> {
        self.0.into_iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Res<T>> {
        let resource = self
            .0
            .iter()
            .find_map(|resource| resource.downcast_ref::<Res<T>>());
        resource.cloned()
    }

    pub(crate) fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        let state = self
            .0
            .iter()
            .find_map(|state| state.downcast_ref::<State<T>>());
        state.cloned()
    }
}

impl fmt::Debug for TypeMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypeMap").finish_non_exhaustive()
    }
}
