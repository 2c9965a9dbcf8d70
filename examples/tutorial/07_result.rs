//! The result: the value that a clause leads to `end` is the output of the flow.
//!
//! `run` returns the result alone; a stream yields the items, and then has the result as its
//! `output`. `-> end` lets handlers that still run finish; here the first offer is enough, so
//! `-> end now` drops the other enquiry. An execution that has nothing left to do before its `end`
//! fails.
//!
//! `cargo run --example 07_result` prints
//!
//! ```text
//! the depot around the corner delivers
//! asked about bricks
//! result: the depot around the corner delivers
//! the execution finished without reaching `end`
//! ```

use std::time::Duration;

use flow_core::{Cx, Event, Result, flow, handler};
use futures::TryStreamExt;
use tokio::time::sleep;

#[derive(Event, Clone)]
struct Enquiry(&'static str);

#[handler(emits = Enquiry)]
async fn enquire(goods: &'static str, cx: &Cx) {
    cx.put(format!("asked about {goods}")).await;
    cx.emit(Enquiry(goods));
}

#[handler(on = Enquiry)]
async fn ask_nearby(Enquiry(goods): Enquiry) -> Option<&'static str> {
    sleep(Duration::from_secs(1)).await;
    (goods == "bricks").then_some("the depot around the corner delivers")
}

#[handler(on = Enquiry)]
async fn ask_abroad(Enquiry(goods): Enquiry) -> Option<&'static str> {
    sleep(Duration::from_secs(9)).await;
    (goods != "moonstone").then_some("a ship is on its way")
}

// The clock of this program jumps ahead whenever all tasks sleep.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<()> {
    let purchase = flow! {
        flow (&'static str) -> &'static str;
        start -> enquire;
        when Enquiry -> ask_nearby -> match { Some(offer) => end now, None => ignore };
        when Enquiry -> ask_abroad -> match { Some(offer) => end now, None => ignore }
    };

    println!("{}", purchase.run("bricks").await?);

    let mut execution = purchase.stream("bricks");
    while let Some(item) = execution.try_next().await? {
        println!("{item}");
    }
    println!("result: {}", execution.output().await?);

    if let Err(error) = purchase.run("moonstone").await {
        println!("{error}");
    }
    Ok(())
}
