//! Replacements of handlers, for tests.
//!
//! A flow has them among its resources, where [`call`] looks for them.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project::pin_project;

use crate::handler::Cx;
use crate::handler::router::Router;
use crate::handler::{BoxedInput, Handler};
use crate::macro_support::limits::in_turn_of_substitute;
use crate::macro_support::type_map::TypeMap;

/// The substitutes in a flow and in the named flows within it, by the type of the [`Substitute`].
#[derive(Clone, Default)]
pub(crate) struct Substitutes(HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

impl Substitutes {
    /// Replaces `H`. A later substitute overrides an earlier one.
    pub(crate) fn insert<R: Router, H: Handler>(&mut self, substitute: Substitute<R, H>) {
        self.0
            .insert(TypeId::of::<Substitute<R, H>>(), Arc::new(substitute));
    }

    fn get<R: Router, H: Handler>(&self) -> Option<&Substitute<R, H>> {
        let found = self.0.get(&TypeId::of::<Substitute<R, H>>())?;
        found.downcast_ref()
    }
}

/// The function that is called instead of `H`, with the router `R`.
pub(crate) struct Substitute<R, H: Handler>(pub(crate) Box<Fake<R, H>>);

pub(crate) type Fake<R, H> = dyn Fn(Arrived, Cx<R, H>) -> BoxedCall<H> + Send + Sync;

/// The value that has arrived at a handler, and the name of its type.
pub(crate) struct Arrived {
    pub(crate) value: BoxedInput,
    pub(crate) ty: &'static str,
}

type CallResult<H> = Result<<H as Handler>::Value, <H as Handler>::Error>;
type BoxedCall<H> = Pin<Box<dyn Future<Output = CallResult<H>> + Send>>;

/// Calls the handler, or its substitute.
pub(crate) fn call<H: Handler, R: Router, I: Send + 'static>(
    input: I,
    cx: &Cx<R, H>,
) -> impl Future<Output = CallResult<H>> + Send {
    let all = cx.router().resource::<Substitutes>();
    match all.as_ref().and_then(|all| all.get()) {
        None => Called::Handler(H::call(input, cx)),
        Some(Substitute(fake)) => {
            let arrived = Arrived {
                value: H::boxed_input(input),
                ty: type_name::<I>(),
            };
            let call = fake(arrived, cx.clone());
            let in_turn = in_turn_of_substitute(&H::DESC, cx.router().clone(), call);
            Called::Substitute(Box::pin(in_turn))
        }
    }
}

#[pin_project(project = CalledProjection)]
enum Called<F, O> {
    Handler(#[pin] F),
    Substitute(Pin<Box<dyn Future<Output = O> + Send>>),
}

impl<F: Future> Future for Called<F, F::Output> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        match self.project() {
            CalledProjection::Handler(future) => future.poll(cx),
            CalledProjection::Substitute(future) => future.as_mut().poll(cx),
        }
    }
}

/// Shares the substitutes of a flow with a named flow that is its stage.
pub(crate) fn share_substitutes(router: &impl Router, resources: &mut TypeMap) {
    if let Some(all) = router.resource::<Substitutes>() {
        resources.share(all);
    }
}
