//! Handlers with limits in their attributes.

use flow_core::{BoxError, Cx, Res, Result, handler};

use super::{A, Arrived, B, C, D, Item, Loud, Q, Told, X, act};
use crate::script::{Value, World};

/// The limits of a handler. Times are in milliseconds, and one longer than the turns of the outside,
/// so that two things at the same time are rare.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) timeout: Option<u64>,
    /// The waits between the attempts.
    pub(crate) pauses: &'static [u64],
    /// Some errors are not worth another attempt.
    pub(crate) chooses: bool,
}

impl Limits {
    /// Those of the attributes below.
    pub(crate) fn of(handler: &str) -> Self {
        let (timeout, pauses, chooses): (_, &[u64], _) = match handler {
            "v4" => (Some(61), &[], false),
            "v5" => (None, &[31, 51], true),
            "v6" | "open1" => (Some(401), &[201], false),
            "e4" => (Some(301), &[101, 151], true),
            "e5" => (Some(2_001), &[], false),
            _ => (None, &[], false),
        };
        Self {
            timeout,
            pauses,
            chooses,
        }
    }
}

/// Whether a handler is called again after this error.
pub(crate) fn is_worth_it(error: &str) -> bool {
    !error.ends_with(['1', '4', '7'])
}

fn is_transient(error: &BoxError) -> bool {
    is_worth_it(&error.to_string())
}

#[handler(emits = [A, B, C, D, Q], streams = Item, timeout = "61ms")]
pub(crate) async fn v4(value: Value, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "v4", value.told(), &Loud(cx)).await?.0.value())
}

#[handler(
    emits = [A, B, C, D, Q],
    streams = Item,
    retry(attempts = 3, backoff = "31ms", max = "51ms", jitter = false, if = is_transient)
)]
pub(crate) async fn v5(value: Value, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "v5", value.told(), &Loud(cx)).await?.0.value())
}

#[handler(
    emits = [A, B, C, D, Q],
    streams = Item,
    timeout = "401ms",
    retry(attempts = 2, backoff = "201ms", jitter = false)
)]
pub(crate) async fn v6(value: Value, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "v6", value.told(), &Loud(cx)).await?.0.value())
}

#[handler(
    on = [A, B, C, D, Q, X],
    emits = [A, B, C, D, Q],
    streams = Item,
    timeout = "301ms",
    retry(attempts = 3, backoff = "101ms", max = "151ms", jitter = false, if = is_transient)
)]
pub(crate) async fn e4(event: Arrived, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "e4", event.told(), &Loud(cx)).await?.0.value())
}

#[handler(
    on = [A, B, C, D, Q, X],
    emits = [A, B, C, D, Q],
    streams = Item,
    timeout = "2001ms"
)]
pub(crate) async fn e5(event: Arrived, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "e5", event.told(), &Loud(cx)).await?.0.value())
}
