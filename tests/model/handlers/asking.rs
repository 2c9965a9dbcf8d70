//! Handlers around a question that waits within its route.

use flow_core::{Cx, Failed, Res, Result, Unanswered, handler};

use super::{A, B, C, D, Item, Loud, Q, Quiet, Told, act};
use crate::script::{Value, World};

#[handler(streams = Item)]
pub(crate) async fn draft(value: Value, cx: &Cx, world: Res<World>) -> Result<Q> {
    Ok(Q(act(&world, "draft", value.told(), &Quiet(cx))
        .await?
        .0
        .value()))
}

/// Answers a question that was not answered.
#[handler(streams = Item)]
pub(crate) async fn lapse(Q(asked): Q, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "lapse", asked.told(), &Quiet(cx))
        .await?
        .0
        .value())
}

#[handler(emits = [A, B, C, D, Q], streams = Item)]
pub(crate) async fn r1(failed: Failed<Unanswered<Q>>, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "r1", failed.told(), &Loud(cx)).await?.0.value())
}
