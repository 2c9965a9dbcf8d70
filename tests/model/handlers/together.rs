//! Handlers that take several events of one kind.

use flow_core::{Cx, Res, Result, handler};

use super::{A, B, C, D, Item, Loud, Q, Told, act};
use crate::script::{Value, World};

macro_rules! takes {
    ($($name:ident([$event:ident; $number:literal]))*) => { $(
        #[handler(emits = [A, B, C, D, Q], streams = Item)]
        pub(crate) async fn $name(
            events: [$event; $number],
            cx: &Cx,
            world: Res<World>,
        ) -> Result<Value> {
            let values = events.map(|$event(value)| value);
            Ok(act(&world, stringify!($name), values[..].told(), &Loud(cx)).await?.0.value())
        }
    )* };
}

takes!(p_a2([A; 2]) p_b3([B; 3]) p_c2([C; 2]) p_d3([D; 3]));
