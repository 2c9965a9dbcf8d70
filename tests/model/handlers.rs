//! The events and handlers of the random flows.

mod asking;
mod glue;
mod limited;
mod opening;
mod returning;
mod together;
mod told;

use std::panic::panic_any;
use std::pin::Pin;

use flow_core::{
    Answered, Asked, BoxError, Cx, Emits, Ending, Event, Failed, Handler, Res, Result, Router,
    Tick, handler,
};
use futures::Future;
use serde::{Deserialize, Serialize};

pub(crate) use crate::handlers::asking::*;
pub(crate) use crate::handlers::glue::*;
pub(crate) use crate::handlers::limited::*;
pub(crate) use crate::handlers::opening::*;
pub(crate) use crate::handlers::returning::*;
pub(crate) use crate::handlers::together::*;
use crate::handlers::told::Told;
use crate::script::{Call, Outcome, PLANNED, Surroundings, Value, World};

#[derive(Clone, Serialize, Deserialize, Event)]
pub(crate) struct A(pub(crate) Value);
#[derive(Clone, Serialize, Deserialize, Event)]
pub(crate) struct B(pub(crate) Value);
#[derive(Clone, Serialize, Deserialize, Event)]
pub(crate) struct C(pub(crate) Value);
#[derive(Clone, Serialize, Deserialize, Event)]
pub(crate) struct D(pub(crate) Value);
/// A question, or an event that is none.
#[derive(Clone, Serialize, Deserialize, Event)]
#[event(answer = Value)]
pub(crate) struct Q(pub(crate) Value);
/// It comes from outside alone.
#[derive(Clone, Serialize, Deserialize, Event)]
pub(crate) struct X(pub(crate) Value);

/// The kinds of events that come from outside, as their indices.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    A,
    B,
    C,
    D,
    X = 5,
}

#[derive(Serialize, Deserialize)]
pub(crate) enum Item {
    Put(u16),
    Asked(Asked<Q>),
}

impl From<u16> for Item {
    fn from(number: u16) -> Self {
        Self::Put(number)
    }
}

impl From<Asked<Q>> for Item {
    fn from(asked: Asked<Q>) -> Self {
        Self::Asked(asked)
    }
}

/// What a `match` chooses by.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Choice {
    Left(Value),
    Right(Value),
    Up(Value),
}

/// An event with its name.
#[derive(Clone)]
pub(crate) struct Arrived(&'static str, Value);

macro_rules! arrives {
    ($($event:ident)*) => { $(
        impl From<$event> for Arrived {
            fn from($event(value): $event) -> Self {
                Self(stringify!($event), value)
            }
        }

        impl From<$event> for Value {
            fn from($event(value): $event) -> Self {
                value
            }
        }
    )* };
}

arrives!(A B C D Q X);

/// A context whose handler may emit every event.
struct Loud<'a, R: Router, H>(&'a Cx<R, H>);

impl<R, H> Surroundings for Loud<'_, R, H>
where
    R: Router,
    H: Handler<Item = Item> + Emits<A> + Emits<B> + Emits<C> + Emits<D> + Emits<Q>,
{
    fn may_emit(&self) -> bool {
        true
    }

    fn attempt(&self) -> u32 {
        self.0.attempt()
    }

    fn emit(&self, event: usize, value: Value) {
        match event {
            0 => self.0.emit(A(value)),
            1 => self.0.emit(B(value)),
            2 => self.0.emit(C(value)),
            3 => self.0.emit(D(value)),
            _ => self.0.emit(Q(value)),
        }
    }

    fn put(&self, item: u16) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.0.put(item))
    }

    fn stop(&self) {
        self.0.stop();
    }
}

/// A context whose handler emits nothing.
struct Quiet<'a, R: Router, H>(&'a Cx<R, H>);

impl<R: Router, H: Handler<Item = Item>> Surroundings for Quiet<'_, R, H> {
    fn may_emit(&self) -> bool {
        false
    }

    fn attempt(&self) -> u32 {
        self.0.attempt()
    }

    fn emit(&self, _event: usize, _value: Value) {}

    fn put(&self, item: u16) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.0.put(item))
    }

    fn stop(&self) {
        self.0.stop();
    }
}

/// Follows the script, and returns what the outcome chooses by.
async fn act(
    world: &World,
    handler: &str,
    (input, fuel): (String, u8),
    surroundings: &dyn Surroundings,
) -> Result<(Call, u8)> {
    let (call, outcome) = world.call(handler, &input, fuel, surroundings).await;
    match outcome {
        Outcome::Value(which) => {
            world.note(format!("{} returns", call.name));
            Ok((call, which))
        }
        Outcome::Fail => {
            world.note(format!("{} fails", call.name));
            Err(format!("at {}", call.number).into())
        }
        Outcome::Panic => {
            world.note(format!("{} panics", call.name));
            panic_any(PLANNED)
        }
    }
}

impl Call {
    pub(crate) fn value(&self) -> Value {
        Value {
            number: self.number,
            fuel: self.fuel,
        }
    }

    pub(crate) fn parts(&self, which: u8) -> Vec<Value> {
        let numbered = |nth| Value {
            number: self.number.wrapping_add(nth),
            fuel: self.fuel,
        };
        (0..u16::from(which % 5)).map(numbered).collect()
    }
}

