//! Handlers that open resources, and those that take them.

use std::pin::Pin;

use flow_core::{Cx, Handler, Res, Result, Router, handler};
use futures::Future;
use futures::future::ready;

use super::{A, B, C, D, Item, Loud, Q, Told, act};
use crate::script::{Surroundings, Value, World};

/// A context whose handler emits and puts nothing.
struct Silent<'a, R: Router, H>(&'a Cx<R, H>);

impl<R: Router, H: Handler> Surroundings for Silent<'_, R, H> {
    fn may_emit(&self) -> bool {
        false
    }

    fn may_put(&self) -> bool {
        false
    }

    fn attempt(&self) -> u32 {
        self.0.attempt()
    }

    fn emit(&self, _event: usize, _value: Value) {}

    fn put(&self, _item: u16) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(ready(()))
    }

    fn stop(&self) {
        self.0.stop();
    }
}

/// The resources. Each tells when it is dropped.
macro_rules! resources {
    ($($name:ident)*) => { $(
        pub(crate) struct $name(World);

        impl Drop for $name {
            fn drop(&mut self) {
                self.0.note(concat!(stringify!($name), " is closed"));
            }
        }
    )* };
}

resources!(Open0 Open1);

#[handler(streams = !)]
pub(crate) async fn open0(cx: &Cx, world: Res<World>) -> Result<Open0> {
    act(&world, "open0", (String::new(), 1), &Silent(cx)).await?;
    Ok(Open0((*world).clone()))
}

#[handler(streams = !, timeout = "401ms",
    retry(attempts = 2, backoff = "201ms", jitter = false)
)]
pub(crate) async fn open1(cx: &Cx, _first: Res<Open0>, world: Res<World>) -> Result<Open1> {
    act(&world, "open1", (String::new(), 1), &Silent(cx)).await?;
    Ok(Open1((*world).clone()))
}

#[handler(emits = [A, B, C, D, Q], streams = Item)]
pub(crate) async fn z0(
    value: Value,
    cx: &Cx,
    _open: Res<Open0>,
    world: Res<World>,
) -> Result<Value> {
    Ok(act(&world, "z0", value.told(), &Loud(cx)).await?.0.value())
}

#[handler(emits = [A, B, C, D, Q], streams = Item)]
pub(crate) async fn z1(
    value: Value,
    cx: &Cx,
    _open: Res<Open1>,
    world: Res<World>,
) -> Result<Value> {
    Ok(act(&world, "z1", value.told(), &Loud(cx)).await?.0.value())
}
