//! Handlers that return events, for an `emit`.

use std::vec::IntoIter;

use flow_core::{Cx, Events, Failed, Res, Result, handler};
use serde::{Deserialize, Serialize};

use super::{A, Arrived, B, C, D, Item, Q, Quiet, Told, X, act};
use crate::script::{Call, Surroundings, Value, World};

/// One of several events.
#[derive(Events, Serialize, Deserialize)]
pub(crate) enum Any {
    A(A),
    B(B),
    Q(Q),
}

impl Call {
    /// The value of an event that is returned in any case.
    pub(crate) fn one(&self) -> Value {
        Value {
            number: self.number,
            fuel: self.fuel.saturating_sub(1),
        }
    }
}

/// Follows the script, and returns the values of the events that the handler returns.
async fn returned(
    world: &World,
    handler: &str,
    told: (String, u8),
    surroundings: &dyn Surroundings,
) -> Result<IntoIter<Value>> {
    let (call, which) = act(world, handler, told, surroundings).await?;
    Ok(world.returned(&call, which).into_iter())
}

/// An execution calls it once.
#[handler(streams = Item)]
pub(crate) async fn m_one(value: Value, cx: &Cx, world: Res<World>) -> Result<A> {
    let (call, _) = act(&world, "m_one", value.told(), &Quiet(cx)).await?;
    Ok(A(call.one()))
}

#[handler(streams = Item)]
pub(crate) async fn m_opt(value: Value, cx: &Cx, world: Res<World>) -> Result<Option<B>> {
    Ok(returned(&world, "m_opt", value.told(), &Quiet(cx))
        .await?
        .next()
        .map(B))
}

/// It stands in for the one above.
#[handler(streams = Item)]
pub(crate) async fn o_opt(failed: Failed, cx: &Cx, world: Res<World>) -> Result<Option<B>> {
    Ok(returned(&world, "o_opt", failed.told(), &Quiet(cx))
        .await?
        .next()
        .map(B))
}

#[handler(streams = Item)]
pub(crate) async fn m_vec(value: Value, cx: &Cx, world: Res<World>) -> Result<Vec<C>> {
    Ok(returned(&world, "m_vec", value.told(), &Quiet(cx))
        .await?
        .map(C)
        .collect())
}

#[handler(streams = Item)]
pub(crate) async fn m_two(value: Value, cx: &Cx, world: Res<World>) -> Result<(Option<D>, Vec<A>)> {
    let mut values = returned(&world, "m_two", value.told(), &Quiet(cx)).await?;
    Ok((values.next().map(D), values.map(A).collect()))
}

#[handler(streams = Item)]
pub(crate) async fn m_any(value: Value, cx: &Cx, world: Res<World>) -> Result<Option<Any>> {
    let value = returned(&world, "m_any", value.told(), &Quiet(cx))
        .await?
        .next();
    Ok(value.map(|value| match value.number % 3 {
        0 => Any::A(A(value)),
        1 => Any::B(B(value)),
        _ => Any::Q(Q(value)),
    }))
}

#[handler(on = [A, B, C, D, Q, X], streams = Item)]
pub(crate) async fn x_vec(event: Arrived, cx: &Cx, world: Res<World>) -> Result<Vec<C>> {
    Ok(returned(&world, "x_vec", event.told(), &Quiet(cx))
        .await?
        .map(C)
        .collect())
}

/// What is left of the items of an `each` that emits.
#[handler(streams = Item)]
pub(crate) async fn tally(all: Vec<()>, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "tally", all[..].told(), &Quiet(cx))
        .await?
        .0
        .value())
}