macro_rules! handlers {
    (emits: $($name:ident)*) => { $(
        #[handler(emits = [A, B, C, D, Q], streams = Item)]
        pub(crate) async fn $name(value: Value, cx: &Cx, world: Res<World>) -> Result<Value> {
            Ok(act(&world, stringify!($name), value.told(), &Loud(cx)).await?.0.value())
        }
    )* };
    (takes: $($name:ident)*) => { $(
        #[handler(on = [A, B, C, D, Q, X], emits = [A, B, C, D, Q], streams = Item)]
        pub(crate) async fn $name(event: Arrived, cx: &Cx, world: Res<World>) -> Result<Value> {
            Ok(act(&world, stringify!($name), event.told(), &Loud(cx)).await?.0.value())
        }
    )* };
    (meets: $($name:ident($($part:ident: $event:ident),*))*) => { $(
        #[handler(emits = [A, B, C, D, Q], streams = Item)]
        pub(crate) async fn $name(
            ($($event($part)),*): ($($event),*),
            cx: &Cx,
            world: Res<World>,
        ) -> Result<Value> {
            let values = [$($part),*];
            Ok(act(&world, stringify!($name), values[..].told(), &Loud(cx)).await?.0.value())
        }
    )* };
    (joins: $($name:ident($($part:ident: $type:ty),*))*) => { $(
        #[handler(streams = Item)]
        pub(crate) async fn $name(
            ($($part),*): ($($type),*),
            cx: &Cx,
            world: Res<World>,
        ) -> Result<Value> {
            let values: [&(dyn Told + Sync); _] = [$(&$part),*];
            Ok(act(&world, stringify!($name), values[..].told(), &Quiet(cx)).await?.0.value())
        }
    )* };
    (stand in: $($name:ident($input:ty))*) => { $(
        #[handler(streams = Item)]
        pub(crate) async fn $name(failed: $input, cx: &Cx, world: Res<World>) -> Result<Value> {
            Ok(act(&world, stringify!($name), failed.told(), &Quiet(cx)).await?.0.value())
        }
    )* };
}

handlers!(emits: v0 v1 v2 v3);
handlers!(takes: e0 e1 e2 e3);
handlers!(meets: p_ab(a: A, b: B) p_cd(c: C, d: D) p_bc(b: B, c: C) p_ad(a: A, d: D));
handlers!(meets: p_abc(a: A, b: B, c: C) p_bcd(b: B, c: C, d: D));
handlers!(joins: j2(a: Value, b: Value) j3(a: Value, b: Value, c: Value));
handlers!(joins: h2(a: (), b: Value) h3(a: Value, b: (), c: Value));
handlers!(stand in: s0(Failed<BoxError, Value>) s1(Failed<BoxError, Value>) s2(Failed));

/// It stands in for anything.
#[handler(streams = Item)]
pub(crate) async fn s3(cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "s3", (String::new(), 1), &Quiet(cx))
        .await?
        .0
        .value())
}

#[handler(emits = [A, B, C, D, Q], streams = Item)]
pub(crate) async fn r0(failed: Failed, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "r0", failed.told(), &Loud(cx)).await?.0.value())
}

/// Takes an answer.
#[handler(emits = [A, B, C, D, Q], streams = Item)]
pub(crate) async fn q0(answered: Answered<Q>, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "q0", answered.told(), &Loud(cx))
        .await?
        .0
        .value())
}

/// Takes a question that was not answered.
#[handler(emits = [A, B, C, D, Q], streams = Item)]
pub(crate) async fn q1(Q(asked): Q, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "q1", asked.told(), &Loud(cx)).await?.0.value())
}

#[handler(emits = [A, B, C, D, Q], streams = Item)]
pub(crate) async fn k0(tick: Tick, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "k0", tick.told(), &Loud(cx)).await?.0.value())
}

/// Reminds of a question.
#[handler(emits = [A, B, C, D, Q], streams = Item)]
pub(crate) async fn n0((Q(asked), tick): (Q, Tick), cx: &Cx, world: Res<World>) -> Result<()> {
    let told = (format!("{} {}", asked.number, tick.count()), asked.fuel);
    act(&world, "n0", told, &Loud(cx)).await?;
    Ok(())
}

#[handler(emits = [A, B, C, D, Q], streams = Item)]
pub(crate) async fn settle(ending: Ending, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "settle", ending.told(), &Loud(cx))
        .await?
        .0
        .value())
}

#[handler(streams = Item)]
pub(crate) async fn split(value: Value, cx: &Cx, world: Res<World>) -> Result<Vec<Value>> {
    let (call, which) = act(&world, "split", value.told(), &Quiet(cx)).await?;
    Ok(call.parts(which))
}

#[handler(streams = Item)]
pub(crate) async fn gather(values: Vec<Value>, cx: &Cx, world: Res<World>) -> Result<Value> {
    Ok(act(&world, "gather", values[..].told(), &Quiet(cx))
        .await?
        .0
        .value())
}

#[handler(streams = Item)]
pub(crate) async fn choose(value: Value, cx: &Cx, world: Res<World>) -> Result<Choice> {
    let (call, which) = act(&world, "choose", value.told(), &Quiet(cx)).await?;
    let chosen = [Choice::Left, Choice::Right, Choice::Up][usize::from(which % 3)];
    Ok(chosen(call.value()))
}
