//! Handlers that take what a constructor wraps, and one whose items come as a stream.

use flow_core::{Cx, ItemsOf, Res, Result, handler};

use super::{Item, Quiet, Told, act};
use crate::script::{Source, Value, World};

impl Told for Option<Value> {
    fn text(&self) -> String {
        self.as_ref().map_or_else(
            || "None".to_owned(),
            |value| format!("Some {}", value.text()),
        )
    }

    fn fuel(&self) -> u8 {
        self.map_or(0, |value| value.fuel)
    }
}

impl Told for std::result::Result<Value, Value> {
    fn text(&self) -> String {
        match self {
            Ok(value) => format!("Ok {}", value.text()),
            Err(value) => format!("Err {}", value.text()),
        }
    }

    fn fuel(&self) -> u8 {
        match self {
            Ok(value) | Err(value) => value.fuel,
        }
    }
}

#[handler(streams = Item)]
pub(crate) async fn w_some(value: Option<Value>, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "w_some", value.told(), &Quiet(cx))
        .await?
        .0
        .value())
}

#[handler(streams = Item)]
pub(crate) async fn w_ok(
    value: std::result::Result<Value, Value>,
    cx: &Cx,
    world: Res<World>,
) -> Result<Value> {
    Ok(act(&world, "w_ok", value.told(), &Quiet(cx))
        .await?
        .0
        .value())
}

#[handler(streams = Item)]
pub(crate) async fn source(value: Value, cx: &Cx, world: Res<World>) -> Result<ItemsOf<Source>> {
    let (call, which) = act(&world, "source", value.told(), &Quiet(cx)).await?;
    Ok(ItemsOf(world.source(&call, which)))
}
