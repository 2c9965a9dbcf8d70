//! The end: `-> end` decides with what an execution ends, and what is under way is finished. A
//! `finally` settles on every ending, here by undoing what was done.
//!
//! A heartbeat runs as long as the end is not decided: `every "300ms"`.
//!
//! `cargo run --example 15_ending` prints
//!
//! ```text
//! tea: reserved
//! tea: charged
//! tea: shipped
//! tea: audited
//! tea: closed the books after 3 heartbeats
//! -> Ok("tea is on its way")
//! gold: reserved
//! gold: gave the goods back, because handler `charge` failed on start
//! -> Err(handler `charge` failed on start)
//! stone: reserved
//! stone: charged
//! stone: gave the goods back, because the execution took longer than 5s
//! stone: gave the money back, because the execution took longer than 5s
//! -> Err(the execution took longer than 5s)
//! ```

use std::time::Duration;

use flow_core::{Cx, Ending, Event, Result, State, flow, handler};
use tokio::time::sleep;

#[derive(Clone, Event)]
struct Ordered(&'static str);

/// What was done, and may have to be undone.
#[derive(Default)]
struct Done {
    goods: &'static str,
    reserved: bool,
    charged: bool,
    beats: u32,
}

#[handler(emits = Ordered)]
async fn order(goods: &'static str, cx: &Cx, done: State<Done>) -> &'static str {
    done.with(|done| done.goods = goods);
    cx.emit(Ordered(goods));
    goods
}

#[handler]
async fn reserve(goods: &'static str, done: State<Done>) {
    done.with(|done| done.reserved = true);
    println!("{goods}: reserved");
}

#[handler]
async fn charge(goods: &'static str, done: State<Done>) -> Result<()> {
    sleep(Duration::from_secs(1)).await;
    if goods == "gold" {
        return Err("the card was declined".into());
    }
    done.with(|done| done.charged = true);
    println!("{goods}: charged");
    Ok(())
}

#[handler]
async fn ship(_booked: ((), ()), done: State<Done>) -> String {
    let goods = done.with(|done| done.goods);
    // A stone takes long to lift.
    sleep(Duration::from_secs(if goods == "stone" { 60 } else { 0 })).await;
    println!("{goods}: shipped");
    format!("{goods} is on its way")
}

/// Still at work when the end is decided; it is finished all the same.
#[handler(on = Ordered)]
async fn audit(Ordered(goods): Ordered) {
    sleep(Duration::from_secs(if goods == "tea" { 3 } else { 60 })).await;
    println!("{goods}: audited");
}

#[handler]
async fn heartbeat(done: State<Done>) {
    done.with(|done| done.beats += 1);
}

#[handler]
async fn settle(ending: Ending, done: State<Done>) {
    let (goods, reserved, charged) = done.with(|done| (done.goods, done.reserved, done.charged));
    let Some(error) = ending.error() else {
        let beats = done.with(|done| done.beats);
        return println!("{goods}: closed the books after {beats} heartbeats");
    };
    if reserved {
        println!("{goods}: gave the goods back, because {error}");
    }
    if charged {
        println!("{goods}: gave the money back, because {error}");
    }
}

// The clock of this program jumps ahead whenever all tasks sleep.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let purchase = flow! {
        timeout "5s";
        state Done;
        sound;
        start(&'static str) -> order -> (reserve, charge) -> ship -> end;
        when Ordered -> audit;
        every "300ms" -> heartbeat;
        finally within "30s" -> settle
    };
    for goods in ["tea", "gold", "stone"] {
        match purchase.run(goods).await {
            Ok(result) => println!("-> Ok({result:?})"),
            Err(error) => println!("-> Err({error})"),
        }
    }
}
