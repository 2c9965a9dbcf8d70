//! Handlers that take a state. They wait for nothing, so that the order in which calls take their
//! turns cannot be seen.

use flow_core::{Cx, IdempotencyKey, Res, Result, Snapshot, State, handler};
use serde::{Deserialize, Serialize};

use crate::handlers::Item;
use crate::script::{Value, World};

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Total(u16);

#[handler(effect, streams = Item)]
pub(crate) async fn count(
    value: Value,
    key: IdempotencyKey,
    total: State<Total>,
    world: Res<World>,
) -> Value {
    total.with(|total| total.0 = total.0.wrapping_add(value.number));
    world.act_outside("count", &key, value);
    value
}

/// Some attempts fail when they have written.
#[handler(effect, streams = Item, retry(attempts = 3, backoff = "31ms", jitter = false))]
pub(crate) async fn recount(
    value: Value,
    key: IdempotencyKey,
    total: State<Total>,
    cx: &Cx,
    world: Res<World>,
) -> Result<Value> {
    total.with(|total| total.0 = total.0.wrapping_add(value.number));
    cx.put(value.number).await;
    if cx.attempt() <= u32::from(value.number % 3) {
        return Err("not yet".into());
    }
    world.act_outside("recount", &key, value);
    Ok(value)
}

/// Tells the sum, when everything else is over.
#[handler(streams = Item)]
pub(crate) async fn sum_up(
    value: Value,
    total: Snapshot<Total>,
    cx: &Cx,
    world: Res<World>,
) -> Value {
    world.note(format!("in sum {}", total.0));
    cx.put(total.0).await;
    value
}
