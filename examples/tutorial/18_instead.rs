//! What other frameworks have a word for: several cases at once, a change of state, a flow as data.
//!
//! Several cases at once are several events that one handler returns. A change of state is an event
//! of the handler that makes it. And a flow that is known only at run time is data, which a loop
//! works through.
//!
//! `cargo run --example 18_instead` prints
//!
//! ```text
//! parcel 1: wrapped
//! parcel 1: carried by two
//! parcel 2: carried by two
//! account: overdrawn by 20 euros
//! recipe: OLLEH OLLEH
//! ```

use std::collections::VecDeque;

use flow_core::{Cx, Event, Events, Result, State, flow, handler};
use futures::TryStreamExt;

// Every case that applies, not only the first.

struct Parcel {
    number: u32,
    kilos: u32,
    fragile: bool,
}

#[derive(Event)]
struct Fragile(u32);

#[derive(Event)]
struct Heavy(u32);

#[handler]
async fn inspect(parcel: Parcel) -> (Option<Fragile>, Option<Heavy>) {
    (
        parcel.fragile.then_some(Fragile(parcel.number)),
        (parcel.kilos > 20).then_some(Heavy(parcel.number)),
    )
}

#[handler(on = Fragile)]
async fn wrap(Fragile(number): Fragile, cx: &Cx) {
    cx.put(format!("parcel {number}: wrapped")).await;
}

#[handler(on = Heavy)]
async fn call_a_second_carrier(Heavy(number): Heavy, cx: &Cx) {
    cx.put(format!("parcel {number}: carried by two")).await;
}

// What happens when a state changes.

#[derive(Default)]
struct Account {
    euros: i32,
}

#[derive(Event)]
struct Overdrawn(i32);

#[handler]
async fn book(euros: i32, account: State<Account>) -> Option<Overdrawn> {
    account.with(|account| {
        let before = account.euros;
        account.euros += euros;
        (before >= 0 && account.euros < 0).then_some(Overdrawn(-account.euros))
    })
}

#[handler(on = Overdrawn)]
async fn warn(Overdrawn(euros): Overdrawn, cx: &Cx) {
    cx.put(format!("account: overdrawn by {euros} euros")).await;
}

// A flow that comes from a file.

enum Step {
    Reverse,
    Shout,
    Twice,
}

#[derive(Event)]
struct Rest {
    text: String,
    steps: VecDeque<Step>,
}

#[derive(Events)]
enum Turn {
    Next(Rest),
    Done(Done),
}

#[derive(Event)]
struct Done(String);

#[handler]
async fn read((text, recipe): (&'static str, &'static str)) -> Result<Rest> {
    let steps = recipe.split(", ").map(|step| match step {
        "reverse" => Ok(Step::Reverse),
        "shout" => Ok(Step::Shout),
        "twice" => Ok(Step::Twice),
        unknown => Err(format!("unknown step `{unknown}`").into()),
    });
    Ok(Rest {
        text: text.to_owned(),
        steps: steps.collect::<Result<_>>()?,
    })
}

#[handler]
async fn follow(Rest { text, mut steps }: Rest) -> Turn {
    let text = match steps.pop_front() {
        Some(Step::Reverse) => text.chars().rev().collect(),
        Some(Step::Shout) => text.to_uppercase(),
        Some(Step::Twice) => format!("{text} {text}"),
        None => return Turn::Done(Done(text)),
    };
    Turn::Next(Rest { text, steps })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let depot = flow! {
        start(Vec<Parcel>) -> each (inspect -> emit)[1] -> ignore;
        when Fragile -> wrap;
        when Heavy -> call_a_second_carrier
    };
    let parcels = [(1, 30, true), (2, 25, false), (3, 1, false)];
    let parcels = parcels.map(|(number, kilos, fragile)| Parcel {
        number,
        kilos,
        fragile,
    });
    let mut items = depot.stream(parcels.into());
    while let Some(item) = items.try_next().await? {
        println!("{item}");
    }

    let bank = flow! {
        state Account;
        start(Vec<i32>) -> each (book -> emit)[1] -> ignore;
        when Overdrawn -> warn
    };
    let mut items = bank.stream(vec![50, -70, -5]);
    while let Some(item) = items.try_next().await? {
        println!("{item}");
    }

    let kitchen = flow! {
        flow((&'static str, &'static str)) -> String;
        sound;
        start -> read -> emit;
        when Rest -> follow -> emit;
        when Done(text) -> |text| format!("recipe: {text}") -> end
    };
    println!("{}", kitchen.run(("hello", "reverse, shout, twice")).await?);
    Ok(())
}
